"""The terminal look of an answer."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from retrieval.display import also, caption, harmless, runs
from retrieval.smalltalk import REPLIES
from retrieval.types import Answer, Quote

_BAR = "│ "


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


def _print_quote(console: Console, quote: Quote, explain: bool) -> None:
    above = caption(quote.article)
    console.print(Text(above.headline, "bold"), soft_wrap=True)
    # The terminal wraps this line by itself, so that the link stays one piece.
    place = [part for part in (above.outlet, above.date, above.url, quote.id) if part]
    console.print(Text(" · ".join(place), "dim"), soft_wrap=True)
    body = Text.assemble(*((piece, "bold" if bold else "") for piece, bold in runs(quote)))
    wide = max(20, console.width - len(_BAR))
    for line in body.wrap(console, wide) if console.is_terminal else body.split("\n", allow_blank=True):
        console.print(Text.assemble((_BAR, "cyan"), line), soft_wrap=True)
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
