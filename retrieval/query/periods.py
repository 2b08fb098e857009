"""When the articles that a question asks for were published, as its own words say it. Pure.

A period hides every other article, so that a false one is worse than a missed one: dates of what is to come, of events
("the September 11 attacks") and of names ("Theresa May") are none, nor are two different periods in one question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from index.types import Span
from retrieval.query.day_phrases import Phrase
from retrieval.query.english_days import ENGLISH
from retrieval.query.russian_days import RUSSIAN

_LONG_AGO = timedelta(days=365)
_READ = 2000  # code points of a question
_ANYTHING_TEXT = """
what whats s is was were did do there anything something things happen happened happening happens new news latest
headlines headline stories story events event reported report going on the any all about from of in for me tell give
show list please and a an so far important major main top recent что чё нового новое новости новость было есть
произошло происходит случилось какие расскажи покажи дай мне о за в на все всё важного главное главные события
событие последние и были
"""
_ANYTHING = frozenset(_ANYTHING_TEXT.split())
_WORD = re.compile(r"\w+")
_AGO = re.compile(r"\bago\b|\bназад\b", re.IGNORECASE)
_TITLE = re.compile(r"[“\"«„][^“”\"«»„\n]{2,80}[”\"»“]")
_CYRILLIC, _LATIN = re.compile(r"[а-яёіїєґ]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)

Extent = Literal["day", "in-one-month", "in-one-year", "of-several-years", "since", "until"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included, of which one may be open; `span` is where the question says so.

    `last` is the last day that is meant, where the days up to `until` may still report it.
    """

    since: date | None
    until: date | None
    span: Span
    last: date | None = None

    def __post_init__(self) -> None:
        if (self.since or date.min) > (self.until or date.max) or not (self.since or self.until):
            raise ValueError(f"no day is from {self.since} to {self.until}")

    @property
    def text(self) -> str:
        """What is looked at, for people.

        >>> Period(date(2022, 3, 1), date(2022, 3, 31), Span(0, 1)).text
        'looking at 1–31 March 2022'
        """
        since, until = self.since, self.until
        start, end = _day(since), _day(until)
        match extent(since, until):
            case "since":
                return f"looking at {start} and later"
            case "until":
                return f"looking at {end} and earlier"
            case "day":
                return f"looking at {start}"
            case "in-one-month":
                return f"looking at {start.split()[0]}–{end}"
            case "in-one-year":
                start = start.rsplit(maxsplit=1)[0]
        return f"looking at {start} – {end}"


def extent(since: date | None, until: date | None) -> Extent:
    """Which kind of period two days make, both included, so that it can be written short.

    Raises ValueError if both ends are open.

    >>> extent(date(2022, 3, 1), date(2022, 3, 31)), extent(date(2022, 3, 5), None)
    ('in-one-month', 'since')
    """
    if since is None or until is None:
        if not (since or until):
            raise ValueError("a period needs a day")
        return "since" if since else "until"
    if since == until:
        return "day"
    if since.year != until.year:
        return "of-several-years"
    return "in-one-month" if since.month == until.month else "in-one-year"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def is_history(period: Period, asked: datetime, first: date | None) -> bool:
    """Whether no article can be of a period: it lies long ago and before the first of them, or they have no dates.

    `first` is the day of the first, None if no article has one. What happened so long ago is told by articles that the
    period would hide.
    """
    edge = period.until or period.since or asked.date()
    return first is None or (edge < first and asked.date() - edge > _LONG_AGO)


def is_relative(text: str, period: Period) -> bool:
    """Whether the words for a period only say how long ago it is, as hardly any article does: "two weeks ago".

    Articles do say "this week" and "last month", which help to find what answers.

    >>> is_relative("Who won two days ago?", Period(date(2022, 3, 5), date(2022, 3, 8), Span(8, 20)))
    True
    """
    return _AGO.search(text, *period.span) is not None


def asks_for_anything(text: str, period: Period) -> bool:
    """Whether a question asks for nothing but what happened in its period.

    >>> text = "What happened in March 2022?"
    >>> asks_for_anything(text, Period(date(2022, 3, 1), date(2022, 3, 31), Span(14, 27)))
    True
    """
    rest = text[: period.span.start] + " " + text[period.span.end :]
    return all(word in _ANYTHING for word in _WORD.findall(rest.casefold()))


def find_period(text: str, asked: datetime) -> Period | None:
    """The period that a question names, relative to when, and in the time zone in which, it is asked.

    A month, a week and a date are their own days; a single day is it and three days more, in which it is still
    reported; "this week" is the last seven days; a year alone is only where a period begins, since what happened in it
    is told and counted later. Of a question that is understood with those before it, in lines of their own, the last
    line that names a period counts.
    """
    text = text[:_READ]
    end = len(text)
    for line in reversed(text.split("\n")):
        start = end - len(line)
        if periods := _between(text, start, end, asked):
            return periods[0] if len({(period.since, period.until) for period in periods}) == 1 else None
        end = start - 1
    return None


def _between(text: str, start: int, end: int, asked: datetime) -> list[Period]:
    """The periods that a part of the text names; a year alone only if it names no other."""
    language = RUSSIAN if _is_russian(text[start:end]) else ENGLISH
    taken = [Span(*title.span()) for title in _TITLE.finditer(text, start, end)]
    found: dict[bool, list[Period]] = {True: [], False: []}
    for rule, pattern in language.rules:
        for match in pattern.finditer(text, start, end):
            span = Span(*match.span())
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            taken.append(span)  # also where the rule refuses it, lest a part of it be taken for a period
            try:
                days = Phrase(match, asked.date(), language).days(rule)
            except (ValueError, OverflowError):  # 31 February
                continue
            if days:
                found[days.strong].append(Period(days.since, days.until, span, days.last))
    return found[True] or found[False]


def _is_russian(text: str) -> bool:
    return len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text))
