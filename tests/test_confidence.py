import pytest

from index.types import Article, Passage
from retrieval.confidence import confidence, signals
from retrieval.types import Hit

ARTICLE = Article("a", "Rain fell.", "a.txt", language="en")
WEIGHTS = {"rain": 3.0, "oslo": 1.0}


def hit(cosine: float, *matched: str) -> Hit:
    return Hit(Passage(ARTICLE, 0, 10), cosine, cosine, 0.0, matched)


def test_signals_are_the_best_cosine_and_the_best_share_of_one_passage() -> None:
    assert signals([hit(0.4, "rain"), hit(0.6, "oslo"), hit(0.2)], WEIGHTS) == (0.6, 0.75)


def test_only_the_first_five_hits_count() -> None:
    hits = [hit(0.1)] * 5 + [hit(0.9, "rain", "oslo")]
    assert signals(hits, WEIGHTS) == (0.1, 0.0)


def test_a_question_of_nothing_but_stop_words_has_no_share() -> None:
    assert signals([hit(0.4)], {}) == (0.4, 0.0)


def test_nothing_found_is_no_confidence() -> None:
    assert confidence([], WEIGHTS) == 0.0


@pytest.mark.parametrize("more", [hit(0.5, "rain"), hit(0.4, "rain", "oslo")])
def test_confidence_lies_between_0_and_1_and_grows_with_each_signal(more: Hit) -> None:
    less = hit(0.4, "rain")
    assert 0 < confidence([less], WEIGHTS) < confidence([more], WEIGHTS) < 1


def test_what_no_article_is_about_is_below_the_default_threshold_and_a_full_match_above() -> None:
    assert confidence([hit(0.1)], WEIGHTS) < 0.1
    assert confidence([hit(0.7, "rain", "oslo")], WEIGHTS) > 0.8
