"""Whom a question asks about having said something, and whose words a sentence is. Pure."""

from __future__ import annotations

import re
from itertools import takewhile

from anyascii import anyascii

from index.text.speakers import sayers
from index.types import Span

_SAY = (
    r"(?:say|said|tell|told|announced?|claim(?:ed)?|warn(?:ed)?|promised?|writ(?:e|ten)|stated?|repl(?:y|ied)|add(?:ed)?|"
    r"explain(?:ed)?|argued?|suggest(?:ed)?|noted?|admit(?:ted)?|den(?:y|ied)|tweet(?:ed)?|insist(?:ed)?)"
)
_SAID = (
    r"(?:сказал|заявил|сообщил|написал|пообещал|рассказал|отметил|ответил|добавил|объявил|объяснил|предупредил|говорил|"
    r"подчеркнул|пояснил|напомнил)[аи]?|говор[ия]т|пишет|обещает|считает|утверждает"
)
_ASKED = (
    re.compile(
        rf"\bwhat(?:['’]s|\s+(?:did|does|do|has|have|had))\s+(?P<name>.{{2,60}}?)\s+{_SAY}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:что|о ч[её]м)\s+(?:{_SAID})\s+(?P<name>[^?,.]{{2,60}}?)(?:\s+(?:о|об|про|в|на|насч[её]т)\s|[?,.]|$)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:что|о ч[её]м)\s+(?P<name>[^?,.]{{2,60}}?)\s+(?:{_SAID})(?!\w)", re.IGNORECASE),
)
_WORD = re.compile(r"[^\W\d_]+")
# Words that name nobody by themselves
_LIGHT_TEXT = """
a an the his her their its he she it they we you i that of in on at for and this been anyone anybody someone people
он она оно они мы вы ты я этот эта его её их в на о об и было был была нам вам мне им ему ей кто-то
"""
_LIGHT = frozenset(_LIGHT_TEXT.split())
_PRONOUN = re.compile(r"(?:i|we|you|he|she|it|they|been|я|мы|вы|ты|он|она|оно|они|было)\b", re.IGNORECASE)
_DESCRIBED = re.compile(r"(?:the|a|an|his|her|their|its|our|my)\s|[а-яё-]+\s+[^А-ЯЁ]+$")
# Cases of one Russian name, in Latin letters, begin with at least four of the same ones and differ in two at the end;
# where they begin with six of the same ones, in three.
_SHORT, _ENDING = 4, 2
_LONG, _LONG_ENDING = 6, 3


def asked_speaker(question: str) -> str | None:
    """Return whom a question asks about having said something; None if it asks something else or names nobody.

    >>> asked_speaker("what did dmitry rogozin say about sanctions?"), asked_speaker("what did he say?")
    ('dmitry rogozin', None)
    """
    last = question.splitlines()[-1] if question.strip() else ""
    for pattern in _ASKED:
        if found := pattern.search(last):
            name = found["name"].strip()
            if _words(name) and not _PRONOUN.match(name):
                return name
    return None


def says(text: str, sentence: Span, name: str) -> bool | None:
    """Return whether a sentence names who has this name as saying it; None if it names nobody.

    A description, as "the foreign minister", is somebody's only if that name has all its words.
    """
    asked, is_described = _words(name), _DESCRIBED.match(name) is not None
    named = [_words(text[slice(*span)]) for span in sayers(text, sentence)]
    return any(_is_called(own, asked, is_described) for own in named if own) if named else None


def _is_called(own: list[str], asked: list[str], is_described: bool) -> bool:
    """Whether somebody with this name is asked about: by the last word of it, or by one word alone."""
    if is_described:
        return all(any(_are_one(word, other) for other in own) for word in asked)
    if len(asked) == 1:
        return any(_are_one(asked[0], word) for word in own)
    return any(_are_one(own[-1], word) for word in asked)


def _are_one(first: str, second: str) -> bool:
    """Whether two words in Latin letters are the same, or may be cases of one Russian name."""
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    rest = max(len(first), len(second)) - common
    most = _LONG_ENDING if common >= _LONG else _ENDING if common >= _SHORT else 0
    return rest <= most


def _words(name: str) -> list[str]:
    """Return the words of a name that name somebody, in small Latin letters: Рогозин is rogozin."""
    return [anyascii(word) for word in map(str.lower, _WORD.findall(name)) if word not in _LIGHT]
