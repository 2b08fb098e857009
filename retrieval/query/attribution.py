"""The speaker that a question asks for, and whether a sentence says what somebody said. Pure."""

from __future__ import annotations

import re
from itertools import takewhile

from anyascii import anyascii

from index.text.languages import LANGUAGES, alternatives, any_of, words_of
from index.text.speakers import named_speakers
from index.types import Span

_ASKED_SPEAKER = [
    re.compile(pattern, re.IGNORECASE) for language in LANGUAGES for pattern in language.questions.asked_speaker
]
_WORD = re.compile(r"[^\W\d_]+")
_LIGHT = frozenset(words_of(lambda language: language.questions.light))
_PRONOUN = re.compile(rf"(?:{any_of(words_of(lambda language: language.questions.pronouns))})\b", re.IGNORECASE)
_DESCRIBED = re.compile(alternatives(lambda language: language.questions.described))
# Two cases of a Russian name in Latin letters have the first four letters in common and differ in at most two at the
# end, or have the first six in common and differ in at most three.
_COMMON, _ENDING = 4, 2
_LONG_COMMON, _LONG_ENDING = 6, 3


def asked_speaker(question: str) -> str | None:
    """Return the name of whose words a question asks for; None if it asks something else or names nobody.

    >>> asked_speaker("what did dmitry rogozin say about sanctions?"), asked_speaker("what did he say?")
    ('dmitry rogozin', None)
    """
    last = question.splitlines()[-1] if question.strip() else ""
    for pattern in _ASKED_SPEAKER:
        if found := pattern.search(last):
            name = found["name"].strip()
            if _words(name) and not _PRONOUN.match(name):
                return name
    return None


def says(text: str, sentence: Span, name: str) -> bool | None:
    """Return whether a sentence says what the person with this name said; None if it names no speaker.

    A description in place of a name, like "the foreign minister", fits only a speaker with all of its words.
    """
    asked, is_described = _words(name), _DESCRIBED.match(name) is not None
    speakers = [_words(text[slice(*span)]) for span in named_speakers(text, sentence)]
    return any(_is_called(words, asked, is_described) for words in speakers if words) if speakers else None


def _is_called(speaker: list[str], asked: list[str], is_described: bool) -> bool:
    """Return whether a name asks for a speaker: with the last word of the speaker's name, or with any single one."""
    if is_described:
        return all(any(_are_one(word, other) for other in speaker) for word in asked)
    if len(asked) == 1:
        return any(_are_one(asked[0], word) for word in speaker)
    return any(_are_one(speaker[-1], word) for word in asked)


def _are_one(first: str, second: str) -> bool:
    """Return whether two words in Latin letters are equal, or may be cases of one Russian name."""
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    rest = max(len(first), len(second)) - common
    most = _LONG_ENDING if common >= _LONG_COMMON else _ENDING if common >= _COMMON else 0
    return rest <= most


def _words(name: str) -> list[str]:
    """Return the words of a name that name somebody, in lower case and Latin letters: Рогозин becomes rogozin."""
    return [anyascii(word) for word in map(str.lower, _WORD.findall(name)) if word not in _LIGHT]
