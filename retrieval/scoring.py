"""Scores of sentences: what a reader gives the sentences of each hit or, without one, their similarity to the question.

Higher is better. The scores of a reader are log odds, ln(p / (1 - p)) of the probability p that a sentence answers,
plus log odds for the rank that search gave the passage.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Vectors
from index.storage.lexical_index import stems
from index.text.passages import passage_sentences
from index.types import Span
from retrieval.params import RankingParams
from retrieval.query.attribution import asked_speaker, says
from retrieval.reader.answer_spans import Answered
from retrieval.reader.calibration import Calibration
from retrieval.reader.reading import Reader
from retrieval.types import Hit

_RULED_OUT = -100.0  # log odds of a passage without sentences, and of a sentence that cannot answer


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit, the sentences of its passage, a score for each and, where a reader found it, the answer within each."""

    hit: Hit
    sentences: tuple[Span, ...]
    scores: NDArray[np.float32]
    answers: tuple[Answered | None, ...]

    @property
    def best(self) -> float:
        """Return the highest score of a sentence."""
        return float(self.scores.max(initial=_RULED_OUT))

    @property
    def is_ruled_out(self) -> bool:
        """Return whether no sentence of the passage can answer."""
        return self.best <= _RULED_OUT


def feature_odds(scored: Sequence[Scored], by: Calibration, top: Hit) -> float:
    """Return the log odds that features besides its score add to the best sentence; `top` is the best hit of search.

    The features are the probability of the answer within the sentence, and the cosine and lexical score of `top`.
    """
    best = max(scored, key=lambda each: each.best)
    answered = best.answers[int(best.scores.argmax())] if len(best.scores) else None
    return by.feature_odds(answered.probability if answered else 0.0, top.cosine, top.words)


def nonlexical_score(hit: Hit, params: RankingParams) -> float:
    """Return the score of a hit without its lexical part: a reader sees the words of the question itself."""
    return hit.score - params.lexical_weight * hit.words


def relative_scores(hits: Sequence[Hit], params: RankingParams) -> NDArray[np.float64]:
    """Return the nonlexical score of each hit less the highest one: 0 for the best hit, negative for the others."""
    found = [nonlexical_score(hit, params) for hit in hits]
    return np.array(found, dtype=np.float64) - max(found, default=0.0)


def search_odds(reader: Reader, hits: Sequence[Hit], params: RankingParams) -> NDArray[np.float64]:
    """Return the log odds, 0 or less, that search adds to the sentences of each hit."""
    weight = reader.calibration.search if reader.calibration else params.search_weight
    return weight * relative_scores(hits, params)


def score_by_reading(
    reader: Reader, question: str, hits: Sequence[Hit], params: RankingParams, about: str | None = None
) -> list[Scored]:
    """Read the passages of hits; a sentence's score is its log odds by the reader plus those from search.

    A question of two lines follows the one in its first line. Its second line is also read alone, and both readings are
    averaged with weights, since the earlier question can outweigh it. `about` is the id of the article that the
    conversation is about: its sentences get a bonus.
    """
    passages = [hit.passage for hit in hits]
    readings = reader.read(question, passages) if hits else []
    scores: list[NDArray[np.floating]] = [reading.scores for reading in readings]
    earlier, _, last = question.rpartition("\n")
    if earlier and hits:
        alone = [reading.scores for reading in reader.read(last, passages)]
        parts = 1 + params.joined_reading_weight
        scores = [joined + (own - joined) / parts for joined, own in zip(scores, alone, strict=True)]
    bonus = params.topic_article_bonus / (reader.calibration.slope if reader.calibration else 1.0)
    odds = search_odds(reader, hits, params) + [bonus * (hit.passage.article.id == about) for hit in hits]
    return [
        Scored(
            replace(hit, matched=_matched(question, hit)), reading.sentences, own + np.float32(more), reading.answers
        )
        for hit, reading, own, more in zip(hits, readings, scores, odds, strict=True)
    ]


def quote_thresholds(
    scored: Sequence[Scored], by: Calibration | None, params: RankingParams
) -> list[tuple[float, float]]:
    """Return two thresholds for each passage: the score from which a sentence is quoted, and a lower one.

    The lower one is enough for a sentence next to a quoted one. The first one is the lowest score that makes a sentence
    likely enough to answer besides the best sentence of all, infinite if none is. Passages come best first.
    """
    if not scored:
        return []
    best, article = scored[0].best, scored[0].hit.passage.article.id
    if by is None:
        least = best - params.further_quote_margin
        return [(least, least - params.adjoining_margin)] * len(scored)
    scores = [each.scores.tolist() for each in scored]
    below = dict(pairwise([*sorted({score for own in scores for score in own}, reverse=True), -math.inf]))
    found = []
    for each, own in zip(scored, scores, strict=True):
        is_same = each.hit.passage.article.id == article
        gaps = [min(score - below[score], params.max_score_gap) for score in own]
        enough = [
            score
            for score, gap in zip(own, gaps, strict=True)
            if score >= by.further_quote_threshold(best, gap, is_same)
        ]
        adjoining = by.further_quote_threshold(best, 0.0, is_same) - params.adjoining_margin / by.slope
        found.append((min(enough, default=math.inf), adjoining))
    return found


def rule_out_other_speakers(scored: Sequence[Scored], question: str) -> list[Scored]:
    """Rule out what others say, if a question asks what a certain person said.

    Nothing is ruled out if no sentence names that person as a speaker: the question may describe them, or be in another
    language.
    """
    name = asked_speaker(question)
    if name is None:
        return list(scored)
    said = [[says(each.hit.passage.article.text, span, name) for span in each.sentences] for each in scored]
    if not any(by is True for of_passage in said for by in of_passage):
        return list(scored)
    return [
        replace(each, scores=np.where([by is False for by in own], np.float32(_RULED_OUT), each.scores))
        for each, own in zip(scored, said, strict=True)
    ]


def _matched(question: str, hit: Hit) -> tuple[str, ...]:
    """Return the stems of the question's words, in its order, that a passage contains."""
    language = hit.passage.article.language
    held = set(stems(hit.passage.text, language))
    return tuple(stem for stem in dict.fromkeys(stems(question, language)) if stem in held)


def score_by_similarity(
    question: str,
    hits: Sequence[Hit],
    idf: Callable[[str, str | None], float],
    encode: Callable[[Sequence[str]], Vectors] | None,
    params: RankingParams,
) -> list[Scored]:
    """Score sentences without a reader: by the idf-weighted share of the question's words, and by the cosine.

    `idf` returns the inverse document frequency of a stem in a language. Without `encode`, only words count.
    """
    vector = encode([question])[0] if encode else None
    found = []
    for hit in hits:
        article = hit.passage.article
        spans = tuple(passage_sentences(hit.passage))
        texts = [article.text[slice(*span)] for span in spans]
        weights = {stem: idf(stem, article.language) for stem in stems(question, article.language)}
        total = sum(weights.values()) or 1.0
        held = [weights.keys() & set(stems(text, article.language)) for text in texts]
        scores = np.array([sum(weights[stem] for stem in own) / total for own in held], dtype=np.float32)
        if encode and vector is not None and texts:
            weight = params.unread_cosine_weight
            scores = (1 - weight) * scores + weight * (encode(texts) @ vector)
        found.append(Scored(replace(hit, matched=_matched(question, hit)), spans, scores, (None,) * len(spans)))
    return found
