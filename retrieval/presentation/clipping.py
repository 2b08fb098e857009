"""Where a long text may be cut: at a paragraph, a sentence, a word, and never inside a character as one sees it."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = (
    re.compile(r"\n+"),
    re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？]+[」』”]*"),
    re.compile(r"\s+"),
)
_ZERO_WIDTH_JOINER = "\u200d"
# Skin tones, the tags of some flags, and the later letters of a Korean syllable that is spelt out.
_MODIFIER = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff]")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]*$")


def units(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 code units.

    >>> units("a😀")
    3
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `limit` units."""
    return text if units(text) <= limit else text[: cut(text, limit - 1)].rstrip() + "…"


def clip_start(text: str, limit: int) -> str:
    """The text, or an ellipsis and its end from the start of a word on, in at most `limit` units.

    >>> clip_start("one two three", 8)
    '…three'
    """
    if units(text) <= limit:
        return text
    start = len(text) - _prefix(text[::-1], limit - 1)
    middle = (start + len(text)) // 2  # not beyond it, so that what is left does not get short
    words = (blank.end() for blank in re.compile(r"\s+").finditer(text, start, middle))
    places = (place for place in (*words, *range(start, len(text))) if not _joined(text, place))
    return "…" + text[next(places, start) :]


def cut(text: str, limit: int) -> int:
    """Where the first piece ends, in code points: at most `limit` units from the start, and after at least one.

    >>> cut("It rained. It snowed too.", 16)
    11
    """
    longest = _prefix(text, limit)
    if longest == len(text):
        return longest
    for pattern in _BREAKS:  # in the second half only, so that pieces do not get short
        ends = [match.end() for match in pattern.finditer(text, longest // 2, longest)]
        ends = [end for end in ends if not _joined(text, end)]
        if ends:
            return ends[-1]
    return next((end for end in range(longest, longest // 2, -1) if not _joined(text, end)), longest)


def _prefix(text: str, limit: int) -> int:
    """How many code points from the start make at most `limit` units; at least one."""
    used = 0
    for place, character in enumerate(text):
        used += 1 + (character > "\uffff")
        if used > limit:
            return max(place, 1)
    return len(text)


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place are, or may be, seen as one."""
    before, after = text[place - 1], text[place]
    if _ZERO_WIDTH_JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    letters = _FLAG_LETTERS.search(text[: place + 1])
    if letters and len(letters.group()) > 1:  # two of them make a flag
        return len(letters.group()) % 2 == 0
    return _MODIFIER.match(after) is not None
