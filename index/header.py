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
from dataclasses import dataclass

from index.days import date_line, find_days
from index.types import Span
from index.wire import parse_dateline

LINES = 30  # within which a header ends
FREE = 4  # lines in a row that are neither a label, a mark nor a date
LONGEST = 200  # code points of a line of a header
PROSE = 25  # words

# A first line that is only ever a header's, and the words that websites put above an article when it is copied.
MARK = re.compile(
    r"(?:\d+ of \d+ documents?|document \d+ of \d+|(?:for )?immediate release|for release.*|embargoed?\b.*"
    r"|(?:press|news|media) release"
    r"|skip (?:advertisement|to (?:main )?content)|advertisement|supported by|give this article|share full article"
    r"|copyright .*|© ?\d{4} .*|all rights reserved\.?|end of document|full text|body:?|###|-30-"
    r"|(?:(?:late|early|final|first|second|national|suburban|city|regional|main|sunday|international|online|us|uk) )+"
    r"edition(?: - final)?"
    r"|пресс-релиз|для немедленного распространения|pressemitteilung|zur sofortigen veröffentlichung)",
    re.IGNORECASE,
)
RELEASE = re.compile(
    r"\brelease\b|embargo|пресс-релиз|распространения|pressemitteilung|veröffentlichung", re.IGNORECASE
)
LABELS = {
    "title": "title|headline|hed|titel|überschrift|заголовок",
    "source": "publication|publication title|newspaper|source|outlet|publisher|quelle|источник|издание|джерело|видання",
    "published": "date|published|publication date|date published|pub date|posted|first published|datum|veröffentlicht"
    "|дата|опубликовано|дата публикации|опубліковано|дата публікації",
    "author": "byline|author|authors|by|written by|autor|autorin|автор|авторы|автори",
    "other": "section|length|dateline|language|graphic|highlight|load-date|publication-type|document-type|type"
    "|copyright|contact|contacts|media contact|media contacts|press contact|phone|tel|telephone|fax|e-mail"
    "|email|website|web|url|link|page|pages|volume|issue|issn|edition|subject|subjects|keywords|category"
    "|document url|updated|last updated|пресс-контакт|контакты|обновлено|pressekontakt|kontakt",
}
KINDS = {label: kind for kind, labels in LABELS.items() for label in labels.split("|")}
LABEL = re.compile(r"([^\W\d_][\w -]{1,30}?)\s?:\s*(.*)")
ARCHIVE = frozenset(["length", "load-date", "section", "publication-type"])  # of Nexis


@dataclass(frozen=True, slots=True)
class Header:
    """What a header states, as it is written; None where it does not. `end` is where its last line ends."""

    title: str | None
    source: str | None
    published: str | None
    authors: tuple[str, ...]
    free: tuple[str, ...]  # its lines that say none of this, or do so only as a headline does, by where they stand
    end: int


def find_header(text: str, lines: Sequence[Span]) -> Header | None:
    """The header that a text starts with; `lines` are its lines that are not blank.

    A header is made of marks, labels and dates, each on a line of its own, and of short lines before the last of them:
    the headline and the outlet. In an archive's copy the outlet is above the date and the headline below it, or the
    headline above the outlet; in a press release the headline is the first such line, and all until the story are its.
    """
    stated: dict[str, str] = {}
    free: list[tuple[int, str]] = []  # (how many dates are above it, line)
    kept = 0  # of the free lines, those above the header's last line
    dates: list[str] = []
    marks: list[str] = []
    end = last = 0
    in_contact = False
    for start, stop in lines[:LINES]:
        line = text[start:stop]
        label = _label(line)
        # The lines of an address; a blank line ends it.
        in_contact = in_contact and text.count("\n", last, start) == 1 and _is_short(line)
        last = stop
        reading = date_line(line)
        if label:
            kind, name, value = label
            if value and (kind != "published" or any(find_days(value))):
                stated.setdefault(kind, value)
            marks += [name] if name in ARCHIVE else []
            in_contact = "contact" in name or "контакт" in name or "kontakt" in name
        elif reading:
            dates.append(reading.text)
        elif MARK.fullmatch(line):
            marks.append(line.lower())
        elif in_contact:
            pass
        elif len(free) - kept < FREE and _is_short(line):
            free.append((len(dates), line))
            if not any(RELEASE.search(mark) for mark in marks) or parse_dateline(line):
                continue
        else:
            break
        kept, end = len(free), stop
        if line.lower().rstrip(":") == "body":
            break
    if not end:
        return None
    title, source = _title_and_source(free[:kept], marks)
    authors = re.sub(r"^by\s", "", stated.get("author", ""), flags=re.IGNORECASE)
    return Header(
        stated.get("title") or title,
        stated.get("source") or source,
        stated.get("published") or next(iter(dates), None),
        (authors,) if authors else (),
        tuple(line for _, line in free[:kept]),
        end,
    )


def find_footer(text: str, lines: Sequence[Span]) -> int:
    """How many of the last lines of a text with a header are labels and marks, as those of archives are."""
    count = 0
    for start, stop in reversed(lines[-LINES:]):
        line = text[start:stop]
        if not _label(line) and not MARK.fullmatch(line):
            break
        count += 1
    return count


def _label(line: str) -> tuple[str, str, str] | None:
    """The kind of a labelled line, its label and its value."""
    match = LABEL.fullmatch(line) if len(line) <= LONGEST else None
    kind = KINDS.get(match[1].lower()) if match else None
    return (kind, match[1].lower(), match[2]) if match and kind else None


def _is_short(line: str) -> bool:
    """Whether a line may be a headline or an outlet; a sentence is neither."""
    return len(line) <= LONGEST and len(line.split()) <= PROSE and line[-1] not in ".:;,"


def _title_and_source(free: Sequence[tuple[int, str]], marks: Sequence[str]) -> tuple[str | None, str | None]:
    above = [line for dates, line in free if not dates]
    below = [line for dates, line in free if dates]
    if any("document" in mark or mark in ARCHIVE for mark in marks):
        if below:
            return below[0], next(reversed(above), None)
        return next(iter(above), None), next(iter(above[1:]), None)
    if any(RELEASE.search(mark) for mark in marks):
        return next((line for _, line in free), None), None
    return None, None
