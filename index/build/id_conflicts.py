"""Which of several articles that state one id keeps it, and under what id another one stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.types import Article

COMPARED = 100  # articles of one id that a further one is compared with


@dataclass(frozen=True, slots=True)
class Claim:
    """An article that states an id that another one states, too."""

    order: tuple[int, int]  # of its file among the sources, and of the article in its file
    path: str  # of its file
    name: str  # its path in its source, with its row: its id if it stated none
    article: Article


@dataclass(frozen=True, slots=True)
class Kept:
    """An article that stays, and its id."""

    claim: Claim
    id: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of the claims: those that stay, and what there is to say of which."""

    kept: tuple[Kept, ...]
    said: tuple[tuple[Claim, str], ...]


Alike = Callable[[str, str], bool]


def settle(contests: Iterable[Sequence[Claim]], is_taken: Callable[[str], bool], alike: Alike) -> Settled:
    """Settle contests, each of the claims to one id.

    Of nearly the same text that with the later whole date stays, else the first in the order of the sources. Another
    text stays, too: the first under the id, a further one under its path.
    """
    winners: dict[str, Claim] = {}
    others: list[tuple[Claim, Claim]] = []  # each with the one that has the id
    said: list[tuple[Claim, str]] = []
    for contest in contests:
        distinct, remarks = _distinct(sorted(contest, key=lambda claim: claim.order), alike)
        winners[distinct[0].article.id] = distinct[0]
        others += [(claim, distinct[0]) for claim in distinct[1:]]
        said += remarks
    ids = set(winners)
    kept = [Kept(claim, id) for id, claim in winners.items()]
    for claim, winner in sorted(others, key=lambda pair: pair[0].order):
        free = (id for id in (claim.name, claim.article.origin) if id not in ids and not is_taken(id))
        has = f"has the same id as {winner.article.origin}, {claim.article.id}, and another text"
        if (id := next(free, None)) is None:
            said.append((claim, f"{has}; left out; give it an id of its own"))
        else:
            ids.add(id)
            kept.append(Kept(claim, id))
            said.append((claim, f"{has}; it is kept under {id}"))
    return Settled(tuple(kept), tuple(said))


def same(other: str, id: str) -> str:
    """Say of an article that it is another one again."""
    return f"{_nearly(other, id)}; left out"


def _nearly(other: str, id: str) -> str:
    return f"has the same id as {other}, {id}, and nearly the same text"


def _distinct(claims: Sequence[Claim], alike: Alike) -> tuple[list[Claim], list[tuple[Claim, str]]]:
    """Return the claims of different texts, in order, and what there is to say of the others."""
    kept: list[Claim] = []
    said: list[tuple[Claim, str]] = []
    for claim in claims:
        at = next(_like(claim, kept, alike), None)
        if at is None:
            kept.append(claim)
            continue
        before, day = kept[at], claim.article.day
        if day and (before.article.day is None or day > before.article.day):
            kept[at] = claim
            remark = _nearly(before.article.origin, claim.article.id)
            said.append((claim, f"{remark}; it has the later date and is kept, the other is left out"))
        else:
            said.append((claim, same(before.article.origin, claim.article.id)))
    return kept, said


def _like(claim: Claim, kept: Sequence[Claim], alike: Alike) -> Iterator[int]:
    return (at for at, one in enumerate(kept[:COMPARED]) if alike(one.article.text, claim.article.text))
