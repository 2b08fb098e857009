"""From a date in the words of a language to the days that it covers. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from retrieval.query import calendar_spans as days
from retrieval.query.calendar_spans import AROUND, DAY, WEEK, DayRange
from retrieval.query.day_grammar import DayGrammar
from retrieval.query.spoken_counts import read_count

_FIGURES = re.compile(r"\d+")
# The numbers of the group "unit" in a grammar
HOUR, OF_DAYS, OF_WEEKS, FORTNIGHT, OF_MONTHS, OF_QUARTERS, HALF_YEAR, OF_YEARS = range(8)


@dataclass(frozen=True, slots=True)
class _SpokenDate:
    """A phrase that is a date, with the text of each of its named groups."""

    phrase: str
    parts: dict[str, str | None]
    grammar: DayGrammar
    today: date

    def __contains__(self, name: str) -> bool:
        return self.parts.get(name) is not None

    def number(self, name: str) -> int:
        """Return the number that a group says."""
        return self.grammar.number(name, self.parts.get(name) or "")

    @property
    def figures(self) -> list[int]:
        """Return all figures of the phrase."""
        return [int(figure) for figure in _FIGURES.findall(self.phrase)]

    @property
    def year(self) -> int | None:
        """Return the year, said as such or as "last year"; None if there is none."""
        if "year" in self:
            return self.number("year")
        return self.today.year - self.number("which") if "which" in self else None


def read_date(phrase: str, today: date, grammar: DayGrammar) -> DayRange | None:
    """Return the days that a date covers; without a year, the latest ones that have begun by `today`.

    None for a phrase that contradicts itself or can be read in two ways. Raises ValueError or OverflowError for a day
    that no calendar has.
    """
    for meaning, pattern in grammar.date_patterns:
        if match := pattern.fullmatch(phrase):
            return _MEANINGS[meaning](_SpokenDate(phrase, match.groupdict(), grammar, today))
    return None


def _ymd(said: _SpokenDate) -> DayRange:
    return days.day(date(*said.figures[:3]))


def _dotted(said: _SpokenDate) -> DayRange:
    first, second, year = said.figures[:3]
    if second > 12:
        first, second = second, first
    return days.day(date(year if year > 99 else 2000 + year, second, first))


def _slashed(said: _SpokenDate) -> DayRange | None:
    first, second, _ = said.figures[:3]
    return _dotted(said) if first == second or max(first, second) > 12 else None


def _day(said: _SpokenDate) -> DayRange | None:
    """Return a day of a month, or of the latest month without one; None if it is not on the weekday that is said."""
    if "month" not in said:
        number = said.number("day")
        month = days.month(said.today.year, said.today.month - (number > said.today.day))
        return days.day(month.first.replace(day=number), certain=False)
    found = days.day(_month(said).first.replace(day=said.number("day")), certain=said.year is not None)
    if said.year is None and found.first > said.today:  # a later day of this month
        found = replace(found, first=_a_year_before(found.first), last=_a_year_before(found.last))
    if "weekday" in said and found.first.weekday() != said.number("weekday") - 1:
        return None
    return found


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _month(said: _SpokenDate) -> DayRange:
    number, year = said.number("month"), said.year
    if year is None:
        ended = days.month(said.today.year, number).last < said.today if "latest" in said else True
        begun = date(said.today.year, number, 1) <= said.today
        year = said.today.year - (not (begun and ended))
        return replace(days.month(year, number), certain="latest" in said)
    return days.month(year, number)


def _part_of_month(said: _SpokenDate) -> DayRange:
    whole = _month(said)
    found = days.third_of_month(whole, said.number("part"))
    if not whole.certain and found.first > said.today:
        return days.third_of_month(_month(replace(said, today=said.today.replace(day=1) - DAY)), said.number("part"))
    return found


def _half_of_month(said: _SpokenDate) -> DayRange:
    return days.half_of_month(_month(said), said.number("half"))


def _part_of_year(said: _SpokenDate) -> DayRange | None:
    return days.third_of_year(said.year, said.number("part")) if said.year else None


def _half(said: _SpokenDate) -> DayRange:
    return _of_latest_year(said, lambda year: days.half(year, said.number("half")))


def _quarter(said: _SpokenDate) -> DayRange:
    return _of_latest_year(said, lambda year: days.quarter(year, said.number("quarter")))


def _of_latest_year(said: _SpokenDate, of: Callable[[int], DayRange]) -> DayRange:
    """Return a part of the year that is said, else of the latest year in which it has begun."""
    if said.year is not None:
        return of(said.year)
    found = of(said.today.year)
    return replace(found if found.first <= said.today else of(said.today.year - 1), certain=False)


def _season(said: _SpokenDate) -> DayRange | None:
    start, today = said.number("season"), said.today
    if said.year is not None:
        return days.season(said.year, start) if start != 12 else None  # a winter is in two years
    if "latest" not in said:
        return replace(days.latest_season(start, today, ended=False), certain=False)
    if said.number("latest"):
        return days.latest_season(start, today, ended=True)
    this = days.this_season(start, today)
    return this and replace(this, certain=False)


def _year(said: _SpokenDate) -> DayRange:
    return days.year(said.number("year"))


def _weekday(said: _SpokenDate) -> DayRange:
    number = said.number("weekday") - 1
    if "week" in said:
        return days.day(days.week(said.today, said.number("week")).first + number * DAY)
    return days.weekday(said.today, number, before="last" in said)


def _yesterday(said: _SpokenDate) -> DayRange:
    return days.day(said.today - (2 if "before" in said else 1) * DAY)


def _back(said: _SpokenDate) -> DayRange:
    """Return last week, month, quarter or year, or the one before it."""
    today, back = said.today, said.number("back")
    match said.number("unit"):
        case unit if unit == OF_WEEKS:
            return days.week(today, back)
        case unit if unit == OF_MONTHS:
            return days.month(today.year, today.month - back)
        case unit if unit == OF_QUARTERS:
            return days.quarter(today.year, (today.month + 2) // 3 - back)
        case _:
            return days.year(today.year - back)


def _this(said: _SpokenDate) -> DayRange:
    """Return this week, month, quarter or year, but at least the last seven days: people say it on a Monday, too."""
    today, unit = said.today, said.number("unit")
    start = today
    if unit == OF_MONTHS:
        start = today.replace(day=1)
    elif unit == OF_QUARTERS:
        start = days.quarter(today.year, (today.month + 2) // 3).first
    elif unit == OF_YEARS:
        start = today.replace(month=1, day=1)
    return DayRange(min(start, today - WEEK), today, "calendar year" if unit == OF_YEARS else "part")


def _ago(said: _SpokenDate) -> DayRange | None:
    """Return a day for a count of days, seven days around it for weeks, and calendar months or years for those."""
    today, unit = said.today, said.number("unit")
    count = read_count(said.parts.get("count") or "1", said.grammar.numbers["count"])
    if count is None:
        return None
    least, most = count
    if unit == OF_DAYS:
        return DayRange(today - most * DAY, today - least * DAY, "day")
    if unit == HOUR:
        return DayRange(today - -(-most // 24) * DAY, today, "part")
    if unit in (OF_WEEKS, FORTNIGHT):
        size = WEEK if unit == OF_WEEKS else 2 * WEEK
        return DayRange(today - most * size - AROUND, min(today, today - least * size + AROUND), "week")
    if unit in (OF_MONTHS, HALF_YEAR):
        months = 1 if unit == OF_MONTHS else 6
        return days.months(today.year, today.month - most * months, (most - least) * months + 1, "part")
    return days.months(today.year - most, 1, 12 * (most - least + 1), "calendar year")


def _weekend(said: _SpokenDate) -> DayRange:
    found = days.weekend(said.today, ended="back" in said)
    return replace(found, certain="back" in said)


_MEANINGS: dict[str, Callable[[_SpokenDate], DayRange | None]] = {
    "ymd": _ymd,
    "dotted": _dotted,
    "slashed": _slashed,
    "day": _day,
    "month": _month,
    "part of month": _part_of_month,
    "half of month": _half_of_month,
    "part of year": _part_of_year,
    "half": _half,
    "quarter": _quarter,
    "season": _season,
    "year": _year,
    "weekday": _weekday,
    "yesterday": _yesterday,
    "back": _back,
    "this": _this,
    "ago": _ago,
    "weekend": _weekend,
}
