import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.types import Article
from retrieval.quote_ids import QuoteId

RAIN = Article("rain", "Rain fell. It stopped at noon.", "rain.txt")


@st.composite
def slices(draw: st.DrawFn) -> tuple[Article, int, int]:
    text = draw(st.text(st.characters(), min_size=1))
    start = draw(st.integers(0, len(text) - 1))
    return (
        Article(draw(st.text(st.characters(), min_size=1)), text, "x"),
        start,
        draw(st.integers(start + 1, len(text))),
    )


@given(slices())
@example((Article("\ud800", "a\ud800b", "x"), 1, 2))
def test_the_id_of_any_slice_is_parsed_back(piece: tuple[Article, int, int]) -> None:
    article, start, end = piece
    id = QuoteId.of(article, start, end)
    assert QuoteId.parse(str(id)) == id
    assert (id.start, id.start + id.length) == (start, end)
    assert id.fits(article.text[start:end])
    assert re.fullmatch("[0-9a-z-]{17,24}", str(id))


@given(st.integers(0, 32**8 - 1), st.integers(1, 32**8 - 1))
def test_any_offsets_are_parsed_back_and_fit_into_a_button(start: int, length: int) -> None:
    id = QuoteId("66dm9hbg", start, length, "8xk2")
    assert QuoteId.parse(str(id)) == id
    assert len(str(id).encode()) <= 31


def test_an_id_of_usual_length() -> None:
    article = Article("https://example.org/news/2022/04/02/rain", "word " * 2000, "x")
    assert str(QuoteId.of(article, 5000, 5250)) == "aa9thskx-4w8-7t-7853"


@pytest.mark.parametrize("text", ["66dm9hbg-0-a-h95h", " 66DM9HBG-O-A-H95H\n", "66dm9hbg-o-a-h95h"])
def test_case_and_lookalikes_do_not_matter(text: str) -> None:
    assert QuoteId.parse(text) == QuoteId.of(RAIN, 0, 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rain",
        "m7ygeunm",
        "66dm9hbg-0-a",
        "66dm9hbg-0-a-h95h-1",
        "66dm9hb-0-a-h95h",
        "66dm9hbg--a-h95h",
        "66dm9hbg-0-u-h95h",  # u is not a symbol
        "66dm9hbg-000000000-a-h95h",
        "66dm9hbg-0-0-h95h",
        "66dm9hbg-0-a-h95١",
    ],
)
def test_texts_that_are_not_ids(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a quote id|is the id of an empty quote|is not a base 32 symbol"):
        QuoteId.parse(text)


def test_only_the_original_words_fit() -> None:
    id = QuoteId.of(RAIN, 0, 10)
    assert id.fits("Rain fell.")
    assert not id.fits("Hail fell.")
    assert not id.fits("Rain fell")
