"""Judge one answer by the label of its question. Pure."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from index.types import Article, Span
from retrieval.evaluation.labelled import Evidence, LabelledQuestion
from retrieval.types import Answer, Quote

# SQuAD's evaluation removes string.punctuation, the ASCII characters of these categories; news also has “ ” ’ and €.
# Dashes other than the hyphen separate words.
_PUNCTUATION = {
    code: " " if category == "Pd" and code > 0x7F else None
    for code in range(sys.maxunicode + 1)
    if (category := unicodedata.category(chr(code)))[0] in "PS"
}
_ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """The judgement of one answer; None where the label does not say what is right.

    For a refusal, the ranks and the fields about the first quote are those of its closest passages.
    """

    id: str
    answerable: bool | None
    answered: bool
    confidence: float | None  # None: nothing was read
    took_ms: float | None  # None: not measured
    article_rank: int | None  # of the first right article among those found, from 1; 0: not found
    answer_rank: int | None  # of the first quote that answers, from 1; 0: none does
    found: bool | None  # the passage of the first quote holds a span or an alternative of the evidence
    sentence: bool | None  # the bold sentence of the first quote answers, in the right article
    quotes: int  # of a refusal, closest passages
    whole: int  # how many of these are exact slices of their stored articles
    words_first: int  # 0: there are no quotes
    words: int  # of all quotes, without closest passages
    article_first: bool | None = None  # the first quote is of a right article
    answering: int | None = None  # quotes that answer, without closest passages; None for lists of the newest articles
    listed: float | None = None  # for a list: the share of its alternatives that quotes hold
    language: str | None = None  # of the question
    type: str | None = None


def judge(labelled: LabelledQuestion, answer: Answer, stored: Callable[[str], str | None]) -> JudgedAnswer:
    """Compare an answer with its label; `stored` returns the text in the index of the article with an id, or None."""
    quotes = answer.quotes or answer.closest
    known = labelled.answerable is True
    says = known and bool(labelled.answers or labelled.evidence)
    shows = known and bool(labelled.spans or labelled.evidence)
    names = known and bool(labelled.articles)
    is_newest = answer.confidence is None and not answer.unread  # the newest articles, which no threshold selects
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
    """Return whether a quote holds a whole alternative of the evidence; without evidence, one of the answers."""
    if labelled.evidence:
        span = Span(quote.start, quote.end)
        return any(_covers(quote.article, span, alternative) for alternative in labelled.evidence)
    return holds_answer(quote.text, labelled)


def first_rank(right: list[bool]) -> int:
    """Return the rank of the first that is right, from 1; 0 if none is."""
    return right.index(True) + 1 if True in right else 0


def holds_answer(text: str, labelled: LabelledQuestion) -> bool:
    """Return whether the text contains one of the answers, as whole words, after both are normalised."""
    padded = f" {normalise(text)} "
    return any(words and f" {words} " in padded for words in map(normalise, labelled.answers))


def normalise(text: str) -> str:
    """Normalise as SQuAD does (Rajpurkar et al. 2016): lower case, no punctuation, no a, an or the, single spaces.

    >>> normalise("The Soyuz-2.1a, a “booster”")
    'soyuz21a booster'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _covers(article: Article, span: Span, evidence: Evidence) -> bool:
    """Return whether a span of an article contains all of these sentences, punctuation at their ends aside."""
    if article.id != evidence.article:
        return False
    sentences = [_words(article.text, sentence) for sentence in evidence.sentences]
    return all(span.start <= start and end <= span.end for start, end in sentences)


def _words(text: str, span: Span) -> Span:
    """Return the span from its first letter or digit to its last, on which all sentence splitters agree."""
    start, end = span.start, min(span.end, len(text))
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)


def _is_same(one: Span, other: Span) -> bool:
    """Return whether two spans are the same sentence: their overlap is more than half of the longer one."""
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
