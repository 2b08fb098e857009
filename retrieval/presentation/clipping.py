"""Shorten texts to a limit in UTF-16 units: at a paragraph, a sentence or a word, never inside a visible character."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = (
    re.compile(r"\n+"),
    re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？]+[」』”]*"),
    re.compile(r"\s+"),
)
_ZERO_WIDTH_JOINER = "\u200d"
# Skin tones, the tag characters of some flags, and the vowels and final consonants of decomposed Korean syllables.
_MODIFIER = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff]")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]*$")


def units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts it.

    >>> units("a😀")
    3
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Return the text, or if it is too long its beginning and an ellipsis, in at most `limit` units."""
    return text if units(text) <= limit else text[: cut(text, limit - 1)].rstrip() + "…"


def clip_start(text: str, limit: int) -> str:
    """Return the text, or if it is too long an ellipsis and its last words, in at most `limit` units.

    >>> clip_start("one two three", 8)
    '…three'
    """
    if units(text) <= limit:
        return text
    start = len(text) - _prefix(text[::-1], limit - 1)
    middle = (start + len(text)) // 2  # a word may only start before it, so that at least half of the room is used
    words = (blank.end() for blank in re.compile(r"\s+").finditer(text, start, middle))
    places = (place for place in (*words, *range(start, len(text))) if not _joined(text, place))
    return "…" + text[next(places, start) :]


def cut(text: str, limit: int) -> int:
    """Return where to cut a text, in code points: at most `limit` units from its start, and after at least one.

    >>> cut("It rained. It snowed too.", 16)
    11
    """
    longest = _prefix(text, limit)
    if longest == len(text):
        return longest
    for pattern in _BREAKS:  # only in the second half, so that at least half of the room is used
        ends = [match.end() for match in pattern.finditer(text, longest // 2, longest)]
        ends = [end for end in ends if not _joined(text, end)]
        if ends:
            return ends[-1]
    return next((end for end in range(longest, longest // 2, -1) if not _joined(text, end)), longest)


def _prefix(text: str, limit: int) -> int:
    """Return how many code points from the start make up at most `limit` units; at least one."""
    used = 0
    for place, character in enumerate(text):
        used += 1 + (character > "\uffff")
        if used > limit:
            return max(place, 1)
    return len(text)


def _joined(text: str, place: int) -> bool:
    """Return whether the code points on both sides of a place are, or may be, parts of one visible character."""
    before, after = text[place - 1], text[place]
    if _ZERO_WIDTH_JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    letters = _FLAG_LETTERS.search(text[: place + 1])
    if letters and len(letters.group()) > 1:  # each pair of them is one flag
        return len(letters.group()) % 2 == 0
    return _MODIFIER.match(after) is not None
