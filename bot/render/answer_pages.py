"""Answers, and the quotes that follow them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bot.render.markup import Markup, Page, bold, italic, joined, plain, text
from bot.render.pages import pack
from bot.render.quote_blocks import MAX_QUOTE_UNITS, quote_block
from retrieval.presentation.answer_lines import left_out, refusal, searched_days, understood, unread
from retrieval.presentation.texts import Texts
from retrieval.types import Answer, Question, Quote

_NOTHING = Markup()
# Units of a quote at most: the first that takes no more messages than are wanted, or the last.
_READ = (MAX_QUOTE_UNITS, 2000, 1400, 1000, 700)
_GLANCED_AT = (600, 450, 300, 150, 60)


def render_answer(answer: Answer, texts: Texts) -> list[Page]:
    """The messages, in order, every quote in one of them; a refusal is one, since its closest passages are short.

    Filters that the question has stand on top. One headline stands over quotes of one article that follow one another.
    Quotes are numbered where there is more than one of them.
    """
    if answer.small_talk:
        return [Page(plain(texts(f"talk-{answer.small_talk}")))]
    above, left = joined(_above(answer, texts), "\n"), _left(answer, texts)
    if answer.quotes:
        return _pages(answer.quotes, texts, above, left, numbered=len(answer.quotes) + answer.more > 1)
    if answer.status == "perhaps":
        return _pages(answer.closest, texts, joined([above, bold(texts("perhaps"))]))
    refused = bold(refusal(answer, texts))
    heading = italic(texts("closest")) if answer.closest else _NOTHING
    return _pages(answer.closest, texts, joined([above, refused, heading]), glanced_at=True)


def render_more(answer: Answer, texts: Texts, start: int) -> list[Page]:
    """Further quotes, whose numbers go on after `start`; or that there are none."""
    if not answer.quotes:
        return [Page(plain(texts("nothing-more")))]
    left, is_latest = _left(answer, texts), not answer.question.text
    return _pages(answer.quotes, texts, left=left, numbered=True, start=start, glanced_at=is_latest)


def render_latest(answer: Answer, texts: Texts) -> list[Page]:
    """The beginnings of the newest articles under a heading, in one message."""
    quotes = answer.quotes or answer.closest
    heading = bold(texts("latest-heading" if quotes else "latest-none"))
    return _pages(quotes, texts, joined([*_filters(answer.question, texts), heading]), glanced_at=True)


def render_watch_notice(question: str, answer: Answer, texts: Texts) -> list[Page]:
    """New quotes for a question that is watched, under the question."""
    above = [italic(texts("watch-notice", question=question), 600), *_unread(answer, texts)]
    return _pages(answer.quotes, texts, joined(above, "\n"))


def _pages(
    quotes: Sequence[Quote],
    texts: Texts,
    above: Markup = _NOTHING,
    left: Markup = _NOTHING,
    *,
    numbered: bool | None = None,
    start: int = 0,
    glanced_at: bool = False,
) -> list[Page]:
    """Quotes between what stands above the first and what is left behind the last, in at most as many messages.

    Five take three messages at most or, if they are just glanced at, when nothing stands out in them, one.
    """
    if not quotes:
        return [Page(above.html)]
    shown_numbers = len(quotes) > 1 if numbered is None else numbered
    labels = [f"{texts.number(n)}. " if shown_numbers else "" for n in range(start + 1, start + len(quotes) + 1)]
    beside = joined([above, left]) + text("\n\n")
    wanted = math.ceil(len(quotes) / 5) if glanced_at else max(3, math.ceil(len(quotes) * 3 / 5))
    pages: list[Page] = []
    for longest in _GLANCED_AT if glanced_at else _READ:
        blocks = [
            quote_block(quote, texts, label, beside, longest, flat=glanced_at)
            for label, quote in zip(labels, quotes, strict=True)
        ]
        pages = pack(blocks, start + 1, above, left)
        if len(pages) <= wanted:
            break
    return pages


def _above(answer: Answer, texts: Texts) -> Iterator[Markup]:
    """What was asked for, as far as the question alone does not say it, and whether the answer was read."""
    yield from _filters(answer.question, texts)
    if how := understood(answer, texts):
        yield italic(how, 600)
    if answer.period:
        yield italic(searched_days(answer.period, texts))
    yield from _unread(answer, texts)


def _unread(answer: Answer, texts: Texts) -> Iterator[Markup]:
    if note := unread(answer, texts):
        yield italic(note)


def _filters(question: Question, texts: Texts) -> Iterator[Markup]:
    days = texts.days(question.since, question.until) if question.since or question.until else None
    if filters := ", ".join(part for part in (days, question.source) if part):
        yield italic(texts("filters-line", filters=filters))


def _left(answer: Answer, texts: Texts) -> Markup:
    line = left_out(answer, texts)
    return italic(line) if line else _NOTHING
