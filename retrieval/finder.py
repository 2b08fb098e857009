"""A question to the passages that answer it, best first, in one generation with its encoders and its reader."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.encoders.encoder import Encoder
from index.encoders.static_encoder import StaticEncoder
from index.storage.embedding_cache import Embedder
from index.storage.generations import Generation
from index.storage.lexical_index import ArticleFilters
from index.types import Passage
from retrieval.lateness import reading_order
from retrieval.leads import lead_quote
from retrieval.params import RankingParams
from retrieval.reader.calibration import Calibration
from retrieval.reader.reading import Reader
from retrieval.scoring import (
    Scored,
    feature_odds,
    nonlexical_score,
    rule_out_other_speakers,
    score_by_reading,
    score_by_similarity,
    search_odds,
)
from retrieval.search import Vectorized, search
from retrieval.subset import restrict_to
from retrieval.types import Hit, Question, Quote

_DAY = timedelta(days=1)  # it is tomorrow somewhere; what is dated later yet is no news, but a mistake


@dataclass(frozen=True, slots=True)
class Found:
    """The passages of a question, best first, those that were read before the others."""

    scored: tuple[Scored, ...]  # what quotes can be made of
    hits: tuple[Hit, ...]  # all of them
    calibration: Calibration | None = None  # None: nothing tells which scores are enough
    feature_odds: float = 0.0  # what other signs add to the log odds of the best sentence
    unread: bool = False
    within: float | None = None  # the confidence within the period that was asked for, if these are of other days

    def of_days(self, since: date | None, until: date | None) -> Found:
        """Return what was found of articles from these days only."""
        first, last = since or date.min, until or date.max
        days = [each.hit.passage.article.day for each in self.scored]
        kept = (each for each, day in zip(self.scored, days, strict=True) if day and first <= day <= last)
        return replace(self, scored=tuple(kept))

    @property
    def outside(self) -> bool:
        """Whether these are of other days than those that were asked for."""
        return self.within is not None

    @property
    def best(self) -> float:
        """The highest score of a sentence."""
        return max((each.best for each in self.scored), default=-math.inf)

    @property
    def confidence(self) -> float | None:
        """The probability that the best sentence of the period that was asked for answers; None where nothing tells."""
        if self.calibration is None:
            return None
        if self.within is not None:
            return self.within
        return self.calibration.confidence(self.best + self.feature_odds) if self.scored else 0.0


@dataclass(frozen=True, slots=True)
class Finder:
    """What passages are found with."""

    generation: Generation
    encoder: Encoder
    embed: Embedder
    static: StaticEncoder | None
    reader: Reader | None
    params: RankingParams

    def find(
        self, question: Question, asked: str, k: int, draft_depth: int, most: int, within: Sequence[Hit] = ()
    ) -> Found:
        """Search for `question.text`, which may lack the words for a period, and read against the question `asked`.

        At most so many passages are read, and none that is too unlike the question. The hits `within` the article that
        is being talked about count as much as others: the likeliest of them as the likeliest of all.
        """
        hits = self.search(question, k, draft_depth)
        about = within[0].passage.article.id if within else None
        if within:
            hits = _merged(hits, within, self.params)
        hits = reading_order(hits, question.last, most, self.params)
        if self.reader is None:
            return self._compare(asked, hits)
        by = self.reader.calibration
        odds = search_odds(self.reader, hits[:most], self.params)
        least = self.params.min_search_log_odds
        near = [hit for hit, own in zip(hits, odds, strict=False) if own >= least]
        left = [hit for hit, own in zip(hits, odds, strict=False) if own < least] + hits[most:]
        scored = rule_out_other_speakers(score_by_reading(self.reader, asked, near, self.params, about), asked)
        beyond = feature_odds(scored, by, hits[0]) if by and scored else 0.0
        scored.sort(key=lambda each: -each.best)
        return Found(tuple(scored), (*(each.hit for each in scored), *left), by, beyond)

    def search(self, question: Question, k: int, draft_depth: int, articles: Collection[str] = ()) -> list[Hit]:
        """Return the passages that fit a question, best first, of these articles or, if none is named, of all."""
        vector = self.encoder.encode_query([question.text])[0]
        is_draft = self.generation.manifest.is_draft
        draft = self.static.encode([question.text])[0] if is_draft and self.static else None
        generation = restrict_to(self.generation, articles) if articles else self.generation
        params = replace(self.params, k=k, draft_depth=draft_depth)
        return search(generation, question, Vectorized(vector, draft), self.embed, params)

    def _compare(self, asked: str, hits: list[Hit]) -> Found:
        encode = self.static.encode if self.static else None
        scored = score_by_similarity(
            asked, hits[: self.params.read_passages], self.generation.words.idf, encode, self.params
        )
        return Found(tuple(scored), tuple(hits), unread=True)

    def latest(self, question: Question, k: int) -> list[Quote]:
        """Return the beginnings of the newest articles that the question's filters leave, newest first.

        Those of the days that are asked about come before those of the next day, and these before later ones.
        """
        filters, last = ArticleFilters(question.since, question.until, question.source), question.last
        if last is None:
            return _beginnings(self.generation.store.latest(filters, k), self.params)
        found: list[Passage] = []
        for since, until in ((filters.since, last), (last + _DAY, last + _DAY), (last + 2 * _DAY, filters.until)):
            found += self.generation.store.latest(replace(filters, since=since, until=until), k - len(found))
        return _beginnings(found, self.params)

    def newest(self, question: Question, k: int) -> list[Quote]:
        """Return the same; what is dated after the question was asked only where there is nothing else."""
        filters, end = ArticleFilters(question.since, question.until, question.source), question.asked.date() + _DAY
        every = self.generation.store.latest(filters, k)
        told = [passage for passage in every if (passage.article.day or end) <= end]
        return _beginnings(told or every, self.params)


def _merged(hits: list[Hit], within: Sequence[Hit], params: RankingParams) -> list[Hit]:
    """Return all hits, best first, those `within` raised so that the likeliest of them is as likely as any."""
    best = max((nonlexical_score(hit, params) for hit in hits), default=0.0)
    raised = max(0.0, best - max(nonlexical_score(hit, params) for hit in within))
    own = {(hit.passage.article.id, hit.passage.start): replace(hit, score=hit.score + raised) for hit in within}
    others = [hit for hit in hits if (hit.passage.article.id, hit.passage.start) not in own]
    return sorted([*own.values(), *others], key=lambda hit: -hit.score)


def _beginnings(passages: list[Passage], params: RankingParams) -> list[Quote]:
    hits = [Hit(passage, float(len(passages) - at), 0.0, 0.0) for at, passage in enumerate(passages)]
    return [quote for hit in hits if (quote := lead_quote(hit, params))]
