"""A question to hits: words and vectors, fused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.encoder import Vectors
from index.generation import Generation
from index.words import Filters, stems
from retrieval.types import Hit, Question

# Measured in benchmarks/RESULTS.md: this mix beats either alone and reciprocal rank fusion.
COSINE, WORDS = 0.7, 0.3
_CANDIDATES = 100  # from the vectors, and as many from the words
_SCORED = 1000  # passages whose words are scored, so that most of the vectors' candidates have both scores


def search(generation: Generation, question: Question, vector: Vectors, k: int) -> list[Hit]:
    """The k passages that fit a question best, best first; `vector` is the question, encoded."""
    filters = Filters(question.since, question.until, question.source)
    among = generation.store.ids(filters) if filters else None
    if among is not None and not len(among):
        return []
    by_words = generation.words.search(question.text, _SCORED, filters)
    by_vector, _ = generation.vectors.search(vector, _CANDIDATES, among)
    ids = np.union1d(by_vector, np.array([id for id, _ in by_words[:_CANDIDATES]], dtype=np.int64))
    best = by_words[0][1] if by_words else 1.0
    bm25 = dict(by_words)
    words = np.array([bm25.get(int(id), 0.0) / best for id in ids])
    cosines = generation.vectors.cosines(vector, ids)
    scores = COSINE * cosines + WORDS * words
    order = np.argsort(-scores, kind="stable")[:k]
    passages = generation.store.passages([int(ids[at]) for at in order])
    return [
        Hit(passage, float(scores[at]), float(cosines[at]), float(words[at]))
        for passage, at in zip(passages, order, strict=True)
    ]


def weigh(generation: Generation, question: Question, language: str | None) -> dict[str, float]:
    """The question's words as an article in this language would have them, stemmed, each with its idf."""
    return {stem: generation.words.idf(stem, language) for stem in stems(question.text, language)}


def match(hit: Hit, weights: dict[str, float]) -> Hit:
    """The hit with the question's words that its passage holds."""
    held = set(stems(hit.passage.text, hit.passage.article.language))
    return replace(hit, matched=tuple(stem for stem in weights if stem in held))
