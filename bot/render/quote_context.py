"""Render a quote that was looked up again, between the paragraphs around it."""

from __future__ import annotations

from bot.render.markup import MAX_UNITS, Markup, bold, italic, text
from bot.render.quote_blocks import MAX_QUOTE_UNITS, article_heading, blockquote, with_omission_note
from bot.render.shorten import shorten
from index.harmless import harmless
from retrieval.presentation.answer_parts import Style, caption
from retrieval.presentation.clipping import clip, clip_start
from retrieval.presentation.texts import Texts
from retrieval.quote_lookup import LocatedQuote

_AROUND = 800  # UTF-16 units on each side of a quote, fewer around a long one
_INSTEAD = 2000  # units of the text that replaced the quote


def render_context(located: LocatedQuote, texts: Texts) -> str:
    """Return the message: the quote in a blockquote, shortened if need be, and the text around it.

    Where the article no longer contains the quote, the text that replaced it has no blockquote, since it is no quote.
    """
    article, span = located.article, located.span
    above = article_heading(article, texts)
    if located.status == "changed" or span is None:
        return (above + _gone(located, texts)).html
    if located.status == "moved":
        above += italic(texts("context-moved")) + text("\n")
    start, end = shorten(article, span, MAX_QUOTE_UNITS)
    words = blockquote([(harmless(article.text[start:end]), Style.PLAIN)])
    quote = with_omission_note(words, False, end < span.end, texts)
    around = min(_AROUND, (MAX_UNITS - (above + quote).units) // 2 - 1)
    before = clip_start(harmless(located.before).strip(), around)
    if before and " ".join(before.split()) != caption(article).headline:  # the heading has it already
        above += text(f"\n{before}\n")
    after = clip(harmless(located.after).strip(), around)
    return (above + quote + (text(f"\n{after}") if after else Markup())).html


def _gone(located: LocatedQuote, texts: Texts) -> Markup:
    """Return that the article no longer contains the quote, and the text that replaced it."""
    line = bold(texts("article-changed")) + text("\n")
    if located.span is None:
        return line + text(texts("article-ends-before"))
    now = clip(harmless(located.article.text[slice(*located.context)]).strip(), _INSTEAD)
    return line + text(f"{texts('article-changed-now')}\n\n{now}")
