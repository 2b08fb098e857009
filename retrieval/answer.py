"""A question to an Answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from index.embeddings import Embedder
from index.encoder import Encoder, load_encoder
from index.errors import DamagedIndexError
from index.generation import Generation, current_number, folder_of, open_for
from index.manifest import read_manifest
from index.models import Model, find_model
from index.settings import IndexSettings
from index.static import StaticEncoder, load_static
from retrieval.confidence import confidence
from retrieval.conversation import understand
from retrieval.expected import expected
from retrieval.fit import Fitted, Lexicon, fit, terms
from retrieval.quotes import quotes
from retrieval.rerank import Reranker, load_reranker, rerank
from retrieval.search import DEPTH, Vectorized, search
from retrieval.selection import select
from retrieval.settings import RetrievalSettings
from retrieval.smalltalk import small_talk
from retrieval.types import Answer, Question, Quote

_HITS = 30  # looked at for quotes; more are needed only where one article fills them
_CLOSEST = 2
# A passage that scores less than this part of the best one's score is no answer beside it.
_RELEVANT = 0.6


class Answerer:
    """Answers from the generation that it has opened, until `refresh` moves it to a newer one.

    Not for several threads at once.
    """

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        index: IndexSettings,
        model: Model,
        settings: RetrievalSettings,
        reranker: Reranker | None = None,
    ) -> None:
        self._generation = generation
        self._static = _static_of(generation, model, index)
        self._lexicon = Lexicon(self._static)
        self._encoder = encoder
        self._embed = Embedder(encoder, index.path / "embeddings.sqlite", model.fingerprint)
        self._index = index
        self._model = model
        self._settings = settings
        self._reranker = reranker

    @classmethod
    def open(cls, index: IndexSettings, settings: RetrievalSettings) -> Answerer:
        """Open the published generation and load its model, and the cross-encoder if one is configured.

        Raises NoIndexError, DamagedIndexError, WrongModelError if it was built with another model, and ModelError.
        """
        current_number(index.path)  # the commonest mistake first: no index yet
        model = find_model(index.model, index.query_prompt, index.document_prompt, index.precision)
        generation = open_for(index.path, model)
        reranker = load_reranker(settings.reranker, index.threads) if settings.reranker else None
        return cls(generation, load_encoder(model, index), index, model, settings, reranker)

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._generation.manifest.generation

    @property
    def is_draft(self) -> bool:
        """Whether passages of it are still without a vector of the model."""
        return self._generation.manifest.is_draft

    def refresh(self) -> bool:
        """Move to the published generation, if it is another; raises as `open` does, and stays where it is then."""
        number = current_number(self._index.path)
        try:  # the manifest and not the number alone: the folder can have been deleted and made anew
            if read_manifest(folder_of(self._index.path, number)) == self._generation.manifest:
                return False
        except DamagedIndexError:
            pass  # opening it says the same, and what to do
        generation = open_for(self._index.path, self._model)
        self._generation, self._static = generation, _static_of(generation, self._model, self._index)
        self._lexicon = Lexicon(self._static)
        return True

    def outlets(self) -> tuple[str, ...]:
        """The names that a question's `source` can have, most articles first."""
        return tuple(outlet for outlet, _ in self._generation.store.summary().outlets)

    def undated(self) -> int:
        """How many articles have no whole date, so that no filter of days can pass them."""
        return self._generation.store.summary().undated

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        """At most `limit` quotes (default: as configured), or none and the closest passages; to small talk neither."""
        started = time.perf_counter()
        if kind := small_talk(question.text):
            return Answer(question, (), (), 0.0, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        limit = limit or self._settings.quotes
        understood = understand(question.text, question.earlier)
        found = self._find(replace(question, text=understood.text), max(_HITS, 3 * limit), max(DEPTH, limit))
        sure = confidence(*self._signals(found, question)) if found else 0.0
        answered = bool(found) and sure >= self._settings.min_confidence
        selected, more = self._select(found, limit if answered else _CLOSEST)
        shown, closest = (selected, ()) if answered else ((), selected)
        took = (time.perf_counter() - started) * 1000
        ranking = tuple(dict.fromkeys(fitted.hit.passage.article.id for fitted in found))
        return Answer(
            question, shown, closest, sure, self.generation, took, more, ranking, understood.note, understood.text
        )

    def signals(self, question: Question) -> tuple[float, float]:
        """What the confidence in an answer is made of: closeness and coverage."""
        found = self._find(question, _HITS)
        return self._signals(found, question) if found else (0.0, 0.0)

    def _find(self, question: Question, k: int, depth: int = DEPTH) -> list[Fitted]:
        """The passages that fit best with their sentences, best first."""
        vector = self._encoder.encode_query([question.text])[0]
        draft = None
        if self._generation.manifest.is_draft and self._static:
            draft = self._static.encode([question.text])[0]
        hits = search(self._generation, question, Vectorized(vector, draft), k, self._embed, depth)
        if self._reranker:
            hits = rerank(hits, question.text, self._reranker)
        kind = expected(question.text)
        found = []
        for language in {hit.passage.article.language for hit in hits}:
            asked = terms(question.text, language, partial(self._generation.words.idf, language=language))
            own = [hit for hit in hits if hit.passage.article.language == language]
            found += fit(own, question.text, kind, asked, language, self._lexicon)
        found.sort(key=lambda fitted: -fitted.score)
        if not found:
            return []
        least = found[0].score - (1 - _RELEVANT) * abs(found[0].score)
        return [fitted for fitted in found if fitted.score >= least]

    def _select(self, found: Sequence[Fitted], limit: int) -> tuple[tuple[Quote, ...], int]:
        candidates = [each for fitted in found for each in quotes(fitted.hit, fitted.spans, fitted.fits.tolist())]
        candidates.sort(key=lambda each: -each.score)
        bold = [each.article.text[slice(*each.highlights[0])] for each in candidates]
        vectors = self._static.encode(bold) if self._static else np.zeros((len(bold), 1), dtype=np.float32)
        taken, more = select(candidates, vectors, limit, self._settings.per_article)
        return tuple(taken), more

    def _signals(self, found: Sequence[Fitted], question: Question) -> tuple[float, float]:
        """What the confidence in an answer is made of."""
        best = found[0]
        return best.hit.cosine, 0.0


def _static_of(generation: Generation, model: Model, index: IndexSettings) -> StaticEncoder | None:
    """The encoder of single words, and of a draft's vectors; raises DamagedIndexError if a draft's is not there."""
    static = load_static(model, index.path, None)
    wanted = generation.manifest.static
    if wanted and (static is None or static.fingerprint != wanted):
        raise DamagedIndexError(
            f"{index.path / 'models'}: the encoder of this draft's vectors is missing or another one; "
            "make it again with: quotewire index"
        )
    return static
