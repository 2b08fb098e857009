"""A quote that was looked up again, between the paragraphs around it."""

from __future__ import annotations

from bot.render.markup import MAX_UNITS, Markup, bold, italic, text
from bot.render.quote_blocks import MAX_QUOTE_UNITS, article_heading, blockquote, with_omission_note
from bot.render.shorten import shorten
from index.harmless import harmless
from retrieval.presentation.answer_parts import Style, caption
from retrieval.presentation.clipping import clip, clip_start
from retrieval.presentation.texts import Texts
from retrieval.quote_lookup import LocatedQuote

_AROUND = 800  # units on each side of a quote, where a long one leaves room for them
_INSTEAD = 2000  # of what stands in its place


def render_context(standing: LocatedQuote, texts: Texts) -> str:
    """The message; the quote is in a blockquote, shortened as everywhere, what is around it cut at words.

    Where the words stand no more, what stands there now is in no blockquote: it is no quote.
    """
    article, span = standing.article, standing.span
    above = article_heading(article, texts)
    if standing.status == "changed" or span is None:
        return (above + _gone(standing, texts)).html
    if standing.status == "moved":
        above += italic(texts("context-moved")) + text("\n")
    start, end = shorten(article, span, MAX_QUOTE_UNITS)
    words = blockquote([(harmless(article.text[start:end]), Style.PLAIN)])
    quote = with_omission_note(words, False, end < span.end, texts)
    around = min(_AROUND, (MAX_UNITS - (above + quote).units) // 2 - 1)
    before = clip_start(harmless(standing.before).strip(), around)
    if before and " ".join(before.split()) != caption(article).headline:  # which stands above already
        above += text(f"\n{before}\n")
    after = clip(harmless(standing.after).strip(), around)
    return (above + quote + (text(f"\n{after}") if after else Markup())).html


def _gone(standing: LocatedQuote, texts: Texts) -> Markup:
    """That the words stand there no more, and what does."""
    line = bold(texts("article-changed")) + text("\n")
    if standing.span is None:
        return line + text(texts("article-ends-before"))
    now = clip(harmless(standing.article.text[slice(*standing.context)]).strip(), _INSTEAD)
    return line + text(f"{texts('article-changed-now')}\n\n{now}")
