"""Quotes on as few messages as hold them: one headline stands over all that a message has of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.render.markup import Markup, Page, joined, text
from index.types import Article

_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Block:
    """A quote with all that belongs to it; it fits a message."""

    article: Article
    head: Markup  # the quote's number, the headline, and outlet, date and link
    number: Markup  # what the quote has instead of it below another quote of its article
    body: Markup
    foot: Markup  # who else has the story

    @property
    def whole(self) -> Markup:
        """The quote by itself."""
        return self.head + self.body + self.foot


def stacked(blocks: Sequence[Block]) -> Markup:
    """Quotes one below the other, those of one article under one headline."""
    parts = []
    for _, of_article in groupby(blocks, key=lambda block: block.article):
        first, *others = of_article
        below = (text("\n") + block.number + block.body for block in others)
        parts.append(joined([first.head + first.body, *below], "") + first.foot)
    return joined(parts)


def pack(blocks: Sequence[Block], first: int = 1, above: Markup = _NOTHING, left: Markup = _NOTHING) -> list[Page]:
    """Quotes, numbered from `first` on, in as few messages as hold them, in order.

    The first message begins with what is to stand `above` them, the last one ends with what is `left` to say.
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
