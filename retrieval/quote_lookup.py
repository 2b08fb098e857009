"""What has become of a quote: whether its words stand in the article as they did, elsewhere in it, or no more. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.types import Article, Span
from retrieval.quote_ids import QuoteId

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")

_LONGEST = 5_000  # code points; an id of more was made up, since no quote is longer
_FURTHEST = 20_000  # code points from their place, within which words that were moved are looked for
_AROUND = 5_000  # code points of context on each side, at most

Status = Literal["unchanged", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """Where an id points to now.

    Unless its status is "changed", `span` holds the words of the quote. Then it holds what stands in their place, which
    is no quote, or is None where the article ends before it.
    """

    id: QuoteId
    article: Article
    span: Span | None
    status: Status

    @property
    def context(self) -> Span:
        """The paragraphs that the span is of, and one more on each side, as far as they are near; of nothing, nothing.

        They end between words, _AROUND code points away at most.
        """
        text = self.article.text
        if self.span is None:
            return Span(len(text), len(text))
        first, last = max(0, self.span.start - _AROUND), min(len(text), self.span.end + _AROUND)
        while 0 < first < self.span.start and not text[first - 1].isspace():
            first += 1
        while self.span.end < last < len(text) and not text[last].isspace():
            last -= 1
        gaps = [Span(first + start, first + end) for start, end in _gaps(text[first:last])]
        starts = [first, *(end for _, end in gaps if end <= self.span.start)]
        ends = [*(start for start, _ in gaps if start >= self.span.end), last]
        return Span(starts[-2:][0], ends[:2][-1])

    @property
    def before(self) -> str:
        """The context before the span."""
        return self.article.text[self.context.start : self.span.start] if self.span else ""

    @property
    def after(self) -> str:
        """The context after the span."""
        return self.article.text[self.span.end : self.context.end] if self.span else ""


def look_up(id: QuoteId, articles: Iterable[Article]) -> LocatedQuote | None:
    """Where the quote stands in the articles with its key, best of all where it stood; None if there is no article."""
    order: tuple[Status, ...] = ("unchanged", "moved", "changed")
    found = [_standing(id, article) for article in articles]
    return min(found, key=lambda standing: order.index(standing.status), default=None)


def _standing(id: QuoteId, article: Article) -> LocatedQuote:
    text, end = article.text, id.start + id.length
    if id.fits(text[id.start : end]):
        return LocatedQuote(id, article, Span(id.start, end), "unchanged")
    # Quotes start and end where words do. Trying no other places makes it yet less likely to take others for its words.
    first, last = max(0, id.start - _FURTHEST), min(len(text) - id.length, id.start + _FURTHEST)
    places = [
        start
        for start in range(first, last + 1 if id.length <= _LONGEST else first)
        if _is_edge(text, start) and _is_edge(text, start + id.length) and not text[start].isspace()
    ]
    for start in sorted(places, key=lambda start: abs(start - id.start)):
        if id.fits(text[start : start + id.length]):
            return LocatedQuote(id, article, Span(start, start + id.length), "moved")
    there = Span(id.start, min(end, id.start + _LONGEST, len(text)))
    return LocatedQuote(id, article, there if there.start < there.end else None, "changed")


def _is_edge(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def _gaps(text: str) -> list[Span]:
    """What parts paragraphs: blank lines, or in a text without such the ends of lines."""
    found = list(_BLANK_LINES.finditer(text)) or re.finditer(r"\n", text)
    return [Span(*gap.span()) for gap in found]
