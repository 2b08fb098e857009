"""Hits to quotes: which sentences of a passage answer, which of them is set in bold, and what they need beside them.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from index.passages import stretches, word_count
from index.sentences import sentence_spans
from index.types import Article, Span
from index.wire import is_dateline
from retrieval.ranking import BONUS, FIT, Fitted
from retrieval.rules.expected import Kind
from retrieval.rules.quotations import quotation_spans
from retrieval.rules.speakers import speaker
from retrieval.rules.things import things
from retrieval.rules.turns import leans, turns
from retrieval.types import Quote

# Measured on the development sets, in benchmarks/RESULTS.md.
WORDS = 80  # of a quote, unless a sentence is longer or cannot stand without others
# Beside a sentence that fits so well, each other one has to add so much to what they hold together; else anything.
TOLD, ADDS = 0.9, 0.03
WHOLE, BEST = 2 / 3, 1 / 3  # what a quote's sentences count together, and what the best of them does
PER_PASSAGE = 3  # quotes: a passage that lists may hold several answers
_HEADING = 12  # words at most
_LEADS_ON = re.compile(r"(?:[?？؟]|[^.!…。।？！؟”’\"'»)\]\s])[”’\"'»)\]\s]*\Z")
_PLAIN = frozenset({Kind.DATE, Kind.NUMBER, Kind.MONEY})
_BESIDE = 600  # code points before and behind a quote in which its neighbours are looked for


def quotes(fitted: Fitted) -> Iterator[Quote]:
    """The parts of a passage that answer, best first and disjoint, with the best sentence of each in bold."""
    article, spans, fits = fitted.hit.passage.article, fitted.spans, fitted.fits
    free = set(range(len(spans)))
    for _ in range(PER_PASSAGE):
        if not free:
            return
        fit, first, last = max(
            _windows(fitted, free), key=lambda window: (window[0], window[1] - window[2], -window[1])
        )
        best = max(range(first, last + 1), key=lambda at: fits[at])  # the first of equals
        first, last = _with_what_it_needs(first, last, free, article, spans)
        free -= set(range(first, last + 1))
        score = fitted.score + FIT * fit
        yield Quote(article, spans[first].start, spans[last].end, (spans[best],), score, fitted.hit, fit)


def _windows(fitted: Fitted, free: set[int]) -> Iterator[tuple[float, int, int]]:
    """The runs of free sentences that have no more than WORDS, or are one: how well each fits, its first and last.

    None goes on over a heading or a short question, which belong to what follows.
    """
    text, fits = fitted.hit.passage.article.text, fitted.fits
    sizes = [word_count(text[start:end]) for start, end in fitted.spans]
    for first in free:
        held, size = np.zeros_like(fitted.weights), 0
        for last in range(first, len(sizes)):
            size += sizes[last]
            goes_on = last == first or (
                size <= WORDS
                and not _are_apart(fitted.hit.passage.article, fitted.spans, last)
                and not (sizes[last] <= _HEADING and _LEADS_ON.search(text, *fitted.spans[last]))
            )
            if last not in free or not goes_on:
                break
            held = np.maximum(held, fitted.overlap[last])
            together = float(held @ fitted.weights) + BONUS * bool(fitted.telling[first : last + 1].any())
            best = float(fits[first : last + 1].max())
            price = ADDS * (last - first) if best >= TOLD else 0.0
            yield WHOLE * together + BEST * best - price, first, last


def _are_apart(article: Article, spans: Sequence[Span], last: int) -> bool:
    """Whether something that is no sentence, a dateline, stands between this one and the one before it."""
    return bool(article.text[spans[last - 1].end : spans[last].start].strip())


def _with_what_it_needs(
    first: int, last: int, free: set[int], article: Article, spans: Sequence[Span]
) -> tuple[int, int]:
    """The first and last sentence of a quote that stands alone.

    It takes in the rest of a quotation, what its first sentence leans on, and what turns the meaning of its last one.
    """
    text, start = article.text[spans[0].start : spans[-1].end], spans[0].start
    for span in quotation_spans(text):
        of = [at for at, own in enumerate(spans) if own.start - start < span.end and span.start < own.end - start]
        if any(first <= at <= last for at in of):
            whole = min(first, *of), max(last, *of)
            size = word_count(article.text[spans[whole[0]].start : spans[whole[1]].end])
            if size <= WORDS and free.issuperset(range(whole[0], whole[1] + 1)):
                first, last = whole
    may_lean = first - 1 in free and not _are_apart(article, spans, first)
    if may_lean and leans(article.text[slice(*spans[first])], article.language):
        first -= 1
    may_be_turned = last + 1 in free and not _are_apart(article, spans, last + 1)
    if may_be_turned and turns(article.text[slice(*spans[last + 1])]):
        last += 1
    return first, last


def completed(quote: Quote) -> Quote:
    """The quote with the sentence beyond its passage that it cannot stand without, if there is one.

    That is the one before a quote that leans on it, unless it is a dateline, and the one behind that turns what the
    quote says.
    """
    article, start, end = quote.article, quote.start, quote.end
    may_lean = start <= quote.hit.passage.start and leans(article.text[start:end], article.language)
    may_be_turned = end >= quote.hit.passage.end
    if not may_lean and not may_be_turned:
        return quote
    story = next((span for span in stretches(article) if span.start <= start and end <= span.end), Span(start, end))
    if may_lean:
        edge = max(story.start, start - _BESIDE)
        before = sentence_spans(article.text[edge:start], article.language)
        if before and (before[-1].start > 0 or edge == story.start):
            first, last = before[-1]
            if not is_dateline(article.text[edge + first : edge + last]):
                start = edge + first
    if may_be_turned:
        edge = min(story.end, end + _BESIDE)
        behind = sentence_spans(article.text[end:edge], article.language)
        is_whole = behind and (end + behind[0].end < edge or edge == story.end)
        if is_whole and turns(article.text[end + behind[0].start : end + behind[0].end]):
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
