"""What of an answer is shown anywhere: a quote's caption, its words with what is set in bold, and what stands beside.

In no language yet: english.py has the lines for the terminal, the bot's texts have them for Telegram.
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
_NAMED = 6  # of the outlets that have copies
# Letters without width, marks of direction, tags and fillers, by which a line can look like another, or like none. The
# two joiners stay, for families of emoji and for Persian.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_UNSEEN_ALONE = frozenset({"Cf", "Mn", "Me", "Zs"})


@dataclass(frozen=True, slots=True)
class Caption:
    """One line each, or None where the article has none; `url` is http or https."""

    headline: str | None
    outlet: str | None
    day: date | None
    dated: str | None  # the date as it stands, where it is not a whole one
    url: str | None
    updated: date | None = None  # the day of the last change, if it is another


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """Who else has the story of a quote: how many articles, in which outlets, and since which day, if any is dated."""

    articles: int
    outlets: tuple[str, ...]
    first: date | None

    @property
    def names(self) -> str:
        """The outlets, as many as are named."""
        return f"{', '.join(self.outlets[:_NAMED])}{', …' if len(self.outlets) > _NAMED else ''}"


class Style(IntEnum):
    """How a piece of a quote is set."""

    PLAIN = 0
    BOLD = 1  # of the best sentence
    MARKED = 2  # of what is asked for, in bold and underlined


def caption(article: Article) -> Caption:
    """The caption of an article's quotes.

    >>> from datetime import date
    >>> caption(Article("a", "Rain.", "a.txt", "Rain\\nfalls", "ftp://x", "TASS", date(2022, 4, 2)))
    Caption(headline='Rain falls', outlet='TASS', day=datetime.date(2022, 4, 2), dated=None, url=None, updated=None)
    """
    dated = None if article.day else one_line(article.published_text)
    return Caption(
        one_line(article.title), one_line(article.source), article.day, dated, _link(article.url), article.updated
    )


def other_coverage(quote: Quote) -> OtherCoverage | None:
    """Who else has the story of a quote, or None if it has no copies; outlets in any case are the same."""
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
    """Who says what is quoted, as the article writes the name, or None where it does not tell."""
    return one_line(quote.article.text[slice(*quote.speaker)]) if quote.speaker else None


def refusal_scope(answer: Answer) -> Literal["all", "day", "days"]:
    """Which articles have no answer: all, or those of the day or days that were looked at.

    The closest passages may be of other days.
    """
    if not answer.period:
        return "all"
    return "day" if answer.period.since == answer.period.until else "days"


def is_unread(answer: Answer) -> bool:
    """Whether an answer shows what the search found, and no reader has said if it answers."""
    shown = answer.quotes or answer.closest
    return answer.unread and bool(shown)


def arrange_by_article(answer: Answer) -> Answer:
    """The answer with all quotes of one article together, so that one headline serves them.

    An article's place is that of its first quote.
    """
    return replace(answer, quotes=grouped_by_article(answer.quotes), closest=grouped_by_article(answer.closest))


def grouped_by_article(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Quotes with those of one article next to one another; articles are in the order of their first quotes."""
    articles: dict[Article, list[Quote]] = {}
    for quote in quotes:
        articles.setdefault(quote.article, []).append(quote)
    return tuple(quote for of_article in articles.values() for quote in of_article)


def styled_pieces(quote: Quote) -> list[tuple[str, Style]]:
    """The quote's words, made harmless, every one of them in order, in pieces that each have one style."""
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
    """The quote with nothing that stands out, as a passage is shown that does not answer.

    Nor is a speaker named, who says the sentence that would be bold, and perhaps none of the others.
    """
    return replace(quote, highlights=(), marks=(), speaker=None)


def one_line(text: str | None) -> str | None:
    """The text as one harmless line in which everything can be seen, or None if nothing is left to see.

    >>> one_line("Rain\\n\u200bfalls"), one_line("\u200b")
    ('Rain falls', None)
    """
    shown = " ".join(_UNSEEN.sub("", harmless(text or "")).split())
    return shown if any(unicodedata.category(c) not in _UNSEEN_ALONE for c in shown) else None


def _link(url: str | None) -> str | None:
    """The URL as a browser opens it, if it does, and if it is of a sane length; an older index holds it as stated."""
    link = http_link(url)
    return link if link and len(link) <= _LONGEST_LINK else None
