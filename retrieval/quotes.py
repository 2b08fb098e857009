"""Hits to quotes: which sentences of a passage answer, and which of them is set in bold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from index.sentences import sentence_spans
from index.types import Passage, Span
from index.wire import parse_dateline
from index.words import stems
from retrieval.types import Hit, Quote

# A sentence that fits at least this much as well as the best one is quoted with it.
_ALSO = 0.7
# A sentence that begins like this leans on the one before it, and is quoted with it.
_LEANS = re.compile(r"(?:He|She|It|They|We|This|That|These|Those|His|Her|Their|But|And|However)\b|[\"“«‘']")


def quote(hit: Hit, weights: Mapping[str, float]) -> Quote:
    """The part of a hit's passage that answers best; `weights` are the question's stems and their idf."""
    passage = hit.passage
    spans = sentences(passage)
    fits = [fit(passage.article.text[start:end], passage.article.language, weights) for start, end in spans]
    best = max(range(len(spans)), key=lambda at: fits[at])  # the first of equals
    chosen = [at for at, value in enumerate(fits) if value >= _ALSO * fits[best]] if fits[best] else [best]
    first, last = chosen[0], chosen[-1]
    if first and _LEANS.match(passage.article.text, spans[first].start):
        first -= 1
    return Quote(passage.article, spans[first].start, spans[last].end, (spans[best],), hit.score, hit)


def fit(sentence: str, language: str | None, weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a sentence holds, 0 to 1."""
    held = set(stems(sentence, language))
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in held) / total if total else 0.0


def sentences(passage: Passage) -> list[Span]:
    """The sentences of a passage, as spans of the article's text; a dateline says nothing and is left out."""
    spans = [
        Span(passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text, passage.article.language)
    ]
    dateline = parse_dateline(passage.text)
    return spans[1:] if dateline and spans[1:] and spans[0].end <= passage.start + dateline.span.end else spans


def select(quotes: Iterable[Quote], limit: int, per_article: int) -> list[Quote]:
    """The first `limit` quotes, at most `per_article` from one article, and no text twice."""
    taken: list[Quote] = []
    for candidate in quotes:
        if len(taken) == limit:
            break
        same = sum(other.article.id == candidate.article.id for other in taken)
        if same < per_article and not _repeats(candidate, taken):
            taken.append(candidate)
    return taken


def _repeats(candidate: Quote, taken: Sequence[Quote]) -> bool:
    return any(other.text == candidate.text for other in taken)
