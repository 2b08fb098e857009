"""A question to an Answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.embeddings import Embedder
from index.encoder import Encoder, Vectors, load_encoder
from index.errors import DamagedIndexError
from index.generation import Generation, current_number, folder_of, open_for
from index.manifest import read_manifest
from index.models import Model, find_model
from index.settings import IndexSettings
from index.static import StaticEncoder, load_static
from index.words import stems
from retrieval.confidence import confidence, cover
from retrieval.periods import Period, find_period, is_history
from retrieval.quotes import fit, quote, select, sentences
from retrieval.search import DEPTH, Vectorized, match, search, weigh
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Hit, Question

_HITS = 30  # looked at for quotes; more are needed only where one article fills them
_CLOSEST = 2
# A passage that scores less than this part of the best one's score is no answer beside it.
_RELEVANT = 0.6


class Answerer:
    """Answers from the generation that it has opened, until `refresh` moves it to a newer one.

    Not for several threads at once.
    """

    def __init__(
        self, generation: Generation, encoder: Encoder, index: IndexSettings, model: Model, settings: RetrievalSettings
    ) -> None:
        self._generation = generation
        self._static = _static_of(generation, model, index)
        self._encoder = encoder
        self._embed = Embedder(encoder, index.path / "embeddings.sqlite", model.fingerprint)
        self._index = index
        self._model = model
        self._settings = settings

    @classmethod
    def open(cls, index: IndexSettings, settings: RetrievalSettings) -> Answerer:
        """Open the published generation and load its model.

        Raises NoIndexError, DamagedIndexError, and WrongModelError if it was built with another model.
        """
        current_number(index.path)  # the commonest mistake first: no index yet
        model = find_model(index.model, index.query_prompt, index.document_prompt, index.precision)
        generation = open_for(index.path, model)
        return cls(generation, load_encoder(model, index), index, model, settings)

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
        return True

    def outlets(self) -> tuple[str, ...]:
        """The names that a question's `source` can have, most articles first."""
        return tuple(outlet for outlet, _ in self._generation.store.summary().outlets)

    def undated(self) -> int:
        """How many articles have no whole date, so that no filter of days can pass them."""
        return self._generation.store.summary().undated

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        """At most `limit` quotes (default: as configured), or none and the closest passages.

        Quotes are of the period that the question's words name, if it has neither `since` nor `until`. If that period
        has no answer, the closest passages are of it, or of any day where these do answer.
        """
        started = time.perf_counter()
        limit = limit or self._settings.quotes
        size = max(_HITS, 3 * limit), max(DEPTH, limit)
        period = self._period(question)
        found = self._find(_narrowed(question, period) if period else question, *size)
        sure = found.confidence
        answered = sure >= self._settings.min_confidence and bool(found.hits)
        if period and not answered:
            anywhere = self._find(question, *size)
            if anywhere.confidence >= self._settings.min_confidence or not found.hits:
                found = anywhere
        quotes = tuple(
            select(
                (quote(hit, found.weights[hit.passage.article.language]) for hit in found.hits),
                limit if answered else _CLOSEST,
                self._settings.per_article,
            )
        )
        took = (time.perf_counter() - started) * 1000
        shown, closest = (quotes, ()) if answered else ((), quotes)
        return Answer(question, shown, closest, sure, self.generation, took, period)

    def signals(self, question: Question) -> tuple[float, float]:
        """What the confidence in an answer is made of: closeness and coverage."""
        return self._find(question, _HITS).signals

    def _period(self, question: Question) -> Period | None:
        """What the question's words say of days, unless its fields do or no article can be of them."""
        if question.since or question.until:
            return None
        period = find_period(question.text, question.asked)
        if period is None or is_history(period, question.asked, self._generation.store.first_day()):
            return None
        return period

    def _find(self, question: Question, k: int, depth: int = DEPTH) -> _Found:
        vector = self._encoder.encode_query([question.text])[0]
        draft = self._static.encode([question.text])[0] if self._static else None
        hits = search(self._generation, question, Vectorized(vector, draft), k, self._embed, depth)
        if not hits:
            return _Found([], {}, (0.0, 0.0))
        least = hits[0].score - (1 - _RELEVANT) * abs(hits[0].score)
        hits = [hit for hit in hits if hit.score >= least]
        languages = {hit.passage.article.language for hit in hits}
        weights = {language: weigh(self._generation, question, language) for language in languages}
        hits = [match(hit, weights[hit.passage.article.language]) for hit in hits]
        best = hits[0]
        asked = weights[best.passage.article.language]
        return _Found(hits, weights, (self._closeness(best, vector, asked), cover(best, asked)))

    def _closeness(self, hit: Hit, vector: Vectors, weights: Mapping[str, float]) -> float:
        """The higher cosine to the question: of the passage, or of its sentence that holds most of the question."""
        article = hit.passage.article
        texts = [article.text[start:end] for start, end in sentences(hit.passage)]
        best = max(texts, key=lambda text: fit(text, article.language, weights))
        return max(hit.cosine, float((self._encoder.encode_document([best]) @ vector).max()))


@dataclass(frozen=True, slots=True)
class _Found:
    """The hits of a question, the weights of its words by language, and the confidence's signals."""

    hits: list[Hit]
    weights: dict[str | None, dict[str, float]]
    signals: tuple[float, float]

    @property
    def confidence(self) -> float:
        return confidence(*self.signals) if self.hits else 0.0


def _narrowed(question: Question, period: Period) -> Question:
    """The question of a period's articles, which seldom hold the words for it; where one side is open they may."""
    start, end = period.span
    rest = question.text[:start] + question.text[end:]
    text = rest if period.since and period.until and stems(rest, None) else question.text
    return replace(question, text=text, since=period.since, until=period.until)


def _static_of(generation: Generation, model: Model, index: IndexSettings) -> StaticEncoder | None:
    """The encoder of a generation's draft vectors; raises DamagedIndexError if it is gone or another one."""
    wanted = generation.manifest.static
    if wanted is None:
        return None
    static = load_static(model, index.path, None)
    if static is None or static.fingerprint != wanted:
        raise DamagedIndexError(
            f"{index.path / 'models'}: the encoder of this draft's vectors is missing or another one; "
            "make it again with: quotewire index"
        )
    return static
