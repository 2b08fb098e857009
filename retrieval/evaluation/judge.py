"""What one answer got right. Pure."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from index.types import Article, Span
from retrieval.evaluation.labelled import Evidence, LabelledQuestion
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
class JudgedAnswer:
    """One question's answer, judged. None: not to be judged, as its label does not say what is right.

    Ranks and what is said of the first quote are also there for an answer that was refused: then they are those of the
    closest passages.
    """

    id: str
    answerable: bool | None
    answered: bool
    confidence: float | None  # None: nothing was read
    took_ms: float | None  # None: not measured
    article_rank: int | None  # of the first right article that was found, from 1; 0: not found
    answer_rank: int | None  # of the first quote that answers, from 1; 0: none does
    found: bool | None  # the first quote's passage holds a span, or an alternative of the evidence
    sentence: bool | None  # what is bold in the first quote answers, in the right article
    quotes: int  # with the closest
    whole: int  # of these, those that are slices of their articles as they are stored
    words_first: int  # 0: there are no quotes
    words: int  # of all quotes, without the closest
    article_first: bool | None = None  # the first quote is of a right article
    answering: int | None = None  # quotes that answer, without the closest; None of the newest articles on something
    listed: float | None = None  # of a list: the share of its alternatives that some quote holds, without the closest
    language: str | None = None  # of the question
    type: str | None = None


def judge(labelled: LabelledQuestion, answer: Answer, stored: Callable[[str], str | None]) -> JudgedAnswer:
    """Compare an answer with its label; `stored` gives the text of the article with an id, as the index holds it."""
    quotes = answer.quotes or answer.closest
    known = labelled.answerable is True
    says = known and bool(labelled.answers or labelled.evidence)
    shows = known and bool(labelled.spans or labelled.evidence)
    names = known and bool(labelled.articles)
    is_newest = answer.confidence is None and not answer.unread  # which no threshold decided
    lengths = [len(quote.text.split()) for quote in answer.quotes]
    return JudgedAnswer(
        labelled.id,
        labelled.answerable,
        answer.status == "answered",
        answer.confidence,
        answer.took_ms,
        first_rank([id in labelled.articles for id in answer.ranking]) if names else None,
        first_rank([answers(quote, labelled) for quote in quotes]) if says else None,
        bool(quotes) and _found(quotes[0], labelled) if shows else None,
        bool(quotes) and _sentence(quotes[0], labelled) if shows else None,
        len(quotes),
        sum((stored(quote.article.id) or "")[quote.start : quote.end] == quote.text for quote in quotes),
        lengths[0] if lengths else 0,
        sum(lengths),
        bool(quotes) and quotes[0].article.id in labelled.articles if names else None,
        sum(answers(quote, labelled) for quote in answer.quotes) if says and not is_newest else None,
        _listed(answer, labelled) if says and labelled.type == "list" and labelled.evidence else None,
        labelled.language,
        labelled.type,
    )


def answers(quote: Quote, labelled: LabelledQuestion) -> bool:
    """Return whether a quote holds an alternative of the evidence whole; where there is none, one of the answers."""
    if labelled.evidence:
        span = Span(quote.start, quote.end)
        return any(_covers(quote.article, span, alternative) for alternative in labelled.evidence)
    return holds_answer(quote.text, labelled)


def first_rank(right: list[bool]) -> int:
    """The place of the first that is right, from 1; 0 if none is."""
    return right.index(True) + 1 if True in right else 0


def holds_answer(text: str, labelled: LabelledQuestion) -> bool:
    """Whether the text holds one of the answers, as whole words of the normalised text."""
    padded = f" {normalise(text)} "
    return any(words and f" {words} " in padded for words in map(normalise, labelled.answers))


def normalise(text: str) -> str:
    """As SQuAD's evaluation does (Rajpurkar et al. 2016): lower case, no punctuation, no a, an or the, single spaces.

    >>> normalise("The Soyuz-2.1a, a “booster”")
    'soyuz21a booster'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _covers(article: Article, span: Span, evidence: Evidence) -> bool:
    """Return whether a span of an article holds all of these sentences; signs at their ends may be missing."""
    if article.id != evidence.article:
        return False
    sentences = [_words(article.text, sentence) for sentence in evidence.sentences]
    return all(span.start <= start and end <= span.end for start, end in sentences)


def _words(text: str, span: Span) -> Span:
    """Return the span from its first letter or digit to its last, which all ways to split sentences agree on."""
    start, end = span.start, min(span.end, len(text))
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)


def _is_same(one: Span, other: Span) -> bool:
    """Return whether two spans are one sentence: what they share is more than half of the longer one."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared > max(one.end - one.start, other.end - other.start)


def _listed(answer: Answer, labelled: LabelledQuestion) -> float:
    held = [
        any(_covers(quote.article, Span(quote.start, quote.end), alternative) for quote in answer.quotes)
        for alternative in labelled.evidence
    ]
    return sum(held) / len(held)


def _found(quote: Quote, labelled: LabelledQuestion) -> bool:
    passage = quote.hit.passage
    span = Span(passage.start, passage.end)
    if labelled.evidence:
        return any(_covers(passage.article, span, alternative) for alternative in labelled.evidence)
    return passage.article.id == labelled.articles[0] and any(
        span.start <= start and end <= span.end for start, end in labelled.spans
    )


def _sentence(quote: Quote, labelled: LabelledQuestion) -> bool:
    if labelled.evidence:
        right = [
            sentence
            for alternative in labelled.evidence
            if alternative.article == quote.article.id
            for sentence in alternative.sentences
        ]
        return bool(quote.highlights) and all(
            any(_is_same(bold, sentence) for sentence in right) for bold in quote.highlights
        )
    if quote.article.id != labelled.articles[0]:
        return False
    return any(
        any(bold.start < end and start < bold.end for start, end in labelled.spans)
        or holds_answer(quote.article.text[bold.start : bold.end], labelled)
        for bold in quote.highlights
    )
