"""The terminal look of an answer, and of a quote that is looked up."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from index.types import Article
from retrieval.display import also, caption, harmless, runs
from retrieval.rules.smalltalk import REPLIES
from retrieval.standing import Standing
from retrieval.types import Answer, Quote

_BAR = "│ "
_CHANGED = {
    "moved": "The article has changed around these words since they were quoted.",
    "changed": "The article has changed since it was quoted, and the words stand in it no more.",
}


def print_answer(console: Console, answer: Answer, *, explain: bool = False) -> None:
    """Print the period that is looked at, if any, and the quotes, or that there are none and the closest passages.

    Quotes are wrapped on a terminal only, so that what goes through a pipe is copied whole.
    With `explain`, each quote is followed by the words and the similarity that found it.
    """
    if answer.small_talk:
        console.print(Text(f"{REPLIES[answer.small_talk]}\n"), soft_wrap=not console.is_terminal)
        return
    if answer.understood:
        console.print(Text(f"{harmless(answer.understood)}\n", "dim"), soft_wrap=True)
    if answer.period:
        console.print(Text(f"{answer.period.text}\n", "dim"), soft_wrap=True)
    for quote in answer.quotes:
        _print_quote(console, quote, explain)
    if answer.quotes:
        return
    console.print("No article here answers this.\n", style="bold", soft_wrap=True)
    if answer.closest:
        console.print("Closest passages:\n", soft_wrap=True)
    for quote in answer.closest:
        _print_quote(console, quote, explain)


def print_standing(console: Console, standing: Standing) -> None:
    """Print a quote that was looked up, behind its bar, between the paragraphs around it.

    Where its words stand no more, what stands there now has no bar: it is no quote.
    """
    _print_caption(console, standing.article, str(standing.id))
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
        _print_body(console, Text(harmless(text[slice(*span)])), _BAR)
        if after := harmless(standing.after).lstrip(" ").removeprefix("\n"):
            _print_body(console, Text(after, "dim"))
    console.print()


def _print_quote(console: Console, quote: Quote, explain: bool) -> None:
    _print_caption(console, quote.article, quote.id)
    _print_body(console, Text.assemble(*((piece, "bold" if bold else "") for piece, bold in runs(quote))), _BAR)
    if below := also(quote):
        console.print(Text(below, "dim"), soft_wrap=True)
    if explain:
        hit = quote.hit
        words = ", ".join(map(harmless, hit.matched)) or "none"
        figures = f"words {hit.words:.2f} · similarity {hit.cosine:.2f} · score {hit.score:.4f}"
        if hit.reranked is not None:
            figures += f" · reranked {hit.reranked:.4f}"
        console.print(Text(f"matched: {words} · {figures}", "dim"), soft_wrap=True)
    console.print()


def _print_caption(console: Console, article: Article, id: str) -> None:
    above = caption(article)
    console.print(Text(above.headline, "bold"), soft_wrap=True)
    # The terminal wraps this line by itself, so that the link stays one piece.
    place = [part for part in (above.outlet, above.date, above.url, id) if part]
    console.print(Text(" · ".join(place), "dim"), soft_wrap=True)


def _print_body(console: Console, body: Text, bar: str = "") -> None:
    wide = max(20, console.width - len(bar))
    for line in body.wrap(console, wide) if console.is_terminal else body.split("\n", allow_blank=True):
        console.print(Text.assemble((bar, "cyan"), line), soft_wrap=True)
