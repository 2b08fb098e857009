"""Whom a question asks about having said something, and whose words a sentence is. Pure."""

from __future__ import annotations

import re

from anyascii import anyascii

from index.types import Span
from retrieval.rules.speakers import sayers

_ASKED = (
    re.compile(
        r"\bwhat\s+(?:did|does|do|has|have|had)\s+(?P<name>.{2,60}?)\s+"
        r"(?:say|said|tell|told|announce|announced|claim|claimed|warn|warned|promise|promised|write|written)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bчто\s+(?:сказал|заявил|сообщил|говорил|написал|пообещал)[аи]?\s+(?P<name>[^?,.]{2,60}?)(?:\s+(?:о|об|про|в|на)\s|[?,.]|$)",
        re.IGNORECASE,
    ),
)
_WORD = re.compile(r"[^\W\d_]+")
_STEM = 4  # letters in which a name's cases agree, as in Рогозин, Рогозина
# Words that name nobody by themselves
_LIGHT_TEXT = """
a an the his her their its he she it they we you i that of in on at for and this
он она оно они мы вы ты я этот эта его её их в на о об и
"""
_LIGHT = frozenset(_LIGHT_TEXT.split())


def asked_speaker(question: str) -> str | None:
    """Return whom a question asks about having said something; None if it asks something else or names nobody.

    >>> asked_speaker("what did dmitry rogozin say about sanctions?"), asked_speaker("what did he say?")
    ('dmitry rogozin', None)
    """
    for pattern in _ASKED:
        if found := pattern.search(question.splitlines()[-1] if question.strip() else ""):
            name = found["name"].strip()
            if _stems(name):
                return name
    return None


def says(text: str, sentence: Span, name: str) -> bool | None:
    """Return whether a sentence names who has this name as saying it; None if it names nobody."""
    asked = _stems(name)
    named = [_stems(text[slice(*span)]) for span in sayers(text, sentence)]
    return any(not asked.isdisjoint(own) for own in named) if named else None


def _stems(name: str) -> set[str]:
    """Return the beginnings of a name's words in Latin letters, in which Рогозина and Rogozin are the same."""
    return {anyascii(word)[:_STEM] for word in map(str.lower, _WORD.findall(name)) if word not in _LIGHT}
