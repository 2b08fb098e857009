from datetime import UTC, datetime

import pytest

from index.types import Article, Passage, Span
from retrieval.types import Answer, Hit, Question, Quote

RAIN = Article("rain", "Rain fell. It stopped at noon.", "rain.txt")
HIT = Hit(Passage(RAIN, 0, 30), score=0.5, cosine=0.4, words=1.0)


def test_a_quote_is_a_slice() -> None:
    quote = Quote(RAIN, 11, 30, (Span(11, 21),), 0.5, HIT)
    assert quote.text == "It stopped at noon."


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, 31)])
def test_a_quote_must_be_a_slice_of_its_article(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"is no slice of article rain \(30 code points\)"):
        Quote(RAIN, start, end, (), 0.5, HIT)


@pytest.mark.parametrize(
    "highlights", [(Span(10, 12),), (Span(11, 31),), (Span(15, 18), Span(12, 14)), (Span(12, 12),)]
)
def test_highlights_must_be_inside_the_quote_and_in_order(highlights: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="is out of place"):
        Quote(RAIN, 11, 30, highlights, 0.5, HIT)


def test_an_id_depends_only_on_article_place_and_words() -> None:
    ids = {
        Quote(article, start, end, (), score, HIT).id
        for article in (RAIN, Article("hail", RAIN.text, "x.txt"))
        for start, end in ((0, 10), (11, 30))
        for score in (0.1, 0.9)
    }
    assert len(ids) == 4
    assert Quote(RAIN, 0, 10, (), 0.1, HIT).id == "66dm9hbg-0-a-h95h"
    assert Quote(Article("rain", "Hail fell. It stopped.", "x.txt"), 0, 10, (), 0.1, HIT).id == "66dm9hbg-0-a-9wt2"


def test_an_answer_without_quotes_has_the_status_not_found() -> None:
    question = Question("Did it rain?", datetime(2022, 4, 2, tzinfo=UTC))
    quote = Quote(RAIN, 0, 10, (), 0.5, HIT)
    assert Answer(question, (quote,), (), 0.9, 1, 2.0).status == "answered"
    assert Answer(question, (), (quote,), 0.1, 1, 2.0).status == "not_found"
