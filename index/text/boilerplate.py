"""Split a page into its story and its boilerplate: navigation, sharing, tags, advertisements."""

from __future__ import annotations

import re

from index.text.datelines import is_credit
from index.text.header import find_footer, find_header
from index.text.languages import alternatives, lines_of
from index.types import Article, Span

HEAD = 6  # non-blank lines within which the headline and the credits are
_LONGEST = 160  # code points; a longer line is prose, however it starts
_LONGEST_TAG = 40
_SENTENCE_ENDS = '.!?…”"'

# Whole lines, in lower case and without the marks around them ("» Read More…" is "read more"). The empty one is a line
# of dashes or stars.
_LINES = frozenset(["", *lines_of(lambda language: f"{language.pages.lines}|{language.pages.website_lines}")])
_PATTERNS = re.compile(
    rf"""
      (?: {alternatives(lambda language: language.pages.labels)} ) \s* : .*
    | [^.!?>›»]{{1,40}} (?: \s [>›»] \s [^.!?>›»]{{1,40}} ){{2,}}  # a breadcrumb trail
    | (?: © | copyright \s* (?:©|\(c\))? \s* \d{{4}} ) .*
    | {alternatives(lambda language: language.pages.line_patterns)}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAG_HEADINGS = frozenset(lines_of(lambda language: language.pages.tag_headings))


def is_boilerplate(line: str) -> bool:
    """Return whether a line of a page is boilerplate; a blank line is not.

    >>> is_boilerplate("All news"), is_boilerplate("All news is local, the editor said.")
    (True, False)
    """
    line = line.strip()
    is_wrapped = line[:1].islower() and line[-1:] == "."  # the end of a sentence that began on the line above
    if not line or len(line) > _LONGEST or is_wrapped:
        return False
    return _bare(line) in _LINES or _PATTERNS.fullmatch(line) is not None


def story_spans(article: Article, has_start: bool = True) -> list[Span]:
    """Return the spans of an article's text that are its story, in order.

    Boilerplate is left out, and so are the header of a copy, the headline with a kicker ("Ukraine") above it, credits
    on lines of their own near the top ("By Jane Doe", "London CNN —"), and tags at the end. A span continues over blank
    lines and neither starts nor ends with white space. Offsets are code points of `article.text`. A header is looked
    for only if `has_start` says that the text has the start of its article.
    """
    title = article.title.split() if article.title else None
    runs: list[Span] = []
    broken = True  # whether the next line starts a span
    lines = _without_tags(article.text, text_lines(article.text))
    header = find_header(article.text, lines) if has_start else None
    if header:
        lines = [line for line in lines if line.end > header.end]
        below = lines[1:] if lines and lines[0].start < header.end else lines  # not the words after "Text:"
        lines = lines[: len(lines) - find_footer(article.text, below)]
        lines = [Span(max(line.start, header.end), line.end) for line in lines]
    for number, (start, end) in enumerate(lines):
        line = article.text[start:end]
        if number < HEAD and line.split() == title:
            runs = [run for run in runs if article.text[run.end - 1] in _SENTENCE_ENDS]
            broken = True
        elif is_boilerplate(line) or (number < HEAD and is_credit(line)):
            broken = True
        else:
            runs.append(Span(start, end) if broken else Span(runs.pop().start, end))
            broken = False
    return runs


def text_lines(text: str) -> list[Span]:
    """Return the lines of a text that are not blank, each without the white space around it."""
    spans = []
    position = 0
    for line in text.splitlines(keepends=True):
        if stripped := line.strip():
            start = position + line.index(stripped)
            spans.append(Span(start, start + len(stripped)))
        position += len(line)
    return spans


def _bare(line: str) -> str:
    """Return a line in lower case, without the marks and symbols around its words."""
    start, end = 0, len(line)
    while start < end and not line[start].isalnum():
        start += 1
    while end > start and not line[end - 1].isalnum():
        end -= 1
    return line[start:end].lower().replace("’", "'")


def _without_tags(text: str, lines: list[Span]) -> list[Span]:
    """Return the lines without a closing list of tags: a heading such as "Tags", followed only by tags."""
    for number in range(len(lines) - 1, -1, -1):
        start, end = lines[number]
        line = text[start:end]
        if _bare(line) in _TAG_HEADINGS:
            return lines[:number]
        if len(line) > _LONGEST_TAG or line[-1] in _SENTENCE_ENDS:
            break
    return lines
