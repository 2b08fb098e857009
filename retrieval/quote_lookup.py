"""Find a quote in its article again: in its old place, elsewhere, or no longer there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.types import Article, Span
from retrieval.quote_ids import QuoteId

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")

_LONGEST = 5_000  # code points; no quote is longer, so that an id with a longer one is invalid
_FURTHEST = 20_000  # code points; how far from its old place a quote is searched for
_AROUND = 5_000  # code points; the most context on each side

Status = Literal["unchanged", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """Where a quote is in the current text of its article.

    If the status is "unchanged" or "moved", `span` has the words of the quote. If it is "changed", the article no
    longer contains them: `span` is their old place, with other words, or None if the article now ends before it.
    """

    id: QuoteId
    article: Article
    span: Span | None
    status: Status

    @property
    def context(self) -> Span:
        """Return the span of the paragraphs around the quote, and of one more on each side.

        It ends between words, at most 5,000 code points before and after the quote. It is empty if `span` is None.
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
        """Return the context before the quote."""
        return self.article.text[self.context.start : self.span.start] if self.span else ""

    @property
    def after(self) -> str:
        """Return the context after the quote."""
        return self.article.text[self.span.end : self.context.end] if self.span else ""


def look_up(id: QuoteId, articles: Iterable[Article]) -> LocatedQuote | None:
    """Return where a quote is in one of the articles with its key; None if there are no articles.

    An article with the quote in its old place is preferred to one with the quote elsewhere, and that to others.
    """
    order: tuple[Status, ...] = ("unchanged", "moved", "changed")
    found = [_locate(id, article) for article in articles]
    return min(found, key=lambda located: order.index(located.status), default=None)


def _locate(id: QuoteId, article: Article) -> LocatedQuote:
    text, end = article.text, id.start + id.length
    if id.fits(text[id.start : end]):
        return LocatedQuote(id, article, Span(id.start, end), "unchanged")
    # Quotes start and end between words. Trying only such places is faster, and makes false matches less likely.
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
    """Return whether a place is not inside a word."""
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def _gaps(text: str) -> list[Span]:
    """Return the spans between paragraphs: blank lines or, if there are none, the ends of lines."""
    found = list(_BLANK_LINES.finditer(text)) or re.finditer(r"\n", text)
    return [Span(*gap.span()) for gap in found]
