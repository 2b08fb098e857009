"""The phrases of English and Russian that name a period, and the days that each of them means. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.rules.stretches import DATE, DATED, DAY, RUSSIAN_DAY, RUSSIAN_SEASON, Stretch, read_date

# News of a day may be published some days after it.
_LATER = timedelta(days=3)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Days:
    """What a phrase means; a weak one is a period only where the question has no other."""

    since: date | None
    until: date | None
    strong: bool = True
    last: date | None = None  # the last day that is meant, where `until` leaves time to report it


_Rule = Callable[["re.Match[str]", date], Days | None]


def _within(match: re.Match[str], today: date) -> Days | None:
    """In March, on 5 March, in 2022, yesterday, last week."""
    said = read_date(match[1], today)
    if said is None or said.first > today or (not said.certain and _is_ahead(match)):
        return None
    if said.unit == "year":
        return Days(said.first, None, strong=False)
    return _reported(said.first, said.last, today) if said.unit == "day" else Days(said.first, said.last)


def _reported(first: date, last: date, today: date) -> Days:
    """Return these days and some more, in which they are still reported, but none to come."""
    return Days(first, max(last, min(last + _LATER, today)), last=last)


def _since(match: re.Match[str], today: date) -> Days | None:
    said = read_date(match[2], today)
    if said is None or (not said.certain and _is_ahead(match)):
        return None
    start = said.last + timedelta(days=1) if match[1].lower() in ("after", "после") else said.first
    return Days(start, None, strong=said.unit != "year") if start <= today else None


def _until(match: re.Match[str], today: date) -> Days | None:
    """Until 5 March; of a year alone it is told later, and what waits until a day is no period."""
    said = read_date(match[2], today)
    if said is None or said.unit == "year" or _is_ahead(match):
        return None
    end = said.first - timedelta(days=1) if match[1].lower() == "before" else said.last
    return Days(None, end) if end < today else None


def _between(match: re.Match[str], today: date) -> Days | None:
    """From 1 March to 5 April, from 1 to 5 March."""
    end = read_date(match[2], today)
    if end is None:
        return None
    number = re.fullmatch(r"(\d{1,2})\D{0,3}", match[1])  # the first day, of the month of the last one
    start = end.last.replace(day=int(number[1])) if number else None
    first = Stretch(start, start, "day", end.certain) if start else read_date(match[1], end.last)
    if first is None or first.first > today or "year" in (first.unit, end.unit):
        return None
    certain = first.certain or end.certain
    return Days(first.first, end.last) if first.first <= end.last and (certain or not _is_ahead(match)) else None


def _listed(match: re.Match[str], today: date) -> Days | None:
    """In March and April 2022, on Monday and Tuesday: from the first to the last, which often alone has the year."""
    end = read_date(match[2], today)
    if end and end.unit == "year":  # a year alone is only where a period begins
        return _within(match, today)
    days = _between(match, today)
    if days and days.since and days.until and end and end.unit == "day":
        return _reported(days.since, days.until, today)
    return days


def _this(match: re.Match[str], today: date) -> Days | None:
    """This week, month or year: at least the last seven days, as people say it on a Monday too."""
    unit = match[1][0].lower()
    start = today.replace(day=1) if unit in "mм" else today.replace(month=1, day=1) if unit in "yг" else today
    return Days(min(start, today - _WEEK), today, strong=unit not in "yг")


def _past(match: re.Match[str], today: date) -> Days | None:
    """The last three days; past two weeks."""
    unit = match[2].lower()
    return Days(today - _length(match[1], unit), today, strong=unit[0] not in "yгл")


def _ago(match: re.Match[str], today: date) -> Days | None:
    """Three days ago; weeks are rounded, and what began then may be asked for."""
    day = today - _length(match[1], match[2].lower())
    if match[2][0].lower() in "dд":
        return _reported(day, day, today)
    return Days(day - _LATER, today)


def _today(match: re.Match[str], today: date) -> Days | None:
    """Today, where it is not nowadays: in the past tense, or of news."""
    return Days(today, today) if _TOLD.search(match.string) else None


def _last_night(_: re.Match[str], today: date) -> Days | None:
    return Days(today - timedelta(days=1), today)


def _weekend(_: re.Match[str], today: date) -> Days | None:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7 or 7)
    if today.weekday() == 6:  # the one that is not over is not the last
        saturday -= _WEEK
    return _reported(saturday, saturday + timedelta(days=1), today)


def _is_ahead(match: re.Match[str]) -> bool:
    return _AHEAD.search(match.string) is not None


def _length(number: str | None, unit: str) -> timedelta:
    count = int(number) if number and number.isdigit() else _COUNTS.get((number or "one").lower(), 1)
    if unit[0] in "hч":
        return timedelta(days=-(-count // 24))
    return timedelta(days=count * next(days for start, days in _UNITS.items() if unit.startswith(start)))


_UNITS = {"d": 1, "д": 1, "су": 1, "w": 7, "н": 7, "mo": 31, "м": 31, "y": 366, "г": 366, "л": 366}
_COUNTS = {
    "couple of": 2, "few": 5, "several": 5, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10,
    "пару": 2, "несколько": 5, "два": 2, "две": 2, "двое": 2, "три": 3, "трое": 3, "четыре": 4, "пять": 5, "шесть": 6,
    "семь": 7, "десять": 10,
}  # fmt: skip
_ANY_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_COUNTS)}|an?|one)"
_COUNT = f"({_ANY_COUNT})"
_UNIT = r"(hours?|days?|weeks?|months?|years?|час\w*|дн\w+|день|сут\w+|недел\w+|месяц\w*|год\w?|лет)\b"
# What follows a date and makes it a name or a thing: "2022 season", "March Madness", "Monday's match".
_NO_NAME = (
    r"(?![\w/-]|['’]s|,?\s+(?:of\s+)?\d|\s+(?:(?-i:[A-Z])|for\s+our\b|the\s+\d|(?:morning|afternoon|evening|night)s\b"
    r"|attack|holiday|weekend|season|election|olympic|games|world\s+cup|final|championship|budget|fiscal|deadline|award))"
)
_WHOLE = r"(?![\w-]|['’]s|\s+(?:of|tonight)\b)"
# "Since May" is a month at the end or before a comma; in "after May resigned" it is a name.
_MONTH = r"(?!(?:may|march)\b(?!\s*(?:[?!.,;:]|$|\d|of\b|this\b|last\b)))"
# What is to come, what comes again, what waits for a day, and history: a date without a year is then no day of
# publishing, nor is one that something is to last until.
_AHEAD = re.compile(
    r"\b(?:will|won['’]t|would|shall|going\s+to|set\s+to|set\s+for|scheduled|expected|plans?|planned|upcoming|next"
    r"|deadlines?|expires?|extend\w*|postpon\w+|wait\w*|every|each|usually|typically|annual\w*|always|often|birthday"
    r"|anniversary|celebrat\w+|1\d{3}"
    r"|буд(?:ет|ут|ем|у)|планиру\w+|намерен\w*|собира\w+|ожида\w+|ждать|жд[уеё]т|предсто\w+|следующ\w+|срок\w*|продл\w+"
    r"|отлож\w+|кажд\w+|обычно|ежегодно|всегда|поздрав\w+|праздн\w+|рождения)\b|['’]ll\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:did|was|were|happen\w*|news|headlines|said|what['’]s\s+new|(?:has|have)\s+(?:\w+\s+){0,3}(?:said|been|\w+ed)"
    r"|новост\w*|происходит|нового|\w+л(?:[аои]?|[аои]?с[ья]))\b",
    re.IGNORECASE,
)


def _small(word: str) -> str:
    """The word in small letters, or at the start of a sentence: else it is a title, as in "Who sang Yesterday?"."""
    return rf"(?-i:\b{word}|(?<![\w,]\s)\b{word.title()})"


_DATED_PHRASES: tuple[tuple[str, _Rule], ...] = (
    (rf"\b(?:from|since|between|со?|между)\s+({DATE}|\d{{1,2}}(?:st|nd|rd|th|-?го)?)"
     rf"\s+(?:to|till|until|through|and|по|до|и)\s+({DATE})", _between),
    (rf"(?:\b(?:from|on|in)\s+)?\b(\d{{1,2}})\s?[-–—]\s?({DAY})", _between),
    (rf"\b(since|after|начиная\s+со?|со?|после)\s+{_MONTH}({DATE})", _since),
    (rf"\b(until|till|(?<!\bday\s)before|до)\s+{_MONTH}({DATE})", _until),
    (rf"\b(?:in|on|во?)\s+({DATE}|\d{{1,2}}(?:st|nd|rd|th|-?го)?)(?:,\s+{DATE})*"
     rf"(?:,?\s+(?:and|or|to|и|или)\s+|\s?[-–—/&]\s?)(?:(?:in|on|во?)\s+)?{_MONTH}({DATE})", _listed),
    (rf"\b(?:in|во?|on(?!\s+(?:may|march)\b(?!\s+\d)))\s+({DATE})(?:\s+(?:morning|afternoon|evening|night)\b)?",
     _within),
    (rf"\b(?:(?:what|how)\s+about|насч[её]т)\s+(?!may\b(?!\s+\d))({DATE})(?=\W*$)", _within),
    (rf"(?<!\bthe\s)(?<!\bof\s)(?<!\bby\s)(?<!\bfor\s)(?<!through\s)(?<!\bна\s)(?<!\bк\s)(?<!\bко\s)(?<!\bот\s)(?<!\bо\s)"
     rf"\b({DATED}|{RUSSIAN_DAY}|{RUSSIAN_SEASON})", _within),
)  # fmt: skip
_RELATIVE_PHRASES: tuple[tuple[str, _Rule], ...] = (
    (rf"\b(?:last|past|последн\w+|прошедш\w+)\s+{_COUNT}\s+{_UNIT}", _past),
    (r"\b(?:past|последн\w+)()\s+(day|week|month|year|сутки|неделю|месяц|год)\b", _past),
    (rf"\b{_COUNT}\s+(days?|weeks?|дн\w+|день|недел\w+)\s+(?:ago|назад)", _ago),
    (r"()\b(неделю)\s+назад", _ago),
    (r"(?<!\blater\s)\b(?:this|эт(?:ой|ом))\s+(week|month|year|неделе|месяце|году)", _this),
    (r"\b(?:(?:this\s+)?(?:last|past)|over\s+the)\s+weekend|\bв\s+(?:прошлые\s+|минувшие\s+)?выходные", _weekend),
    (r"\blast\s+night(?:['’]s)?", _last_night),
    (rf"(?<!\busa\s)(?:{_small('today')}|\bсегодня)(?:['’]s\s+(?:news|headlines))?", _today),
    (rf"((?:\bthe\s+day\s+before\s+)?{_small('yesterday')}|\b(?:поза)?вчера)(?:['’]s)?", _within),
    (r"\b(last\s+(?:week|month|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
     r"|(?:прошл|минувш)(?:ой|ом)\s+(?:неделе|месяце|году))", _within),
)  # fmt: skip
# In this order: what a phrase takes of the text, the later ones leave.
RULES = [
    (re.compile(phrase + end, re.IGNORECASE), rule)
    for phrases, end in ((_DATED_PHRASES, _NO_NAME), (_RELATIVE_PHRASES, _WHOLE))
    for phrase, rule in phrases
]
