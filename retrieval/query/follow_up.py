"""A question joined with the one that it may follow. Pure.

Both are kept in lines of their own: the last line is what is asked, and the line before is what it follows.
"""

from __future__ import annotations

from retrieval.query.small_talk import without_small_talk

_CARRIED = 200  # code points of an earlier question
_NOTED = 80


def cleaned(text: str) -> str:
    """Return a question in one line, without the small talk around it."""
    return " ".join(without_small_talk(text).split())


def joined(earlier: str, question: str) -> str:
    """Return a question after the earlier one, of whose lines the first counts.

    >>> joined("who is under sanctions?", "since when?")
    'who is under sanctions?\\nsince when?'
    """
    before = cleaned(earlier.strip().splitlines()[0])
    return f"{_cut(before, _CARRIED)}\n{question}" if before else question


def noted(text: str) -> str:
    """Return both questions in a line, for people to see how the last one was understood.

    >>> noted("who is under sanctions?\\nsince when?")
    'who is under sanctions? … since when?'
    """
    return " … ".join(_cut(line, _NOTED) for line in text.splitlines())


def _cut(text: str, limit: int) -> str:
    """Return the text, or its beginning up to a space and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(maxsplit=1)[0] + "…"
