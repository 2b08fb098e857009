"""A quote with what stands above and below it, in blocks that each fit a message."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TypeAlias

from bot.cut import clip, cut
from bot.render.markup import Block, Markup, aside, bold, link, tag, text
from bot.texts import Texts
from index.types import Article
from retrieval.display import Caption, Style, caption, elsewhere, runs, speaker
from retrieval.types import Quote

_PIECE_UNITS = 2800  # of a quote that one message cannot hold; the rest of a message is for the caption
_PIECE_RUNS = 80
_EXPANDABLE_UNITS = 800  # from here on a quote is folded until it is tapped

Run: TypeAlias = tuple[str, Style]  # a piece of a quote


def blocks(quote: Quote, texts: Texts, number: int, numbered: bool) -> list[Block]:
    """A quote with its caption: one block, or several that each repeat the headline."""
    label = f"{texts.number(number)}. " if numbered else ""
    above = head(quote.article, texts, label)
    parts = quotation(above, runs(quote), foot(quote, texts), headline(quote.article, texts, label, again=True))
    return [*(Block(part) for part in parts[:-1]), Block(parts[-1], number)]


def quotation(above: Markup, words: list[Run], below: Markup, again: Markup) -> list[Markup]:
    """Words in a blockquote; in several where one is too long for a message, with `again` above each but the first."""
    whole = above + blockquote(words) + below
    if whole.fits:
        return [whole]
    first, *rest = (blockquote(piece) for piece in _pieces(words))
    parts = [above + first] if (above + first).fits else [above, first]
    parts += [again + piece for piece in rest]
    return [*parts[:-1], parts[-1] + below] if (parts[-1] + below).fits else [*parts, below]


def head(article: Article, texts: Texts, label: str = "") -> Markup:
    """The headline, and below it outlet, date and link."""
    above = caption(article)
    where = text(" · ".join(clip(part, 100) for part in (above.outlet, dated(above, texts)) if part))
    if above.url and (opening := link(above.url, texts("open-article"))):
        where += text(" · ") + opening
    return headline(article, texts, label) + where + text("\n")


def headline(article: Article, texts: Texts, label: str = "", again: bool = False) -> Markup:
    """The headline, or if it stands `again` above a quote that goes on, a line that says so."""
    words = bold(label + clip(title(article, texts), 300))
    if not again:
        return words + text("\n")
    return words + text(f" {texts('continued')}\n")


def title(article: Article, texts: Texts) -> str:
    """The headline of an article, or that it has none."""
    return caption(article).headline or texts("untitled")


def dated(above: Caption, texts: Texts) -> str:
    """The day of an article, its date as it stands, or that it has none."""
    return texts.day(above.day) if above.day else above.dated or texts("undated")


def foot(quote: Quote, texts: Texts) -> Markup:
    """Who says what is quoted, and who else has its story; nothing where neither is known."""
    below = Markup()
    if name := speaker(quote):
        below += text("\n") + aside(texts("said-by", name=name))
    if line := _also(quote, texts):
        below += text("\n") + aside(line)
    return below


def blockquote(pieces: list[Run]) -> Markup:
    """Pieces of a quote, the answering sentence bold and what is asked for underlined in it."""
    inner = Markup()
    for is_plain, together in groupby(pieces, lambda run: run[1] == Style.PLAIN):
        part = Markup()
        for words, style in together:
            part += tag("u", text(words)) if style == Style.MARKED else text(words)
        inner += part if is_plain else tag("b", part)
    return tag("blockquote", inner, " expandable" if inner.units > _EXPANDABLE_UNITS else "")


def _also(quote: Quote, texts: Texts) -> str | None:
    others = elsewhere(quote)
    if others is None:
        return None
    where = others.names or texts("also-in-articles", count=others.articles)
    if len(others.outlets) > 1:
        where = texts("also-in-outlets", count=len(others.outlets), names=where)
    if others.first:
        return texts("also-in-first", outlets=where, day=texts.day(others.first))
    return texts("also-in", outlets=where)


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
