"""Only sentences that are too long are cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.limits import PIECE_LETTERS, SENTENCE_LETTERS, SENTENCE_WORDS
from index.text.long_sentences import piece_ends
from index.text.word_count import word_count


def pieces(sentence: str) -> list[str]:
    ends = list(piece_ends(sentence))
    return [sentence[start:end] for start, end in pairwise([0, *ends, len(sentence)])]


@pytest.mark.parametrize("sentence", ["", "Rain fell.", "on " * 80, "x" * 600, "雨" * 160])
def test_a_sentence_of_usual_length_is_not_cut(sentence: str) -> None:
    assert list(piece_ends(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("on " * 81, ["on " * 40, "on " * 40, "on "]),
        ("2022 " * 100, ["2022 " * 40, "2022 " * 40, "2022 " * 20]),
        ("x" * 700, ["x" * 300, "x" * 300, "x" * 100]),
        ("雨" * 161, ["雨" * 80, "雨" * 80, "雨"]),
        ("on " * 24 + "off, " + "on " * 75, ["on " * 24 + "off, ", "on " * 40, "on " * 35]),  # after the last comma
        (
            "on " * 9 + "off, " + "on " * 90,
            ["on " * 9 + "off, " + "on " * 30, "on " * 40, "on " * 20],
        ),  # the comma is too near the start
        ("a" + " " * 700 + "b", ["a" + " " * 299, " " * 300, " " * 101 + "b"]),
        ("e\u0301" * 301, ["e\u0301" * 150, "e\u0301" * 150, "e\u0301"]),
        ("x" * 299 + "e\u0301" * 200, ["x" * 299, "e\u0301" * 150, "e\u0301" * 50]),  # an accent stays with its letter
        ("x" * 290 + "👩\u200d🚀" * 200, ["x" * 290 + "👩\u200d🚀" * 3, "👩\u200d🚀" * 100, "👩\u200d🚀" * 97]),
    ],
)
def test_a_sentence_that_is_too_long_is_cut(sentence: str, expected: list[str]) -> None:
    assert pieces(sentence) == expected


@given(st.lists(st.sampled_from(["on ", "x" * 250, "雨", ", ", "\u0301", "\u200d", " " * 90, "2022 "]), max_size=300))
def test_pieces_make_up_the_sentence_and_are_not_too_long(parts: list[str]) -> None:
    sentence = "".join(parts)
    found = pieces(sentence)
    assert "".join(found) == sentence
    assert len(found) == 1 or all(0 < len(piece) <= PIECE_LETTERS for piece in found)
    assert all(word_count(piece) <= SENTENCE_WORDS and len(piece) <= SENTENCE_LETTERS for piece in found)
