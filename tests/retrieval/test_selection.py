"""Hand-worked examples of selection, with given scores and embeddings of two numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.types import Article, Passage, Span
from retrieval.params import RankingParams
from retrieval.selection import select
from retrieval.types import Hit, Quote

PARAMS = RankingParams()
SAME = PARAMS.duplicate_cosine
EAST, NORTH, BETWEEN = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)


def quote(score: float, text: str, id: str = "") -> Quote:
    """Return a quote of a whole article, whose id is its text by default."""
    article = Article(id or text, text, "a.txt")
    hit = Hit(Passage(article, 0, len(text)), score, score, score)
    return Quote(article, 0, len(text), (Span(0, len(text)),), score, hit)


def vectors(*rows: tuple[float, float]) -> NDArray[np.float32]:
    return np.array(rows, dtype=np.float32).reshape(len(rows), 2)


def chosen(
    quotes: list[Quote], rows: NDArray[np.float32], limit: int = 9, per_article: int = 9
) -> tuple[list[str], int]:
    """Return the first `limit` selected quotes, and how many more there are."""
    found = select(quotes, rows, per_article, PARAMS)
    return [quote.text for quote in found][:limit], max(0, len(found) - limit)


def test_quotes_stay_in_their_order() -> None:
    quotes = [quote(0.9, "a"), quote(0.78, "b"), quote(0.7, "c")]
    assert chosen(quotes, vectors(EAST, BETWEEN, NORTH)) == (["a", "b", "c"], 0)
    assert chosen(quotes, vectors(EAST, BETWEEN, NORTH), limit=1) == (["a"], 2)


@pytest.mark.parametrize(("cosine", "expected"), [(SAME, ["a"]), (SAME + 0.01, ["a"]), (SAME - 0.01, ["a", "b"])])
def test_two_equivalent_sentences_are_shown_once(cosine: float, expected: list[str]) -> None:
    rows = np.array([EAST, (cosine, (1 - cosine**2) ** 0.5)], dtype=np.float32)
    if cosine == SAME:
        rows[1, 0] = np.nextafter(np.float32(SAME), np.float32(1))
    assert chosen([quote(0.9, "Rain a fell."), quote(0.8, "Rain b fell.")], rows) == (
        [f"Rain {name} fell." for name in expected],
        0,
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("On Monday 120 died.", 1),
        ("On Monday 150 died.", 2),  # the vectors hardly tell figures apart
        ("On Monday 1,120 died.", 2),
        ("On Monday they died.", 2),
    ],
)
def test_sentences_with_different_numbers_are_not_equivalent(second: str, expected: int) -> None:
    quotes = [quote(0.9, "Monday: 120 died.", "a"), quote(0.8, second, "b")]
    assert len(chosen(quotes, vectors(EAST, EAST))[0]) == expected


def test_the_same_text_is_shown_once_even_without_vectors() -> None:
    quotes = [quote(0.9, "Rain.", "a"), quote(0.8, "Rain.", "b"), quote(0.7, "Snow.", "c")]
    assert chosen(quotes, np.zeros((3, 1), dtype=np.float32)) == (["Rain.", "Snow."], 0)


@pytest.mark.parametrize(
    ("limit", "per_article", "expected", "more"),
    [
        (9, 2, ["one", "two", "four"], 0),
        (9, 3, ["one", "two", "three", "four"], 0),
        (9, 1, ["one", "four"], 0),
        (1, 2, ["one"], 2),
        (2, 9, ["one", "two"], 2),
        (3, 9, ["one", "two", "three"], 1),
        (4, 9, ["one", "two", "three", "four"], 0),
    ],
)
def test_the_limit_per_article_and_the_number_of_further_quotes(
    limit: int, per_article: int, expected: list[str], more: int
) -> None:
    quotes = [quote(0.9, "one", "a"), quote(0.8, "two", "a"), quote(0.7, "three", "a"), quote(0.5, "four", "c")]
    assert chosen(quotes, np.zeros((4, 1), dtype=np.float32), limit, per_article) == (expected, more)


def test_a_repetition_of_a_shown_quote_does_not_count_as_more() -> None:
    quotes = [quote(0.9, "Rain.", "a"), quote(0.8, "Rain.", "b"), quote(0.7, "Snow.", "c")]
    assert chosen(quotes, vectors(EAST, EAST, NORTH), limit=1) == (["Rain."], 1)


def test_repetitions_among_further_quotes_count_once() -> None:
    quotes = [quote(0.9, "Rain.", "a"), quote(0.8, "Snow.", "b"), quote(0.7, "Snow.", "c"), quote(0.6, "Snow", "b")]
    assert chosen(quotes, vectors(EAST, NORTH, NORTH, NORTH), limit=1) == (["Rain."], 1)


def test_further_quotes_respect_the_limit_per_article() -> None:
    quotes = [quote(0.9, "a1", "a"), quote(0.8, "b1", "b"), quote(0.7, "b2", "b"), quote(0.6, "b3", "b")]
    rows = np.zeros((4, 1), dtype=np.float32)
    assert chosen(quotes, rows, limit=1, per_article=2) == (["a1"], 2)


def test_no_quotes() -> None:
    assert select([], np.zeros((0, 1), dtype=np.float32), 3, PARAMS) == []


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc"), st.floats(0, 6.28)), max_size=8),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_shown_quotes_count_as_taken_and_the_rest_follows_in_order(
    drawn: list[tuple[float, str, float]], count: int, per_article: int
) -> None:
    quotes = [quote(score, f"{at}", id) for at, (score, id, _) in enumerate(drawn)]
    rows = np.array([(np.cos(angle), np.sin(angle)) for *_, angle in drawn], dtype=np.float32).reshape(-1, 2)
    every = select(quotes, rows, per_article, PARAMS)
    shown = [quotes.index(one) for one in every[:count]]
    assert select(quotes, rows, per_article, PARAMS, shown=sorted(shown)) == every[count:]


def test_a_repetition_of_a_quote_shown_before_is_left_out() -> None:
    quotes = [quote(0.9, "Rain fell here."), quote(0.8, "Rain fell here.", "copy"), quote(0.7, "Snow.")]
    assert [one.text for one in select(quotes, vectors(EAST, EAST, NORTH), 9, PARAMS, shown=[1])] == ["Snow."]


def test_the_same_words_in_another_order_are_not_equivalent() -> None:
    texts = ["Russia attacked Ukraine.", "Ukraine attacked Russia.", "Russia has attacked Ukraine."]
    quotes = [quote(0.9 - at / 10, text) for at, text in enumerate(texts)]
    assert chosen(quotes, vectors(EAST, EAST, EAST)) == (texts[:2], 0)
