"""Cut sentences that are too long, like those of a transcript without full stops. Pure."""

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
    """Return whether a sentence has too many words or code points."""
    return len(sentence) > SENTENCE_LETTERS or word_count(sentence) > SENTENCE_WORDS


def piece_ends(sentence: str) -> Iterator[int]:
    """Yield the offsets at which a sentence that is too long is cut: between clauses, else between words.

    A word that is longer than a piece is cut inside. A sentence that is not too long has no cuts.
    """
    if not is_too_long(sentence):
        return
    end = _piece_end(sentence, 0)
    while end < len(sentence):
        yield end
        end = _piece_end(sentence, end)


def _piece_end(sentence: str, start: int) -> int:
    """Return the end of the piece from `start`."""
    last = start + PIECE_LETTERS
    halves = 0  # halves of words: a character of an unspaced script is one, a word of another script is two
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
    """Return the end, moved back so that no combining mark is cut from its letter, unless there is no such place."""
    for at in range(end, start, -1):
        if sentence[at - 1] != _JOINER and sentence[at] != _JOINER and unicodedata.category(sentence[at])[0] != "M":
            return at
    return end
