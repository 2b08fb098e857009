"""An Answer to the HTML messages that say it, inside Telegram's limits. No other file writes markup."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from bot.cut import clip, cut, units
from retrieval.display import Style, also, caption, harmless, left_out, plainly, refusal, runs, said_by
from retrieval.rules.smalltalk import REPLIES
from retrieval.types import Answer, Quote

# Telegram takes 4,096 UTF-16 units once the markup is parsed, 100 entities, and about 32 KB of markup; a little less
# is used, since it may find links and names of its own in the text.
MAX_UNITS, MAX_ENTITIES, MAX_BYTES = 4000, 90, 30_000

_PIECE_UNITS = 2800  # of a quote that one message cannot hold; the rest of a message is for the caption
_PIECE_RUNS = 80
_EXPANDABLE_UNITS = 800  # from here on a quote is folded until it is tapped

Run: TypeAlias = tuple[str, Style]  # a piece of a quote


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a message, and what it takes of the limits once Telegram has parsed it."""

    html: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: Markup) -> Markup:
        return Markup(self.html + other.html, self.units + other.units, self.entities + other.entities)

    @property
    def fits(self) -> bool:
        """Whether it can be a message."""
        size = len(self.html.encode())
        return self.units <= MAX_UNITS and self.entities <= MAX_ENTITIES and size <= MAX_BYTES


def text(words: str) -> Markup:
    """Plain words; the one place where anything is escaped."""
    words = harmless(words)
    return Markup(html.escape(words, quote=False), units(words))


def tag(name: str, inner: Markup, attribute: str = "") -> Markup:
    """An entity around a piece."""
    return Markup(f"<{name}{attribute}>{inner.html}</{name}>", inner.units, inner.entities + 1)


def render_answer(answer: Answer) -> list[str]:
    """The messages, in order; every quote is in them whole, in blockquotes that follow one another if it is long."""
    if answer.small_talk:
        return [text(REPLIES[answer.small_talk]).html]
    blocks = [tag("i", text(line)) for line in (answer.understood, answer.period and answer.period.text) if line]
    if answer.quotes:
        blocks += [block for quote in answer.quotes for block in _blocks(quote)]
    else:
        heading = text("\n\n") + tag("i", text("Closest passages:")) if answer.closest else Markup()
        blocks.append(tag("b", text(refusal(answer))) + heading)
        blocks += [block for quote in answer.closest for block in _blocks(plainly(quote))]
    if more := left_out(answer):
        blocks.append(tag("i", text(more)))
    return [message.html for message in _pack(blocks)]


def _blocks(quote: Quote) -> list[Markup]:
    """A quote with its caption: one block, or several that each repeat the headline."""
    whole = _head(quote) + _blockquote(runs(quote)) + _foot(quote)
    if whole.fits:
        return [whole]
    first, *rest = (_blockquote(piece) for piece in _pieces(runs(quote)))
    blocks = [_head(quote) + first, *(_headline(quote, " (continued)") + piece for piece in rest)]
    return [*blocks[:-1], blocks[-1] + _foot(quote)]


def _head(quote: Quote) -> Markup:
    above = caption(quote.article)
    where = text(" · ".join(clip(part, 100) for part in (above.outlet, above.date) if part))
    if above.url:
        where += text(" · ") + tag("a", text("open article"), f' href="{html.escape(above.url)}"')
    return _headline(quote) + where + text("\n")


def _foot(quote: Quote) -> Markup:
    below = Markup()
    for line in (said_by(quote), also(quote)):
        if line:
            below += text("\n") + tag("i", text(clip(line, 300)))
    return below


def _headline(quote: Quote, note: str = "") -> Markup:
    return tag("b", text(clip(caption(quote.article).headline, 300))) + text(f"{note}\n")


def _blockquote(pieces: list[Run]) -> Markup:
    inner = Markup()
    for plain, together in groupby(pieces, lambda run: run[1] == Style.PLAIN):
        part = Markup()
        for words, style in together:
            part += tag("u", text(words)) if style == Style.MARKED else text(words)
        inner += part if plain else tag("b", part)
    return tag("blockquote", inner, " expandable" if inner.units > _EXPANDABLE_UNITS else "")


def _pieces(whole: list[Run]) -> Iterator[list[Run]]:
    """The runs of a long quote in pieces that each fit a message."""
    while whole:
        taken = whole[:_PIECE_RUNS]
        end = cut("".join(words for words, _ in taken), _PIECE_UNITS)
        piece, left = [], []
        for words, style in taken:
            piece.append((words[:end], style))
            left.append((words[end:], style))
            end = max(0, end - len(words))
        yield [run for run in piece if run[0]]
        whole = [run for run in left if run[0]] + whole[_PIECE_RUNS:]


def _pack(blocks: list[Markup]) -> Iterator[Markup]:
    """The blocks in as few messages as hold them, in order."""
    message = blocks[0]
    for block in blocks[1:]:
        longer = message + text("\n\n") + block
        if longer.fits:
            message = longer
        else:
            yield message
            message = block
    yield message
