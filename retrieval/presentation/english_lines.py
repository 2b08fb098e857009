"""The lines beside quotes, in English, as the terminal and the report of an evaluation have them. Pure."""

from __future__ import annotations

from datetime import date

from index.console import counted
from retrieval.presentation.display import Caption, elsewhere, is_unread, refused, speaker
from retrieval.types import Answer, Quote

PERHAPS = "Perhaps this answers it:"

_REFUSALS = {
    "all": "No article here answers this.",
    "day": "No article of this day answers this.",
    "days": "No article of these days answers this.",
}


def headline(above: Caption) -> str:
    """The headline, or that there is none."""
    return above.headline or "Untitled"


def dated(above: Caption) -> str:
    """The day, the date as it stands, or that there is none; and the day of the last change, if it is another."""
    first = _spelt(above.day) if above.day else above.dated or "undated"
    return f"{first}, updated {_spelt(above.updated)}" if above.updated else first


def also(quote: Quote) -> str | None:
    """A line that says who else has the story of a quote and since when, or None if it has no copies.

    >>> from datetime import date
    >>> from index.types import Article, Passage
    >>> from retrieval.types import Hit
    >>> rain = Article("a", "Rain.", "a.txt", source="TASS", published=date(2022, 4, 3))
    >>> copy = Article("b", "Rain.", "b.txt", source="AP", published=date(2022, 4, 2))
    >>> also(Quote(rain, 0, 5, (), 0.5, Hit(Passage(rain, 0, 5), 0.5, 0.5, 0.5), copies=(copy,)))
    'also in AP; first on 2 April 2022'
    """
    others = elsewhere(quote)
    if others is None:
        return None
    where = others.names or counted(others.articles, "other article")
    if len(others.outlets) > 1:
        where = f"{len(others.outlets)} outlets: {where}"
    return f"also in {where}; first on {_spelt(others.first)}" if others.first else f"also in {where}"


def said_by(quote: Quote) -> str | None:
    """A line that names who says what is quoted, or None where the article does not tell."""
    name = speaker(quote)
    return f"said by {name}" if name else None


def understood(answer: Answer) -> str | None:
    """A line that shows how a follow-up question was understood, or None if it was not one."""
    return f"understood as: {answer.understood}" if answer.understood else None


def unread(answer: Answer) -> str | None:
    """A line that says that nothing has read whether the quotes answer, or None if a reader has."""
    return "found by search only, not checked against the question" if is_unread(answer) else None


def refusal(answer: Answer) -> str:
    """The line in place of quotes, where nothing answers."""
    return _REFUSALS[refused(answer)]


def left_out(answer: Answer) -> str | None:
    """A line that counts the quotes that may answer too, or None if all are there."""
    return f"and {counted(answer.more, 'more quote')}" if answer.more else None


def _spelt(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
