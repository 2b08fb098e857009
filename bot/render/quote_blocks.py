"""A quote with what stands above and below it, in one message, whatever its length."""

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

MAX_QUOTE_UNITS = 2800  # units of a quote
_EXPANDABLE = 800  # from here on a quote is folded until it is tapped
_HEADLINE, _PLACE, _BELOW = 150, 60, 200  # of what stands beside it

_NOTHING = Markup()

StyledPiece: TypeAlias = tuple[str, Style]  # a piece of a quote


def quote_block(
    quote: Quote,
    texts: Texts,
    label: str = "",
    beside: Markup = _NOTHING,
    longest: int = MAX_QUOTE_UNITS,
    flat: bool = False,
) -> Block:
    """A quote with its caption, of at most `longest` units, and fewer where it and what is `beside` it fit no message.

    It has `label` for its number. In a `flat` one nothing stands out.
    """
    shown = without_emphasis(quote) if flat else quote
    number = bold(label.strip()) + text("\n") if label else _NOTHING
    speaker, others = _below(said_by(shown, texts)), _below(also_in(shown, texts))
    frame = Block(quote.article, article_heading(quote.article, texts, label), number, speaker, others)
    room = MAX_UNITS - (beside + frame.whole + with_omission_note(_NOTHING, True, True, texts)).units
    made = frame
    for tried, limit in _tries(quote, min(longest, room)):
        part, before, behind = _part(tried, limit)
        words = blockquote(styled_pieces(without_emphasis(part) if flat else part))
        made = replace(frame, body=with_omission_note(words, before, behind, texts) + frame.body)
        if (beside + made.whole).fits:
            break
    return made


def with_omission_note(words: Markup, before: bool, behind: bool, texts: Texts) -> Markup:
    """A blockquote, and outside of it that something before or behind its words is left out, if it is."""
    if not (before or behind):
        return words
    note = italic(f"{'… ' if behind else ''}{texts('shortened')}")
    return (text("…\n") if before else _NOTHING) + words + text("\n") + note


def _tries(quote: Quote, longest: int) -> Iterator[tuple[Quote, int]]:
    """A quote and how much of it, and then with fewer entities, and bytes, than a message may have."""
    yield quote, longest
    quote = replace(quote, marks=())
    yield quote, longest
    quote = replace(quote, highlights=quote.highlights[:1])
    yield quote, longest
    yield quote, longest // 2


def _part(quote: Quote, limit: int) -> tuple[Quote, bool, bool]:
    """The part of a quote that is shown, and whether there is more of it before, and behind."""
    best = quote.highlights[0] if quote.highlights else None
    start, end = shorten(quote.article, Span(quote.start, quote.end), limit, best)
    spans = (Span(max(start, span.start), min(end, span.end)) for span in quote.highlights)
    highlights = tuple(span for span in spans if span.start < span.end)
    return replace(quote, start=start, end=end, highlights=highlights), start > quote.start, end < quote.end


def article_heading(article: Article, texts: Texts, label: str = "") -> Markup:
    """The headline, and below it outlet, date and link."""
    above = caption(article)
    where = text(" · ".join(clip(part, _PLACE) for part in (above.outlet, dated(above, texts)) if part))
    if above.url and (opening := link(above.url, texts("open-article"))):
        where += text(" · ") + opening
    return bold(label + clip(headline(above, texts), _HEADLINE)) + text("\n") + where + text("\n")


def blockquote(pieces: list[StyledPiece]) -> Markup:
    """Pieces of a quote, the answering sentence bold and what is asked for underlined in it."""
    inner = Markup()
    for is_plain, together in groupby(pieces, lambda run: run[1] == Style.PLAIN):
        part = Markup()
        for words, style in together:
            part += tag("u", text(words)) if style == Style.MARKED else text(words)
        inner += part if is_plain else tag("b", part)
    return tag("blockquote", inner, " expandable" if inner.units > _EXPANDABLE else "")


def _below(line: str | None) -> Markup:
    return text("\n") + italic(line, _BELOW) if line else _NOTHING
