"""Print answers, and quotes that were looked up, on a terminal or through a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from index.harmless import harmless
from index.types import Article
from retrieval.presentation.answer_lines import (
    also_in,
    dated,
    headline,
    left_out,
    refusal,
    said_by,
    searched_days,
    understood,
    unread,
)
from retrieval.presentation.answer_parts import Style, caption, grouped_by_article, styled_pieces, without_emphasis
from retrieval.presentation.texts import Texts
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Quote

_BAR, _NO_BAR = "│ ", Text()
_STYLES = {Style.PLAIN: "", Style.BOLD: "bold", Style.MARKED: "bold underline"}
_CHANGES = {"moved": "context-moved", "changed": "article-changed"}


def print_answer(
    console: Console, answer: Answer, texts: Texts, *, explain: bool = False, in_shell: bool = False
) -> None:
    """Print the quotes, or the one quote that perhaps answers, or a refusal with the closest passages.

    Notes on the whole answer come first: how a follow-up was understood, the days that were searched, and whether no
    reader has checked the quotes. Lines are wrapped on a terminal only, so that output through a pipe keeps each
    paragraph in one line. The closest passages are dim, without bold or underlined words. With `explain`, each quote is
    followed by the parts of its score. If `in_shell`, the command-line option that shows more quotes is named.
    """
    if answer.small_talk:
        console.print(Text(f"{texts(f'talk-{answer.small_talk}')}\n"), soft_wrap=not console.is_terminal)
        return
    days = searched_days(answer.period, texts) if answer.period else None
    for note in (understood(answer, texts), days, unread(answer, texts)):
        if note:
            console.print(Text(f"{note}\n", "dim"), soft_wrap=True)
    _print_quotes(console, answer.quotes, texts, explain)
    if more := left_out(answer, texts):
        limit = str(len(answer.quotes) + answer.more)  # as it is typed, without a thousands separator
        option = f": {texts('terminal-more-option', limit=limit, count=answer.more)}" if in_shell else ""
        console.print(Text(f"{more}{option}\n", "dim"), soft_wrap=True)
    if answer.quotes:
        return
    if answer.status == "perhaps":
        _print_line(console, texts("perhaps"), "bold")
        _print_quotes(console, answer.closest, texts, explain)
        return
    _print_line(console, refusal(answer, texts), "bold")
    if answer.closest:
        _print_line(console, texts("closest"), "dim italic")
    _print_quotes(console, map(without_emphasis, answer.closest), texts, explain, dim=True)


def print_located_quote(console: Console, located: LocatedQuote, texts: Texts) -> None:
    """Print a quote that was looked up, marked with a bar, between the paragraphs around it.

    Where the article no longer contains it, the text that replaced it is printed without a bar, since it is no quote.
    """
    _print_caption(console, located.article, texts)
    _print_id(console, str(located.id))
    if located.status != "unchanged":
        _print_line(console, texts(_CHANGES[located.status]), "bold")
    text, span = located.article.text, located.span
    if span is None:
        console.print(Text(texts("article-ends-before")), soft_wrap=True)
    elif located.status == "changed":
        _print_line(console, texts("article-changed-now"))
        _print_body(console, Text(harmless(text[slice(*located.context)]), "dim"))
    else:
        if before := harmless(located.before).rstrip(" ").removesuffix("\n"):
            _print_body(console, Text(before, "dim"))
        _print_body(console, Text(harmless(text[slice(*span)])), Text(_BAR, "cyan"))
        if after := harmless(located.after).lstrip(" ").removeprefix("\n"):
            _print_body(console, Text(after, "dim"))
    console.print()


def _print_quotes(console: Console, quotes: Iterable[Quote], texts: Texts, explain: bool, dim: bool = False) -> None:
    """Print quotes, each under its id; those of one article share a headline above and an "also in" line below."""
    for article, of_article in groupby(grouped_by_article(quotes), key=lambda quote: quote.article):
        _print_caption(console, article, texts, "dim" if dim else "bold")
        *others, last = of_article
        for quote in (*others, last):
            also = also_in(quote, texts) if quote is last else None
            below = (said_by(quote, texts), also, _explained(quote, texts) if explain else None)
            _print_quote(console, quote, below, dim)


def _print_quote(console: Console, quote: Quote, below: Iterable[str | None], dim: bool) -> None:
    _print_id(console, quote.id)
    words = Text.assemble(
        *((piece, _STYLES[style]) for piece, style in styled_pieces(quote)), style="dim" if dim else ""
    )
    _print_body(console, words, Text(_BAR, "dim" if dim else "cyan"))
    for line in filter(None, below):
        console.print(Text(line, "dim"), soft_wrap=True)
    console.print()


def _explained(quote: Quote, texts: Texts) -> str:
    """Return the words that the search matched, the parts of its score, and the score of the quote's best sentence.

    Where a model has read the sentence, its score is in log odds.
    """
    hit = quote.hit
    parts = [("similarity", f"{hit.cosine:.2f}"), ("words", f"{hit.words:.2f}")]
    if round(hit.recency, 2):
        parts.append(("newness", f"{hit.recency:+.2f}"))
    if round(hit.article, 2):
        parts.append(("article", f"{hit.article:+.2f}"))
    parts += [("search", f"{hit.score:.2f}"), ("score", f"{quote.score:.2f}")]
    figures = [texts(f"explain-{name}", value=re.sub(r"(?<!\d)0\.", ".", value)) for name, value in parts]
    matched = texts("explain-matched", words=", ".join(hit.matched)) if hit.matched else texts("explain-no-match")
    return " · ".join([matched, *figures])


def _print_caption(console: Console, article: Article, texts: Texts, style: str = "bold") -> None:
    above = caption(article)
    console.print(Text(headline(above, texts), style), soft_wrap=True)
    # The terminal wraps this line, so that the link stays in one piece.
    place = [part for part in (above.outlet, dated(above, texts), above.url) if part]
    console.print(Text(" · ".join(place), "dim"), soft_wrap=True)


def _print_line(console: Console, line: str, style: str = "") -> None:
    console.print(Text(f"{line}\n", style), soft_wrap=True)


def _print_id(console: Console, id: str) -> None:
    console.print(Text(id, "dim"), soft_wrap=True)


def _print_body(console: Console, body: Text, bar: Text = _NO_BAR) -> None:
    wide = max(20, console.width - len(bar))
    for line in body.wrap(console, wide) if console.is_terminal else body.split("\n", allow_blank=True):
        console.print(Text.assemble(bar, line), soft_wrap=True)
