"""A question to an Answer."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

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
from index.storage.lexical_index import stems
from index.storage.manifest import Manifest, read_manifest
from index.types import Article
from retrieval.finder import Finder, Found
from retrieval.lateness import lateness
from retrieval.newest import is_name, main_news, may_be_about, newest_on
from retrieval.params import RankingParams
from retrieval.query.follow_up import cleaned, joined, noted
from retrieval.query.periods import Period, asks_for_anything, find_period, is_history, is_relative
from retrieval.query.small_talk import small_talk
from retrieval.query.subjects import asked_subject
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote, look_up
from retrieval.quotes import attributed, best_quote, completed, extract_quotes
from retrieval.reader.calibration import Calibration
from retrieval.reader.reader_loading import load_reader
from retrieval.reader.reading import CachingReader, Reader
from retrieval.scoring import quote_thresholds
from retrieval.seen import Seen
from retrieval.selection import select
from retrieval.settings import RetrievalSettings
from retrieval.subset import restrict_to
from retrieval.types import Answer, Hit, Question, Quote


@dataclass(frozen=True, slots=True)
class _ReadQuestion:
    """A question as it was searched for and read, and what was found."""

    text: str
    found: Found
    period: Period | None
    subject: str  # what a question that follows this one is joined with


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
        reader: Reader | None = None,
        problem: str | None = None,
        params: RankingParams = RankingParams(),
    ) -> None:
        """Answer from an open generation; `problem` says why there is no reader though one is configured."""
        self.params = params
        self._generation = generation
        self._encoder = encoder
        self._embed = Embedder(encoder, index.path / "embeddings.sqlite", model.fingerprint)
        self._index = index
        self._model = model
        self._settings = settings
        self._reader = CachingReader(reader) if reader else None
        self.problem = problem
        self._open_static(generation)

    @classmethod
    def open(
        cls, index: IndexSettings, settings: RetrievalSettings, params: RankingParams = RankingParams()
    ) -> Answerer:
        """Open the published generation and load its model and the reader.

        A reader that cannot be loaded leaves answers unread, and `problem` says why. Raises NoIndexError,
        DamagedIndexError, WrongModelError if it was built with another model, and ModelError.
        """
        current_number(index.path)  # the commonest mistake first: no index yet
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

    def restricted_to(self, articles: Collection[str]) -> Answerer:
        """Return an answerer of the same generation as if it held only the articles with these ids."""
        narrowed = copy(self)
        narrowed._generation = restrict_to(self._generation, articles)
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

    def look_up(self, id: QuoteId) -> LocatedQuote | None:
        """Where a quote stands now; None if its article is gone."""
        return look_up(id, self._generation.store.articles_by_key(id.key))

    def answer(self, question: Question, limit: int | None = None, every: bool = False) -> Answer:
        """Return at most `limit` quotes (default: as configured), or none and the closest passages.

        Quotes are of the period that the question's words name, if it has neither `since` nor `until`. If that period
        has no answer, the closest passages are of it, or of any day where these do answer. What several articles
        copied from one another is quoted once, unless `every` quote is wanted.
        """
        return self._answer(question, limit or self._settings.quotes, every, Seen())

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """Return the next quotes beyond those whose ids are `seen`, of whatever generation; there may be none.

        As long as the articles are the same it goes on exactly where they ended.
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
        """Return the beginnings of the newest articles, a quote of each story, without those whose ids are `seen`.

        Undated articles come last, of them first what was read last; where no article has a date these are all. They
        are not of any time `since` a day.
        """
        started = time.perf_counter()
        question = Question("", asked, since, source=source)
        limit = limit or self._settings.quotes
        found = self._finder().newest(question, self.params.hits_for(limit + len(seen)))
        return self._beginnings(question, found, limit, self._seen(seen), started, per_article=1)

    def _answer(self, question: Question, limit: int, every: bool, seen: Seen) -> Answer:
        started = time.perf_counter()
        finder = self._finder()
        if kind := small_talk(question.text):
            return Answer(question, (), (), None, self.generation, 0.0, subject=question.earlier, small_talk=kind)
        period = self._period(question)
        if period and asks_for_anything(question.text, period):
            newest = finder.latest(narrowed(question, period), self.params.hits_for(limit))
            if newest:
                answer = self._beginnings(question, newest, limit, seen, started, self._settings.per_article)
                return replace(answer, period=period, subject=question.text)
        subject = asked_subject(question.text, period)
        asked = replace(narrowed(question, period), text=question.text) if period else question
        on_it = newest_on(finder, subject, asked, self.params.hits_for(limit + len(seen.ids))) if subject else []
        if subject and on_it and is_name(subject, on_it):
            return replace(self._main_news(finder, question, on_it, limit, seen, started), period=period)
        reading = self._read(finder, question, limit + len(seen.ids))
        found = reading.found
        is_elsewhere = False  # whether the name that is asked about is in nothing that was read
        if subject and subject.is_named and not on_it and found.calibration:  # else nothing is refused
            about = tuple(each for each in found.scored if may_be_about(subject.name, each.hit.passage))
            found, is_elsewhere = replace(found, scored=about or found.scored), not about
        answered, sure = self._answers(found) and not is_elsewhere, found.confidence
        if on_it and not answered and not question.earlier:
            return replace(self._main_news(finder, question, on_it, limit, seen, started), period=period)
        last = reading.period.last if reading.period else None
        shown, more = self._select(found, limit, every, seen, last) if answered else ((), 0)
        perhaps = not (answered or found.outside) and sure is not None and sure >= self._perhaps
        closest = () if answered else self._closest(found, 1 if perhaps else self.params.closest_quotes)
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
        """Return what the newest articles on a subject say, however sure the reader is."""
        least = self._calibration.odds(self._threshold) if self._calibration else -math.inf
        told = main_news(finder, question.text, hits, least, limit + len(seen.ids) + self.params.read_passages)
        answer = self._beginnings(question, told, limit, seen, started, per_article=1)
        return replace(answer, subject=question.text)

    def _read(self, finder: Finder, question: Question, limit: int) -> _ReadQuestion:
        """Read a question as it is, and joined with the one that it may follow; the surer reading wins.

        One that no article answers after the other is taken as it is.
        """
        params = self.params
        text = cleaned(question.text)
        both = joined(question.earlier, text) if question.earlier and question.earlier.strip() else text
        if self._reader is None:  # nothing tells which is surer
            is_short = len(stems(text, None)) < params.unread_standalone_words
            return self._look(finder, replace(question, text=both if is_short else text), limit)
        alone = self._look(finder, replace(question, text=text), limit)
        if both == text:
            return alone
        follows = self._look(finder, replace(question, text=both), limit)
        words = min(len(stems(text, None)), params.follow_up_max_words)
        margin = params.follow_up_word_margin * words - params.follow_up_joined_tolerance
        if (alone.found.confidence or 0.0) >= params.standalone_confidence:
            margin = max(margin, params.topic_article_bonus)
        slope = self._calibration.slope if self._calibration else 1.0
        surer = slope * (follows.found.best - alone.found.best) > margin
        if not surer or not self._answers(follows.found):
            return alone
        # One that alone has an answer, too, is what is talked about from here on.
        return replace(follows, subject=text) if self._answers(alone.found) else follows

    def _look(self, finder: Finder, question: Question, limit: int) -> _ReadQuestion:
        """Search for a question and read what is found, first in the period that it names."""
        params = self.params
        size = params.hits_for(limit), params.draft_depth_for(limit), params.passages_read_for(limit)
        period = self._period(question)
        asked = narrowed(question, period) if period else question
        within = () if self._reader is None else self._within_article(finder, asked, question.text)
        read = asked.text if period and is_relative(question.text, period) else question.text
        found = finder.find(asked, read, *size, within)
        if period and not self._answers(found):
            # An article of any day need not hold the words for the period either.
            for text in dict.fromkeys((question.text, asked.text)):
                anywhere = finder.find(replace(question, text=text), question.text, *size)
                if self._answers(anywhere):
                    break
            # Without the period's filter other passages are read, and these may be of its days all the same.
            among_these = anywhere.of_days(asked.since, asked.until)
            if self._answers(among_these):
                found = among_these
            elif self._answers(anywhere) or not found.scored:
                # Shown as the closest, since it is of other days than those that were asked for.
                found = replace(anywhere, within=found.confidence or 0.0)
        return _ReadQuestion(question.text, found, period, question.text.splitlines()[0])

    def _within_article(self, finder: Finder, question: Question, text: str) -> Sequence[Hit]:
        """Return what the last line of `text` finds in the article that answers the line before it.

        Only articles that the question's filters leave count; a question in one line follows none.
        """
        earlier, _, last = text.rpartition("\n")
        if not earlier:
            return ()
        read, depth = self.params.read_passages, self.params.draft_depth
        before = finder.find(replace(question, text=earlier), earlier, read, depth, read).scored
        article = [each.hit.passage.article.id for each in before[:1]]
        if not article:
            return ()
        return finder.search(replace(question, text=last), self.params.follow_up_passages, depth, article)

    def _period(self, question: Question) -> Period | None:
        """What the question's words say of days, unless its fields do or no article can be of them."""
        if question.since or question.until:
            return None
        period = find_period(question.text, question.asked)
        if period is None or is_history(period, question.asked, self._generation.store.first_day()):
            return None
        return period

    def _finder(self) -> Finder:
        return Finder(self._generation, self._encoder, self._embed, self._static, self._reader, self.params)

    @property
    def _threshold(self) -> float:
        """The confidence from which a sentence is quoted: as configured, else the reader's own."""
        if self._settings.min_confidence is not None:
            return self._settings.min_confidence
        return self._calibration.threshold if self._calibration else 0.0

    @property
    def _perhaps(self) -> float:
        return min(self._calibration.perhaps if self._calibration else 0.0, self._threshold)

    @property
    def _calibration(self) -> Calibration | None:
        return self._reader.calibration if self._reader else None

    def _answers(self, found: Found) -> bool:
        if not found.scored or found.outside:
            return False
        return found.confidence is None or found.confidence >= self._threshold

    def _seen(self, ids: Collection[str]) -> Seen:
        """The quotes with these ids, and where they are now; invalid ids are ignored."""
        parsed = [id for text in ids if (id := QuoteId.of_text(text))]
        return Seen.of(parsed, (standing for id in parsed if (standing := self.look_up(id))))

    def _select(
        self, found: Found, limit: int, every: bool, seen: Seen, last: date | None
    ) -> tuple[tuple[Quote, ...], int]:
        """Return the quotes that are shown, beyond those that were, and how many more would answer.

        Those of the days that are asked about, up to `last`, come first, then those of the next day, then the rest.
        """

        def late(article: Article) -> int:
            return lateness(article.day, last)

        if found.unread:
            best = [(each, best_quote(each, self.params)) for each in found.scored]
            candidates = [replace(quote, score=each.hit.score) for each, quote in best if quote]
        else:
            by = self._calibration
            floor = by.odds(self._threshold) - found.feature_odds if by else -math.inf
            candidates = []
            for day in sorted({late(each.hit.passage.article) for each in found.scored}):
                # No sentence is held to a better one of a day that is shown after its own.
                so_far = [each for each in found.scored if late(each.hit.passage.article) <= day or not by]
                for each, (least, adjoining) in zip(so_far, quote_thresholds(so_far, by, self.params), strict=True):
                    if late(each.hit.passage.article) == day:
                        least = min(max(least, floor), found.best)
                        candidates += extract_quotes(each, least, self.params, min(least, adjoining))
            if by:
                sure = [by.confidence(quote.score + found.feature_odds) for quote in candidates]
                candidates = [replace(quote, confidence=own) for quote, own in zip(candidates, sure, strict=True)]
        candidates.sort(key=lambda quote: (late(quote.article), -quote.score))
        return self._distinct(candidates, limit, every, seen, self._settings.per_article)

    def _distinct(
        self, candidates: Sequence[Quote], limit: int, every: bool, seen: Seen, per_article: int
    ) -> tuple[tuple[Quote, ...], int]:
        if not every:
            copies = self._generation.store.copies({quote.article.id for quote in candidates})
            candidates = [replace(quote, copies=copies[quote.article.id]) for quote in candidates]
        bold = [quote.article.text[slice(*quote.highlights[0])] for quote in candidates]
        vectors = self._static.encode(bold) if self._static else np.zeros((len(bold), 1), dtype=np.float32)
        had = [at for at, quote in enumerate(candidates) if seen.holds(quote, self.params)]
        taken = select(candidates, vectors, per_article, self.params, every, had)
        shown = tuple(attributed(completed(quote, self.params)) for quote in taken[:limit])
        by_then = seen.also(shown)  # also what one of these took in from the next passage
        return shown, sum(not by_then.holds(quote, self.params) for quote in taken[limit:])

    def _closest(self, found: Found, count: int) -> tuple[Quote, ...]:
        said = [each for each in found.scored if not each.is_ruled_out]  # none of what somebody else says
        best = [quote for each in said[:count] if (quote := best_quote(each, self.params))]
        return tuple(attributed(completed(quote, self.params)) for quote in best)

    def _beginnings(
        self, question: Question, found: Sequence[Quote], limit: int, seen: Seen, started: float, per_article: int
    ) -> Answer:
        shown, more = self._distinct(found, limit, False, seen, per_article)
        took = (time.perf_counter() - started) * 1000
        hits = tuple(quote.hit for quote in found)
        return Answer(question, shown, (), None, self.generation, took, more=more, hits=hits)


def narrowed(question: Question, period: Period) -> Question:
    """The question of a period's articles, which seldom hold the words for it; where one side is open they may."""
    start, end = period.span
    rest = (question.text[:start].rstrip(" ") + question.text[end:]).lstrip(" ,;:")
    text = rest if period.since and period.until and stems(rest, None) else question.text
    return replace(question, text=text, since=period.since, until=period.until, last=period.last, by_newness=False)


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
