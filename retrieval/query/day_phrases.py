"""The days that a phrase of a question means, by the rule that a language's table has for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.query.calendar_spans import DAY, Stretch, latest_season
from retrieval.query.day_language import Language
from retrieval.query.day_meanings import FORTNIGHT, HOUR, OF_DAYS, OF_WEEKS, OF_YEARS, read_date
from retrieval.query.spoken_counts import read_count

# News of a day may be published some days after it.
_LATER = timedelta(days=3)
# A date without a year that is further back would rather be the next.
_NEAR = timedelta(days=183)
_LENGTHS = {OF_DAYS: 1, OF_WEEKS: 7, FORTNIGHT: 14, OF_YEARS: 366}
_MONTH = 31


@dataclass(frozen=True, slots=True)
class Days:
    """What a phrase means; a weak one is a period only where the question has no other."""

    since: date | None
    until: date | None
    strong: bool = True
    last: date | None = None  # the last day that is meant, where `until` leaves time to report it


@dataclass(frozen=True, slots=True)
class Phrase:
    """A match of a language's pattern in a question that is asked on a day."""

    match: re.Match[str]
    today: date
    language: Language

    def days(self, rule: str) -> Days | None:
        """Return the days that it means by a rule; None if it is no period.

        Raises ValueError or OverflowError for a day that no calendar has.
        """
        return _RULES[rule](self)

    def read(self, group: int, today: date | None = None) -> Stretch | None:
        """The days of the date in a group; None also of one that is to come, or comes again."""
        said = read_date(self.match[group], today or self.today, self.language)
        return said if said and (said.certain or not self.is_ahead(said)) else None

    def is_ahead(self, said: Stretch) -> bool:
        """Whether a date without a year is not meant to be the last one."""
        if self.language.is_ahead.search(self.match.string):
            return True
        return said.unit == "day" and self.today - said.last > _NEAR

    def is_told(self) -> bool:
        """Whether the question asks for what has happened."""
        return self.language.is_told.search(self.match.string) is not None


def _meant(said: Stretch | None, today: date) -> Days | None:
    """In March, on 5 March, in 2022, yesterday, last week."""
    if said is None or said.first > today:
        return None
    if said.unit == "year":
        return Days(said.first, None, strong=False)
    if said.unit in ("day", "weekend"):
        return _reported(said.first, said.last, today)
    return Days(said.first, said.last, strong=said.unit != "calendar year")


def _reported(first: date, last: date, today: date) -> Days:
    """Return these days and some more, in which they are still reported, but none to come."""
    return Days(first, max(last, min(last + _LATER, today)), last=last)


def _within(phrase: Phrase) -> Days | None:
    return _meant(phrase.read(1), phrase.today)


def _told(phrase: Phrase) -> Days | None:
    """March 5, 2022 without a preposition, where something has happened then."""
    return _within(phrase) if phrase.is_told() else None


def _since(phrase: Phrase) -> Days | None:
    said = phrase.read(1)
    return Days(said.first, None, said.unit != "year") if said and said.first <= phrase.today else None


def _after(phrase: Phrase) -> Days | None:
    said = phrase.read(1)
    if said is None or said.last >= phrase.today:
        return None
    return Days(said.last + DAY, None, said.unit != "year")


def _until(phrase: Phrase) -> Days | None:
    """Until 5 March; of a year alone it is told later, and what waits until a day is no period."""
    return _up_to(phrase, lambda said: said.last)


def _before(phrase: Phrase) -> Days | None:
    return _up_to(phrase, lambda said: said.first - DAY)


def _up_to(phrase: Phrase, end: Callable[[Stretch], date]) -> Days | None:
    said = phrase.read(1)
    if said is None or said.unit == "year" or phrase.is_ahead(said):
        return None
    return Days(None, end(said)) if end(said) < phrase.today else None


def _between(phrase: Phrase) -> Days | None:
    """From 1 March to 5 April, from 1 to 5 March."""
    end = read_date(phrase.match[2], phrase.today, phrase.language)
    if end is None:
        return None
    number = re.fullmatch(r"(\d{1,2})\D{0,3}", phrase.match[1])  # the first day, of the month of the last one
    start = end.last.replace(day=int(number[1])) if number else None
    first = replace(end, first=start, last=start) if start else read_date(phrase.match[1], end.last, phrase.language)
    if first is None or first.first > phrase.today or "year" in (first.unit, end.unit):
        return None
    is_meant = first.certain or end.certain or not (phrase.is_ahead(end) or phrase.is_ahead(first))
    return Days(first.first, end.last) if first.first <= end.last and is_meant else None


def _listed(phrase: Phrase) -> Days | None:
    """In March and April 2022, on Monday and Tuesday: from the first to the last, which often alone has the year."""
    end = read_date(phrase.match[2], phrase.today, phrase.language)
    if end and end.unit == "year":  # a year alone is only where a period begins
        return _within(phrase)
    days = _between(phrase)
    if days and days.since and days.until and end and end.unit == "day":
        return _reported(days.since, days.until, phrase.today)
    return days


def _days_of_month(phrase: Phrase) -> Days | None:
    """March 1–5, 2022."""
    _, month, first, last, year, *_ = (phrase.match[0], *phrase.match.groups(""))
    days = [read_date(f"{month} {day}{year}", phrase.today, phrase.language) for day in (first, last)]
    start, end = days
    if start is None or end is None or start.first > min(end.last, phrase.today):
        return None
    return Days(start.first, end.last) if end.certain or not phrase.is_ahead(end) else None


def _day_and_month(phrase: Phrase) -> Days | None:
    """26.03, where something has happened then."""
    day, month = int(phrase.match[1]), int(phrase.match[2])
    said = date(phrase.today.year, month, day)
    if said > phrase.today:
        said = said.replace(year=said.year - 1)
    found = Stretch(said, said, "day", certain=False)
    return _meant(found, phrase.today) if phrase.is_told() and not phrase.is_ahead(found) else None


def _past(phrase: Phrase) -> Days | None:
    """The last three days; past two weeks."""
    unit = phrase.language.number("unit", phrase.match["unit"])
    count = read_count(phrase.match[1] or "1", phrase.language.numbers["count"])
    if count is None:
        return None
    days = -(-count.most // 24) if unit == HOUR else count.most * _LENGTHS.get(unit, _MONTH)
    return Days(phrase.today - days * DAY, phrase.today, strong=unit != OF_YEARS)


def _today(phrase: Phrase) -> Days | None:
    """Today, where it is not nowadays: in the past tense, or of news."""
    return Days(phrase.today, phrase.today) if phrase.is_told() else None


def _this_day(phrase: Phrase) -> Days | None:
    """This morning."""
    return None if phrase.language.is_ahead.search(phrase.match.string) else Days(phrase.today, phrase.today)


def _season(phrase: Phrase) -> Days | None:
    """In the summer, where it is not any summer."""
    start = phrase.language.number("season", phrase.match[1])
    said = replace(latest_season(start, phrase.today, ended=False), certain=False)
    return _meant(said, phrase.today) if phrase.is_told() and not phrase.is_ahead(said) else None


def _last_night(phrase: Phrase) -> Days | None:
    return Days(phrase.today - DAY, phrase.today)


_RULES: dict[str, Callable[[Phrase], Days | None]] = {
    "within": _within,
    "told": _told,
    "since": _since,
    "after": _after,
    "until": _until,
    "before": _before,
    "between": _between,
    "listed": _listed,
    "days of month": _days_of_month,
    "day and month": _day_and_month,
    "past": _past,
    "today": _today,
    "this day": _this_day,
    "season": _season,
    "last night": _last_night,
}
