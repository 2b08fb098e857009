"""A date as people write it, in English or Russian, to the days that it covers. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.rules.calendar_names import MONTHS, SHORT_MONTHS, WEEKDAYS

# A date without a year is the nearest one; one that is further back than this would rather be the next.
_NEAR = timedelta(days=183)

_MONTH_NUMBERS = {
    stem: number
    for number, stems in enumerate(
        ("jan янв", "feb фев", "mar мар", "apr апр", "may май мая мае", "jun июн", "jul июл", "aug авг", "sep сен",
         "oct окт", "nov ноя", "dec дек"), 1
    )
    for stem in stems.split()
}  # fmt: skip
_WEEKDAY_NUMBERS = {
    stem: number
    for number, stems in enumerate(("mon пон", "tue вто", "wed сре", "thu чет", "fri пят", "sat суб", "sun вос"))
    for stem in stems.split()
}
_SEASON_STARTS = {"spr": 3, "вес": 3, "sum": 6, "лет": 6, "aut": 9, "fal": 9, "осе": 9}  # winter lies in two years

_ENGLISH_MONTH = rf"{MONTHS}|(?:{SHORT_MONTHS})\b\.?(?=,?\s+\d)"
# In small letters only: «8 Марта» and «9 Мая» are holidays and streets.
_RUSSIAN_MONTH = (
    r"(?-i:(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяею]|март[ае]?|август[ае]?|ма[йяе])\b"
)
_MONTH = f"(?P<month>{_ENGLISH_MONTH}|{_RUSSIAN_MONTH})"
_NUMBER = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th|-?го)?"
_YEAR = r"(?P<year>199\d|20\d\d)\b(?!-\d)(?:-?(?:го|м))?(?:\s+год[ау]?\b|\s+г\b\.?)?"
_OF_YEAR = rf"(?:,?\s+(?:of\s+)?(?:{_YEAR}|(?P<which>last|this|прошлого|этого)\s+(?:year|года)\b))?"

_ISO = r"(?P<year>199\d|20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"
_DAY = rf"{_NUMBER}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}"
_AMERICAN_DAY = rf"{_MONTH}\s+{_NUMBER}{_OF_YEAR}"
_WHOLE_MONTH = rf"(?:(?:early|mid|late)[\s-]+)?{_MONTH}{_OF_YEAR}"
_SEASON = rf"(?:the\s+)?(?P<season>spring|summer|autumn|fall|лет(?:ом|а)|весн(?:ой|ы)|осен(?:ью|и))\s+(?:of\s+)?{_YEAR}"
_WEEKDAY = (
    rf"(?P<last>(?:last|past|(?:прошл|минувш)\w+)\s+)?(?P<weekday>{WEEKDAYS}"
    r"|понедельника?|вторника?|сред[уы]|четверга?|пятниц[уы]|суббот[уы]|воскресень[ея])\b"
)
_YESTERDAY = r"(?P<before>the\s+day\s+before\s+|поза)?(?P<yesterday>yesterday|вчера(?:шнего\s+дня)?)\b"
_LAST = r"(?P<which>last|прошл\w+|минувш\w+)\s+(?P<unit>week|month|year|недел\w|месяц\w?|год\w?)\b"
_FORMS = (_ISO, _DAY, _AMERICAN_DAY, _WHOLE_MONTH, _SEASON, _YEAR, _WEEKDAY, _YESTERDAY, _LAST)
_READERS = [re.compile(form, re.IGNORECASE) for form in _FORMS]


def _anonymous(*forms: str) -> str:
    """A pattern for any of the forms, without groups, so that it can stand in another one twice."""
    return f"(?>{'|'.join(re.sub(r'[(][?]P<[a-z]+>', '(?:', form) for form in forms)})"


DATE = _anonymous(*_FORMS)
DAY = _anonymous(_DAY)
RUSSIAN_DAY = _anonymous(_DAY.replace(_ENGLISH_MONTH, "(?!)"))
DATED = _anonymous(_ISO, *(form.replace(_OF_YEAR, rf",?\s+{_YEAR}") for form in (_DAY, _AMERICAN_DAY)))
RUSSIAN_SEASON = _anonymous(_SEASON.replace("spring|summer|autumn|fall", "(?!)"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a date, both included; `unit` is day, week, month, season or year."""

    first: date
    last: date
    unit: str
    certain: bool = True  # whether its year is said, or follows from words like "yesterday"


def read_date(phrase: str, today: date) -> Stretch | None:
    """The days that a phrase matched by DATE covers; without a year, the latest that have begun by `today`.

    Raises ValueError or OverflowError for a day that no calendar has.
    """
    match = next((match for reader in _READERS if (match := reader.fullmatch(phrase))), None)
    if match is None:
        return None
    said = match.groupdict()
    if said.get("month"):
        return _of_month(said, today)
    if said.get("season"):
        start = _SEASON_STARTS[said["season"][:3].lower()]
        return Stretch(date(int(said["year"]), start, 1), _month(int(said["year"]), start + 2).last, "season")
    if said.get("weekday"):
        back = (today.weekday() - _WEEKDAY_NUMBERS[said["weekday"][:3].lower()]) % 7
        day = today - timedelta(days=back or (7 if said["last"] else 0))
        return Stretch(day, day, "day", certain=bool(said["last"]))
    if said.get("yesterday"):
        day = today - timedelta(days=2 if said["before"] else 1)
        return Stretch(day, day, "day")
    if said.get("unit"):
        return _before_this(said["unit"][0].lower(), today)
    return _year(int(said["year"]))


def _of_month(said: dict[str, str | None], today: date) -> Stretch | None:
    """A month, or a day of one."""
    name, number, year, which = said["month"] or "", said.get("day"), said.get("year"), said.get("which")
    month = int(name) if name.isdigit() else _MONTH_NUMBERS[name[:3].lower()]
    certain = bool(year or which)
    if year:
        in_year = int(year)
    elif which:
        in_year = today.year - (which.lower() in ("last", "прошлого"))
    else:
        in_year = today.year - (date(today.year, month, int(number or 1)) > today)
    if not number:
        whole = _month(in_year, month)
        return Stretch(whole.first, whole.last, "month", certain)
    day = date(in_year, month, int(number))
    return Stretch(day, day, "day", certain) if certain or today - day <= _NEAR else None


def _before_this(unit: str, today: date) -> Stretch:
    """Last week, month or year, by the first letter of its name."""
    if unit in "wн":
        monday = today - timedelta(days=today.weekday() + 7)
        return Stretch(monday, monday + timedelta(days=6), "week")
    if unit in "mм":
        end = today.replace(day=1) - timedelta(days=1)
        return _month(end.year, end.month)
    return _year(today.year - 1)


def _month(year: int, month: int) -> Stretch:
    return Stretch(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _year(year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year, 12, 31), "year")
