"""Sentences that are too long, as of a transcript without full stops, in pieces. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.limits import PIECE_LETTERS, PIECE_WORDS, SENTENCE_LETTERS, SENTENCE_WORDS
from index.text.word_count import UNSPACED, word_count

_UNIT = re.compile(rf"(?P<space>\s+)|(?P<sign>{UNSPACED.pattern})|(?:(?!{UNSPACED.pattern})\S)+")
_CLAUSE_END = ",;:—–，、；：،؛"
_JOINER = "\u200d"


def is_too_long(sentence: str) -> bool:
    """Whether a sentence is longer than one may be."""
    return len(sentence) > SENTENCE_LETTERS or word_count(sentence) > SENTENCE_WORDS


def piece_ends(sentence: str) -> Iterator[int]:
    """Yield where a sentence that is longer than it may be is cut: between words, and between clauses if it can be.

    A word that is longer than a piece is cut inside.
    """
    if not is_too_long(sentence):
        return
    end = _piece_end(sentence, 0)
    while end < len(sentence):
        yield end
        end = _piece_end(sentence, end)


def _piece_end(sentence: str, start: int) -> int:
    last = start + PIECE_LETTERS
    halves = 0  # of words
    between_words = between_clauses = None
    for unit in _UNIT.finditer(sentence, start, last):
        if not unit["space"]:
            halves += 1 if unit["sign"] else 2
            if halves > 2 * PIECE_WORDS:
                break
        if unit["space"] or unit["sign"]:
            between_words = unit.end()
            mark = sentence[unit.start() - 1] if unit["space"] else unit["sign"]
            if halves > PIECE_WORDS and mark in _CLAUSE_END:
                between_clauses = between_words
    else:
        if last >= len(sentence):
            return len(sentence)
    return between_clauses or between_words or _within_word(sentence, start, last)


def _within_word(sentence: str, start: int, end: int) -> int:
    """The end, moved back before marks that combine with what comes before them, unless all are such."""
    for at in range(end, start, -1):
        if sentence[at - 1] != _JOINER and sentence[at] != _JOINER and unicodedata.category(sentence[at])[0] != "M":
            return at
    return end
