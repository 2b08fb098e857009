"""Which part of a long quote is shown: the one way in which quotes get shorter."""

from __future__ import annotations

from index.text.sentences import whole_sentence_spans
from index.types import Article, Span
from retrieval.presentation.clipping import cut, units


def shorten(article: Article, quote: Span, limit: int, best: Span | None = None) -> Span:
    """The quote, or a part of it of at most `limit` UTF-16 units; both are spans of the article's text.

    It begins where the quote does, or with the `best` sentence if that would not be in it whole, and ends where a
    sentence does. Only of a best sentence that is too long, or where none ends in the part's second half, it ends with
    a word.
    """

    def fits(start: int, end: int) -> bool:
        return units(article.text[start:end]) <= limit

    start, end = quote
    if fits(start, end):
        return quote
    if best and not fits(start, best.end):
        start = best.start
    if fits(start, end):
        return Span(start, end)
    text = article.text[start:end]
    ends = [end for end in _sentence_ends(text[: 2 * limit], article.language) if 2 * units(text[:end]) >= limit]
    if best:
        ends = [best.end - start, *(end for end in ends if start + end > best.end)]
    ends = [end for end in ends if fits(start, start + end)]
    return Span(start, start + (ends[-1] if ends else _word_end(text, limit)))


def _sentence_ends(text: str, language: str | None) -> list[int]:
    """Where sentences end, but the last, which may go on where the text was cut."""
    return [end for _, end in whole_sentence_spans(text, language)[:-1]]


def _word_end(text: str, limit: int) -> int:
    end = cut(text, limit)
    return len(text[:end].rstrip()) or end
