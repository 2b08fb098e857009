"""Render a quote as a result of inline mode, which people choose from a list and send into any chat."""

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
    """An entry of the list, as plain text, and the HTML of the message that it sends."""

    title: str
    description: str
    html: str


def inline_result(quote: Quote, texts: Texts) -> InlineResult:
    """Return the result for a quote, in one message with its source."""
    above = caption(quote.article)
    best = quote.highlights[0] if quote.highlights else Span(quote.start, quote.end)
    parts = dated(above, texts), above.outlet, one_line(quote.article.text[slice(*best)])
    description = clip(" · ".join(filter(None, parts)), _DESCRIPTION)
    return InlineResult(clip(headline(above, texts), _TITLE), description, quote_block(quote, texts).whole.html)
