"""A quote to choose from in inline mode, and to send into any chat: one message, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.cut import clip, cut
from bot.render.markup import Markup, aside, text
from bot.render.quotes import blockquote, dated, foot, head, title
from bot.texts import Texts
from index.types import Span
from retrieval.display import caption, line, runs
from retrieval.types import Quote

_TITLE, _DESCRIPTION = 100, 250  # units
_LONGEST = 2800  # units of a part of a sentence


@dataclass(frozen=True, slots=True)
class InlineResult:
    """What is shown to choose from, as plain text, and the message that is sent."""

    title: str
    description: str
    html: str


def inline_result(quote: Quote, texts: Texts) -> InlineResult:
    """A quote with its source; where it is too long its bold sentence, and of that its beginning, which says so."""
    above = caption(quote.article)
    bold = quote.article.text[slice(*_sentence(quote))]
    description = " · ".join(part for part in (dated(above, texts), above.outlet, line(bold)) if part)
    return InlineResult(
        clip(title(quote.article, texts), _TITLE), clip(description, _DESCRIPTION), _message(quote, texts).html
    )


def _message(quote: Quote, texts: Texts) -> Markup:
    for whole in (quote, replace(quote, marks=())):  # which may be more than a message has entities
        if (message := _with_source(whole, texts)).fits:
            return message
    note = text("\n") + aside(texts("shortened"))
    start, end = _sentence(quote)
    sentence = _with_source(_part(quote, start, end), texts) + note
    if sentence.fits:
        return sentence
    end = start + cut(quote.article.text[start:end], _LONGEST)
    return _with_source(_part(replace(quote, marks=()), start, end), texts) + note


def _with_source(quote: Quote, texts: Texts) -> Markup:
    return head(quote.article, texts) + blockquote(runs(quote)) + foot(quote, texts)


def _sentence(quote: Quote) -> Span:
    """The answering sentence, or the whole quote if none stands out."""
    return quote.highlights[0] if quote.highlights else Span(quote.start, quote.end)


def _part(quote: Quote, start: int, end: int) -> Quote:
    spans = tuple(Span(start, min(end, span.end)) for span in quote.highlights[:1])
    return replace(quote, start=start, end=end, highlights=spans)
