"""Unambiguous days in a text.

Nothing is guessed: a date without its year, or one with two readings ("03/04/2022"), yields no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from index.text.datelines import AGENCIES, MONTH, WEEKDAY, month_number
from index.text.languages import LANGUAGES, alternatives, any_of, words_of

_TIME = r"(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = [
    re.compile(rf"(?<![\w./-])(?:{form})(?!\w|[./-]\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/]|\.\s?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?:T\d\d:?\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?",
        rf"{_DAY}[\s/-]{{1,3}}(?:de\s|of\s)?(?P<name>{MONTH})[,.]?[\s/-]{{1,3}}(?:de\s|del\s)?{_YEAR}",
        rf"(?P<name>{MONTH})[\s-]{{1,3}}{_DAY}(?:,\s?|\s{{1,3}}|-)(?:(?:at\s)?{_TIME}[\s,]+)?{_YEAR}",
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)",
    )
]
_FORMS.append(re.compile(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"))
_EARLIEST, _LATEST = 1000, 9998  # years
_PLACEHOLDERS = (date(1970, 1, 1), date(1900, 1, 1))  # what programs write for a missing date
LONGEST = 80  # code points around a date, in a line that states only that
_SHORT_WEEKDAYS = any_of(short for language in LANGUAGES for day in language.weekdays for short in day.short)
_WEEKDAY_STEMS = "|".join(day.stem for language in LANGUAGES for day in language.weekdays if day.stem)
# Words around a date that add nothing to it
DATE_WORDS = re.compile(
    rf"(?:[+-]\d\d:?\d\d\b|\b(?:{WEEKDAY}|{_TIME}|\d{{1,2}}(?:h\d\d)?|[ap]\.?m|(?-i:[A-ZА-Я]{{2,4}}|{_SHORT_WEEKDAYS})"
    rf"|{any_of(words_of(lambda language: language.pages.date_words))})\b"
    rf"|\b(?:{alternatives(lambda language: language.pages.date_stems)}"
    rf"|{_WEEKDAY_STEMS}|{alternatives(lambda language: language.pages.weekday_stems)})\w*)",
    re.IGNORECASE,
)
# Words before the day on which an article was changed
UPDATED = re.compile(rf"\b(?:{alternatives(lambda language: language.pages.updated)})", re.IGNORECASE)
_LABEL_START = r"(?:^|[|·•—–;(]\s*|\n)"
# Words before the day of something else
_OTHER_DATE = re.compile(
    rf"\b(?:{alternatives(lambda language: language.pages.other_dates_anywhere)})\s*$"
    rf"|{_LABEL_START}(?:{alternatives(lambda language: language.pages.other_dates)})"
    rf"(?:\s(?:{any_of(words_of(lambda language: language.pages.label_links))}))?:?\s*$",
    re.IGNORECASE,
)
# A label of up to four words: those before the last one, and the last one
_LABEL = re.compile(
    rf"{_LABEL_START}((?:[^\W\d_][\w’'-]*\s){{0,3}})([^\W\d_][\w’'-]*)\s?:\s*(?:{WEEKDAY},?\s*)?$", re.IGNORECASE
)
_DATE_LABEL = re.compile(alternatives(lambda language: language.pages.date_labels), re.IGNORECASE)
# The last word of a label before the day of publication
_PUBLICATION = re.compile(
    rf"{AGENCIES}|(?:{alternatives(lambda language: language.pages.publication_labels)})", re.IGNORECASE
)
_RANGE = re.compile(rf"\s*(?:[-–—−]|{any_of(words_of(lambda language: language.pages.ranges))})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date in a text: the days that it can mean, one if it is unambiguous, and its place in the text."""

    days: tuple[date, ...]
    text: str
    start: int
    end: int
    is_update: bool = False  # the words before it say that the article was changed then

    @property
    def day(self) -> date | None:
        """Return the day; None if the date is ambiguous."""
        return self.days[0] if len(self.days) == 1 else None


def stated_day(text: str) -> date | None:
    """Return the one day of publication that a line states; None if it states several, or says much else."""
    found = [stated for stated in find_days(text) if not stated.is_update]
    if len(found) != 1 or len(text) > LONGEST + found[0].end - found[0].start:
        return None
    return found[0].day


def words_outside_dates(text: str, found: list[StatedDate]) -> list[str]:
    """Return the words of a text outside its dates, without labels, weekdays and times."""
    edges = [0, *(edge for stated in found for edge in (stated.start, stated.end)), len(text)]
    rest = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return re.findall(r"\w+", DATE_WORDS.sub(" ", rest))


def find_days(text: str) -> Iterator[StatedDate]:
    """Yield the complete dates of a text, in order, that may be the day of publication or of a change.

    Placeholders are skipped, and so are both ends of a range and dates whose label says that they are something else.
    """
    matches: list[re.Match[str]] = []
    for match in sorted((match for form in _FORMS for match in form.finditer(text)), key=lambda match: match.start()):
        if not matches or match.start() >= matches[-1].end():
            matches.append(match)
    if not matches:
        return
    ends = [0, *(match.end() for match in matches)]
    between = [text[end : match.start()] for end, match in zip(ends, matches, strict=False)]
    is_range = [False, *(_RANGE.fullmatch(words) is not None for words in between[1:]), False]
    for match, label, of_range in zip(matches, between, pairwise(is_range), strict=True):
        days = tuple(day for day in dict.fromkeys(_days(match)) if not is_placeholder(day))
        if days and not (any(of_range) or _is_other(label)):
            yield StatedDate(days, match[0], match.start(), match.end(), UPDATED.search(label) is not None)


def _is_other(label: str) -> bool:
    """Return whether the words before a date make it the day of something other than publication or a change."""
    if _OTHER_DATE.search(label):
        return True
    match = _LABEL.search(label)
    if match is None or UPDATED.search(match[0]):
        return False
    before, last = match[1].split(), match[2]
    if before and _DATE_LABEL.fullmatch(last):
        last = before[-1]
    return not (DATE_WORDS.fullmatch(last) or _PUBLICATION.fullmatch(last))


def has_date(text: str) -> bool:
    """Return whether a text contains a complete date of any kind."""
    return any(form.search(text) for form in _FORMS)


def is_placeholder(day: date) -> bool:
    """Return whether a program wrote this day because it knew no date."""
    return not _EARLIEST <= day.year <= _LATEST or day in _PLACEHOLDERS


def _days(match: re.Match[str]) -> Iterator[date]:
    """Yield the days that a date can mean."""
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("name"):
        triples = [(year, month_number(parts["name"]), int(parts["day"]))]
    elif parts.get("first"):
        first, second = int(parts["first"]), int(parts["second"])
        if len(parts["year"]) == 2:
            triples = [(2000 + year, second, first), (2000 + year, first, second), (2000 + first, second, year)]
        elif parts["mark"] == ".":  # the day comes first wherever dots are written
            triples = [(year, second, first)]
        else:
            triples = [(year, second, first), (year, first, second)]
    else:
        triples = [(year, int(parts["month"]), int(parts["day"]))]
    for triple in triples:
        try:
            yield date(*triple)
        except ValueError:
            continue
