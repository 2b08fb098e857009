"""Answerer: opens a published index with its model and reader, and answers questions from it."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime

from index.encoders.encoder import Encoder
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import Model, find_model
from index.encoders.static_encoder import StaticEncoder
from index.encoders.static_loading import load_static
from index.errors import DamagedIndexError, ModelError
from index.settings import IndexSettings
from index.storage.articles import Summary
from index.storage.embedding_cache import Embedder
from index.storage.generations import Generation, current_number, folder_of, open_for
from index.storage.manifest import Manifest, read_manifest
from retrieval.finder import Finder
from retrieval.newest import is_name, main_news, may_be_about, newest_on
from retrieval.params import RankingParams
from retrieval.query.follow_up import cleaned, noted
from retrieval.query.periods import asks_for_anything
from retrieval.query.small_talk import small_talk
from retrieval.query.subjects import asked_subject
from retrieval.question_reading import named_period, narrowed, read_question
from retrieval.quote_choice import QuoteChooser
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote, look_up
from retrieval.reader.reader_loading import load_reader
from retrieval.reader.reading import CachingReader, Reader
from retrieval.seen import Seen
from retrieval.settings import RetrievalSettings
from retrieval.subset import restrict_to
from retrieval.thresholds import ConfidenceThresholds
from retrieval.types import Answer, Hit, Question, Quote


class Answerer:
    """Answers from the generation of the index that it has opened, until `refresh` moves it to a newer one.

    A generation is one published state of the index; it never changes. An Answerer is not thread-safe.
    """

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        index: IndexSettings,
        model: Model,
        settings: RetrievalSettings,
        reader: Reader | None = None,
        problem: str | None = None,
        params: RankingParams = RankingParams(),
    ) -> None:
        """Answer from an open generation.

        Without a reader, nothing is refused and no answer has a confidence. `problem` says in one line why there is
        none though one is configured.
        """
        self.params = params
        self._generation = generation
        self._encoder = encoder
        self._embed = Embedder(encoder, index.path / "embeddings.sqlite", model.fingerprint)
        self._index = index
        self._model = model
        self._settings = settings
        self._reader = CachingReader(reader) if reader else None
        self._thresholds = ConfidenceThresholds.of(settings, reader.calibration if reader else None)
        self.problem = problem
        self._open_static(generation)

    @classmethod
    def open(
        cls, index: IndexSettings, settings: RetrievalSettings, params: RankingParams = RankingParams()
    ) -> Answerer:
        """Open the published generation, and load its model and the reader.

        If the reader cannot be loaded, questions are answered without one, and `problem` says why. Raises NoIndexError,
        DamagedIndexError, WrongModelError if the index was built with another model, and ModelError.
        """
        current_number(index.path)  # raises the most frequent error first: there is no index yet
        model = find_model(index.model, index.query_prompt, index.document_prompt, index.precision)
        generation = open_for(index.path, model)
        encoder = load_encoder(model, index)
        try:
            reader, problem = load_reader(settings.reader, index.threads, params), None
        except ModelError as error:
            reader, problem = None, f"answers are not read: {error}"
        return cls(generation, encoder, index, model, settings, reader, problem, params)

    @property
    def generation(self) -> int:
        """Return the number of the generation that answers."""
        return self._generation.manifest.generation

    @property
    def content(self) -> str:
        """Return a hash of all articles: two generations with the same hash contain the same articles."""
        return self._generation.manifest.content

    @property
    def manifest(self) -> Manifest:
        """Return the manifest of the generation that answers."""
        return self._generation.manifest

    @property
    def is_draft(self) -> bool:
        """Return whether some passages have no embedding by the model yet."""
        return self._generation.manifest.is_draft

    def refresh(self) -> bool:
        """Move to the published generation and return True, or return False if it is the one that answers.

        Raises the same errors as `open`, and then keeps the old generation.
        """
        number = current_number(self._index.path)
        try:  # compare manifests, not numbers: the index may have been deleted and built again
            if read_manifest(folder_of(self._index.path, number)) == self._generation.manifest:
                if self._static is None:  # a first build publishes its index before it makes this encoder
                    self._open_static(self._generation)
                return False
        except DamagedIndexError:
            pass  # opening the generation raises this too, with what to do about it
        generation = open_for(self._index.path, self._model)
        self._open_static(generation)
        self._generation = generation
        return True

    def _open_static(self, generation: Generation) -> None:
        """Open the static encoder of a generation; raises DamagedIndexError if a draft's is missing."""
        self._static = _static_of(generation, self._model, self._index)

    def restricted_to(self, articles: Collection[str]) -> Answerer:
        """Return an answerer of the same generation that only sees the articles with these ids."""
        narrowed = copy(self)
        narrowed._generation = restrict_to(self._generation, articles)
        return narrowed

    def summary(self) -> Summary:
        """Return how many articles there are, of which outlets and days."""
        return self._generation.store.summary()

    def outlets(self) -> tuple[str, ...]:
        """Return the outlets that a question's `source` can name, those with the most articles first."""
        return tuple(outlet for outlet, _ in self.summary().outlets)

    def undated(self) -> int:
        """Return how many articles have no complete date, so that a filter by days excludes them."""
        return self.summary().undated

    def look_up(self, id: QuoteId) -> LocatedQuote | None:
        """Return the article and place of a quote now; None if there is no article with its key."""
        return look_up(id, self._generation.store.articles_by_key(id.key))

    def answer(self, question: Question, limit: int | None = None, every: bool = False) -> Answer:
        """Return at most `limit` quotes that answer (default: as configured) or, if nothing does, the closest ones.

        If the question has neither `since` nor `until`, quotes are of the period that its words name. If nothing in
        that period answers, the closest quotes are of it, or of other days if something there does answer. What several
        articles have copied from one another is quoted once, unless `every` quote is wanted.
        """
        return self._answer(question, limit or self._settings.quotes, every, Seen())

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """Return the next quotes that answer, without those with the ids `seen`; there may be none.

        The ids may be of an earlier generation. While the articles are the same, the quotes continue where those seen
        ended.
        """
        answer = self._answer(question, limit or self._settings.quotes, False, self._seen(seen))
        return replace(answer, closest=(), perhaps=False)

    def latest(
        self,
        asked: datetime,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        """Return the leads of the newest articles, one of each story, without quotes with the ids `seen`.

        Undated articles come last, the most recently added ones first; `since` a day excludes them.
        """
        started = time.perf_counter()
        question = Question("", asked, since, source=source)
        limit = limit or self._settings.quotes
        found = self._finder().newest(question, self.params.hits_for(limit + len(seen)))
        return self._show(question, found, limit, self._seen(seen), started, per_article=1)

    def _answer(self, question: Question, limit: int, every: bool, seen: Seen) -> Answer:
        started = time.perf_counter()
        finder = self._finder()
        if kind := small_talk(question.text):
            return Answer(question, (), (), None, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        wanted = limit + len(seen.ids)
        period = named_period(question, self._generation)
        if period and asks_for_anything(question.text, period):
            newest = finder.latest(narrowed(question, period), self.params.hits_for(limit))
            if newest:
                answer = self._show(question, newest, limit, seen, started, self._settings.per_article)
                return replace(answer, period=period, subject=question.text)
        subject = asked_subject(question.text, period)
        asked = replace(narrowed(question, period), text=question.text) if period else question
        on_it = newest_on(finder, subject, asked, self.params.hits_for(wanted)) if subject else []
        if subject and on_it and is_name(subject, on_it):
            return replace(self._main_news(finder, question, on_it, limit, seen, started), period=period)
        reading = read_question(finder, question, self._thresholds.quote, wanted)
        found = reading.found
        is_elsewhere = False  # whether no passage that was read can be about the name that is asked about
        if subject and subject.is_named and not on_it and found.calibration:  # without one, nothing is refused
            about = tuple(each for each in found.scored if may_be_about(subject.name, each.hit.passage))
            found, is_elsewhere = replace(found, scored=about or found.scored), not about
        answered, sure = found.answers(self._thresholds.quote) and not is_elsewhere, found.confidence
        if on_it and not answered and not question.earlier:
            return replace(self._main_news(finder, question, on_it, limit, seen, started), period=period)
        last = reading.period.last if reading.period else None
        chooser = self._chooser()
        per_article = self._settings.per_article
        shown, more = chooser.choose(found, limit, per_article, every, seen, last) if answered else ((), 0)
        perhaps = not (answered or found.outside) and sure is not None and sure >= self._thresholds.perhaps
        closest = () if answered else chooser.closest(found, 1 if perhaps else self.params.closest_quotes)
        is_joined = reading.text != cleaned(question.text)
        return Answer(
            question,
            shown,
            closest,
            sure,
            self.generation,
            (time.perf_counter() - started) * 1000,
            more=more,
            hits=found.hits,
            understood=noted(reading.text) if is_joined else None,
            subject=reading.subject,
            period=reading.period,
            unread=found.unread,
            perhaps=perhaps and bool(closest),
        )

    def _main_news(
        self, finder: Finder, question: Question, hits: Sequence[Hit], limit: int, seen: Seen, started: float
    ) -> Answer:
        """Return the main news of the newest articles on a subject, whatever the confidence."""
        least = self._thresholds.quote_log_odds(finder.calibration)
        quotes = main_news(finder, question.text, hits, least, limit + len(seen.ids) + self.params.read_passages)
        answer = self._show(question, quotes, limit, seen, started, per_article=1)
        return replace(answer, subject=question.text)

    def _show(
        self, question: Question, found: Sequence[Quote], limit: int, seen: Seen, started: float, per_article: int
    ) -> Answer:
        """Return an answer of quotes that were found without confidences."""
        shown, more = self._chooser().distinct(found, limit, per_article, False, seen)
        took = (time.perf_counter() - started) * 1000
        hits = tuple(quote.hit for quote in found)
        return Answer(question, shown, (), None, self.generation, took, more=more, hits=hits)

    def _finder(self) -> Finder:
        return Finder(self._generation, self._encoder, self._embed, self._static, self._reader, self.params)

    def _chooser(self) -> QuoteChooser:
        return QuoteChooser(self._generation, self._static, self.params, self._thresholds)

    def _seen(self, ids: Collection[str]) -> Seen:
        """Return the quotes with these ids, and where they are now; invalid ids are ignored."""
        parsed = [id for text in ids if (id := QuoteId.of_text(text))]
        return Seen.of(parsed, (quote for id in parsed if (quote := self.look_up(id))))


def _static_of(generation: Generation, model: Model, index: IndexSettings) -> StaticEncoder | None:
    """Return the encoder of draft embeddings, which also compares sentences.

    Raises DamagedIndexError if the generation is a draft and its encoder is missing.
    """
    static = load_static(model, index.path, None)
    wanted = generation.manifest.static
    if wanted and (static is None or static.fingerprint != wanted):
        raise DamagedIndexError(
            f"{index.path / 'models'}: the encoder of this draft's vectors is missing or another one; "
            "make it again with: quotewire index"
        )
    return static
