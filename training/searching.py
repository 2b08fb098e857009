"""Builds an index of the training articles, and searches it as answers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.build.builder import build_index
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import find_model
from index.settings import IndexSettings
from index.storage.embedding_cache import Embedder
from index.storage.generations import open_for
from index.types import Article
from retrieval.params import RankingParams
from retrieval.search import Vectorized, search
from retrieval.types import Hit, Question

_DEPTH = 40  # hits


class Searcher:
    """Searches a published index as answers do."""

    def __init__(self, settings: IndexSettings, params: RankingParams = RankingParams()) -> None:
        """Open the published index."""
        self._params = replace(params, k=_DEPTH)
        model = find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)
        self._generation = open_for(settings.path, model)
        self._encoder = load_encoder(model, settings)
        self._embed = Embedder(self._encoder, settings.path / "embeddings.sqlite", model.fingerprint)

    @classmethod
    def over(cls, folders: Sequence[Path], path: Path) -> Searcher:
        """Build or update the index of the articles in the folders, and open it."""
        sources = [file for folder in folders for file in folder.glob("articles.jsonl*")]
        settings = IndexSettings(sources=sources, path=path)
        build_index(settings)
        return cls(settings)

    def article(self, id: str) -> Article | None:
        """Return the article with an id, or None if the index does not contain it."""
        return self._generation.store.article(id)

    def search(self, question: Question) -> list[Hit]:
        """Return the hits for a question, best first."""
        vector = self._encoder.encode_query([question.text])[0]
        return search(self._generation, question, Vectorized(vector), self._embed, self._params)
