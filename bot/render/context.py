"""A quote that was looked up again, between the paragraphs around it."""

from __future__ import annotations

from bot.cut import clip, clip_start
from bot.render.markup import Block, Markup, aside, bold, pack, text
from bot.render.quotes import head, headline, quotation
from bot.texts import Texts
from retrieval.display import Style, caption, harmless
from retrieval.standing import Standing

_AROUND = 800  # units on each side of a quote
_INSTEAD = 2000  # of what stands in its place


def render_context(standing: Standing, texts: Texts) -> list[str]:
    """The messages; the quote is whole in a blockquote, what is around it cut at words where it is long.

    Where the words stand no more, what stands there now is in no blockquote: it is no quote.
    """
    article, span = standing.article, standing.span
    above = head(article, texts)
    if standing.status == "changed" or span is None:
        return [page.html for page in pack([Block(above + _gone(standing, texts))])]
    if standing.status == "moved":
        above += aside(texts("context-moved")) + text("\n")
    before = clip_start(harmless(standing.before).strip(), _AROUND)
    if before and " ".join(before.split()) != caption(article).headline:  # which stands above already
        above += text(f"\n{before}\n")
    after = clip(harmless(standing.after).strip(), _AROUND)
    below = text(f"\n{after}") if after else Markup()
    words = [(harmless(article.text[slice(*span)]), Style.PLAIN)]
    parts = quotation(above, words, below, headline(article, texts, again=True))
    return [page.html for page in pack(map(Block, parts))]


def _gone(standing: Standing, texts: Texts) -> Markup:
    """That the words stand there no more, and what does."""
    line = bold(texts("article-changed")) + text("\n")
    if standing.span is None:
        return line + text(texts("article-ends-before"))
    now = clip(harmless(standing.article.text[slice(*standing.context)]).strip(), _INSTEAD)
    return line + text(f"{texts('article-changed-now')}\n\n{now}")
