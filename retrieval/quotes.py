"""Hits to quotes: which sentences of a passage answer, which of them is set in bold, and what they need beside them.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.passages import stretches, word_count
from index.sentences import sentence_spans
from index.types import Article, Passage, Span
from index.wire import parse_dateline
from retrieval.expected import Kind
from retrieval.quotations import quotation_spans
from retrieval.speakers import speaker
from retrieval.things import things
from retrieval.turns import leans, turns
from retrieval.types import Hit, Quote

# Measured on the development sets, in benchmarks/RESULTS.md: a sentence beside the best one that fits the question
# at most this much less is quoted with it, as long as the quote has no more words than these.
NEAR, WORDS = 0.4, 90
PER_PASSAGE = 2  # quotes; a passage with the answer has it in the first of them nine times in ten
_PLAIN = frozenset({Kind.DATE, Kind.NUMBER, Kind.MONEY})
_BESIDE = 600  # code points before and behind a quote in which its neighbours are looked for


def quotes(hit: Hit, spans: Sequence[Span], fits: Sequence[float]) -> Iterator[Quote]:
    """The parts of a hit's passage that answer, best first and disjoint.

    `spans` are its sentences, and `fits` how well each fits. A quote's score is the hit's and its best sentence's.
    """
    free = set(range(len(spans)))
    for _ in range(PER_PASSAGE):
        if not free:
            return
        best = min(free, key=lambda at: (-fits[at], at))
        first, last = _around(best, free, hit.passage.article, spans, fits)
        free -= set(range(first, last + 1))
        score = hit.score + fits[best]
        yield Quote(hit.passage.article, spans[first].start, spans[last].end, (spans[best],), score, hit)


def _around(
    best: int, free: set[int], article: Article, spans: Sequence[Span], fits: Sequence[float]
) -> tuple[int, int]:
    """The first and last sentence to quote with the best one: those that it needs, and those that answer like it."""

    def text(at: int) -> str:
        return article.text[slice(*spans[at])]

    first, last = _quotation(best, free, article, spans)
    if first - 1 in free and leans(text(first), article.language):
        first -= 1
    words = sum(word_count(text(at)) for at in range(first, last + 1))
    while beside := [at for at in (first - 1, last + 1) if at in free and fits[at] >= fits[best] - NEAR]:
        at = max(beside, key=lambda at: fits[at])
        words += word_count(text(at))
        if words > WORDS:
            break
        first, last = min(first, at), max(last, at)
    if last + 1 in free and turns(text(last + 1)):
        last += 1
    return first, last


def _quotation(best: int, free: set[int], article: Article, spans: Sequence[Span]) -> tuple[int, int]:
    """The sentences of the quotation that the best one is a part of, unless they are too many; else it alone."""
    text, start = article.text[spans[0].start : spans[-1].end], spans[0].start
    for span in quotation_spans(text):
        at = [at for at, own in enumerate(spans) if own.start - start < span.end and span.start < own.end - start]
        if (
            best in at
            and free.issuperset(at)
            and word_count(article.text[spans[at[0]].start : spans[at[-1]].end]) <= WORDS
        ):
            return at[0], at[-1]
    return best, best


def completed(quote: Quote) -> Quote:
    """The quote with the sentence beyond its passage that it cannot stand without, if there is one.

    That is the one before a quote that leans on it, unless it is a dateline, and the one behind that turns what the
    quote says.
    """
    article, start, end = quote.article, quote.start, quote.end
    story = next((span for span in stretches(article) if span.start <= start and end <= span.end), Span(start, end))
    if start <= quote.hit.passage.start and leans(article.text[start:end], article.language):
        edge = max(story.start, start - _BESIDE)
        before = sentence_spans(article.text[edge:start], article.language)
        if before and (before[-1].start > 0 or edge == story.start):
            sentence = article.text[edge + before[-1].start : edge + before[-1].end]
            dateline = parse_dateline(sentence)
            if not dateline or dateline.span.end < len(sentence):
                start = edge + before[-1].start
    if end >= quote.hit.passage.end:
        behind = sentence_spans(article.text[end : min(story.end, end + _BESIDE)], article.language)
        if behind and turns(article.text[end + behind[0].start : end + behind[0].end]):
            end += behind[0].end
    return replace(quote, start=start, end=end)


def marked(quote: Quote, question: str, kind: Kind | None) -> Quote:
    """The quote with what the question asks for marked, and with its speaker, where the bold sentence itself tells.

    Of several names it cannot be told which one answers, nor whether a sentence's first word is one; of dates and
    amounts all are marked.
    """
    text, bold = quote.article.text, quote.highlights[0]
    found = things(text[slice(*bold)], kind, question) if kind else []
    if kind not in _PLAIN:
        found = [span for span in found if span.start or " " in text[bold.start : bold.start + span.end]]
    told = found if kind in _PLAIN or len(found) == 1 else []
    spoken = speaker(text, bold)
    marks = tuple(Span(bold.start + start, bold.start + end) for start, end in told)
    return replace(quote, marks=marks, speaker=spoken.speaker if spoken else None)


def sentences(passage: Passage) -> list[Span]:
    """The sentences of a passage, as spans of the article's text; a dateline says nothing and is left out."""
    spans = [
        Span(passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text, passage.article.language)
    ]
    dateline = parse_dateline(passage.text)
    return spans[1:] if dateline and spans[1:] and spans[0].end <= passage.start + dateline.span.end else spans
