"""Fits a reader's calibration (retrieval/reader/calibration.py) on questions about articles held out from training.

Each question is searched for in the articles of all days, and the best hits are read. The weight of search is the one
with which the best sentence is right most often. Confidence is a logistic regression (Platt 1999) of whether the best
sentence answers, on its score and a few other features. The thresholds are the confidences below which fixed shares of
the answerable questions are. Log odds are ln(p / (1 - p)) of a probability p.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EvaluationError
from retrieval.evaluation.figures import auroc
from retrieval.evaluation.labelled import LabelledQuestion
from retrieval.params import RankingParams
from retrieval.reader.calibration import CALIBRATION, Calibration
from retrieval.reader.reading import CARD, Reader
from retrieval.scoring import relative_scores
from training.data import Search, covers, evidence_in

FALSE_REFUSALS, PERHAPS = 0.05, 0.02  # shares of the answerable questions below the two thresholds
FURTHER = 0.18  # the probability of answering from which a sentence is quoted besides the best one (RESULTS.md)
# The assumed share of people's questions that the articles do not answer. A sample with more of them, chosen because
# they are hard to recognise, gives each a smaller weight.
UNANSWERED = 0.14
_NEAR = 5.0  # log odds below the best sentence; only sentences above that are used to fit from when to quote another
_WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 48.0)
# The smallest weight of search is taken with which the share of questions with the right best sentence is less than
# this below the highest one: a larger weight makes the next two sentences worse (RESULTS.md).
_CLOSE = 0.0025
_STEPS = 50  # of Newton's method, which converges in a few


@dataclass(frozen=True, slots=True)
class Trial:
    """What search and the reader gave for one labelled question: an entry of each array for each sentence read."""

    answerable: bool
    odds: NDArray[np.float32]  # the log odds that the sentence answers, by the reader
    search: NDArray[np.float32]  # the relative search scores of their hits (retrieval.scoring)
    right: NDArray[np.bool_]  # whether the sentence answers
    answers: NDArray[np.float32]  # the probability of the answer within the sentence
    top: tuple[float, float] = (0.0, 0.0)  # cosine and lexical score of the best hit
    articles: tuple[str, ...] = ()  # the id of the sentence's article


def run_trial(
    labelled: LabelledQuestion, search: Search, reader: Reader, params: RankingParams = RankingParams()
) -> Trial:
    """Search for a labelled question, and read the best hits."""
    hits = search(labelled.question)[: params.read_passages]
    readings = reader.read(labelled.question.text, [hit.passage for hit in hits])
    odds, scores, right, answers, articles = [], [], [], [], []
    for hit, distance, reading in zip(hits, relative_scores(hits, params).tolist(), readings, strict=True):
        evidence = [span for alternative in evidence_in(hit.passage.article, labelled) for span in alternative]
        for span, odd, answered in zip(reading.sentences, reading.scores.tolist(), reading.answers, strict=True):
            odds.append(odd)
            articles.append(hit.passage.article.id)
            answers.append(answered.probability if answered else 0.0)
            scores.append(distance)
            right.append(any(covers(span, *sentence) for sentence in evidence))
    return Trial(
        bool(labelled.answerable),
        np.array(odds, np.float32),
        np.array(scores, np.float32),
        np.array(right, bool),
        np.array(answers, np.float32),
        (hits[0].cosine, hits[0].words) if hits else (0.0, 0.0),
        tuple(articles),
    )


def fit(trials: Sequence[Trial], params: RankingParams = RankingParams()) -> Calibration:
    """Fit a calibration; raises EvaluationError if the articles answer no question.

    If they answer all questions, confidence depends on the log odds alone.
    """
    trials = [trial for trial in trials if len(trial.odds)]
    answerable = np.array([trial.answerable for trial in trials], dtype=bool)
    if not answerable.any():
        raise EvaluationError("no held-out question is answered by these articles; calibration needs some hundred")
    firsts = {weight: _first(trials, weight, params) for weight in _WEIGHTS}
    weight = min(weight for weight, first in firsts.items() if first > max(firsts.values()) - _CLOSE)
    features = _features(trials, weight, params)
    right = np.array([trial.right[int(_scores(trial, weight, params).argmax())] for trial in trials])
    # The weights of the features, relative to the log odds, are fitted to whether the question is answerable. Then
    # the weighted sum is fitted to whether the best sentence is right.
    of_odds, *of_others, _ = logistic(features, answerable) if not answerable.all() else [0.0] * 5
    others = [each / of_odds if of_odds > 0 else 0.0 for each in of_others]
    total = features @ np.array([1.0, *others])
    slope, bias = logistic(total[:, None], right, _row_weights(answerable))
    sure = 1 / (1 + np.exp(-(slope * total + bias)))
    threshold, perhaps = (float(np.quantile(sure[answerable], share)) for share in (FALSE_REFUSALS, PERHAPS))
    share, further, same, gap = _further(trials, weight, params)
    return Calibration(
        slope=round(slope, 4),
        bias=round(bias, 4),
        search=weight,
        threshold=round(threshold, 4),
        perhaps=round(perhaps, 4),
        false_refusals=round(float((sure[answerable] < threshold).mean()), 3),
        refused=round(float((sure[~answerable] < threshold).mean()), 3) if not answerable.all() else 0.0,
        answer=round(others[0], 4),
        cosine=round(others[1], 4),
        words=round(others[2], 4),
        share=round(share, 4),
        further=round(further, 4),
        same=round(same, 4),
        gap=round(gap, 4),
    )


def figures(
    trials: Sequence[Trial], by: Calibration, params: RankingParams = RankingParams()
) -> dict[str, float | None]:
    """Return how often the best sentence is right, how often one of the best three is, and the AUROC of the confidence.

    The AUROC, the area under the ROC curve, is the probability that a random answerable question gets a higher
    confidence than a random unanswerable one; None if all are answerable.
    """
    trials = [trial for trial in trials if len(trial.odds)]
    best = _features(trials, by.search, params) @ np.array([1.0, by.answer, by.cosine, by.words])
    answerable = np.array([trial.answerable for trial in trials])
    return {
        "questions": len(trials),
        "first": _first(trials, by.search, params),
        "in_three": _first(trials, by.search, params, 3),
        "auroc": None if answerable.all() else auroc(best[answerable], best[~answerable]),
    }


def _row_weights(answerable: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Return weights of questions that make UNANSWERED the share of unanswerable ones; None if there are none."""
    if answerable.all():
        return None
    odds = UNANSWERED / (1 - UNANSWERED)
    return np.where(answerable, 1.0, odds * answerable.sum() / (~answerable).sum())


def logistic(
    x: NDArray[np.float64], y: NDArray[np.bool_], row_weights: NDArray[np.float64] | None = None
) -> list[float]:
    """Return the coefficients of the logistic regression of y on the columns of x, and last its intercept.

    It is fitted by Newton's method with slight L2 regularisation. Rows have weight 1 by default.

    >>> slope, bias = logistic(np.array([-1.0, -1, 1, 1] * 50)[:, None], np.array([False, False, True, False] * 50))
    >>> round(1 / (1 + np.exp(-(slope + bias))), 1)
    0.5
    """
    design = np.column_stack([x, np.ones(len(x))])
    weights, each = np.zeros(design.shape[1]), np.ones(len(x)) if row_weights is None else row_weights
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (each * (p - y)) + 1e-3 * weights
        hessian = (design * (each * p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(hessian, gradient)
    return [float(weight) for weight in weights]


def _features(trials: Sequence[Trial], weight: float, params: RankingParams) -> NDArray[np.float64]:
    """Return the score of each question's best sentence and the other features, [questions, 4]."""
    rows = []
    for trial in trials:
        scores = _scores(trial, weight, params)
        rows.append((float(scores.max()), float(trial.answers[int(scores.argmax())]), *trial.top))
    return np.array(rows, dtype=np.float64)


def _further(trials: Sequence[Trial], weight: float, params: RankingParams) -> tuple[float, float, float, float]:
    """Return the coefficients share, further, same and gap of Calibration.further_quote_threshold.

    At that threshold, a sentence answers with the probability FURTHER, by a logistic regression on its own score, the
    score of the best sentence, whether both are of one article, and the gap to the next lower sentence.
    """
    features, right = [], []
    for trial in trials:
        scores = _scores(trial, weight, params)
        order = np.argsort(-scores)
        best, below = order[0], [*scores[order[1:]], -np.inf]
        for place, at in enumerate(order[1:], 1) if trial.answerable else ():
            if scores[at] > scores[best] - _NEAR:
                is_same = bool(trial.articles) and trial.articles[at] == trial.articles[best]
                features.append(
                    (scores[at], scores[best], is_same, min(scores[at] - below[place], params.max_score_gap))
                )
                right.append(bool(trial.right[at]))
    of_own, of_best, *of_others, bias = logistic(np.array(features, float).reshape(-1, 4), np.array(right, dtype=bool))
    if of_own <= 0:  # too few sentences for a fit
        return 1.0, -params.further_quote_margin, 0.0, 0.0
    same, gap = (other / of_own for other in of_others)
    return -of_best / of_own, (math.log(FURTHER / (1 - FURTHER)) - bias) / of_own, same, gap


def _scores(trial: Trial, weight: float, params: RankingParams) -> NDArray[np.float32]:
    """Return the score of each sentence; minus infinity in passages with search scores too low to be read."""
    said = weight * trial.search
    return np.where(said < params.min_search_log_odds, -np.inf, trial.odds + said).astype(np.float32)


def write(folder: Path, calibration: Calibration) -> Path:
    """Write a calibration into the folder of its reader; return the file."""
    card = folder / CARD
    if card.exists():
        values = json.loads(card.read_bytes()) | {"calibration": asdict(calibration)}
        path = card
    else:
        path, values = folder / CALIBRATION, asdict(calibration)
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
    new.replace(path)
    return path


def _first(trials: Sequence[Trial], weight: float, params: RankingParams, count: int = 1) -> float:
    """Return the share of answerable questions with a right sentence among the `count` best ones."""
    known = [trial for trial in trials if trial.answerable]
    return float(np.mean([trial.right[np.argsort(-_scores(trial, weight, params))[:count]].any() for trial in known]))
