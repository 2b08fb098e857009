"""The days that a phrase of a question means, by the rule that its grammar names. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.query.calendar_spans import DAY, DayRange, latest_season
from retrieval.query.day_grammar import DayGrammar
from retrieval.query.day_meanings import FORTNIGHT, HOUR, OF_DAYS, OF_WEEKS, OF_YEARS, read_date
from retrieval.query.spoken_counts import read_count

# How long after a day its news may be published
_REPORTED_WITHIN = timedelta(days=3)
# A date without a year is more likely the next one than one further back than this.
_FURTHEST_BACK = timedelta(days=183)
_DAYS_OF_UNIT = {OF_DAYS: 1, OF_WEEKS: 7, FORTNIGHT: 14, OF_YEARS: 366}
_DAYS_OF_MONTH = 31


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a phrase means, both ends included; a weak one counts only if the question has no other."""

    since: date | None
    until: date | None
    strong: bool = True
    last: date | None = None  # the last day meant, if `until` adds days on which it is still reported


@dataclass(frozen=True, slots=True)
class Phrase:
    """A match of a grammar's pattern in a question, and the day on which it is asked."""

    match: re.Match[str]
    today: date
    grammar: DayGrammar

    def days(self, rule: str) -> Days | None:
        """Return the days that it means by a rule; None if it is not a period.

        Raises ValueError or OverflowError for a day that no calendar has.
        """
        return _RULES[rule](self)

    def read(self, group: int, today: date | None = None) -> DayRange | None:
        """Return the days of the date in a group; None if the date is in the future, recurs or cannot be read."""
        said = read_date(self.match[group], today or self.today, self.grammar)
        return said if said and (said.certain or not self.is_ahead(said)) else None

    def is_ahead(self, said: DayRange) -> bool:
        """Return whether a date without a year means a later one than the last."""
        if self.grammar.is_ahead.search(self.match.string):
            return True
        return said.unit == "day" and self.today - said.last > _FURTHEST_BACK

    def is_told(self) -> bool:
        """Return whether the question asks for what has happened."""
        return self.grammar.is_told.search(self.match.string) is not None


def _meant(said: DayRange | None, today: date) -> Days | None:
    """Return the days of a date: in March, on 5 March, in 2022, yesterday, last week."""
    if said is None or said.first > today:
        return None
    if said.unit == "year":
        return Days(said.first, None, strong=False)
    if said.unit in ("day", "weekend"):
        return _reported(said.first, said.last, today)
    return Days(said.first, said.last, strong=said.unit != "calendar year")


def _reported(first: date, last: date, today: date) -> Days:
    """Return these days and those on which they are still reported, but none in the future."""
    return Days(first, max(last, min(last + _REPORTED_WITHIN, today)), last=last)


def _within(phrase: Phrase) -> Days | None:
    return _meant(phrase.read(1), phrase.today)


def _told(phrase: Phrase) -> Days | None:
    """Read a date without a preposition, in a question for what has happened: March 5, 2022."""
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
    """Read "until 5 March", unless it is a deadline or a mere year, whose events are also told later."""
    return _up_to(phrase, lambda said: said.last)


def _before(phrase: Phrase) -> Days | None:
    return _up_to(phrase, lambda said: said.first - DAY)


def _up_to(phrase: Phrase, end: Callable[[DayRange], date]) -> Days | None:
    said = phrase.read(1)
    if said is None or said.unit == "year" or phrase.is_ahead(said):
        return None
    return Days(None, end(said)) if end(said) < phrase.today else None


def _between(phrase: Phrase) -> Days | None:
    """Read "from 1 March to 5 April" or "from 1 to 5 March"."""
    end = read_date(phrase.match[2], phrase.today, phrase.grammar)
    if end is None:
        return None
    number = re.fullmatch(r"(\d{1,2})\D{0,3}", phrase.match[1])  # the first day, in the month of the last one
    start = end.last.replace(day=int(number[1])) if number else None
    first = replace(end, first=start, last=start) if start else read_date(phrase.match[1], end.last, phrase.grammar)
    if first is None or first.first > phrase.today or "year" in (first.unit, end.unit):
        return None
    is_meant = first.certain or end.certain or not (phrase.is_ahead(end) or phrase.is_ahead(first))
    return Days(first.first, end.last) if first.first <= end.last and is_meant else None


def _listed(phrase: Phrase) -> Days | None:
    """Read "in March and April 2022" or "on Monday and Tuesday" from the first to the last, which may have the year."""
    end = read_date(phrase.match[2], phrase.today, phrase.grammar)
    if end and end.unit == "year":  # a mere year only begins a period
        return _within(phrase)
    days = _between(phrase)
    if days and days.since and days.until and end and end.unit == "day":
        return _reported(days.since, days.until, phrase.today)
    return days


def _days_of_month(phrase: Phrase) -> Days | None:
    """Read "March 1–5, 2022"."""
    _, month, first, last, year, *_ = (phrase.match[0], *phrase.match.groups(""))
    days = [read_date(f"{month} {day}{year}", phrase.today, phrase.grammar) for day in (first, last)]
    start, end = days
    if start is None or end is None or start.first > min(end.last, phrase.today):
        return None
    return Days(start.first, end.last) if end.certain or not phrase.is_ahead(end) else None


def _day_and_month(phrase: Phrase) -> Days | None:
    """Read "26.03" in a question for what has happened."""
    day, month = int(phrase.match[1]), int(phrase.match[2])
    said = date(phrase.today.year, month, day)
    if said > phrase.today:
        said = said.replace(year=said.year - 1)
    found = DayRange(said, said, "day", certain=False)
    return _meant(found, phrase.today) if phrase.is_told() and not phrase.is_ahead(found) else None


def _past(phrase: Phrase) -> Days | None:
    """Read "the last three days" or "past two weeks"."""
    unit = phrase.grammar.number("unit", phrase.match["unit"])
    count = read_count(phrase.match[1] or "1", phrase.grammar.numbers["count"])
    if count is None:
        return None
    days = -(-count.most // 24) if unit == HOUR else count.most * _DAYS_OF_UNIT.get(unit, _DAYS_OF_MONTH)
    return Days(phrase.today - days * DAY, phrase.today, strong=unit != OF_YEARS)


def _today(phrase: Phrase) -> Days | None:
    """Read "today" where it does not mean nowadays: in the past tense, or in a question for news."""
    return Days(phrase.today, phrase.today) if phrase.is_told() else None


def _this_day(phrase: Phrase) -> Days | None:
    """Read "this morning"."""
    return None if phrase.grammar.is_ahead.search(phrase.match.string) else Days(phrase.today, phrase.today)


def _season(phrase: Phrase) -> Days | None:
    """Read "in the summer" where it does not mean any summer."""
    start = phrase.grammar.number("season", phrase.match[1])
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
