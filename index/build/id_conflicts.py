"""Articles that state the same id: which of them keeps it, and under which id another one is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.types import Article

COMPARED = 100  # texts under one id that a further article is compared with


@dataclass(frozen=True, slots=True)
class IdClaim:
    """An article and the place in the sources that it was read from; another article states the same id."""

    order: tuple[int, int]  # of its file among the sources, and of the article in its file
    path: str  # of its file
    name: str  # its path in its source, with its row: the id it would have if it stated none
    article: Article


@dataclass(frozen=True, slots=True)
class ResolvedArticle:
    """An article that is kept, and the id that it is kept under."""

    claim: IdClaim
    id: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What the user is told about an article whose id was taken."""

    claim: IdClaim
    message: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The articles that are kept, and what the user is told about the others and about changed ids."""

    kept: tuple[ResolvedArticle, ...]
    remarks: tuple[Remark, ...]


SameText = Callable[[str, str], bool]


def resolve(conflicts: Iterable[Sequence[IdClaim]], is_taken: Callable[[str], bool], same_text: SameText) -> Resolution:
    """Resolve conflicts, each a sequence of the claims to one id.

    Of articles with nearly the same text, the one with the latest whole date is kept, else the first in the order of
    the sources. Articles with different texts are all kept: the first under the stated id, the others under their
    paths. `is_taken` tells which ids other articles of the index have.
    """
    winners: dict[str, IdClaim] = {}
    others: list[tuple[IdClaim, IdClaim]] = []  # each with the winner of its id
    remarks: list[Remark] = []
    for conflict in conflicts:
        distinct, more_remarks = _drop_copies(sorted(conflict, key=lambda claim: claim.order), same_text)
        winners[distinct[0].article.id] = distinct[0]
        others += [(claim, distinct[0]) for claim in distinct[1:]]
        remarks += more_remarks
    ids = set(winners)
    kept = [ResolvedArticle(claim, id) for id, claim in winners.items()]
    for claim, winner in sorted(others, key=lambda pair: pair[0].order):
        free = (id for id in (claim.name, claim.article.origin) if id not in ids and not is_taken(id))
        problem = f"has the same id as {winner.article.origin}, {claim.article.id}, and another text"
        if (id := next(free, None)) is None:
            remarks.append(Remark(claim, f"{problem}; left out; give it an id of its own"))
        else:
            ids.add(id)
            kept.append(ResolvedArticle(claim, id))
            remarks.append(Remark(claim, f"{problem}; it is kept under {id}"))
    return Resolution(tuple(kept), tuple(remarks))


def copy_message(other: str, id: str) -> str:
    """Word that an article is left out as a copy of the one at the origin `other`."""
    return f"{_is_copy(other, id)}; left out"


def _is_copy(other: str, id: str) -> str:
    return f"has the same id as {other}, {id}, and nearly the same text"


def _drop_copies(claims: Sequence[IdClaim], same_text: SameText) -> tuple[list[IdClaim], list[Remark]]:
    """Return one claim per distinct text, in order, and remarks on the others."""
    kept: list[IdClaim] = []
    remarks: list[Remark] = []
    for claim in claims:
        copies = (at for at, other in enumerate(kept[:COMPARED]) if same_text(other.article.text, claim.article.text))
        at = next(copies, None)
        if at is None:
            kept.append(claim)
            continue
        before, day = kept[at], claim.article.day
        if day and (before.article.day is None or day > before.article.day):
            kept[at] = claim
            problem = _is_copy(before.article.origin, claim.article.id)
            remarks.append(Remark(claim, f"{problem}; it has the later date and is kept, the other is left out"))
        else:
            remarks.append(Remark(claim, copy_message(before.article.origin, claim.article.id)))
    return kept, remarks
