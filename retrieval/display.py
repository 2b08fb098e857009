"""A quote made ready to be shown anywhere: the caption above it, and its words with what is set in bold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from index.console import counted
from index.types import Article
from retrieval.types import Quote

_OUTLETS = 6  # are named of those that have copies
_LINE_ENDS = "\v\f\x85\u2028\u2029"
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HARMLESS: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), None),  # ESC, NUL and the rest; CR, as the LF stays
    **dict.fromkeys(map(ord, _BIDI_CONTROLS), None),  # they would turn the text around them
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half a character: it has no UTF-8
    **dict.fromkeys(map(ord, _LINE_ENDS), "\n"),
    ord("\n"): "\n",
    ord("\t"): "\t",
}


@dataclass(frozen=True, slots=True)
class Caption:
    """One line each, or None where the article has none; `url` is http or https."""

    headline: str
    outlet: str | None
    date: str
    url: str | None


def caption(article: Article) -> Caption:
    """The caption of an article's quotes.

    >>> from datetime import date
    >>> caption(Article("a", "Rain.", "a.txt", "Rain\\nfalls", "ftp://x", "TASS", date(2022, 4, 2)))
    Caption(headline='Rain falls', outlet='TASS', date='2 April 2022', url=None)
    """
    dated = _spelt(article.day) if article.day else _line(article.published_text)
    return Caption(_line(article.title) or "Untitled", _line(article.source), dated or "undated", _link(article.url))


def also(quote: Quote) -> str | None:
    """A line that says who else has the story of a quote and since when, or None if it has no copies.

    >>> from datetime import date
    >>> from index.types import Passage
    >>> from retrieval.types import Hit
    >>> rain = Article("a", "Rain.", "a.txt", source="TASS", published=date(2022, 4, 3))
    >>> copy = Article("b", "Rain.", "b.txt", source="AP", published=date(2022, 4, 2))
    >>> also(Quote(rain, 0, 5, (), 0.5, Hit(Passage(rain, 0, 5), 0.5, 0.5, 0.5), copies=(copy,)))
    'also in AP; first on 2 April 2022'
    """
    if not quote.copies:
        return None
    outlets: dict[str, str] = {}
    for article in (quote.article, *quote.copies):
        if outlet := _line(article.source):
            outlets.setdefault(outlet.casefold(), outlet)
    outlets.pop((_line(quote.article.source) or "").casefold(), None)
    names = list(outlets.values())
    if len(names) > 1:
        where = f"{len(names)} outlets: {', '.join(names[:_OUTLETS])}{', …' if len(names) > _OUTLETS else ''}"
    else:
        where = names[0] if names else counted(len(quote.copies), "other article")
    days = [article.day for article in (quote.article, *quote.copies) if article.day]
    return f"also in {where}; first on {_spelt(min(days))}" if days else f"also in {where}"


def runs(quote: Quote) -> list[tuple[str, bool]]:
    """The quote's words, made harmless, in pieces; True marks a highlight."""
    text, place, pieces = quote.article.text, quote.start, []
    for start, end in (*quote.highlights, (quote.end, quote.end)):
        pieces += [(harmless(text[place:start]), False), (harmless(text[start:end]), True)]
        place = end
    return [piece for piece in pieces if piece[0]]


def harmless(text: str) -> str:
    """The text without what acts on its reader: control characters other than newline and tab, and bidi controls.

    Nothing else is changed: the other line ends become newlines, and half a surrogate pair U+FFFD.
    """
    return text.translate(_HARMLESS)


def _spelt(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _line(text: str | None) -> str | None:
    return " ".join(harmless(text).split()) or None if text else None


def _link(url: str | None) -> str | None:
    """The URL if it is one that a browser opens, in printable ASCII or letters, and of a sane length."""
    if not url or len(url) > 2000 or not url.isprintable() or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
