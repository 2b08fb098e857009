"""A generation restricted to some of its articles, as if it held no others.

Only the document frequencies of words are still those of all articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from index.encoders.encoder import Vectors
from index.storage.articles import ArticleStore
from index.storage.generations import Generation
from index.storage.lexical_index import ArticleFilters, LexicalIndex
from index.storage.vectors import Ids, VectorIndex
from index.types import Article, Passage

_EVERY = ArticleFilters()


def restrict_to(generation: Generation, articles: Collection[str]) -> Generation:
    """Return the generation restricted to the articles with these ids; unknown ids are ignored."""
    ids = generation.store.ids_of(articles)
    return replace(
        generation,
        store=_RestrictedStore(generation.store, articles),
        words=_RestrictedLexicalIndex(generation.words, ids),
        vectors=_RestrictedVectorIndex(generation.vectors, ids),
        draft=_RestrictedVectorIndex(generation.draft, ids),
    )


class _RestrictedLexicalIndex(LexicalIndex):
    def __init__(self, whole: LexicalIndex, ids: Ids) -> None:
        vars(self).update(vars(whole))
        self._ids = set(ids.tolist())

    def search(self, question: str, k: int, filters: ArticleFilters = _EVERY) -> list[tuple[int, float]]:
        found = super().search(question, max(1, len(self)), filters)
        return [(id, score) for id, score in found if id in self._ids][:k]

    def newest(self, names: Iterable[str], k: int, filters: ArticleFilters = _EVERY) -> list[int]:
        found = super().newest(names, max(1, len(self)), filters)
        return [id for id in found if id in self._ids][:k]


class _RestrictedVectorIndex(VectorIndex):
    def __init__(self, whole: VectorIndex, ids: Ids) -> None:
        vars(self).update(vars(whole))
        self._among = ids

    def search(self, query: Vectors, k: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        return super().search(query, k, self._among if among is None else np.intersect1d(among, self._among))


class _RestrictedStore(ArticleStore):
    def __init__(self, whole: ArticleStore, articles: Collection[str]) -> None:
        vars(self).update(vars(whole))
        self._articles = frozenset(articles)

    def copies(self, ids: Iterable[str]) -> dict[str, tuple[Article, ...]]:
        found = super().copies(ids)
        return {id: tuple(copy for copy in copies if copy.id in self._articles) for id, copies in found.items()}

    def latest(self, filters: ArticleFilters, k: int) -> list[Passage]:
        found = super().latest(filters, self.summary().articles)
        return [passage for passage in found if passage.article.id in self._articles][:k]
