"""Normalise spelling, so that the words of a question match those of an article. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Chinese and Japanese, without punctuation
_UNSPACED = re.compile(
    r"[\u0e01-\u0e3a\u0e40-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17e0-\u17ff\u3005-\u3007\u3041-\u3096"
    r"\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Optional marks: combining accents, vowel points of Hebrew and Arabic, the Arabic elongation, and invisible characters
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060\ufeff]+"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")  # CO₂ is also written CO2
_LONGEST_NAME = 20  # code points before a number

# Each pattern begins with a literal, which a search can skip to, so that it is twenty times as fast. A look-behind
# after the literal checks what precedes it.
_DOT_IN_INITIALS = re.compile(r"\.(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b)")
_US = re.compile(r"US(?<=\bUS)\b")  # else it would be the word "us"
_COMMA_IN_NUMBER = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_HYPHEN_BEFORE_NUMBER = re.compile(r"-(?<=[^\W\d_]-)\d+\b")
_AND_IN_NAME = re.compile(r"&(?<=\w&)(?=\w)")
_PLUSES = re.compile(r"\+\+(?<=\w\+\+)(?!\w)")
_SHARP = re.compile(r"#(?<=\b[^\W\d_]#)(?!\w)")
_LETTERS_AT_END = re.compile(r"[^\W\d_]+\Z")
# Small letters that share their capital with another letter: a case-insensitive pattern takes aralık for aralik, too.
_SHARED_CAPITALS = str.maketrans("ıİſ", "iis")
HALF = re.compile("[\ud800-\udfff]")  # a lone surrogate, as where a text was cut; UTF-8 cannot encode it


def fold_case(text: str) -> str:
    """Return a text in lower case, equal for any two texts that a case-insensitive pattern cannot tell apart.

    >>> fold_case("ARALIK") == fold_case("aralık"), fold_case("NİSAN")
    (True, 'nisan')
    """
    return text.translate(_SHARED_CAPITALS).casefold()


def normalize(text: str) -> str:
    """Return a text in which words that are the same are spelled the same, for a tokenizer of letters and digits.

    >>> normalize("The U.S. Army’s F-16 of AT&T in C++: 1,000 times, 2.5 %")
    'The USA. Army’s F-16 F16 of ATT in Cpp: 1000 times, 2.5 %'
    >>> normalize("习近平")
    ' 习 习近 近 近平 平 '
    """
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFC", text).translate(_SUBSCRIPTS))
        text = text.replace("İ", "I")  # its lower case would be an i and a mark
        text = _UNSPACED.sub(_pairs, text.replace("\u02bc", "'").replace("\u2011", "-"))
    text = _US.sub("USA", _DOT_IN_INITIALS.sub("", text))
    text = _COMMA_IN_NUMBER.sub("", text)
    text = _HYPHEN_BEFORE_NUMBER.sub(_and_in_one, text)
    return _SHARP.sub("sharp", _PLUSES.sub("pp", _AND_IN_NAME.sub("", text)))


def _and_in_one(number: re.Match[str]) -> str:
    """Return a hyphen and a number, followed by the number as one word with the letters before it."""
    letters = _LETTERS_AT_END.search(number.string, max(0, number.start() - _LONGEST_NAME), number.start())
    return f"{number[0]} {letters[0]}{number[0][1:]}" if letters else number[0]


def _pairs(run: re.Match[str]) -> str:
    """Return every character of a run and every pair of neighbours, as there are no spaces to find words by."""
    characters = run[0]
    pairs = [f"{first} {first}{second}" for first, second in pairwise(characters)]
    return f" {' '.join([*pairs, characters[-1]])} "
