"""A question to an Answer."""

from __future__ import annotations

import time

from index.encoder import Encoder, load_encoder
from index.errors import WrongModelError
from index.generation import Generation, current_number, open_generation
from index.models import Model, find_model
from index.settings import IndexSettings
from retrieval.confidence import confidence
from retrieval.quotes import quote, select
from retrieval.search import match, search, weigh
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question

_HITS = 30  # looked at for quotes; more are needed only where one article fills them
_CLOSEST = 2


class Answerer:
    """Answers from the generation that it has opened, until `refresh` moves it to a newer one.

    Not for several threads at once.
    """

    def __init__(
        self, generation: Generation, encoder: Encoder, index: IndexSettings, model: Model, settings: RetrievalSettings
    ) -> None:
        self._generation = generation
        self._encoder = encoder
        self._index = index
        self._model = model
        self._settings = settings

    @classmethod
    def open(cls, index: IndexSettings, settings: RetrievalSettings) -> Answerer:
        """Open the published generation and load its model.

        Raises NoIndexError, DamagedIndexError, and WrongModelError if it was built with another model.
        """
        current_number(index.path)  # the commonest mistake first: no index yet
        model = find_model(index.model, index.query_prompt, index.document_prompt)
        generation = _opened(index, model)
        return cls(generation, load_encoder(model, index.threads), index, model, settings)

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._generation.manifest.generation

    def refresh(self) -> bool:
        """Move to the published generation, if it is another; raises as `open` does, and stays where it is then."""
        if current_number(self._index.path) == self.generation:
            return False
        self._generation = _opened(self._index, self._model)
        return True

    def outlets(self) -> tuple[str, ...]:
        """The names that a question's `source` can have, most articles first."""
        return tuple(outlet for outlet, _ in self._generation.store.summary().outlets)

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        """At most `limit` quotes (default: as configured), or none and the closest passages."""
        started = time.perf_counter()
        limit = limit or self._settings.quotes
        vector = self._encoder.encode_query([question.text])[0]
        hits = search(self._generation, question, vector, max(_HITS, 3 * limit))
        weights = {
            language: weigh(self._generation, question, language)
            for language in {hit.passage.article.language for hit in hits}
        }
        hits = [match(hit, weights[hit.passage.article.language]) for hit in hits]
        sure = confidence(hits, weights[hits[0].passage.article.language]) if hits else 0.0
        found = sure >= self._settings.min_confidence
        quotes = select(
            (quote(hit, weights[hit.passage.article.language]) for hit in hits),
            limit if found else _CLOSEST,
            self._settings.per_article,
        )
        took = (time.perf_counter() - started) * 1000
        shown, closest = (tuple(quotes), ()) if found else ((), tuple(quotes))
        return Answer(question, shown, closest, sure, self.generation, took)


def _opened(index: IndexSettings, model: Model) -> Generation:
    generation = open_generation(index.path)
    built = generation.manifest
    if built.fingerprint != model.fingerprint:
        other = f"another {built.model}" if built.model == model.name else built.model
        raise WrongModelError(
            f"the index in {index.path} was built with {other}, and the configuration names {model.name} "
            f"(fingerprints {built.fingerprint[:8]} and {model.fingerprint[:8]}); build it anew with: quotewire index"
        )
    return generation
