"""Hits to quotes: which sentences of a passage answer, and which of them is set in bold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.passages import word_count
from index.sentences import sentence_spans
from index.types import Passage, Span
from index.wire import parse_dateline
from retrieval.types import Hit, Quote

# Measured on the development sets, in benchmarks/RESULTS.md: a sentence beside the best one that fits the question
# at most this much less is quoted with it, as long as the quote has no more words than these.
NEAR, WORDS = 0.4, 90
PER_PASSAGE = 2  # quotes; a passage with the answer has it in the first of them nine times in ten
# A sentence that begins like this leans on the one before it, and is quoted with it.
_LEANS = re.compile(r"(?:He|She|It|They|We|This|That|These|Those|His|Her|Their|But|And|However)\b|[\"“«‘']")


def quotes(hit: Hit, spans: Sequence[Span], fits: Sequence[float]) -> Iterator[Quote]:
    """The parts of a hit's passage that answer, best first and disjoint.

    `spans` are its sentences, and `fits` how well each fits. A quote's score is the hit's and its best sentence's.
    """
    free = set(range(len(spans)))
    for _ in range(PER_PASSAGE):
        if not free:
            return
        best = min(free, key=lambda at: (-fits[at], at))
        chosen = _around(best, free, hit.passage.article.text, spans, fits)
        free -= set(chosen)
        score = hit.score + fits[best]
        yield Quote(hit.passage.article, spans[chosen[0]].start, spans[chosen[-1]].end, (spans[best],), score, hit)


def _around(best: int, free: set[int], text: str, spans: Sequence[Span], fits: Sequence[float]) -> range:
    """The sentences to quote with the best one: what it leans on, and what beside it answers nearly as well."""
    first = best - 1 if best - 1 in free and _LEANS.match(text, spans[best].start) else best
    last = best
    words = word_count(text[spans[first].start : spans[last].end])
    while beside := [at for at in (first - 1, last + 1) if at in free and fits[at] >= fits[best] - NEAR]:
        at = max(beside, key=lambda at: fits[at])
        words += word_count(text[slice(*spans[at])])
        if words > WORDS:
            break
        first, last = min(first, at), max(last, at)
    return range(first, last + 1)


def sentences(passage: Passage) -> list[Span]:
    """The sentences of a passage, as spans of the article's text; a dateline says nothing and is left out."""
    spans = [
        Span(passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text, passage.article.language)
    ]
    dateline = parse_dateline(passage.text)
    return spans[1:] if dateline and spans[1:] and spans[0].end <= passage.start + dateline.span.end else spans
