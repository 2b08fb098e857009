"""The period in which the articles that a question asks for were published, in the question's own words. Pure.

A period excludes all other articles, so a wrong one is worse than a missed one. Future dates, events ("the September 11
attacks") and names ("Theresa May") are therefore not periods, and a question with two different periods has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from index.text.languages import alternatives, words_of
from index.types import Span
from retrieval.query.day_languages import grammar_of
from retrieval.query.day_phrases import Phrase

_LONG_AGO = timedelta(days=365)
_LONGEST = 2000  # code points of a question that are read
_ABOUT_ANYTHING = frozenset(words_of(lambda language: language.questions.about_anything))
_WORD = re.compile(r"\w+")
_AGO = re.compile(rf"\b(?:{alternatives(lambda language: language.questions.ago)})\b", re.IGNORECASE)
_TITLE = re.compile(r"[“\"«„][^“”\"«»„\n]{2,80}[”\"»“]")

Extent = Literal["day", "in-one-month", "in-one-year", "of-several-years", "since", "until"]


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` to `until`, both included; one of them may be None, for an open period.

    `span` is the place in the question that says so. `last` is the last day meant, if articles up to `until` may still
    report it.
    """

    since: date | None
    until: date | None
    span: Span
    last: date | None = None

    def __post_init__(self) -> None:
        if (self.since or date.min) > (self.until or date.max) or not (self.since or self.until):
            raise ValueError(f"there is no day from {self.since} to {self.until}")

    @property
    def text(self) -> str:
        """Return a note for people that says which days are searched.

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
    """Return the kind of period between two days, both included, by which it can be written briefly.

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
    """Return whether no article can date from a period: it is long past and before the first one, or none has a date.

    `first` is the day of the first article, None if no article has a date. Such events are told by later articles,
    which the period would exclude.
    """
    edge = period.until or period.since or asked.date()
    return first is None or (edge < first and asked.date() - edge > _LONG_AGO)


def is_relative(text: str, period: Period) -> bool:
    """Return whether a period is only said by how long ago it was: "two weeks ago".

    Articles hardly use such words, but they do use "this week" and "last month", which help to find the answer.

    >>> is_relative("Who won two days ago?", Period(date(2022, 3, 5), date(2022, 3, 8), Span(8, 20)))
    True
    """
    return _AGO.search(text, *period.span) is not None


def asks_for_anything(text: str, period: Period) -> bool:
    """Return whether a question only asks what happened in its period.

    >>> text = "What happened in March 2022?"
    >>> asks_for_anything(text, Period(date(2022, 3, 1), date(2022, 3, 31), Span(14, 27)))
    True
    """
    rest = text[: period.span.start] + " " + text[period.span.end :]
    return all(word in _ABOUT_ANYTHING for word in _WORD.findall(rest.casefold()))


def find_period(text: str, asked: datetime) -> Period | None:
    """Return the period that a question names, relative to the time and the time zone of asking; None if it has none.

    A month or a week is its own days. A single day has three days added, on which it is still reported. "This week" is
    the last seven days. A mere year only begins a period, since its events are also told and counted later. Earlier
    questions may precede the last one, each in a line of its own; then the last line that names a period counts.
    """
    text = text[:_LONGEST]
    end = len(text)
    for line in reversed(text.split("\n")):
        start = end - len(line)
        if periods := _between(text, start, end, asked):
            return periods[0] if len({(period.since, period.until) for period in periods}) == 1 else None
        end = start - 1
    return None


def _between(text: str, start: int, end: int, asked: datetime) -> list[Period]:
    """Return the periods in a slice of the text; a mere year only if there is no other."""
    grammar = grammar_of(text[start:end])
    taken = [Span(*title.span()) for title in _TITLE.finditer(text, start, end)]
    found: dict[bool, list[Period]] = {True: [], False: []}
    for rule, pattern in grammar.phrase_patterns:
        for match in pattern.finditer(text, start, end):
            span = Span(*match.span())
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            taken.append(span)  # also if the rule rejects it, so that no part of it becomes a period
            try:
                days = Phrase(match, asked.date(), grammar).days(rule)
            except (ValueError, OverflowError):  # 31 February
                continue
            if days:
                found[days.strong].append(Period(days.since, days.until, span, days.last))
    return found[True] or found[False]
