"""Quotations in a text: the spans between quotation marks, also across sentences and paragraphs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Span

_LONGEST = 2000  # code points
_CLOSING = {"“": "”", "«": "»", "„": "“”", '"': '"', "「": "」"}
_MARK = re.compile(r"[“”«»„\"「」]|\n\s*\n|\n")
_OPEN = re.compile(r"(?<![^\s(\[—–\-/:“«„])\"(?=\S)")  # a straight mark that opens
_CUT = re.compile(r"\s(?=\S*$)")


def quotation_spans(text: str, longest: int = _LONGEST) -> list[Span]:
    """Return the quotations with their opening and closing marks, in order and disjoint.

    A quotation of several paragraphs, each with its own opening mark, is one span. One that is never closed ends with
    its paragraph. One that is longer than `longest` code points is cut before the word that exceeds the limit.

    >>> [text[start:end] for text in ['“One. Two,” he said.'] for start, end in quotation_spans(text)]
    ['“One. Two,”']
    """
    return [Span(start, _shortened(text, start, end, longest)) for start, end in _quotations(text)]


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each quotation, however long it is."""
    opened: tuple[int, str] | None = None
    again = -1  # the opening mark of a paragraph that continues an open quotation
    line_end = 0
    for found in _MARK.finditer(text):
        at, mark = found.start(), found[0]
        if mark.isspace():
            line_end = at
            if opened and text[found.end() : found.end() + 1] == opened[1]:
                again = found.end()
            elif opened and mark.count("\n") > 1:
                yield opened[0], len(text[:at].rstrip())
                opened = None
        elif at == again:
            continue
        elif opened and mark in _CLOSING[opened[1]] and not (mark == '"' and _OPEN.match(text, at)):
            yield opened[0], at + 1
            opened = None
        elif opened and mark == opened[1]:  # never closed: it ended with its line, or was not a quotation
            if line_end > opened[0]:
                yield opened[0], len(text[:line_end].rstrip())
            opened = at, mark
        elif not opened and mark in _CLOSING and (mark != '"' or _OPEN.match(text, at)):
            opened = at, mark
    if opened:
        yield opened[0], len(text.rstrip())


def _shortened(text: str, start: int, end: int, longest: int) -> int:
    """Return the end of a quotation after the last word that fits."""
    if end - start <= longest:
        return end
    cut = _CUT.search(text, start, start + longest + 1)
    return cut.start() if cut and cut.start() > start else start + longest
