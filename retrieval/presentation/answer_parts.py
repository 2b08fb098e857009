"""The parts of answers that are shown everywhere: captions, quotes in styled pieces, speakers, other coverage.

They are independent of any language; answer_lines.py turns them into lines of text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from itertools import pairwise
from typing import Literal

from index.harmless import harmless
from index.text.links import http_link
from index.types import Article
from retrieval.types import Answer, Quote

_LONGEST_LINK = 2000
_NAMED_OUTLETS = 6
# Zero-width characters, direction marks, tags and fillers, which can make a line look like another one, or empty. The
# two joiners are kept, as emoji sequences and Persian need them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANK_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Zs"})


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown above a quote; texts are one line, or None where the article has none; `url` is http or https."""

    headline: str | None
    outlet: str | None
    day: date | None
    dated: str | None  # the date as the article has it, where it is incomplete
    url: str | None
    updated: date | None = None  # the day of the last update, if it differs from `day`


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """The other articles with the story of a quote: their number, their outlets, and the earliest day if any has one.

    `first` takes the quote's own article into account, too.
    """

    articles: int
    outlets: tuple[str, ...]
    first: date | None

    @property
    def names(self) -> str:
        """Return the names of the first outlets, with an ellipsis if there are more."""
        return f"{', '.join(self.outlets[:_NAMED_OUTLETS])}{', …' if len(self.outlets) > _NAMED_OUTLETS else ''}"


class Style(IntEnum):
    """The style of a piece of a quote."""

    PLAIN = 0
    BOLD = 1  # the best sentence
    MARKED = 2  # the words that answer, bold and underlined


def caption(article: Article) -> Caption:
    """Return the caption of an article's quotes.

    >>> from datetime import date
    >>> caption(Article("a", "Rain.", "a.txt", "Rain\\nfalls", "ftp://x", "TASS", date(2022, 4, 2)))
    Caption(headline='Rain falls', outlet='TASS', day=datetime.date(2022, 4, 2), dated=None, url=None, updated=None)
    """
    dated = None if article.day else one_line(article.published_text)
    return Caption(
        one_line(article.title), one_line(article.source), article.day, dated, _link(article.url), article.updated
    )


def other_coverage(quote: Quote) -> OtherCoverage | None:
    """Return who else has the story of a quote, or None if it has no copies; names of outlets ignore case."""
    if not quote.copies:
        return None
    outlets: dict[str, str] = {}
    for article in (quote.article, *quote.copies):
        if outlet := one_line(article.source):
            outlets.setdefault(outlet.casefold(), outlet)
    outlets.pop((one_line(quote.article.source) or "").casefold(), None)
    days = [article.day for article in (quote.article, *quote.copies) if article.day]
    return OtherCoverage(len(quote.copies), tuple(outlets.values()), min(days, default=None))


def speaker_name(quote: Quote) -> str | None:
    """Return the name of the speaker as the article writes it, or None where the article names none."""
    return one_line(quote.article.text[slice(*quote.speaker)]) if quote.speaker else None


def refusal_scope(answer: Answer) -> Literal["all", "day", "days"]:
    """Return which articles were searched in vain: all, or those of the day or days that the question asks about.

    The closest passages may be of other days.
    """
    if not answer.period:
        return "all"
    return "day" if answer.period.since == answer.period.until else "days"


def is_unread(answer: Answer) -> bool:
    """Return whether an answer shows passages that the search found and no reader has checked."""
    shown = answer.quotes or answer.closest
    return answer.unread and bool(shown)


def arrange_by_article(answer: Answer) -> Answer:
    """Return the answer with the quotes of each article next to one another, so that they share one headline."""
    return replace(answer, quotes=grouped_by_article(answer.quotes), closest=grouped_by_article(answer.closest))


def grouped_by_article(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return the quotes of each article next to one another, articles in the order of their first quotes."""
    articles: dict[Article, list[Quote]] = {}
    for quote in quotes:
        articles.setdefault(quote.article, []).append(quote)
    return tuple(quote for of_article in articles.values() for quote in of_article)


def styled_pieces(quote: Quote) -> list[tuple[str, Style]]:
    """Return the whole quote in order, in pieces of one style each, without control characters."""
    spans = (*quote.highlights, *quote.marks)
    inside = {edge for span in spans for edge in span if quote.start < edge < quote.end}
    pieces = []
    for start, end in pairwise(sorted({quote.start, quote.end} | inside)):
        bold = any(span.start <= start < span.end for span in quote.highlights)
        marked = any(span.start <= start < span.end for span in quote.marks)
        style = Style.MARKED if marked else Style.BOLD if bold else Style.PLAIN
        pieces.append((harmless(quote.article.text[start:end]), style))
    return [piece for piece in pieces if piece[0]]


def without_emphasis(quote: Quote) -> Quote:
    """Return the quote without bold or marked words, as passages are shown that do not answer.

    It has no speaker either, since that is the speaker of the bold sentence, and perhaps of no other.
    """
    return replace(quote, highlights=(), marks=(), speaker=None)


def one_line(text: str | None) -> str | None:
    """Return the text as one line without control or invisible characters, or None if nothing visible is left.

    >>> one_line("Rain\\n\u200bfalls"), one_line("\u200b")
    ('Rain falls', None)
    """
    shown = " ".join(_INVISIBLE.sub("", harmless(text or "")).split())
    return shown if any(unicodedata.category(c) not in _BLANK_CATEGORIES for c in shown) else None


def _link(url: str | None) -> str | None:
    """Return an HTTP URL as browsers normalise it, else None, also if it is too long.

    An older index has URLs as the articles state them.
    """
    link = http_link(url)
    return link if link and len(link) <= _LONGEST_LINK else None
