"""The answer within a sentence, from the log odds of its tokens."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reader.answer_spans import most_likely

SENTENCE = "A magnitude-6.1 quake hit Izu on May 3."
LOW = -4.0


def answer(text: str, tokens: list[str], odds: list[float]) -> tuple[str, float] | None:
    """Return the answer's words and probability; tokens are given with their white space."""
    places, at = [], 0
    for token in tokens:
        at = text.index(token, at)
        places.append((at, at + len(token)))
        at += len(token)
    found = most_likely(text, places, np.array(odds, dtype=np.float32))
    return (text[slice(*found.span)], round(found.probability, 5)) if found else None


def of(words: str, *odds: float) -> tuple[str, float]:
    """Return the expected answer, with the mean probability of these log odds."""
    return words, round(sum(1 / (1 + math.exp(-value)) for value in odds) / len(odds), 5)


TOKENS = ["A", " magn", "itude", "-", "6", ".", "1", " quake", " hit", " Iz", "u", " on", " May", " 3", "."]


@pytest.mark.parametrize(
    ("likely", "words", "odds"),
    [
        ({}, None, []),
        ({9: 1.0, 10: 3.0}, "Izu", [1.0, 3.0]),
        ({9: 1.0}, "Izu", [1.0]),  # a part of a word stands for all of it
        ({10: 1.0}, "Izu", [1.0]),
        ({2: 1.0}, "magnitude", [1.0]),
        ({4: 2.0, 6: 2.0}, "6.1", [2.0, LOW, 2.0]),  # one token between is no gap
        ({4: 2.0, 5: 2.0, 6: 2.0}, "6.1", [2.0, 2.0, 2.0]),
        ({9: 1.0, 10: 1.0, 12: 1.5, 13: 1.5}, "Izu on May 3", [1.0, 1.0, LOW, 1.5, 1.5]),
        ({2: 5.0, 9: 3.0, 10: 3.0}, "Izu", [3.0, 3.0]),  # 6 in all against 5
        ({2: 7.0, 9: 3.0, 10: 3.0}, "magnitude", [7.0]),
        ({0: 1.0}, "A", [1.0]),
        ({14: 1.0}, ".", [1.0]),
    ],
)
def test_the_most_likely_run_of_whole_words(likely: dict[int, float], words: str | None, odds: list[float]) -> None:
    given_odds = [likely.get(at, LOW) for at in range(len(TOKENS))]
    assert answer(SENTENCE, TOKENS, given_odds) == (of(words, *odds) if words else None)


def test_log_odds_of_zero_are_not_likely() -> None:
    assert answer("Rain", ["Rain"], [0.0]) is None


def test_in_scripts_without_spaces_tokens_are_words() -> None:
    tokens = ["東京", "都", "で", "火事", "が起きた", "。"]
    assert answer("東京都で火事が起きた。", tokens, [LOW, LOW, LOW, 2.0, LOW, LOW]) == of("火事", 2.0)


def test_white_space_is_no_answer() -> None:
    assert answer("it  fell", ["it", " ", " fell"], [LOW, 2.0, LOW]) is None
    assert answer("it  fell", ["it", " ", " fell"], [LOW, 2.0, 1.0]) == of("fell", 2.0, 1.0)


def test_an_empty_sentence() -> None:
    assert answer("", [], []) is None


def test_a_sentence_may_be_cut() -> None:
    """Beyond the cut, only the rest of a word can be part of an answer."""
    found = most_likely("Rain fell", [(0, 4), (4, 7), (7, 9)], np.array([LOW, 2.0], dtype=np.float32))
    assert found is not None
    assert "Rain fell"[slice(*found.span)] == "fell"


@given(st.lists(st.tuples(st.text("ab1 .\n", min_size=1, max_size=4), st.floats(-5, 5)), max_size=20))
def test_an_answer_has_whole_words_and_a_likely_token(pieces: list[tuple[str, float]]) -> None:
    text = "".join(piece for piece, _ in pieces)
    ends = np.cumsum([len(piece) for piece, _ in pieces], dtype=int).tolist()
    places = list(zip([0, *ends], ends, strict=False))
    odds = np.array([value for _, value in pieces], dtype=np.float32)
    found = most_likely(text, places, odds)
    likely = [at for at, (piece, _) in enumerate(pieces) if odds[at] > 0 and piece.strip()]
    assert (found is not None) >= bool(likely)
    if found:
        words = text[slice(*found.span)]
        assert words == words.strip() != ""
        assert 0 < found.probability < 1
        cut = [match for match in re.finditer(r"[ab1]+", text) if match.start() < found.span.start < match.end()]
        cut += [match for match in re.finditer(r"[ab1]+", text) if match.start() < found.span.end < match.end()]
        assert cut == []
