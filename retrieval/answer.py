"""A question to an Answer."""

from __future__ import annotations

import time
from collections.abc import Collection
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

import numpy as np

from index.embeddings import Embedder
from index.encoder import Encoder, load_encoder
from index.errors import DamagedIndexError
from index.generation import Generation, current_number, folder_of, open_for
from index.manifest import Manifest, read_manifest
from index.models import Model, find_model
from index.settings import IndexSettings
from index.static import StaticEncoder, load_static
from index.store import Summary
from index.words import stems
from retrieval.among import among
from retrieval.confidence import Signals
from retrieval.finding import Finder, Found
from retrieval.fit import Lexicon
from retrieval.quote_ids import QuoteId
from retrieval.quotes import completed, marked, quotes
from retrieval.rerank import Reranker, load_reranker
from retrieval.rules.conversation import understand
from retrieval.rules.expected import expected
from retrieval.rules.periods import Period, asks_for_anything, find_period, is_history
from retrieval.rules.smalltalk import small_talk
from retrieval.search import DEPTH
from retrieval.seen import Seen
from retrieval.selection import select
from retrieval.settings import RetrievalSettings
from retrieval.standing import Standing, look_up
from retrieval.types import Answer, Question, Quote

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
    def content(self) -> str:
        """What names all articles as they are: another generation with the same holds the same."""
        return self._generation.manifest.content

    @property
    def manifest(self) -> Manifest:
        """What the generation that answers says of itself."""
        return self._generation.manifest

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

    def among(self, articles: Collection[str]) -> Answerer:
        """Return an answerer of the same generation as if it held only the articles with these ids."""
        narrowed = copy(self)
        narrowed._generation = among(self._generation, articles)
        return narrowed

    def summary(self) -> Summary:
        """What the articles are, in numbers."""
        return self._generation.store.summary()

    def outlets(self) -> tuple[str, ...]:
        """The names that a question's `source` can have, most articles first."""
        return tuple(outlet for outlet, _ in self.summary().outlets)

    def undated(self) -> int:
        """How many articles have no whole date, so that no filter of days can pass them."""
        return self.summary().undated

    def standing(self, id: QuoteId) -> Standing | None:
        """Where a quote stands now; None if its article is gone."""
        return look_up(id, self._generation.store.articles_by_key(id.key))

    def answer(self, question: Question, limit: int | None = None, every: bool = False) -> Answer:
        """At most `limit` quotes (default: as configured), or none and the closest passages; to small talk neither.

        Quotes are of the period that the question's words name, if it has neither `since` nor `until`. If that period
        has no answer, the closest passages are of it, or of any day where these do answer. What several articles
        copied from one another is quoted once, unless `every` quote is wanted.
        """
        return self._answer(question, limit or self._settings.quotes, every, Seen())

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """The next quotes beyond those whose ids are `seen`, of whatever generation these are; there may be none.

        As long as the articles are the same it goes on exactly where they ended.
        """
        answer = self._answer(question, limit or self._settings.quotes, False, self._seen(seen))
        return replace(answer, closest=())

    def latest(
        self,
        asked: datetime,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        """The beginnings of the newest articles, a quote of each story, without those whose ids are `seen`.

        Undated articles come last, of them first what was read last; where no article has a date these are all. They
        are not of any time `since` a day.
        """
        started = time.perf_counter()
        question = Question("", asked, since, source=source)
        limit = limit or self._settings.quotes
        found = self._finder.newest(question, max(_HITS, 3 * (limit + len(seen))))
        shown, more = self._select(found, limit, "", False, self._seen(seen))
        took = (time.perf_counter() - started) * 1000
        return Answer(question, shown, (), found.confidence, self.generation, took, more=more, hits=found.hits)

    def signals(self, question: Question) -> Signals:
        """What the confidence in an answer is made of."""
        period = self._period(question)
        return self._find(narrowed(question, period) if period else question, _HITS).signals

    def _answer(self, question: Question, limit: int, every: bool, seen: Seen) -> Answer:
        started = time.perf_counter()
        if kind := small_talk(question.text):
            return Answer(question, (), (), 0.0, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        size = max(_HITS, 3 * limit), max(DEPTH, limit)
        understood = understand(question.text, question.earlier)
        whole = replace(question, text=understood.text)
        period = self._period(whole)
        asked = narrowed(whole, period) if period else whole
        if period and asks_for_anything(whole.text, period):
            found = self._finder.latest(asked, size[0])
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
        shown, more = self._select(found, limit if answered else _CLOSEST, whole.text, every, seen)
        return Answer(
            question,
            shown if answered else (),
            shown if not answered else (),
            sure,
            self.generation,
            (time.perf_counter() - started) * 1000,
            more=more if answered else 0,
            hits=found.hits,
            understood=understood.note,
            subject=understood.text,
            period=period,
        )

    def _period(self, question: Question) -> Period | None:
        """What the question's words say of days, unless its fields do or no article can be of them."""
        if question.since or question.until:
            return None
        period = find_period(question.text, question.asked)
        if period is None or is_history(period, question.asked, self._generation.store.first_day()):
            return None
        return period

    @property
    def _finder(self) -> Finder:
        return Finder(self._generation, self._encoder, self._embed, self._static, self._lexicon, self._reranker)

    def _find(self, question: Question, k: int, depth: int = DEPTH) -> Found:
        return self._finder.find(question, k, depth)

    def _is_sure(self, found: Found) -> bool:
        return bool(found.fitted) and found.confidence >= self._settings.min_confidence

    def _seen(self, ids: Collection[str]) -> Seen:
        """The quotes with these ids, and where they stand now; what is no id is none."""
        parsed = [id for text in ids if (id := QuoteId.of_text(text))]
        return Seen.of(parsed, (standing for id in parsed if (standing := self.standing(id))))

    def _select(
        self, found: Found, limit: int, question: str, every: bool, seen: Seen
    ) -> tuple[tuple[Quote, ...], int]:
        """The quotes that are shown, beyond those that were, and how many more would answer."""
        best = found.fitted[: max(_QUOTED, limit + len(seen.ids))]
        candidates = [quote for each in best for quote in islice(quotes(each), found.per_passage)]
        candidates.sort(key=lambda quote: -quote.score)
        candidates = [quote for quote in candidates if quote.fit >= _BESIDE * candidates[0].fit]
        if not every:
            copies = self._generation.store.copies({quote.article.id for quote in candidates})
            candidates = [replace(quote, copies=copies[quote.article.id]) for quote in candidates]
        bold = [quote.article.text[slice(*quote.highlights[0])] for quote in candidates]
        vectors = self._static.encode(bold) if self._static else np.zeros((len(bold), 1), dtype=np.float32)
        had = [at for at, quote in enumerate(candidates) if seen.holds(quote)]
        taken = select(candidates, vectors, found.per_article or self._settings.per_article, every, had)
        kind = expected(question)
        shown = tuple(marked(completed(quote), question, kind) for quote in taken[:limit])
        by_then = seen.also(shown)  # also what one of these took in from the next passage
        return shown, sum(not by_then.holds(quote) for quote in taken[limit:])


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
