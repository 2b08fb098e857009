"""Distribute quotes over as few messages as possible; quotes of one article in a message share a headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.render.markup import Markup, Page, joined, text
from index.types import Article

_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Block:
    """A quote with everything that belongs to it; it fits into a message."""

    article: Article
    head: Markup  # the quote's number, the headline, outlet, date and link
    number: Markup  # replaces `head` below another quote of the same article
    body: Markup
    foot: Markup  # who else has the story

    @property
    def whole(self) -> Markup:
        """Return the quote as it is shown alone."""
        return self.head + self.body + self.foot


def stacked(blocks: Sequence[Block]) -> Markup:
    """Return quotes one below the other, consecutive ones of one article under one headline."""
    parts = []
    for _, of_article in groupby(blocks, key=lambda block: block.article):
        first, *others = of_article
        below = (text("\n") + block.number + block.body for block in others)
        parts.append(joined([first.head + first.body, *below], "") + first.foot)
    return joined(parts)


def pack(blocks: Sequence[Block], first: int = 1, above: Markup = _NOTHING, left: Markup = _NOTHING) -> list[Page]:
    """Return as few messages as hold all quotes in order; their numbers begin with `first`.

    The first message begins with `above`, the last one ends with `left`.
    """

    def message(start: int, end: int) -> Markup:
        ends = left if end == len(blocks) else _NOTHING
        return joined([_NOTHING if start else above, stacked(blocks[start:end]), ends])

    starts: list[int] = []
    for at in range(len(blocks)):
        if not starts or not message(starts[-1], at + 1).fits:
            starts.append(at)
    pages = zip(starts, [*starts[1:], len(blocks)], strict=True)
    return [Page(message(start, end).html, tuple(range(first + start, first + end))) for start, end in pages]
