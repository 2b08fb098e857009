"""Find the headline of a plain text."""

from __future__ import annotations

from itertools import pairwise

from index.text.boilerplate import HEAD, is_boilerplate, text_lines
from index.text.datelines import is_credit, parse_dateline

_MAX_LENGTH = 200  # code points
_FINAL_ABBREVIATIONS = ("...", "U.S.", "U.K.", "U.N.", "Inc.", "Jr.")
_MAX_QUESTION_WORDS = 15  # a longer question or exclamation is prose


def find_headline(text: str) -> str | None:
    """Return the first line that reads like a headline, None if the text starts with the story.

    Boilerplate, credits and a kicker of one word ("Ukraine") above the headline are skipped.

    >>> find_headline("All news\\n\\nRain stops play in Leeds\\n\\nLEEDS, April 2. /TASS/. It rained.")
    'Rain stops play in Leeds'
    """
    for span, next_span in pairwise(text_lines(text)[: HEAD + 1]):  # a single line is a story without a headline
        line, following = text[span.start : span.end], text[next_span.start : next_span.end]
        # Whether both lines belong to one wrapped paragraph.
        wraps = following[0].islower() and text.count("\n", span.end, next_span.start) == 1
        if is_boilerplate(line) or (is_credit(line) and parse_dateline(line) is None) or _is_kicker(line):
            continue
        return line if not wraps and _reads_like_headline(line) else None
    return None


def _is_kicker(line: str) -> bool:
    has_case = line.upper() != line.lower()  # scripts without case may not separate words
    return has_case and len(line.split()) == 1 and line[-1] not in ".!?"


def _reads_like_headline(line: str) -> bool:
    if len(line) > _MAX_LENGTH or parse_dateline(line) or (line[0].islower() and not line[1:2].isupper()):  # iPhone
        return False
    closing = line.rstrip("\"'”’»)")[-1:]
    if closing in (".", "。") and not line.endswith(_FINAL_ABBREVIATIONS):
        return False
    if closing in ("!", "?"):
        return len(line.split()) <= _MAX_QUESTION_WORDS
    return closing not in (":", ",", ";")
