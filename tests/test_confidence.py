import pytest

from index.types import Article, Passage
from retrieval.confidence import confidence, cover
from retrieval.types import Hit

ARTICLE = Article("a", "Rain fell.", "a.txt", language="en")


def hit(*matched: str) -> Hit:
    return Hit(Passage(ARTICLE, 0, 10), 0.5, 0.4, 1.0, matched)


@pytest.mark.parametrize(
    ("matched", "share"), [((), 0.0), (("rain",), 0.75), (("oslo",), 0.25), (("rain", "oslo"), 1.0)]
)
def test_coverage_is_the_share_of_the_questions_weight(matched: tuple[str, ...], share: float) -> None:
    assert cover(hit(*matched), {"rain": 3.0, "oslo": 1.0}) == share


def test_a_question_of_nothing_but_stop_words_is_not_covered() -> None:
    assert cover(hit(), {}) == 0.0


def test_confidence_lies_between_0_and_1_and_grows_with_each_signal() -> None:
    assert 0 < confidence(-1, 0) < confidence(0.4, 0.5) < confidence(0.5, 0.5) < confidence(0.5, 0.6) < 1


def test_what_no_article_is_about_is_refused_by_default_and_a_full_match_is_not() -> None:
    assert confidence(0.2, 0.0) < 0.01
    assert confidence(0.6, 1.0) > 0.9
