"""What a reader's log odds are worth: fitted on the questions of articles that were held out from training.

Each question is searched for and read as it is, on articles of all days. The distance of a hit counts so much that most
right sentences come first; confidence is a logistic regression (Platt 1999) of whether the best sentence answers on its
score and on a few other signs; the thresholds are those at which so many answerable questions are refused.
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

FALSE_REFUSALS, PERHAPS = 0.05, 0.02  # shares of answerable questions below the thresholds
FURTHER = 0.18  # the probability of answering from which a sentence is quoted besides the best one
# Of a hundred questions that people ask, so many have no answer in the articles; a sample that has more of them, since
# they are hard to tell, counts them less.
UNANSWERED = 0.14
_NEAR = 5.0  # log odds below the best sentence in which others are looked at for that
_WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 48.0)
# Of how many questions the best sentence may be right less often, for a smaller weight of search: what it adds beyond
# that is lost among the next two sentences.
_CLOSE = 0.0025
_STEPS = 50  # of Newton's method, which needs a few


@dataclass(frozen=True, slots=True)
class Trial:
    """A question's sentences, as many numbers in each."""

    answerable: bool
    odds: NDArray[np.float32]
    search: NDArray[np.float32]  # the relative scores of their hits
    right: NDArray[np.bool_]
    answers: NDArray[np.float32]  # the probability of the words that answer in each
    top: tuple[float, float] = (0.0, 0.0)  # cosine and words of the best hit
    articles: tuple[str, ...] = ()  # the id of each sentence's article


def run_trial(
    labelled: LabelledQuestion, search: Search, reader: Reader, params: RankingParams = RankingParams()
) -> Trial:
    """Search for a labelled question, and read what is found."""
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


def fit(tried: Sequence[Trial], params: RankingParams = RankingParams()) -> Calibration:
    """Fit a calibration; raises EvaluationError without questions that the articles answer.

    Without questions that they do not answer, log odds alone tell confidence.
    """
    tried = [one for one in tried if len(one.odds)]
    answerable = np.array([one.answerable for one in tried], dtype=bool)
    if not answerable.any():
        raise EvaluationError("no held-out question is answered by these articles; a calibration needs some hundred")
    firsts = {weight: _first(tried, weight, params) for weight in _WEIGHTS}
    weight = min(weight for weight, first in firsts.items() if first > max(firsts.values()) - _CLOSE)
    signs = _signs(tried, weight, params)
    right = np.array([one.right[int(_scores(one, weight, params).argmax())] for one in tried])
    # What the signs count beside log odds of 1 is fitted to what can be answered; their sum, to what is right.
    of_odds, *of_others, _ = logistic(signs, answerable) if not answerable.all() else [0.0] * 5
    others = [each / of_odds if of_odds > 0 else 0.0 for each in of_others]
    total = signs @ np.array([1.0, *others])
    slope, bias = logistic(total[:, None], right, _row_weights(answerable))
    sure = 1 / (1 + np.exp(-(slope * total + bias)))
    threshold, perhaps = (float(np.quantile(sure[answerable], share)) for share in (FALSE_REFUSALS, PERHAPS))
    share, further, same, gap = _further(tried, weight, params)
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
    tried: Sequence[Trial], by: Calibration, params: RankingParams = RankingParams()
) -> dict[str, float | None]:
    """Return how often the best sentence is right and one of the best three, and the AUROC of the confidence.

    The AUROC is None without questions that the articles do not answer.
    """
    tried = [one for one in tried if len(one.odds)]
    best = _signs(tried, by.search, params) @ np.array([1.0, by.answer, by.cosine, by.words])
    answerable = np.array([one.answerable for one in tried])
    return {
        "questions": len(tried),
        "first": _first(tried, by.search, params),
        "in_three": _first(tried, by.search, params, 3),
        "auroc": None if answerable.all() else auroc(best[answerable], best[~answerable]),
    }


def _row_weights(answerable: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """The weights with which UNANSWERED of all questions are not answered; None if none is such."""
    if answerable.all():
        return None
    odds = UNANSWERED / (1 - UNANSWERED)
    return np.where(answerable, 1.0, odds * answerable.sum() / (~answerable).sum())


def logistic(
    x: NDArray[np.float64], y: NDArray[np.bool_], row_weights: NDArray[np.float64] | None = None
) -> list[float]:
    """Return the slopes of the logistic regression of y on the columns of x, and at last its bias.

    By Newton's method, lightly regularised. Rows count 1 each, unless they have weights.

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


def _signs(tried: Sequence[Trial], weight: float, params: RankingParams) -> NDArray[np.float64]:
    """Return of each question the log odds of its best sentence, and the other signs: [questions, 4]."""
    rows = []
    for one in tried:
        scores = _scores(one, weight, params)
        rows.append((float(scores.max()), float(one.answers[int(scores.argmax())]), *one.top))
    return np.array(rows, dtype=np.float64)


def _further(tried: Sequence[Trial], weight: float, params: RankingParams) -> tuple[float, float, float, float]:
    """Fit from which log odds another sentence than the best one is quoted, too: Calibration's share to gap.

    There it answers with a probability of FURTHER, by a logistic regression on its own log odds, on the best one's,
    whether both are of one article, and how far it is above the next lower one.
    """
    signs, right = [], []
    for one in tried:
        scores = _scores(one, weight, params)
        order = np.argsort(-scores)
        best, below = order[0], [*scores[order[1:]], -np.inf]
        for place, at in enumerate(order[1:], 1) if one.answerable else ():
            if scores[at] > scores[best] - _NEAR:
                is_same = bool(one.articles) and one.articles[at] == one.articles[best]
                signs.append((scores[at], scores[best], is_same, min(scores[at] - below[place], params.max_score_gap)))
                right.append(bool(one.right[at]))
    of_own, of_best, *of_others, bias = logistic(np.array(signs, float).reshape(-1, 4), np.array(right, dtype=bool))
    if of_own <= 0:  # too few to tell
        return 1.0, -params.further_quote_margin, 0.0, 0.0
    same, gap = (other / of_own for other in of_others)
    return -of_best / of_own, (math.log(FURTHER / (1 - FURTHER)) - bias) / of_own, same, gap


def _scores(one: Trial, weight: float, params: RankingParams) -> NDArray[np.float32]:
    """The score of each sentence; minus infinity in passages that are too unlike the question to be read."""
    said = weight * one.search
    return np.where(said < params.min_search_log_odds, -np.inf, one.odds + said).astype(np.float32)


def write(folder: Path, calibration: Calibration) -> Path:
    """Write a calibration where its reader looks for it; return the file."""
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


def _first(tried: Sequence[Trial], weight: float, params: RankingParams, count: int = 1) -> float:
    """The share of answerable questions with a right sentence among the best ones."""
    known = [one for one in tried if one.answerable]
    return float(np.mean([one.right[np.argsort(-_scores(one, weight, params))[:count]].any() for one in known]))
