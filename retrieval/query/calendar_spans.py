"""Spans of days in the calendar: months and their parts, quarters, seasons, years, and weeks counted back. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

# A "year" is only named, so its events may be told and counted later, too; a "calendar year" is relative to today.
Unit = Literal["day", "weekend", "week", "month", "part", "quarter", "season", "year", "calendar year"]

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
AROUND = timedelta(days=3)  # "two weeks ago" is the seven days around that day
_THIRDS = ((1, 10), (11, 20), (21, 31))  # the early, middle and late days of a month
_WINTER = 12  # the month in which it begins


@dataclass(frozen=True, slots=True)
class DayRange:
    """Consecutive days, both ends included."""

    first: date
    last: date
    unit: Unit
    certain: bool = True  # whether the year is said or follows from words like "yesterday"


def day(of: date, certain: bool = True) -> DayRange:
    """Return a single day."""
    return DayRange(of, of, "day", certain)


def months(year: int, month: int, count: int, unit: Unit) -> DayRange:
    """Return `count` whole months from the given one on; numbers outside of 1 to 12 count into other years.

    >>> months(2022, 11, 3, "quarter").last
    datetime.date(2023, 1, 31)
    """
    first, last = _shifted(year, month), _shifted(year, month + count - 1)
    return DayRange(first, last.replace(day=monthrange(last.year, last.month)[1]), unit)


def month(year: int, number: int) -> DayRange:
    """Return a month."""
    return months(year, number, 1, "month")


def quarter(year: int, number: int) -> DayRange:
    """Return a quarter of a year, counted from 1; 0 is the last quarter of the year before."""
    return months(year, 3 * number - 2, 3, "quarter")


def half(year: int, number: int) -> DayRange:
    """Return the first (1) or the second (2) half of a year."""
    return months(year, 6 * number - 5, 6, "part")


def year(number: int) -> DayRange:
    """Return a year."""
    return months(number, 1, 12, "year")


def third_of_year(number: int, part: int) -> DayRange:
    """Return the early (0), the middle (1) or the late (2) four months of a year."""
    return months(number, 4 * part + 1, 4, "part")


def third_of_month(of: DayRange, part: int) -> DayRange:
    """Return the early (0), the middle (1) or the late (2) days of a month."""
    first, last = _THIRDS[part]
    return replace(of, first=of.first.replace(day=first), last=min(of.last, of.first + (last - 1) * DAY), unit="part")


def half_of_month(of: DayRange, number: int) -> DayRange:
    """Return the days of a month up to the 15th (1), or those after it (2)."""
    if number == 1:
        return replace(of, last=of.first.replace(day=15), unit="part")
    return replace(of, first=of.first.replace(day=16), unit="part")


def season(year: int, start: int) -> DayRange:
    """Return the season that starts with a month."""
    return months(year, start, 3, "season")


def latest_season(start: int, today: date, ended: bool) -> DayRange:
    """Return the latest season that has begun by today, or the latest that has `ended`."""
    seasons = (season(today.year - back, start) for back in range(3))
    return next(found for found in seasons if (found.last < today if ended else found.first <= today))


def this_season(start: int, today: date) -> DayRange | None:
    """Return the season of this year; None if it has not begun. A winter may have begun in the year before."""
    latest = latest_season(start, today, ended=False)
    return latest if start == _WINTER or latest.first.year == today.year else None


def week(today: date, back: int) -> DayRange:
    """Return the week from Monday to Sunday that is `back` weeks before today's."""
    monday = today - today.weekday() * DAY - back * WEEK
    return DayRange(monday, monday + 6 * DAY, "week")


def weekend(today: date, ended: bool) -> DayRange:
    """Return the latest Saturday and Sunday that have begun by today, or the latest that have `ended`."""
    saturday = today - (today.weekday() - 5) % 7 * DAY
    if ended and saturday + DAY >= today:
        saturday -= WEEK
    return DayRange(saturday, saturday + DAY, "weekend")


def weekday(today: date, number: int, before: bool) -> DayRange:
    """Return the latest day with this weekday (Monday is 0): today itself unless it must be `before` today."""
    back = (today.weekday() - number) % 7
    return day(today - (back or (7 if before else 0)) * DAY, certain=before)


def _shifted(year: int, month: int) -> date:
    """Return the first day of a month, whose number may count into another year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
