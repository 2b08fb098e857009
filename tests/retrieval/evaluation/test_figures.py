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
    groups,
    refused_at,
    reliability,
    risk_coverage,
    to_table,
)
from retrieval.evaluation.judge import JudgedAnswer

RIGHT = JudgedAnswer("1", True, True, 0.9, 10.0, 1, 1, True, True, 3, 3, 20, 60)
OTHER = JudgedAnswer("x", None, True, 0.7, 10.0, None, None, None, None, 3, 3, 40, 100)
UNANSWERABLE = JudgedAnswer("0", False, False, 0.2, 10.0, None, None, None, None, 2, 2, 0, 0)


def values(name: str, *judged: JudgedAnswer) -> tuple[float | None, int]:
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


def test_confidence_is_not_judged_without_a_label() -> None:
    judged = (RIGHT, replace(RIGHT, confidence=0.2), UNANSWERABLE, OTHER)
    assert values("auroc", *judged) == (0.75, 3)
    assert values("auroc", RIGHT, OTHER) == (None, 1)
    assert values("refused_at_5", RIGHT, OTHER) == (None, 1)


def test_confidence_is_that_the_best_sentence_answers() -> None:
    judged = (RIGHT, replace(RIGHT, sentence=False, confidence=0.2), UNANSWERABLE, OTHER)
    assert figures(judged)["brier"].value == pytest.approx((0.01 + 0.04 + 0.04) / 3)
    assert figures(judged)["ece"].value == pytest.approx((0.1 + 0.2 + 0.2) / 3)
    unlabelled = replace(RIGHT, sentence=None)  # then it is the first quote
    ranked = [replace(unlabelled, answer_rank=rank) for rank in (1, 2, None)]
    assert figures(ranked)["brier"].value == pytest.approx((0.01 + 0.81) / 2)


def test_times_cover_every_timed_question() -> None:
    judged = [replace(OTHER, took_ms=float(at)) for at in range(101)] + [replace(RIGHT, took_ms=None)]
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
    """Ten bins of twelve questions: the first two hold two each."""
    confidence = floats(*(at / 20 for at in range(12)))
    right = floats(1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)
    bins = reliability(confidence[::-1], right[::-1])
    assert bins[:3] == [(0.025, 0.5, 2), (pytest.approx(0.125), 0.0, 2), (0.2, 1.0, 1)]
    assert bins[9:] == [(0.55, 1.0, 1)]
    assert [count for _, _, count in bins] == [2, 2, *[1] * 8]
    error = (2 * 0.475 + 2 * 0.125 + sum(1 - at / 20 for at in range(4, 12))) / 12
    assert calibration_error(confidence, right) == pytest.approx(error)
    assert reliability(floats(), floats()) == []
    assert reliability(floats(0.5), floats(1)) == [(0.5, 1.0, 1)]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_questions_does_not_matter_to_reliability(pairs: list[tuple[int, bool]], random: Any) -> None:
    shuffled = random.sample(pairs, len(pairs))
    first, second = (
        reliability(floats(*(sure / 3 for sure, _ in each)), floats(*(right for _, right in each)))
        for each in (pairs, shuffled)
    )
    assert np.array(first) == pytest.approx(np.array(second))
    assert sum(share * count for _, share, count in first) == pytest.approx(sum(right for _, right in pairs))


def test_quotes_on_the_point_are_counted_over_quotes_of_answerable_questions() -> None:
    judged = [replace(RIGHT, answering=2, quotes=3), replace(RIGHT, answering=0, quotes=5), UNANSWERABLE, OTHER]
    judged += [replace(RIGHT, answered=False, answering=0, quotes=2), replace(RIGHT, answering=None)]
    assert values("on_point", *judged) == (2 / 8, 2)
    assert values("quotes", *judged) == ((3 + 5 + 3 + 3) / 4, 4)


def test_a_refused_list_has_a_recall_of_0() -> None:
    judged = [replace(RIGHT, listed=0.5), replace(RIGHT, listed=0.0, answered=False), RIGHT]
    assert values("list_recall", *judged) == (0.25, 2)


def test_a_refused_article_is_a_miss() -> None:
    judged = [replace(RIGHT, article_first=first) for first in (True, True, False)]
    judged += [replace(RIGHT, article_first=True, answered=False), RIGHT]
    assert values("article_first", *judged) == (0.5, 4)


def test_an_unread_answer_has_no_confidence() -> None:
    judged = (RIGHT, UNANSWERABLE, replace(RIGHT, confidence=None), replace(UNANSWERABLE, confidence=None))
    assert values("auroc", *judged) == (1.0, 2)
    assert values("refused_at_5", *judged) == (1.0, 2)
    assert figures(judged)["ece"].value == pytest.approx((0.1 + 0.2) / 2)
    assert values("refusals", *judged) == (1.0, 2)
    assert risk_coverage(to_table(judged)) == [(0.5, 0.0), (1.0, 0.5)]


def test_groups_are_languages_and_the_types_in_them() -> None:
    labels = [("en", "who"), ("en", "list"), ("ru", "who"), (None, "list"), ("en", None), ("en", "who"), (None, None)]
    judged = [replace(RIGHT, id=str(at), language=one, type=two) for at, (one, two) in enumerate(labels)]
    assert {name: "".join(one.id for one in own) for name, own in groups(judged).items()} == {
        "en": "0145", "en who": "05", "en list": "1", "ru": "2", "ru who": "2", "list": "3",
    }  # fmt: skip
    assert list(groups(judged)) == ["en", "en who", "en list", "ru", "ru who", "list"]
    assert groups([RIGHT]) == {}


def test_risk_and_coverage_by_distinct_thresholds() -> None:
    judged = [
        replace(RIGHT, confidence=0.8, answered=False),  # right if it had been given
        replace(RIGHT, confidence=0.9),
        replace(RIGHT, confidence=0.8, answer_rank=2),
        replace(UNANSWERABLE, confidence=0.5),
        replace(RIGHT, confidence=0.95, answer_rank=None),  # no answer to judge by
        replace(OTHER, confidence=0.95),
    ]
    assert risk_coverage(to_table(judged)) == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert risk_coverage(to_table([OTHER])) == []
