"""A quote to choose from in inline mode, and to send into any chat: one message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.render.quote_blocks import quote_block
from index.types import Span
from retrieval.presentation.answer_lines import dated, headline
from retrieval.presentation.answer_parts import caption, one_line
from retrieval.presentation.clipping import clip
from retrieval.presentation.texts import Texts
from retrieval.types import Quote

_TITLE, _DESCRIPTION = 100, 250  # units


@dataclass(frozen=True, slots=True)
class InlineResult:
    """What is shown to choose from, as plain text, and the message that is sent."""

    title: str
    description: str
    html: str


def inline_result(quote: Quote, texts: Texts) -> InlineResult:
    """A quote with its source."""
    above = caption(quote.article)
    best = quote.highlights[0] if quote.highlights else Span(quote.start, quote.end)
    parts = dated(above, texts), above.outlet, one_line(quote.article.text[slice(*best)])
    description = clip(" · ".join(filter(None, parts)), _DESCRIPTION)
    return InlineResult(clip(headline(above, texts), _TITLE), description, quote_block(quote, texts).whole.html)
