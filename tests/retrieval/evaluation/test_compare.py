from dataclasses import replace

import pytest

from retrieval.evaluation.compare import Difference, compare
from retrieval.evaluation.figures import MEASURES
from retrieval.evaluation.judge import JudgedAnswer

RIGHT = JudgedAnswer("0", True, True, 0.9, 10.0, 1, 1, True, True, 3, 3, 20, 60)
WRONG = replace(RIGHT, article_rank=0, answer_rank=0, found=False, sentence=False)


def many(count: int, right: int) -> list[JudgedAnswer]:
    """So many, the first of them right."""
    return [replace(RIGHT if at < right else WRONG, id=str(at)) for at in range(count)]


def test_a_constant_difference_has_a_narrow_interval() -> None:
    pairs, differences = compare(many(50, 0), many(50, 50))
    assert pairs == 50
    assert list(differences) == list(MEASURES)
    assert differences["answer_in_first"] == Difference(0.0, 1.0, 1.0, 1.0, 1.0, 50)
    assert differences["words_first"] == Difference(20.0, 20.0, 0.0, 0.0, 0.0, 50)


def test_the_interval_of_a_known_difference() -> None:
    """Half of 100 questions gained: the sum of a sample is Binomial(100, 1/2), from 40 to 60 in 95 % of samples."""
    _, differences = compare(many(100, 20), many(100, 70))
    found = differences["article_hit@1"]
    assert (found.before, found.now, found.pairs) == (0.2, 0.7, 100)
    assert found.difference == pytest.approx(0.5)
    assert found.low == pytest.approx(0.4, abs=0.015)
    assert found.high == pytest.approx(0.6, abs=0.015)


def test_questions_are_paired_and_not_only_counted() -> None:
    """As many are right before and now: the same ones, or others."""
    before = many(100, 50)
    _, same = compare(before, before[::-1])
    assert same["answer_in_first"] == Difference(0.5, 0.5, 0.0, 0.0, 0.0, 100)
    others = [replace(RIGHT if at >= 50 else WRONG, id=str(at)) for at in range(100)]
    _, exchanged = compare(before, others)
    assert exchanged["answer_in_first"].difference == 0
    assert exchanged["answer_in_first"].high == pytest.approx(0.2, abs=0.03)  # 1.96 × 1 / √100


def test_the_same_twice() -> None:
    assert compare(many(30, 10), many(30, 20)) == compare(many(30, 10), many(30, 20))


def test_only_pairs_count() -> None:
    before = [*many(4, 4), replace(WRONG, id="gone")]
    now = [*many(4, 2), replace(WRONG, id="new")]
    pairs, differences = compare(before, now)
    found = differences["answer_in_first"]
    assert (pairs, found.pairs, found.before, found.now, found.difference) == (4, 4, 1.0, 0.5, -0.5)


def test_a_question_that_counts_in_one_evaluation_only_is_left_out() -> None:
    before = many(2, 2)
    now = [before[0], replace(before[1], answered=False, words_first=0, words=0)]
    pairs, differences = compare(before, now)
    assert pairs == 2
    assert differences["words_first"] == Difference(20.0, 20.0, 0.0, 0.0, 0.0, 1)
    assert differences["false_refusals"].difference == 0.5


def test_figures_that_are_not_means_are_recomputed_for_each_sample() -> None:
    before = [replace(RIGHT, id=str(at), answerable=at % 2 == 0, confidence=0.5) for at in range(20)]
    now = [replace(one, confidence=0.9 if one.answerable else 0.1) for one in before]
    _, differences = compare(before, now)
    assert differences["auroc"] == Difference(0.5, 1.0, 0.5, 0.5, 0.5, 20)
    assert differences["integrity"] == Difference(1.0, 1.0, 0.0, 0.0, 0.0, 20)


def test_nothing_in_common() -> None:
    pairs, differences = compare(many(1, 1), [replace(RIGHT, id="other")])
    assert pairs == 0
    assert set(differences.values()) == {Difference(None, None, None, None, None, 0)}


def test_there_is_no_auroc_without_unanswerable_questions() -> None:
    _, differences = compare(many(3, 3), many(3, 3))
    assert differences["auroc"] == Difference(None, None, None, None, None, 3)
