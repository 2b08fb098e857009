"""The lines above and below quotes, in any language, for the terminal and the bot alike. Pure."""

from __future__ import annotations

from retrieval.presentation.answer_parts import Caption, is_unread, other_coverage, refusal_scope, speaker_name
from retrieval.presentation.texts import Texts
from retrieval.query.periods import Period
from retrieval.types import Answer, Quote

_REFUSALS = {"all": "refusal", "day": "refusal-of-day", "days": "refusal-of-days"}


def headline(above: Caption, texts: Texts) -> str:
    """Return the headline, or a word that says that the article has none."""
    return above.headline or texts("untitled")


def dated(above: Caption, texts: Texts) -> str:
    """Return the article's day, else its date as written, else "undated"; with the day of its last update, if any."""
    first = texts.day(above.day) if above.day else above.dated or texts("undated")
    return f"{first}, {texts('updated', day=texts.day(above.updated))}" if above.updated else first


def also_in(quote: Quote, texts: Texts) -> str | None:
    """Return a line that says who else has the story of a quote and since when, or None if it has no copies.

    >>> from datetime import date
    >>> from index.types import Article, Passage
    >>> from retrieval.presentation.texts import texts_for
    >>> from retrieval.types import Hit
    >>> rain = Article("a", "Rain.", "a.txt", source="TASS", published=date(2022, 4, 3))
    >>> copy = Article("b", "Rain.", "b.txt", source="AP", published=date(2022, 4, 2))
    >>> quote = Quote(rain, 0, 5, (), 0.5, Hit(Passage(rain, 0, 5), 0.5, 0.5, 0.5), copies=(copy,))
    >>> also_in(quote, texts_for("en"))
    'also in AP; first on 2 April 2022'
    """
    others = other_coverage(quote)
    if others is None:
        return None
    where = others.names or texts("also-in-articles", count=others.articles)
    if len(others.outlets) > 1:
        where = texts("also-in-outlets", count=len(others.outlets), names=where)
    if others.first:
        return texts("also-in-first", outlets=where, day=texts.day(others.first))
    return texts("also-in", outlets=where)


def said_by(quote: Quote, texts: Texts) -> str | None:
    """Return a line that names the speaker, or None where the article names none."""
    name = speaker_name(quote)
    return texts("said-by", name=name) if name else None


def understood(answer: Answer, texts: Texts) -> str | None:
    """Return a line that shows how a follow-up question was understood, or None if it was not one."""
    return texts("understood", question=answer.understood) if answer.understood else None


def searched_days(period: Period, texts: Texts) -> str:
    """Return a line that names the days to which the search was limited."""
    id = "period" if period.since and period.until else "period-open"
    return texts(id, days=texts.days(period.since, period.until))


def unread(answer: Answer, texts: Texts) -> str | None:
    """Return a line that says that no reader has checked the quotes, or None if one has."""
    return texts("unread") if is_unread(answer) else None


def refusal(answer: Answer, texts: Texts) -> str:
    """Return the line that replaces the quotes where nothing answers."""
    return texts(_REFUSALS[refusal_scope(answer)])


def left_out(answer: Answer, texts: Texts) -> str | None:
    """Return a line that counts the further quotes that may answer, or None if there are none."""
    return texts("more-left", count=answer.more) if answer.more else None
