"""Answers, and the quotes that follow them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.render.markup import Block, Markup, Page, aside, bold, pack, plain, text
from bot.render.quotes import blocks
from bot.texts import Texts
from retrieval.display import plainly, refused
from retrieval.rules.periods import Period
from retrieval.types import Answer, Question, Quote

_REFUSALS = {"all": "refusal", "day": "refusal-of-day", "days": "refusal-of-days"}


def render_answer(answer: Answer, texts: Texts) -> list[Page]:
    """The messages, in order; every quote is in them whole, in blockquotes that follow one another if it is long.

    Filters that the question has stand on top. Quotes are numbered where there is more than one of them.
    """
    if answer.small_talk:
        return [Page(plain(texts(f"talk-{answer.small_talk}")))]
    if answer.quotes:
        found = _quotes(answer.quotes, texts, numbered=len(answer.quotes) + answer.more > 1)
        return list(pack(chain(_above(answer, texts), found, _left(answer, texts))))
    line = bold(texts(_REFUSALS[refused(answer)]))
    wider = text("\n") + aside(texts("refusal-reset")) if answer.question.since or answer.question.source else Markup()
    heading = text("\n\n") + aside(texts("closest")) if answer.closest else Markup()
    closest = _quotes(map(plainly, answer.closest), texts, numbered=len(answer.closest) > 1)
    return list(pack(chain(_above(answer, texts), [Block(line + wider + heading)], closest)))


def render_more(answer: Answer, texts: Texts, start: int) -> list[Page]:
    """Further quotes, whose numbers go on after `start`; or that there are none."""
    if not answer.quotes:
        return [Page(plain(texts("nothing-more")))]
    return list(pack(chain(_quotes(answer.quotes, texts, start=start), _left(answer, texts))))


def render_latest(answer: Answer, texts: Texts) -> list[Page]:
    """The beginnings of the newest articles, under a heading."""
    quotes = answer.quotes or answer.closest
    heading = bold(texts("latest-heading" if quotes else "latest-none"))
    found = _quotes(map(plainly, quotes), texts, numbered=len(quotes) > 1)
    return list(pack(chain(_filters(answer.question, texts), [Block(heading)], found)))


def render_watch_notice(question: str, answer: Answer, texts: Texts) -> list[Page]:
    """New quotes for a question that is watched, under the question."""
    heading = aside(texts("watch-notice", question=question), 600)
    found = _quotes(answer.quotes, texts, numbered=len(answer.quotes) > 1)
    return list(pack(chain([Block(heading)], found)))


def _quotes(quotes: Iterable[Quote], texts: Texts, numbered: bool = True, start: int = 0) -> Iterator[Block]:
    for number, quote in enumerate(quotes, start + 1):
        yield from blocks(quote, texts, number, numbered)


def _above(answer: Answer, texts: Texts) -> Iterator[Block]:
    """What was asked for, as far as the question alone does not say it."""
    yield from _filters(answer.question, texts)
    if answer.understood:
        yield Block(aside(texts("understood", question=answer.understood), 600))
    if answer.period:
        yield Block(aside(_period(answer.period, texts)))


def _filters(question: Question, texts: Texts) -> Iterator[Block]:
    days = texts.days(question.since, question.until) if question.since or question.until else None
    if filters := ", ".join(part for part in (days, question.source) if part):
        yield Block(aside(texts("filters-line", filters=filters)))


def _period(period: Period, texts: Texts) -> str:
    whole = period.since and period.until
    return texts("period" if whole else "period-open", days=texts.days(period.since, period.until))


def _left(answer: Answer, texts: Texts) -> Iterator[Block]:
    if answer.more:
        yield Block(aside(texts("more-left", count=answer.more)))
