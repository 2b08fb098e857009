"""Render a quote with its caption and the lines below it, shortened to fit into one message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from bot.render.markup import MAX_UNITS, Markup, bold, italic, link, tag, text
from bot.render.pages import Block
from bot.render.shorten import shorten
from index.types import Article, Span
from retrieval.presentation.answer_lines import also_in, dated, headline, said_by
from retrieval.presentation.answer_parts import Style, caption, styled_pieces, without_emphasis
from retrieval.presentation.clipping import clip
from retrieval.presentation.texts import Texts
from retrieval.types import Quote

MAX_QUOTE_UNITS = 2800  # UTF-16 units
_EXPANDABLE = 800  # units; a longer quote is collapsed until it is tapped
_HEADLINE, _PLACE, _BELOW = 150, 60, 200  # units of the headline, of outlet and date, and of a line below

_NOTHING = Markup()

StyledPiece: TypeAlias = tuple[str, Style]


def quote_block(
    quote: Quote,
    texts: Texts,
    label: str = "",
    beside: Markup = _NOTHING,
    longest: int = MAX_QUOTE_UNITS,
    flat: bool = False,
) -> Block:
    """Return a quote of at most `longest` units, shortened further if it and the markup `beside` it exceed a message.

    `label` is its number. A `flat` quote has no bold words.
    """
    shown = without_emphasis(quote) if flat else quote
    number = bold(label.strip()) + text("\n") if label else _NOTHING
    speaker, others = _below(said_by(shown, texts)), _below(also_in(shown, texts))
    frame = Block(quote.article, article_heading(quote.article, texts, label), number, speaker, others)
    room = MAX_UNITS - (beside + frame.whole + with_omission_note(_NOTHING, True, True, texts)).units
    made = frame
    for tried, limit in _versions(quote, min(longest, room)):
        part, before, behind = _part(tried, limit)
        words = blockquote(styled_pieces(without_emphasis(part) if flat else part))
        made = replace(frame, body=with_omission_note(words, before, behind, texts) + frame.body)
        if (beside + made.whole).fits:
            break
    return made


def with_omission_note(words: Markup, before: bool, behind: bool, texts: Texts) -> Markup:
    """Return a blockquote with a note around it if text `before` or `behind` it is left out."""
    if not (before or behind):
        return words
    note = italic(f"{'… ' if behind else ''}{texts('shortened')}")
    return (text("…\n") if before else _NOTHING) + words + text("\n") + note


def _versions(quote: Quote, longest: int) -> Iterator[tuple[Quote, int]]:
    """Yield versions of a quote with their limits in units, each with fewer entities or bytes of markup."""
    yield quote, longest
    quote = replace(quote, marks=())
    yield quote, longest
    quote = replace(quote, highlights=quote.highlights[:1])
    yield quote, longest
    yield quote, longest // 2


def _part(quote: Quote, limit: int) -> tuple[Quote, bool, bool]:
    """Return the part of a quote that is shown, and whether text before it, and behind it, is left out."""
    best = quote.highlights[0] if quote.highlights else None
    start, end = shorten(quote.article, Span(quote.start, quote.end), limit, best)
    spans = (Span(max(start, span.start), min(end, span.end)) for span in quote.highlights)
    highlights = tuple(span for span in spans if span.start < span.end)
    return replace(quote, start=start, end=end, highlights=highlights), start > quote.start, end < quote.end


def article_heading(article: Article, texts: Texts, label: str = "") -> Markup:
    """Return the headline, with its number if it has one, and below it outlet, date and link."""
    above = caption(article)
    where = text(" · ".join(clip(part, _PLACE) for part in (above.outlet, dated(above, texts)) if part))
    if above.url and (opening := link(above.url, texts("open-article"))):
        where += text(" · ") + opening
    return bold(label + clip(headline(above, texts), _HEADLINE)) + text("\n") + where + text("\n")


def blockquote(pieces: list[StyledPiece]) -> Markup:
    """Return a blockquote of pieces: the best sentence bold, the words that answer underlined in it."""
    inner = Markup()
    for is_plain, together in groupby(pieces, lambda run: run[1] == Style.PLAIN):
        part = Markup()
        for words, style in together:
            part += tag("u", text(words)) if style == Style.MARKED else text(words)
        inner += part if is_plain else tag("b", part)
    return tag("blockquote", inner, " expandable" if inner.units > _EXPANDABLE else "")


def _below(line: str | None) -> Markup:
    return text("\n") + italic(line, _BELOW) if line else _NOTHING
