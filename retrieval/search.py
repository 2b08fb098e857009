"""A question to hits: words and vectors, fused.

Passages that the model has not encoded yet are found by words and draft vectors; the model's own vectors then put the
best of them in their places among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.encoder import Vectors
from index.generation import Generation
from index.types import Passage
from index.vectors import Ids
from index.words import Filters, stems
from retrieval.types import Hit, Question

# Measured in benchmarks/RESULTS.md: this mix beats either alone and reciprocal rank fusion.
COSINE, WORDS = 0.7, 0.3
# The same for draft vectors, which are weaker.
DRAFT_COSINE, DRAFT_WORDS = 0.5, 0.5
DEPTH = 20  # passages without a vector that the model encodes for a question
_CANDIDATES = 100  # from the vectors, and as many from the words
_SCORED = 1000  # passages whose words are scored, so that most of the vectors' candidates have both scores

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Vectorized:
    """A question as the model sees it, and as the static encoder does where there are draft vectors."""

    fine: Vectors
    draft: Vectors | None = None


def search(
    generation: Generation, question: Question, vectors: Vectorized, k: int, embed: Embed, depth: int = DEPTH
) -> list[Hit]:
    """The k passages that fit a question best, best first.

    `embed` gives the model's vectors of texts, and is asked for those of at most `depth` passages that have only a
    draft vector; the others of these are not found.
    """
    filters = Filters(question.since, question.until, question.source)
    among = generation.store.ids(filters) if filters else None
    if among is not None and not len(among):
        return []
    bm25 = dict(generation.words.search(question.text, _SCORED, filters))
    best = max(bm25.values(), default=1.0)
    by_words = np.array(list(bm25)[:_CANDIDATES], dtype=np.int64)
    by_vector, _ = generation.vectors.search(vectors.fine, _CANDIDATES, among)
    ids = np.union1d(by_vector, by_words)
    fine = generation.vectors.has(ids)
    cosines = generation.vectors.cosines(vectors.fine, ids[fine])
    ids, drafts = ids[fine], ids[~fine]
    passages: dict[int, Passage] = {}
    if vectors.draft is not None:
        chosen = _best_drafts(generation, vectors.draft, drafts, among, bm25, depth)
        passages = dict(zip(chosen.tolist(), generation.store.passages(chosen.tolist()), strict=True))
        if passages:
            encoded = embed([passage.text for passage in passages.values()])
            ids, cosines = np.concatenate([ids, chosen]), np.concatenate([cosines, encoded @ vectors.fine])
    words = _words(ids, bm25, best)
    scores = COSINE * cosines + WORDS * words
    order = np.lexsort((ids, -scores))[:k]
    rest = [int(ids[at]) for at in order if int(ids[at]) not in passages]
    passages |= dict(zip(rest, generation.store.passages(rest), strict=True))
    return [Hit(passages[int(ids[at])], float(scores[at]), float(cosines[at]), float(words[at])) for at in order]


def _best_drafts(
    generation: Generation, query: Vectors, by_words: Ids, among: Ids | None, bm25: dict[int, float], depth: int
) -> Ids:
    """Of the passages without a vector of the model, those that words and draft vectors rank first."""
    by_vector, _ = generation.draft.search(query, _CANDIDATES, among)
    ids = np.union1d(by_vector, by_words)
    words = _words(ids, bm25, max(bm25.values(), default=1.0))
    scores = DRAFT_COSINE * generation.draft.cosines(query, ids) + DRAFT_WORDS * words
    return ids[np.argsort(-scores, kind="stable")[:depth]]


def _words(ids: Ids, bm25: dict[int, float], best: float) -> Vectors:
    return np.array([bm25.get(int(id), 0.0) / best for id in ids], dtype=np.float32)


def weigh(generation: Generation, question: Question, language: str | None) -> dict[str, float]:
    """The question's words as an article in this language would have them, stemmed, each with its idf."""
    return {stem: generation.words.idf(stem, language) for stem in stems(question.text, language)}


def match(hit: Hit, weights: dict[str, float]) -> Hit:
    """The hit with the question's words that its passage holds."""
    held = set(stems(hit.passage.text, hit.passage.article.language))
    return replace(hit, matched=tuple(stem for stem in weights if stem in held))
