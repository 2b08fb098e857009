"""One line of a header: a label with its value, a mark, or a date with the name before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.datelines import AGENCIES, BYLINE, without_by
from index.text.days import DATE_WORDS, LONGEST, UPDATED, StatedDate, find_days, words_outside_dates
from index.text.languages import LANGUAGES, alternatives, lines_of, split_lines

_LONGEST_LABELLED = 200  # code points of a line with a label

_WEBSITE = "|".join(lines_of(lambda language: language.pages.website_lines))
_RELEASE = alternatives(lambda language: language.pages.releases)
# Lines that only headers have, and those that websites put above an article that is copied from them
MARK = re.compile(
    rf"(?:\d+ of \d+ documents?|document \d+ of \d+|page \d+(?: of \d+)?|\d[\d,]* words|{_RELEASE}|{_WEBSITE}"
    r"|copyright .*(?:\d{4}|©|\(c\)|all rights reserved).*"
    r"|(?:©|\(c\)) ?\d{4} .*|all rights reserved\.?|end of document|(?:full )?text:|full "
    r"text|body:?|(?:# ?)+|-30-"
    r"|(?:(?:late|early|final|first|second|national|suburban|city|regional|main|sunday|international|online|us|uk) )+"
    r"edition(?: - final)?)",
    re.IGNORECASE,
)
IS_RELEASE, IS_WEBSITE = re.compile(_RELEASE, re.IGNORECASE), re.compile(_WEBSITE, re.IGNORECASE)
ARCHIVE = re.compile(r".*\bdocuments?\b.*|.* words|full text|length|load-date|section|publication-type", re.IGNORECASE)
# The kind of value that each label names. "about": the outlet, the place and the date; "contact": an address, in this
# line or those below; "other": nothing that is kept; "mail": a header of an e-mail; "subject": of a message, or of the
# article in an archive's catalogue.
_KINDS = {
    label: kind
    for language in LANGUAGES
    for kind, labels in language.pages.header_labels.items()
    for label in split_lines(labels)
}
_LABEL = re.compile(r"([^\W\d_][\w -]{1,30}?)\s?:\s*(.*)")
# Between a date and the name before it
_BETWEEN = re.compile(rf"(?:[\W_]|{DATE_WORDS.pattern})+\Z", re.IGNORECASE)
_SEPARATED = re.compile(r"\s*[,;|•·/–—-]")
_CAPITALISED = r"[^\W\d_a-zа-яёіїєґ][\w.'’&-]*"
_NAME = re.compile(rf"{_CAPITALISED}(?: (?:(?:and|of|the|in|de|van|von|и|в|на) )?{_CAPITALISED}){{0,4}}")


@dataclass(frozen=True, slots=True)
class Label:
    """A label in lower case, the kind of value that it names, and the value after it."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DatedLine:
    """The days that a line states, as they are written, and the author, outlet or mark before them."""

    published: str | None
    modified: str | None
    author: str | None = None
    source: str | None = None
    mark: str | None = None


def label_of(line: str) -> Label | None:
    """Return the label of a line; its value is empty if the label is alone on the line, without a colon."""
    if kind := _KINDS.get(line.lower()):
        return Label(kind, line.lower(), "") if kind in ("published", "modified", "body") else None
    match = _LABEL.fullmatch(line) if len(line) <= _LONGEST_LABELLED else None
    kind = _KINDS.get(match[1].lower()) if match else None
    return Label(kind, match[1].lower(), match[2]) if match and kind else None


def dated(line: str, is_first: bool) -> DatedLine | None:
    """Return what a line of days states, which may begin with a name; None for a line that says more.

    >>> dated("By Jane Doe | March 5, 2022", False)
    DatedLine(published='March 5, 2022', modified=None, author='Jane Doe', source=None, mark=None)
    """
    found = list(find_days(line)) if len(line) <= LONGEST else []
    if not found:
        return None
    days = days_of(found)
    if not words_outside_dates(line, found):
        return days
    before = line[: found[0].start]
    plain = before.rstrip(" :,;|•·/–—-([")
    if MARK.fullmatch(plain):
        return DatedLine(days.published, days.modified, mark=plain.lower())
    between = _BETWEEN.search(before)
    for name in (plain, before[: between.start()] if between else before):
        rest = line[len(name) :]
        if words_outside_dates(rest, [*find_days(rest)]) or UPDATED.search(name):
            continue
        if BYLINE.fullmatch(name):
            return DatedLine(days.published, days.modified, author=without_by(name))
        if _SEPARATED.match(rest) and re.fullmatch(AGENCIES, name):
            return DatedLine(days.published, days.modified, source=name)
        if _SEPARATED.match(rest) and _NAME.fullmatch(name) and not is_first:
            return days
    return None


def days_of(found: list[StatedDate]) -> DatedLine:
    """Return the first day of publication and the first day of a change."""
    published = next((stated.text for stated in found if not stated.is_update), None)
    return DatedLine(published, next((stated.text for stated in found if stated.is_update), None))
