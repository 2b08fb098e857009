"""Whom a question asks about having said something, and whether a sentence is said by somebody else. Pure."""

from __future__ import annotations

import re

from index.types import Span
from retrieval.rules.speakers import speaker

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


def asked_speaker(question: str) -> str | None:
    """Return the name of whom a question asks what they said; None if it asks something else or names nobody.

    >>> asked_speaker("what did Dmitry Rogozin say about sanctions?"), asked_speaker("what did he say?")
    ('Dmitry Rogozin', None)
    """
    for pattern in _ASKED:
        if found := pattern.search(question.splitlines()[-1] if question.strip() else ""):
            name = found["name"].strip()
            if any(word[0].isupper() for word in _WORD.findall(name)):
                return name
    return None


def is_said_by_another(text: str, sentence: Span, name: str) -> bool:
    """Return whether a sentence names who is quoted in it, and that is not who has this name."""
    spoken = speaker(text, sentence)
    if spoken is None:
        return False
    own = {word[:_STEM].lower() for word in _WORD.findall(text[slice(*spoken.speaker)])}
    return own.isdisjoint(word[:_STEM].lower() for word in _WORD.findall(name))
