"""A question joined with the earlier one that it may follow up. Pure.

Each has a line of its own: the last line is the question, and the line before it is the earlier one.
"""

from __future__ import annotations

from retrieval.query.small_talk import without_small_talk

_LONGEST_EARLIER = 200  # code points of an earlier question
_LONGEST_NOTED = 80  # code points of a question that is shown to people


def cleaned(text: str) -> str:
    """Return a question in one line, without the small talk around it."""
    return " ".join(without_small_talk(text).split())


def joined(earlier: str, question: str) -> str:
    """Return a question in a line after the earlier one, of which only the first line is kept.

    >>> joined("who is under sanctions?", "since when?")
    'who is under sanctions?\\nsince when?'
    """
    before = cleaned(earlier.strip().splitlines()[0])
    return f"{_cut(before, _LONGEST_EARLIER)}\n{question}" if before else question


def noted(text: str) -> str:
    """Return both questions in one line, which tells people how the last one was understood.

    >>> noted("who is under sanctions?\\nsince when?")
    'who is under sanctions? … since when?'
    """
    return " … ".join(_cut(line, _LONGEST_NOTED) for line in text.splitlines())


def _cut(text: str, limit: int) -> str:
    """Return a text, or as many of its first words as fit, with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(maxsplit=1)[0] + "…"
