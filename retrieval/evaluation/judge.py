"""What one answer got right. Pure."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.evaluation.labels import Labelled
from retrieval.types import Answer, Quote

# SQuAD's evaluation takes out string.punctuation, which is what ASCII has of these categories; news has “ ” ’ and €.
# A dash other than the hyphen parts words.
_PUNCTUATION = {
    code: " " if category == "Pd" and code > 0x7F else None
    for code in range(sys.maxunicode + 1)
    if (category := unicodedata.category(chr(code)))[0] in "PS"
}
_ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's answer, judged. None: not to be judged, as its label does not say what is right.

    Ranks and what is said of the first quote are also there for an answer that was refused: then they are those of the
    closest passages.
    """

    id: str
    answerable: bool | None
    answered: bool
    confidence: float
    took_ms: float
    article_rank: int | None  # of the first right article, from 1; 0: not found
    answer_rank: int | None  # of the first quote that holds an answer, from 1; 0: none does
    found: bool | None  # the first quote's passage holds a span
    sentence: bool | None  # what is bold in the first quote holds an answer, in the right article
    quotes: int  # with the closest
    whole: int  # of these, those that are slices of their articles as they are stored
    words_first: int  # 0: there are no quotes
    words: int  # of all quotes, without the closest


def judge(labelled: Labelled, answer: Answer, stored: Callable[[str], str | None]) -> Judged:
    """Compare an answer with its label; `stored` gives the text of the article with an id, as the index holds it."""
    quotes = answer.quotes or answer.closest
    known = labelled.answerable is True
    lengths = [len(quote.text.split()) for quote in answer.quotes]
    return Judged(
        labelled.id,
        labelled.answerable,
        answer.status == "answered",
        answer.confidence,
        answer.took_ms,
        rank([id in labelled.articles for id in answer.ranking]) if known and labelled.articles else None,
        rank([holds(quote.text, labelled) for quote in quotes]) if known and labelled.answers else None,
        bool(quotes) and _found(quotes[0], labelled) if known and labelled.spans else None,
        bool(quotes) and _sentence(quotes[0], labelled) if known and labelled.spans else None,
        len(quotes),
        sum((stored(quote.article.id) or "")[quote.start : quote.end] == quote.text for quote in quotes),
        lengths[0] if lengths else 0,
        sum(lengths),
    )


def rank(right: list[bool]) -> int:
    """The place of the first that is right, from 1; 0 if none is."""
    return right.index(True) + 1 if True in right else 0


def holds(text: str, labelled: Labelled) -> bool:
    """Whether the text holds one of the answers, as whole words of the normalised text."""
    padded = f" {normalise(text)} "
    return any(words and f" {words} " in padded for words in map(normalise, labelled.answers))


def normalise(text: str) -> str:
    """As SQuAD's evaluation does (Rajpurkar et al. 2016): lower case, no punctuation, no a, an or the, single spaces.

    >>> normalise("The Soyuz-2.1a, a “booster”")
    'soyuz21a booster'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _found(quote: Quote, labelled: Labelled) -> bool:
    passage = quote.hit.passage
    return passage.article.id == labelled.articles[0] and any(
        passage.start <= start and end <= passage.end for start, end in labelled.spans
    )


def _sentence(quote: Quote, labelled: Labelled) -> bool:
    if quote.article.id != labelled.articles[0]:
        return False
    return any(
        any(bold.start < end and start < bold.end for start, end in labelled.spans)
        or holds(quote.article.text[bold.start : bold.end], labelled)
        for bold in quote.highlights
    )
