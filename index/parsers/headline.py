"""Which line of plain text is its headline."""

from __future__ import annotations

from itertools import pairwise

from index.text.boilerplate import HEAD, is_boilerplate, text_lines
from index.text.datelines import is_credit, parse_dateline

LONGEST = 200  # code points
ABBREVIATIONS = ("...", "U.S.", "U.K.", "U.N.", "Inc.", "Jr.")
QUESTION_WORDS = 15  # a question or exclamation of more words is prose


def find_headline(text: str) -> str | None:
    """The first line that reads like a headline, or None for a text that starts with its story.

    Furniture, credits and a kicker of one word ("Ukraine") above the headline are passed over.

    >>> find_headline("All news\\n\\nRain stops play in Leeds\\n\\nLEEDS, April 2. /TASS/. It rained.")
    'Rain stops play in Leeds'
    """
    for span, next_span in pairwise(text_lines(text)[: HEAD + 1]):  # nothing but a headline is a story without one
        line, following = text[span.start : span.end], text[next_span.start : next_span.end]
        # One paragraph, broken into lines.
        wraps = following[0].islower() and text.count("\n", span.end, next_span.start) == 1
        if is_boilerplate(line) or (is_credit(line) and parse_dateline(line) is None) or _is_kicker(line):
            continue
        return line if not wraps and _reads_like_one(line) else None
    return None


def _is_kicker(line: str) -> bool:
    has_case = line.upper() != line.lower()  # a script without case may have no spaces either
    return has_case and len(line.split()) == 1 and line[-1] not in ".!?"


def _reads_like_one(line: str) -> bool:
    if len(line) > LONGEST or parse_dateline(line) or (line[0].islower() and not line[1:2].isupper()):  # iPhone
        return False
    closing = line.rstrip("\"'”’»)")[-1:]
    if closing in (".", "。") and not line.endswith(ABBREVIATIONS):
        return False
    if closing in ("!", "?"):
        return len(line.split()) <= QUESTION_WORDS
    return closing not in (":", ",", ";")
