"""Choose the part of a long quote that is shown; all quotes are shortened in this way."""

from __future__ import annotations

from index.text.sentences import whole_sentence_spans
from index.types import Article, Span
from retrieval.presentation.clipping import cut, units


def shorten(article: Article, quote: Span, limit: int, best: Span | None = None) -> Span:
    """Return the quote, or a part of it of at most `limit` UTF-16 units, as a span of the article's text.

    A part begins where the quote does, or at the `best` sentence if that would not fit in whole. It ends after a
    sentence; after a word only if the best sentence is too long, or if no sentence ends in the second half of the part.
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
    """Return the ends of all sentences except the last, which may be incomplete, as the text was cut."""
    return [end for _, end in whole_sentence_spans(text, language)[:-1]]


def _word_end(text: str, limit: int) -> int:
    end = cut(text, limit)
    return len(text[:end].rstrip()) or end
