"""Render answers, further quotes, the newest articles and notices of watches as messages."""

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
# Limits of a quote in UTF-16 units: the first one is used with which the quotes take few enough messages, or the last.
_FULL_LIMITS = (MAX_QUOTE_UNITS, 2000, 1400, 1000, 700)
_PREVIEW_LIMITS = (600, 450, 300, 150, 60)


def render_answer(answer: Answer, texts: Texts) -> list[Page]:
    """Return the messages of an answer, in order; a refusal is one message, as its closest passages are short.

    The filters of the question come first. Quotes of one article that follow one another share a headline. Quotes are
    numbered if there is more than one.
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
    return _pages(answer.closest, texts, joined([above, refused, heading]), preview=True)


def render_more(answer: Answer, texts: Texts, start: int) -> list[Page]:
    """Return the messages of further quotes, numbered from `start` + 1, or one that says that there are none."""
    if not answer.quotes:
        return [Page(plain(texts("nothing-more")))]
    left, is_latest = _left(answer, texts), not answer.question.text
    return _pages(answer.quotes, texts, left=left, numbered=True, start=start, preview=is_latest)


def render_latest(answer: Answer, texts: Texts) -> list[Page]:
    """Return one message with the beginnings of the newest articles under a heading."""
    quotes = answer.quotes or answer.closest
    heading = bold(texts("latest-heading" if quotes else "latest-none"))
    return _pages(quotes, texts, joined([*_filters(answer.question, texts), heading]), preview=True)


def render_watch_notice(question: str, answer: Answer, texts: Texts) -> list[Page]:
    """Return the messages of new quotes for a watched question, under the question."""
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
    preview: bool = False,
) -> list[Page]:
    """Return messages with the quotes, `above` before the first and `left` after the last.

    Where possible, quotes are shortened so that five take at most three messages. In a `preview` they have no bold
    words and are shortened further, so that five take one message.
    """
    if not quotes:
        return [Page(above.html)]
    shown_numbers = len(quotes) > 1 if numbered is None else numbered
    labels = [f"{texts.number(n)}. " if shown_numbers else "" for n in range(start + 1, start + len(quotes) + 1)]
    around = joined([above, left]) + text("\n\n")
    wanted = math.ceil(len(quotes) / 5) if preview else max(3, math.ceil(len(quotes) * 3 / 5))
    pages: list[Page] = []
    for longest in _PREVIEW_LIMITS if preview else _FULL_LIMITS:
        blocks = [
            quote_block(quote, texts, label, around, longest, flat=preview)
            for label, quote in zip(labels, quotes, strict=True)
        ]
        pages = pack(blocks, start + 1, above, left)
        if len(pages) <= wanted:
            break
    return pages


def _above(answer: Answer, texts: Texts) -> Iterator[Markup]:
    """Yield the filters, how a follow-up was understood, the days that were searched, and whether nothing was read."""
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
