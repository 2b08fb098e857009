from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.figures import (
    MEASURES,
    Figure,
    auroc,
    calibration_error,
    figures,
    refused_at,
    reliability,
    risk_coverage,
    table,
)
from retrieval.evaluation.judge import Judged

RIGHT = Judged("1", True, True, 0.9, 10.0, 1, 1, True, True, 3, 3, 20, 60)
OTHER = Judged("x", None, True, 0.7, 10.0, None, None, None, None, 3, 3, 40, 100)
UNANSWERABLE = Judged("0", False, False, 0.2, 10.0, None, None, None, None, 2, 2, 0, 0)


def values(name: str, *judged: Judged) -> tuple[float | None, int]:
    figure = figures(judged)[name]
    return figure.value, figure.questions


def floats(*numbers: float) -> Any:
    return np.array(numbers, dtype=np.float64)


def test_without_questions_there_is_no_figure() -> None:
    assert figures([]) == dict.fromkeys(MEASURES, Figure(None, 0))


def test_ranks() -> None:
    judged = [replace(RIGHT, article_rank=rank) for rank in (1, 2, 4, 0)] + [OTHER]
    assert values("article_hit@1", *judged) == (0.25, 4)
    assert values("article_hit@3", *judged) == (0.5, 4)
    assert values("article_hit@5", *judged) == (0.75, 4)
    assert values("article_mrr", *judged) == ((1 + 1 / 2 + 1 / 4 + 0) / 4, 4)


def test_answers_count_only_where_they_were_given() -> None:
    judged = [replace(RIGHT, answer_rank=rank) for rank in (1, 1, 3, 4, 0)] + [OTHER, UNANSWERABLE]
    judged += [replace(RIGHT, answered=False), replace(RIGHT, answer_rank=None)]
    assert values("answer_in_first", *judged) == (2 / 6, 6)
    assert values("answer_in_first_3", *judged) == (3 / 6, 6)


def test_sentences() -> None:
    pairs = ((True, True), (True, True), (True, False), (False, True), (False, False))
    judged = [replace(RIGHT, found=found, sentence=sentence) for found, sentence in pairs]
    judged += [replace(RIGHT, answered=False), OTHER]
    assert values("found", *judged) == (3 / 6, 6)
    assert values("sentence", *judged) == (3 / 6, 6)
    assert values("sentence_if_found", *judged) == (2 / 3, 3)


def test_integrity_is_over_quotes() -> None:
    assert values("integrity", RIGHT, replace(UNANSWERABLE, whole=1), replace(RIGHT, quotes=0, whole=0)) == (4 / 5, 2)
    assert values("integrity", replace(RIGHT, quotes=0, whole=0)) == (None, 0)


def test_words_are_those_of_answers() -> None:
    assert values("words_first", RIGHT, OTHER, UNANSWERABLE) == (30.0, 2)
    assert values("words_answer", RIGHT, OTHER, UNANSWERABLE) == (80.0, 2)


def test_refusals() -> None:
    answerable = [replace(RIGHT, answered=answered) for answered in (True, True, True, False)]
    others = [replace(UNANSWERABLE, answered=answered) for answered in (True, False)]
    assert values("false_refusals", *answerable, *others, OTHER) == (0.25, 4)
    assert values("refusals", *answerable, *others, OTHER) == (0.5, 2)


def test_confidence_is_not_judged_where_it_is_not_known_what_is_right() -> None:
    judged = (RIGHT, replace(RIGHT, confidence=0.2), UNANSWERABLE, OTHER)
    assert values("auroc", *judged) == (0.75, 3)
    assert figures(judged)["brier"].value == pytest.approx((0.01 + 0.64 + 0.04) / 3)
    assert values("auroc", RIGHT, OTHER) == (None, 1)
    assert values("refused_at_5", RIGHT, OTHER) == (None, 1)


def test_times_are_of_every_question() -> None:
    judged = [replace(OTHER, took_ms=float(at)) for at in range(101)]
    assert values("p50_ms", *judged) == (50.0, 101)
    assert values("p95_ms", *judged) == (95.0, 101)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.5, 0.5], [0.5, 0.1], (2 + 1.5 + 1.5) / 6),
        ([0.9], [0.1], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.3, 0.3], [0.3], 0.5),
    ],
)
def test_auroc_with_ties(positive: list[float], negative: list[float], expected: float) -> None:
    assert auroc(floats(*positive), floats(*negative)) == expected


_scores = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20)


@given(_scores, _scores)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    wins = sum((above > below) + (above == below) / 2 for above in positive for below in negative)
    assert auroc(floats(*positive), floats(*negative)) == pytest.approx(wins / len(positive) / len(negative))


@pytest.mark.parametrize(
    ("answerable", "expected"),
    [
        (19, 0.25),  # one would be more than 5 %: the threshold is 0.01
        (20, 0.5),  # one is 5 %: 0.02
        (39, 0.5),
        (40, 0.75),  # two are: 0.03
    ],
)
def test_refused_at_one_false_refusal_in_twenty(answerable: int, expected: float) -> None:
    positive = floats(*(at / 100 for at in range(answerable, 0, -1)))
    assert refused_at(positive, floats(0.005, 0.015, 0.025, 0.9)) == expected


def test_reliability_and_its_error() -> None:
    confidence, right = floats(0.0, 0.5, 0.58, 1.0, 0.9, 0.95), floats(0, 1, 0, 1, 1, 0)
    bins = reliability(confidence, right)
    assert bins == [(0.0, 0.0, 1), (pytest.approx(0.54), 0.5, 2), (pytest.approx(0.95), pytest.approx(2 / 3), 3)]
    assert calibration_error(confidence, right) == pytest.approx((2 * 0.04 + 3 * (0.95 - 2 / 3)) / 6)
    assert reliability(floats(), floats()) == []


def test_risk_and_coverage_by_distinct_thresholds() -> None:
    judged = [
        replace(RIGHT, confidence=0.8, answered=False),  # right if it had been given
        replace(RIGHT, confidence=0.9),
        replace(RIGHT, confidence=0.8, answer_rank=2),
        replace(UNANSWERABLE, confidence=0.5),
        replace(RIGHT, confidence=0.95, answer_rank=None),  # no answer to judge by
        replace(OTHER, confidence=0.95),
    ]
    assert risk_coverage(table(judged)) == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert risk_coverage(table([OTHER])) == []
