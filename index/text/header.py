"""The header of a text that was copied from a newspaper, an archive or a press release.

1 of 3 DOCUMENTS                FOR IMMEDIATE RELEASE           Title: Rain stops play
The Leeds Post                  5 March 2022                    Publication: The Leeds Post
March 5, 2022 Saturday          Rain stops play                 Date: 5 March 2022
Rain stops play                 Contact: press@example.org
BYLINE: By Jane Doe
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.text.coded_header import find_codes
from index.text.datelines import AGENCIES, BYLINE, parse_dateline, without_by
from index.text.days import find_days
from index.text.header_lines import ARCHIVE, IS_RELEASE, IS_WEBSITE, MARK, DatedLine, Label, dated, days_of, label_of
from index.text.languages import alternatives
from index.types import Span

_LINES = 30  # of which a header has no more
_MOST_FREE = 4  # lines in a row that are neither a label, a mark nor a date
_LONGEST = 200  # code points of a line of a header
_MOST_WORDS = 25  # of such a line; a longer one is prose
_PUBLISHED = re.compile(alternatives(lambda language: language.pages.published), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The statements of a header, as they are written; None where one is missing."""

    title: str | None
    source: str | None
    published: str | None
    modified: str | None
    authors: tuple[str, ...]
    free: tuple[str, ...]  # lines without a label, a mark or a date, in order: the headline and the outlet among them
    end: int  # the offset after its last line


def find_header(text: str, lines: Sequence[Span]) -> Header | None:
    """Return the header of a text, whose lines that are not blank are `lines`; None if it has none.

    A header consists of marks, labels and dates, each on a line of its own, and of short free lines before the last of
    them: the headline and the outlet. In an archive's copy the outlet is above the date and the headline below it, or
    the headline is above the outlet. In a press release the headline is the first free line, and the header lasts until
    the story begins. A labelled date may also be the last line of a text; the header then ends at 0.
    """
    if coded := find_codes(text, lines):
        return _HeaderState(stated=coded[0], end=coded[1]).header()
    state = _HeaderState()
    state.read(text, lines)
    if state.is_archive():
        for start, stop in lines[len(lines) - find_footer(text, lines) :]:
            if label := label_of(text[start:stop]):
                state.take(label, text[start:stop])
    if state.end and not state.is_one_label():
        return state.header()
    last = text[lines[-1].start : lines[-1].end] if lines else ""
    days = dated(last, is_first=len(lines) == 1) if _PUBLISHED.match(last) else None
    return Header(None, None, days.published, days.modified, (), (), 0) if days else None


def find_footer(text: str, lines: Sequence[Span]) -> int:
    """Return how many of the last lines are labels, marks and dates, as at the end of an archive's copy."""
    count = 0
    for start, stop in reversed(lines[-_LINES:]):
        line = text[start:stop]
        if not label_of(line) and not MARK.fullmatch(line) and not (_PUBLISHED.match(line) and dated(line, True)):
            break
        count += 1
    return count


@dataclass(slots=True)
class _HeaderState:
    """The state of reading a header line by line."""

    stated: dict[str, str] = field(default_factory=dict)
    free: list[tuple[int, str]] = field(default_factory=list)  # (number of dates above the line, line)
    kept: int = 0  # number of free lines above the header's last line
    dates: int = 0
    marks: list[str] = field(default_factory=list)
    awaited: str = ""  # the kind of a label whose value is on the next line
    in_contact: bool = False  # whether the lines of an address follow
    labels: list[str] = field(default_factory=list)  # kinds
    end: int = 0

    def read(self, text: str, lines: Sequence[Span]) -> None:
        """Read the lines of a text until one is not part of its header."""
        last = 0
        for number, (start, stop) in enumerate(lines[:_LINES]):
            line = text[start:stop]
            # A blank line ends an address.
            self.in_contact = self.in_contact and text.count("\n", last, start) == 1 and self._may_be_free(line)
            last = stop
            label = label_of(line)
            if label and number == 0 and label.kind == "body" and _is_unfinished(label.value):
                return  # it is a headline: "Text: what the treaty says"
            if label and label.kind == "body":
                self.marks.append(label.name)
                self.kept, self.end = len(self.free), stop - len(label.value)
                return
            awaited, self.awaited = self.awaited, ""
            if label:
                self.take(label, line)
            elif days := dated(line, is_first=number == 0):
                self._take_days(days, awaited)
            elif MARK.fullmatch(line) or (line.isdecimal() and self._has(IS_WEBSITE)):  # a count of comments
                self.marks.append(line.lower())
            elif self.in_contact:
                pass
            elif len(self.free) - self.kept < _MOST_FREE and self._may_be_free(line):
                self.free.append((self.dates, line))
                if not self._has(IS_RELEASE) or parse_dateline(line):
                    continue
            else:
                return
            self.kept, self.end = len(self.free), stop

    def take(self, label: Label, line: str) -> None:
        """Note what a label states."""
        self.labels.append(label.kind)
        found = list(find_days(line))
        if label.kind in ("published", "modified", "about"):
            days = days_of(found)
            self._state("modified", days.modified)
            self._state("published", label.value if label.kind == "published" and found else days.published)
            self.awaited = "" if label.value else label.kind
        if label.kind == "about":
            self._state("source", label.value)
        elif label.kind in ("title", "source", "author"):
            self._state(label.kind, label.value)
        elif label.kind == "subject" and "mail" in self.labels:
            self._state("title", label.value)
        self.marks += [label.name] if ARCHIVE.fullmatch(label.name) else []
        self.in_contact = label.kind == "contact"

    def is_archive(self) -> bool:
        """Return whether the text is a copy from an archive."""
        return self._has(ARCHIVE)

    def is_one_label(self) -> bool:
        """Return whether all there is may be a headline that begins like a label: "Contact: aliens land in film"."""
        is_alone = not (self.free or self.dates or self.marks or self.stated)
        return is_alone and self.labels in (["contact"], ["other"], ["mail"], ["subject"])

    def header(self) -> Header:
        """Return the header that was read."""
        title, source = self._title_and_source()
        source = (self.stated.get("source") or source or "").partition(";")[0].strip()
        authors = without_by(self.stated.get("author", ""))
        return Header(
            (self.stated.get("title") or title or "").rstrip(";") or None,
            source or None,
            self.stated.get("published"),
            self.stated.get("modified"),
            (authors,) if authors else (),
            tuple(line for _, line in self.free[: self.kept]),
            self.end,
        )

    def _take_days(self, days: DatedLine, awaited: str) -> None:
        if awaited == "modified":  # the label is on the line above
            self._state("modified", days.published)
            return
        self._state("published", days.published)
        self._state("modified", days.modified)
        self._state("author", days.author)
        self._state("source", days.source)
        self.marks += [days.mark] if days.mark else []
        self.dates += days.published is not None

    def _state(self, kind: str, value: str | None) -> None:
        if value:
            self.stated.setdefault(kind, value)

    def _has(self, mark: re.Pattern[str]) -> bool:
        return any(mark.fullmatch(line) for line in self.marks)

    def _may_be_free(self, line: str) -> bool:
        """Return whether a line may be a headline or an outlet, and not a sentence.

        On a website a sentence may follow below the headline.
        """
        ends = ":;," if self._has(IS_WEBSITE) else ".:," if self.is_archive() else ".:;,"
        return len(line) <= _LONGEST and len(line.split()) <= _MOST_WORDS and line[-1] not in ends

    def _title_and_source(self) -> tuple[str | None, str | None]:
        free = self.free[: self.kept]
        above = [line for dates, line in free if not dates]
        below = [line for dates, line in free if dates]
        if self.is_archive():
            if "title" in self.stated or not above:
                return None, next(reversed(above), None) or next(iter(below), None)
            if any(mark.endswith(" words") for mark in self.marks) and below:  # shown by Factiva
                return next((line for line in reversed(above) if not BYLINE.fullmatch(line)), None), below[0]
            return (below[0], above[-1]) if below else (above[0], next(iter(above[1:]), None))
        if self._has(IS_RELEASE):
            return next((line for _, line in free), None), None
        if len(above) > 1 and re.fullmatch(AGENCIES, above[0]):
            return above[1], above[0]
        return None, None


def _is_unfinished(text: str) -> bool:
    """Return whether a text does not end like a sentence."""
    return bool(text) and text.rstrip("\"'”’»)")[-1:] not in (".", "!", "?", "…")
