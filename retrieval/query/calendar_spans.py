"""Stretches of the calendar: months and parts of them, quarters, seasons, years, and weeks counted back. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

# "Year" is one that is only named: what happened in it is told and counted later, too.
Unit = Literal["day", "weekend", "week", "month", "part", "quarter", "season", "year", "calendar year"]

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
AROUND = timedelta(days=3)  # "two weeks ago" is the seven days around that day
_THIRDS = ((1, 10), (11, 20), (21, 31))  # days of a month that are early, in the middle and late
_WINTER = 12


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, both included."""

    first: date
    last: date
    unit: Unit
    certain: bool = True  # whether its year is said, or follows from words like "yesterday"


def day(of: date, certain: bool = True) -> Stretch:
    """Return a single day."""
    return Stretch(of, of, "day", certain)


def months(year: int, month: int, count: int, unit: Unit) -> Stretch:
    """Return whole months from the given one on; months beyond December or before January are of other years.

    >>> months(2022, 11, 3, "quarter").last
    datetime.date(2023, 1, 31)
    """
    first, last = _shifted(year, month), _shifted(year, month + count - 1)
    return Stretch(first, last.replace(day=monthrange(last.year, last.month)[1]), unit)


def month(year: int, number: int) -> Stretch:
    """Return a month."""
    return months(year, number, 1, "month")


def quarter(year: int, number: int) -> Stretch:
    """Return a quarter of a year, counted from 1; 0 is the last one of the year before."""
    return months(year, 3 * number - 2, 3, "quarter")


def half(year: int, number: int) -> Stretch:
    """Return a half of a year, 1 or 2."""
    return months(year, 6 * number - 5, 6, "part")


def year(number: int) -> Stretch:
    """Return a year."""
    return months(number, 1, 12, "year")


def third_of_year(number: int, part: int) -> Stretch:
    """Return the four months that are early (0), in the middle of (1) or late in (2) a year."""
    return months(number, 4 * part + 1, 4, "part")


def third_of_month(of: Stretch, part: int) -> Stretch:
    """Return the days that are early (0), in the middle (1) or late (2) in a month."""
    first, last = _THIRDS[part]
    return replace(of, first=of.first.replace(day=first), last=min(of.last, of.first + (last - 1) * DAY), unit="part")


def half_of_month(of: Stretch, number: int) -> Stretch:
    """Return the days up to the 15th of a month (1), or those after it (2)."""
    if number == 1:
        return replace(of, last=of.first.replace(day=15), unit="part")
    return replace(of, first=of.first.replace(day=16), unit="part")


def season(year: int, start: int) -> Stretch:
    """Return the three months from the one that a season starts with."""
    return months(year, start, 3, "season")


def latest_season(start: int, today: date, ended: bool) -> Stretch:
    """Return the latest season that has begun, or that has `ended`."""
    found = [season(today.year - back, start) for back in range(3)]
    return next(one for one in found if (one.last if ended else one.first) < today + (not ended) * DAY)


def this_season(start: int, today: date) -> Stretch | None:
    """Return the season of this year, if it has begun; a winter may have begun in the year before."""
    latest = latest_season(start, today, ended=False)
    return latest if start == _WINTER or latest.first.year == today.year else None


def week(today: date, back: int) -> Stretch:
    """Return the week from Monday to Sunday so many weeks before today's."""
    monday = today - today.weekday() * DAY - back * WEEK
    return Stretch(monday, monday + 6 * DAY, "week")


def weekend(today: date, ended: bool) -> Stretch:
    """Return the latest Saturday and Sunday that have begun, or that have `ended`."""
    saturday = today - (today.weekday() - 5) % 7 * DAY
    if ended and saturday + DAY >= today:
        saturday -= WEEK
    return Stretch(saturday, saturday + DAY, "weekend")


def weekday(today: date, number: int, before: bool) -> Stretch:
    """Return the latest such day of the week, Monday being 0: today's own counts unless one `before` it is meant."""
    back = (today.weekday() - number) % 7
    return day(today - (back or (7 if before else 0)) * DAY, certain=before)


def _shifted(year: int, month: int) -> date:
    """The first day of a month that may be counted beyond its year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
