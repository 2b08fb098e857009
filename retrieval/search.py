"""Hybrid search: a question to hits, by fusing the scores of embeddings and of the lexical index.

Newer articles get a boost, unless the question names a period. Passages of a draft, which the model has not encoded
yet, are first ranked by draft embeddings and words; the model then encodes the best of them while answering, so that
all hits are ranked by embeddings of the same kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Vectors
from index.storage.generations import Generation
from index.storage.lexical_index import ArticleFilters
from index.storage.vectors import Ids
from index.types import Passage
from retrieval.params import RankingParams
from retrieval.types import Hit, Question

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Vectorized:
    """A question's embedding by the model and, for an index with draft embeddings, by the static encoder."""

    full: Vectors
    draft: Vectors | None = None


def search(
    generation: Generation, question: Question, vectors: Vectorized, embed: Embed, params: RankingParams
) -> list[Hit]:
    """Return the `params.k` passages that match a question best, best first.

    `embed` returns the model's embeddings of texts, [texts, dimension]. It is called for at most `params.draft_depth`
    passages that have only a draft embedding; the other ones of these are not found.
    """
    filters = ArticleFilters(question.since, question.until, question.source)
    among = generation.store.ids(filters) if filters else None
    if among is not None and not len(among):
        return []
    bm25 = dict(generation.words.search(question.text, params.lexical_candidates, filters))
    # Divided by what a full match would score: if only a few common words match, as for a question in another
    # language, the best match is not worth as much as a full one.
    best = max([generation.words.fullest(question.text), *bm25.values()]) or 1.0
    by_words = np.array(list(bm25)[: params.candidates], dtype=np.int64)
    by_vector, _ = generation.vectors.search(vectors.full, params.candidates, among)
    ids = np.union1d(by_vector, by_words)
    has_full = generation.vectors.has(ids)
    cosines = generation.vectors.cosines(vectors.full, ids[has_full])
    ids, drafts = ids[has_full], ids[~has_full]
    passages: dict[int, Passage] = {}

    def recency(ids: Ids) -> NDArray[np.float64]:
        if not question.by_newness:
            return np.zeros(len(ids))
        today = question.asked.date().toordinal()
        decay = _recency_decay(generation.store.days(ids.tolist()), today, params.recency_half_life_days)
        return params.recency_weight * decay

    if vectors.draft is not None:
        by_draft, _ = generation.draft.search(vectors.draft, params.candidates, among)
        drafts = np.union1d(by_draft, drafts)
        draft_scores = params.draft_cosine_weight * generation.draft.cosines(vectors.draft, drafts)
        draft_scores += params.draft_lexical_weight * _lexical_scores(drafts, bm25, best) + recency(drafts)
        chosen = drafts[np.argsort(-draft_scores, kind="stable")[: params.draft_depth]]
        passages = dict(zip(chosen.tolist(), generation.store.passages(chosen.tolist()), strict=True))
        if passages:
            encoded = embed([passage.text for passage in passages.values()])
            ids, cosines = np.concatenate([ids, chosen]), np.concatenate([cosines, encoded @ vectors.full])
    words, new = _lexical_scores(ids, bm25, best), recency(ids)
    scores = params.cosine_weight * cosines + params.lexical_weight * words + new
    order = np.lexsort((ids, -scores))[: params.k]
    rest = [int(ids[at]) for at in order if int(ids[at]) not in passages]
    passages |= dict(zip(rest, generation.store.passages(rest), strict=True))
    hits = (
        Hit(passages[int(ids[at])], float(scores[at]), float(cosines[at]), float(words[at]), float(new[at]))
        for at in order
    )
    return by_article(hits, params)


def by_article(hits: Iterable[Hit], params: RankingParams) -> list[Hit]:
    """Return hits, best first, each with what its article adds to its score: the same for all hits of an article.

    That is the evidence of its next best hits, measured by how far their scores, without recency, are above the lowest
    one, and the boost for being found near the start of a dated article.
    """
    of_article: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        of_article[hit.passage.article.id].append(hit)
    floor = min((hit.score - hit.recency for own in of_article.values() for hit in own), default=0.0)
    found = []
    for own in of_article.values():
        others = sorted((hit.score - hit.recency - floor for hit in own), reverse=True)[1:][: params.evidence_passages]
        start = min(hit.passage.start for hit in own)
        is_dated = own[0].passage.article.day is not None
        lead = params.lead_weight * 0.5 ** (start / params.lead_half_life) if is_dated else 0.0
        more = params.evidence_weight * sum(others) + lead
        found += [replace(hit, score=hit.score + more, article=more) for hit in own]
    return sorted(found, key=lambda hit: -hit.score)


def _recency_decay(days: Ids, today: int, half_life: float) -> NDArray[np.float64]:
    """Return 1 for articles of the day `today`, half of it for each `half_life` days before; 0 if undated or later.

    `days` and `today` are ordinals, 0 for undated. The day after `today` counts as today: somewhere it has begun.
    """
    age = today - days
    return np.where((days > 0) & (age >= -1), 0.5 ** (np.maximum(age, 0) / half_life), 0.0)


def _lexical_scores(ids: Ids, bm25: dict[int, float], best: float) -> NDArray[np.float32]:
    """Return BM25 divided by `best`, from 0 to 1, for each passage id."""
    return np.array([bm25.get(int(id), 0.0) / best for id in ids], dtype=np.float32)
