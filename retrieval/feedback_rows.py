"""What people found of quotes, as labelled questions that `quotewire evaluate` reads. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from index.keys import hash_key
from index.text.sentences import sentence_spans
from index.text.word_count import word_count
from index.types import Span
from retrieval.query.periods import find_period
from retrieval.types import Question

_SYMBOLS = 12  # of a row's id: no two questions share one
_SHORTEST = 4  # words; a shorter sentence of a quote, "He did.", stands in others by chance

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody found of a quote that answered a question."""

    person: int
    question: Question
    quote: str  # its id
    article: str  # the article's id
    start: int  # of the quote, in code points of the article's text as it was then
    end: int
    words: str  # of the quote
    helpful: bool
    generation: int
    given: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class _Judged:
    """A quote with what all people found of it."""

    last: Verdict
    helpful: int
    unhelpful: int

    @property
    def balance(self) -> int:
        return self.helpful - self.unhelpful


def to_rows(verdicts: Iterable[Verdict]) -> Iterator[dict[str, Any]]:
    """A row for each question, of all verdicts of all people about it, in the order in which these come.

    Quotes that more people found helpful than not answer: `articles` are theirs, the best first, `answers` their
    sentences, and `spans` those in the first article. A question without such a quote may have an answer elsewhere, so
    that nothing is said of it: `answerable` is null. `verdicts` are those on every quote.
    """
    questions: defaultdict[Key, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        questions[_key(verdict)].append(verdict)
    for key, about in questions.items():
        yield _row(key, about)


def _key(verdict: Verdict) -> Key:
    """What makes two questions one: the same words, filters, and days that "yesterday" stands for."""
    question = verdict.question
    period = find_period(question.text, question.asked)
    days = (period.since, period.until) if period else ()
    words = (" ".join((text or "").casefold().split()) for text in (question.text, question.earlier, question.source))
    return *words, *map(str, (question.since, question.until, *days))


def _row(key: Key, about: Sequence[Verdict]) -> dict[str, Any]:
    quotes = _judged(about)
    right = sorted((quote for quote in quotes if quote.balance > 0), key=lambda quote: -quote.balance)
    articles = list(dict.fromkeys(quote.last.article for quote in right))
    spans = [span for quote in right if quote.last.article == articles[0] for span in _sentences(quote.last)]
    answers = [quote.last.words[start - quote.last.start : end - quote.last.start]
               for quote in right for start, end in _sentences(quote.last)]  # fmt: skip
    last = max((verdict.question for verdict in about), key=lambda question: question.asked)
    return {
        "id": f"feedback-{hash_key(repr(key), _SYMBOLS)}",
        "question": last.text,
        "earlier": last.earlier,
        "asked": last.asked.isoformat(),
        "since": last.since and last.since.isoformat(),
        "until": last.until and last.until.isoformat(),
        "source": last.source,
        "answerable": True if right else None,
        "answers": list(dict.fromkeys(answers)),
        "articles": articles,
        "spans": [list(span) for span in dict.fromkeys(spans)],
        "verdicts": [_verdict_to_row(quote) for quote in quotes],
    }


def _judged(about: Sequence[Verdict]) -> list[_Judged]:
    """The quotes, in the order of their first verdicts."""
    of_quotes: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in about:
        of_quotes[verdict.quote].append(verdict)
    judged = []
    for own in of_quotes.values():
        helpful = sum(verdict.helpful for verdict in own)
        judged.append(_Judged(max(own, key=lambda verdict: verdict.given), helpful, len(own) - helpful))
    return judged


def _sentences(verdict: Verdict) -> list[Span]:
    """The quote's sentences in the article: one of them is enough, as a quote may take in what stands beside."""
    spans = [Span(*span) for span in sentence_spans(verdict.words, None)] or [Span(0, len(verdict.words))]
    long = [span for span in spans if word_count(verdict.words[slice(*span)]) >= _SHORTEST]
    return [Span(verdict.start + start, verdict.start + end) for start, end in long or spans]


def _verdict_to_row(quote: _Judged) -> dict[str, Any]:
    last = quote.last
    return {
        "quote": last.quote,
        "article": last.article,
        "start": last.start,
        "end": last.end,
        "words": last.words,
        "helpful": quote.helpful,
        "unhelpful": quote.unhelpful,
        "generation": last.generation,
    }
