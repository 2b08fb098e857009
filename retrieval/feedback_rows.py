"""Conversion of people's verdicts on quotes to labelled questions, which `quotewire evaluate` reads. Pure functions."""

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

_ID_LENGTH = 12  # characters, enough for unique ids
_SHORTEST = 4  # words; shorter sentences, such as "He did.", occur in other texts by chance

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's verdict on a quote in the answer to a question."""

    person: int
    question: Question
    quote: str  # its id
    article: str  # the article's id
    start: int  # of the quote, in code points of the article's text at that time
    end: int
    text: str  # of the quote
    helpful: bool
    generation: int
    given_at: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class _Judged:
    """A quote with the number of verdicts on it."""

    last: Verdict
    helpful: int
    unhelpful: int

    @property
    def balance(self) -> int:
        return self.helpful - self.unhelpful


def to_rows(verdicts: Iterable[Verdict]) -> Iterator[dict[str, Any]]:
    """Yield a row for each question, with the verdicts of all people, in the order of the first verdict on each.

    The answers are the quotes that more people found helpful than not. `articles` are the ids of their articles, the
    best first, `answers` their sentences, and `spans` the sentences in the first article. A question without such a
    quote may have an answer elsewhere, so `answerable` is null. `verdicts` counts the verdicts on every quote.
    """
    questions: defaultdict[Key, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        questions[_key(verdict)].append(verdict)
    for key, about in questions.items():
        yield _row(key, about)


def _key(verdict: Verdict) -> Key:
    """Return a key that two questions share if their words, filters and dates, such as "yesterday", are the same."""
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
    answers = [quote.last.text[start - quote.last.start : end - quote.last.start]
               for quote in right for start, end in _sentences(quote.last)]  # fmt: skip
    last = max((verdict.question for verdict in about), key=lambda question: question.asked)
    return {
        "id": f"feedback-{hash_key(repr(key), _ID_LENGTH)}",
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
    """Return the quotes with their verdicts, in the order of the first verdict on each."""
    of_quotes: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in about:
        of_quotes[verdict.quote].append(verdict)
    judged = []
    for own in of_quotes.values():
        helpful = sum(verdict.helpful for verdict in own)
        judged.append(_Judged(max(own, key=lambda verdict: verdict.given_at), helpful, len(own) - helpful))
    return judged


def _sentences(verdict: Verdict) -> list[Span]:
    """Return the spans of the quote's sentences in the article; quotes often contain more than the answer itself."""
    spans = [Span(*span) for span in sentence_spans(verdict.text, None)] or [Span(0, len(verdict.text))]
    long = [span for span in spans if word_count(verdict.text[slice(*span)]) >= _SHORTEST]
    return [Span(verdict.start + start, verdict.start + end) for start, end in long or spans]


def _verdict_to_row(quote: _Judged) -> dict[str, Any]:
    last = quote.last
    return {
        "quote": last.quote,
        "article": last.article,
        "start": last.start,
        "end": last.end,
        "words": last.text,
        "helpful": quote.helpful,
        "unhelpful": quote.unhelpful,
        "generation": last.generation,
    }
