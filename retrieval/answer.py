"""A question to an Answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np

from index.embeddings import Embedder
from index.encoder import Encoder, load_encoder
from index.errors import DamagedIndexError
from index.generation import Generation, current_number, folder_of, open_for
from index.manifest import read_manifest
from index.models import Model, find_model
from index.settings import IndexSettings
from index.static import StaticEncoder, load_static
from index.words import Filters, stems
from retrieval.confidence import Signals, confidence, signals
from retrieval.fit import Lexicon, terms
from retrieval.quotes import PER_PASSAGE, completed, marked, quotes
from retrieval.ranking import Fitted, fit, from_the_lead, rank
from retrieval.rerank import Reranker, load_reranker, rerank
from retrieval.rules.conversation import understand
from retrieval.rules.expected import expected
from retrieval.rules.periods import Period, asks_for_anything, find_period, is_history
from retrieval.rules.smalltalk import small_talk
from retrieval.search import DEPTH, Vectorized, search
from retrieval.selection import select
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Hit, Question, Quote

_HITS = 30  # looked at for quotes; more are needed only where one article fills them
_QUOTED = 20  # of which quotes are made
_BESIDE = 0.5  # the part of the first quote's fit that a further one has to have
_CLOSEST = 2


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
        self._encoder = encoder
        self._embed = Embedder(encoder, index.path / "embeddings.sqlite", model.fingerprint)
        self._index = index
        self._model = model
        self._settings = settings
        self._open_static(generation)
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
                if self._static is None:  # a first build publishes before it makes that encoder
                    self._open_static(self._generation)
                return False
        except DamagedIndexError:
            pass  # opening it says the same, and what to do
        generation = open_for(self._index.path, self._model)
        self._open_static(generation)
        self._generation = generation
        return True

    def _open_static(self, generation: Generation) -> None:
        """Raises DamagedIndexError if a draft's encoder is not there."""
        self._static = _static_of(generation, self._model, self._index)
        self._lexicon = Lexicon(self._static)

    def outlets(self) -> tuple[str, ...]:
        """The names that a question's `source` can have, most articles first."""
        return tuple(outlet for outlet, _ in self._generation.store.summary().outlets)

    def undated(self) -> int:
        """How many articles have no whole date, so that no filter of days can pass them."""
        return self._generation.store.summary().undated

    def answer(self, question: Question, limit: int | None = None, every: bool = False) -> Answer:
        """At most `limit` quotes (default: as configured), or none and the closest passages; to small talk neither.

        Quotes are of the period that the question's words name, if it has neither `since` nor `until`. If that period
        has no answer, the closest passages are of it, or of any day where these do answer. What several articles
        copied from one another is quoted once, unless `every` quote is wanted.
        """
        started = time.perf_counter()
        if kind := small_talk(question.text):
            return Answer(question, (), (), 0.0, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        limit = limit or self._settings.quotes
        size = max(_HITS, 3 * limit), max(DEPTH, limit)
        understood = understand(question.text, question.earlier)
        whole = replace(question, text=understood.text)
        period = self._period(whole)
        asked = narrowed(whole, period) if period else whole
        if period and asks_for_anything(whole.text, period):
            found = self._latest(asked, size[0])
        else:
            found = self._find(asked, *size)
        sure, answered = found.confidence, self._is_sure(found)
        if period and not answered:
            # An article of any day need not hold the words for the period either.
            for text in dict.fromkeys((whole.text, asked.text)):
                anywhere = self._find(replace(whole, text=text), *size)
                if self._is_sure(anywhere):
                    break
            if self._is_sure(anywhere) or not found.fitted:
                found = anywhere
        quotes, more = self._select(found, limit if answered else _CLOSEST, whole.text, every)
        return Answer(
            question,
            quotes if answered else (),
            quotes if not answered else (),
            sure,
            self.generation,
            (time.perf_counter() - started) * 1000,
            more=more if answered else 0,
            ranking=found.ranking,
            understood=understood.note,
            subject=understood.text,
            period=period,
        )

    def signals(self, question: Question) -> Signals:
        """What the confidence in an answer is made of."""
        period = self._period(question)
        return self._find(narrowed(question, period) if period else question, _HITS).signals

    def _period(self, question: Question) -> Period | None:
        """What the question's words say of days, unless its fields do or no article can be of them."""
        if question.since or question.until:
            return None
        period = find_period(question.text, question.asked)
        if period is None or is_history(period, question.asked, self._generation.store.first_day()):
            return None
        return period

    def _find(self, question: Question, k: int, depth: int = DEPTH) -> _Found:
        """The passages that fit best with their sentences, best first."""
        vector = self._encoder.encode_query([question.text])[0]
        draft = self._static.encode([question.text])[0] if self.is_draft and self._static else None
        hits = search(self._generation, question, Vectorized(vector, draft), k, self._embed, depth)
        kind = expected(question.text)
        fitted = []
        for language in dict.fromkeys(hit.passage.article.language for hit in hits):
            asked = terms(question.text, language, partial(self._generation.words.idf, language=language))
            own = [hit for hit in hits if hit.passage.article.language == language]
            fitted += fit(own, question.text, kind, asked, language, self._lexicon)
        ranked = rank(fitted)

        def cosine(sentence: str) -> float:
            return float((self._encoder.encode_document([sentence]) @ vector)[0])

        sure = signals(ranked, cosine)  # a cross-encoder orders, and does not decide whether there is an answer
        if self._reranker:
            ranked = rerank(ranked, question.text, self._reranker)
        return _Found(ranked, sure)

    def _latest(self, question: Question, k: int) -> _Found:
        """The beginnings of the newest articles that the question's filters leave, newest first, one of each."""
        passages = self._generation.store.latest(Filters(question.since, question.until, question.source), k)
        # So far from one another that likeness does not change their order.
        hits = [Hit(passage, float(len(passages) - at), 0.0, 0.0) for at, passage in enumerate(passages)]
        fitted = fit(hits, "", None, (), None, self._lexicon)
        led = [lead for each in fitted if (lead := from_the_lead(each))]
        return _Found(rank(led or fitted), Signals(1.0, 1.0, 1.0), per_passage=1)

    def _is_sure(self, found: _Found) -> bool:
        return bool(found.fitted) and found.confidence >= self._settings.min_confidence

    def _select(self, found: _Found, limit: int, question: str, every: bool) -> tuple[tuple[Quote, ...], int]:
        """The quotes that are shown, and how many more would answer."""
        best = found.fitted[: max(_QUOTED, limit)]
        candidates = [quote for each in best for quote in islice(quotes(each), found.per_passage)]
        candidates.sort(key=lambda quote: -quote.score)
        candidates = [quote for quote in candidates if quote.fit >= _BESIDE * candidates[0].fit]
        if not every:
            copies = self._generation.store.copies({quote.article.id for quote in candidates})
            candidates = [replace(quote, copies=copies[quote.article.id]) for quote in candidates]
        bold = [quote.article.text[slice(*quote.highlights[0])] for quote in candidates]
        vectors = self._static.encode(bold) if self._static else np.zeros((len(bold), 1), dtype=np.float32)
        taken, more = select(candidates, vectors, limit, self._settings.per_article, every)
        kind = expected(question)
        return tuple(marked(completed(quote), question, kind) for quote in taken), more


@dataclass(frozen=True, slots=True)
class _Found:
    """The passages of a question, best first, the confidence's signals, and how many quotes a passage may give."""

    fitted: list[Fitted]
    signals: Signals
    per_passage: int = PER_PASSAGE

    @property
    def confidence(self) -> float:
        return confidence(self.signals) if self.fitted else 0.0

    @property
    def ranking(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.hit.passage.article.id for each in self.fitted))


def narrowed(question: Question, period: Period) -> Question:
    """The question of a period's articles, which seldom hold the words for it; where one side is open they may."""
    start, end = period.span
    rest = question.text[:start] + question.text[end:]
    text = rest if period.since and period.until and stems(rest, None) else question.text
    return replace(question, text=text, since=period.since, until=period.until)


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
