"""The terminal look of an answer, and of a quote that is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from index.harmless import harmless
from index.types import Article
from retrieval.presentation.display import Style, caption, plainly, runs, together
from retrieval.presentation.english_lines import (
    PERHAPS,
    also,
    dated,
    headline,
    left_out,
    refusal,
    said_by,
    understood,
    unread,
)
from retrieval.query.small_talk import REPLIES
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Quote

_BAR, _NO_BAR = "│ ", Text()
_STYLES = {Style.PLAIN: "", Style.BOLD: "bold", Style.MARKED: "bold underline"}
_CHANGED = {
    "moved": "The article has changed around these words since they were quoted.",
    "changed": "The article has changed since it was quoted, and the words stand in it no more.",
}


def print_answer(console: Console, answer: Answer, *, explain: bool = False, in_shell: bool = False) -> None:
    """Print the quotes, or the one that perhaps answers, or that there are none and the closest passages.

    Above them is what has to be said of all: the period that is looked at, or that nothing was read. Quotes are wrapped
    on a terminal only, so that what goes through a pipe is copied whole; of the closest passages nothing stands out.
    With `explain`, each quote is followed by what made its score. Where it is asked `in_shell`, the option that shows
    more quotes is named.
    """
    if answer.small_talk:
        console.print(Text(f"{REPLIES[answer.small_talk]}\n"), soft_wrap=not console.is_terminal)
        return
    for note in (understood(answer), answer.period and answer.period.text, unread(answer)):
        if note:
            console.print(Text(f"{harmless(note)}\n", "dim"), soft_wrap=True)
    _print_quotes(console, answer.quotes, explain)
    if more := left_out(answer):
        option = f": -k {len(answer.quotes) + answer.more} shows {'it' if answer.more == 1 else 'them'}"
        console.print(Text(f"{more}{option if in_shell else ''}\n", "dim"), soft_wrap=True)
    if answer.quotes:
        return
    if answer.status == "perhaps":
        console.print(f"{PERHAPS}\n", style="bold", soft_wrap=True)
        _print_quotes(console, answer.closest, explain)
        return
    console.print(f"{refusal(answer)}\n", style="bold", soft_wrap=True)
    if answer.closest:
        console.print("Closest passages:\n", style="dim italic", soft_wrap=True)
    _print_quotes(console, map(plainly, answer.closest), explain, dim=True)


def print_standing(console: Console, standing: LocatedQuote) -> None:
    """Print a quote that was looked up, behind its bar, between the paragraphs around it.

    Where its words stand no more, what stands there now has no bar: it is no quote.
    """
    _print_caption(console, standing.article)
    _print_id(console, str(standing.id))
    if standing.status != "unchanged":
        console.print(f"{_CHANGED[standing.status]}\n", style="bold", soft_wrap=True)
    text, span = standing.article.text, standing.span
    if span is None:
        console.print("It ends before the place of the quote.", soft_wrap=True)
    elif standing.status == "changed":
        console.print("In their place is now:\n", soft_wrap=True)
        _print_body(console, Text(harmless(text[slice(*standing.context)]), "dim"))
    else:
        if before := harmless(standing.before).rstrip(" ").removesuffix("\n"):
            _print_body(console, Text(before, "dim"))
        _print_body(console, Text(harmless(text[slice(*span)])), Text(_BAR, "cyan"))
        if after := harmless(standing.after).lstrip(" ").removeprefix("\n"):
            _print_body(console, Text(after, "dim"))
    console.print()


def _print_quotes(console: Console, quotes: Iterable[Quote], explain: bool, dim: bool = False) -> None:
    """Print quotes, each under its id and all of one article under one headline; who else has it is said once."""
    for article, of_article in groupby(together(quotes), key=lambda quote: quote.article):
        _print_caption(console, article, "dim" if dim else "bold")
        *others, last = of_article
        for quote in (*others, last):
            _print_quote(console, quote, also(quote) if quote is last else None, explain, dim)


def _print_quote(console: Console, quote: Quote, below: str | None, explain: bool, dim: bool) -> None:
    _print_id(console, quote.id)
    words = Text.assemble(*((piece, _STYLES[style]) for piece, style in runs(quote)), style="dim" if dim else "")
    _print_body(console, words, Text(_BAR, "dim" if dim else "cyan"))
    for line in (said_by(quote), below, _explained(quote) if explain else None):
        if line:
            console.print(Text(line, "dim"), soft_wrap=True)
    console.print()


def _explained(quote: Quote) -> str:
    """What the passage was found by, and the score of its best sentence: log odds, where a model has read it."""
    hit = quote.hit
    parts = [f"similarity {hit.cosine:.2f}", f"words {hit.words:.2f}"]
    if round(hit.recency, 2):
        parts.append(f"newness {hit.recency:+.2f}")
    if round(hit.article, 2):
        parts.append(f"article {hit.article:+.2f}")
    parts += [f"search {hit.score:.2f}", f"score {quote.score:.2f}"]
    figures = re.sub(r"(?<!\d)0\.", ".", " · ".join(parts))
    return f"matched: {', '.join(map(harmless, hit.matched)) or 'none'} · {figures}"


def _print_caption(console: Console, article: Article, style: str = "bold") -> None:
    above = caption(article)
    console.print(Text(headline(above), style), soft_wrap=True)
    # The terminal wraps this line by itself, so that the link stays one piece.
    place = [part for part in (above.outlet, dated(above), above.url) if part]
    console.print(Text(" · ".join(place), "dim"), soft_wrap=True)


def _print_id(console: Console, id: str) -> None:
    console.print(Text(id, "dim"), soft_wrap=True)


def _print_body(console: Console, body: Text, bar: Text = _NO_BAR) -> None:
    wide = max(20, console.width - len(bar))
    for line in body.wrap(console, wide) if console.is_terminal else body.split("\n", allow_blank=True):
        console.print(Text.assemble(bar, line), soft_wrap=True)
