"""Finder: searches one generation of the index for the passages that may answer a question, and reads the best ones."""

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

_DAY = timedelta(days=1)  # the next day has begun somewhere; an article that is dated later has a wrong date


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question."""

    scored: tuple[Scored, ...]  # the passages whose sentences have scores, best first: quotes are made of these
    hits: tuple[Hit, ...]  # all passages, those that are scored before the others
    calibration: Calibration | None = None  # None if nothing gives confidences
    feature_odds: float = 0.0  # log odds that other features add to the best sentence (scoring.feature_odds)
    unread: bool = False  # whether no reader gave the scores
    within: float | None = None  # the confidence within the period that was asked for, if these are of other days

    def of_days(self, since: date | None, until: date | None) -> Found:
        """Return what was found in articles of these days, both included; None is an open end."""
        first, last = since or date.min, until or date.max
        days = [each.hit.passage.article.day for each in self.scored]
        kept = (each for each, day in zip(self.scored, days, strict=True) if day and first <= day <= last)
        return replace(self, scored=tuple(kept))

    @property
    def outside(self) -> bool:
        """Return whether these are of other days than those that were asked for."""
        return self.within is not None

    @property
    def best(self) -> float:
        """Return the highest score of a sentence, minus infinity if there is none."""
        return max((each.best for each in self.scored), default=-math.inf)

    @property
    def confidence(self) -> float | None:
        """Return the probability that the best sentence of the period that was asked for answers.

        It is None without a calibration.
        """
        if self.calibration is None:
            return None
        if self.within is not None:
            return self.within
        return self.calibration.confidence(self.best + self.feature_odds) if self.scored else 0.0

    def answers(self, threshold: float) -> bool:
        """Return whether the best sentence is of the right days and has this confidence, if any is known."""
        if not self.scored or self.outside:
            return False
        return self.confidence is None or self.confidence >= threshold


@dataclass(frozen=True, slots=True)
class Finder:
    """A generation of the index, with its encoders and the reader; without a reader, sentences score by similarity."""

    generation: Generation
    encoder: Encoder
    embed: Embedder
    static: StaticEncoder | None
    reader: Reader | None
    params: RankingParams

    @property
    def calibration(self) -> Calibration | None:
        """Return the calibration of the reader, if it has one."""
        return self.reader.calibration if self.reader else None

    def find(
        self, question: Question, asked: str, k: int, draft_depth: int, most: int, within: Sequence[Hit] = ()
    ) -> Found:
        """Search for `question.text`, and read the best passages against the question `asked`.

        The former may lack the words for a period. At most `most` passages are read, and none whose search score is too
        low. `within` are hits of the article that the conversation is about: the best of them is raised to the score of
        the best hit of all, the others with it.
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
        features = feature_odds(scored, by, hits[0]) if by and scored else 0.0
        scored.sort(key=lambda each: -each.best)
        return Found(tuple(scored), (*(each.hit for each in scored), *left), by, features)

    def search(self, question: Question, k: int, draft_depth: int, articles: Collection[str] = ()) -> list[Hit]:
        """Return the k passages that match a question best, best first; only of the articles with these ids, if any."""
        vector = self.encoder.encode_query([question.text])[0]
        is_draft = self.generation.manifest.is_draft
        draft = self.static.encode([question.text])[0] if is_draft and self.static else None
        generation = restrict_to(self.generation, articles) if articles else self.generation
        params = replace(self.params, k=k, draft_depth=draft_depth)
        return search(generation, question, Vectorized(vector, draft), self.embed, params)

    def _compare(self, asked: str, hits: list[Hit]) -> Found:
        encode, idf = self.static.encode if self.static else None, self.generation.words.idf
        scored = score_by_similarity(asked, hits[: self.params.read_passages], idf, encode, self.params)
        return Found(tuple(scored), tuple(hits), unread=True)

    def latest(self, question: Question, k: int) -> list[Quote]:
        """Return the leads of the k newest articles that pass the question's filters, newest first.

        If the question names days, articles of these come first, then those of the next day, then the later ones.
        """
        filters, last = ArticleFilters(question.since, question.until, question.source), question.last
        if last is None:
            return _lead_quotes(self.generation.store.latest(filters, k), self.params)
        found: list[Passage] = []
        for since, until in ((filters.since, last), (last + _DAY, last + _DAY), (last + 2 * _DAY, filters.until)):
            found += self.generation.store.latest(replace(filters, since=since, until=until), k - len(found))
        return _lead_quotes(found, self.params)

    def newest(self, question: Question, k: int) -> list[Quote]:
        """Return the leads of the k newest articles that pass the question's filters, newest first.

        Articles that are dated after the question was asked are left out, unless there are no others.
        """
        filters, end = ArticleFilters(question.since, question.until, question.source), question.asked.date() + _DAY
        every = self.generation.store.latest(filters, k)
        published = [passage for passage in every if (passage.article.day or end) <= end]
        return _lead_quotes(published or every, self.params)


def _merged(hits: list[Hit], within: Sequence[Hit], params: RankingParams) -> list[Hit]:
    """Return all hits, best first; those `within` are raised equally, until their best is as good as any."""
    best = max((nonlexical_score(hit, params) for hit in hits), default=0.0)
    raised = max(0.0, best - max(nonlexical_score(hit, params) for hit in within))
    own = {(hit.passage.article.id, hit.passage.start): replace(hit, score=hit.score + raised) for hit in within}
    others = [hit for hit in hits if (hit.passage.article.id, hit.passage.start) not in own]
    return sorted([*own.values(), *others], key=lambda hit: -hit.score)


def _lead_quotes(passages: list[Passage], params: RankingParams) -> list[Quote]:
    """Return the leads of articles by their first passages, with scores that keep the order."""
    hits = [Hit(passage, float(len(passages) - at), 0.0, 0.0) for at, passage in enumerate(passages)]
    return [quote for hit in hits if (quote := lead_quote(hit, params))]
