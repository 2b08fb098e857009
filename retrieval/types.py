"""The records that retrieval passes on: a Question, the Hits of search, and the Quotes of an Answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from index.types import Article, Passage, Span, check_slice
from retrieval.query.periods import Period
from retrieval.query.small_talk import Kind
from retrieval.quote_ids import QuoteId


@dataclass(frozen=True, slots=True)
class Question:
    """A question, when it was asked, and which articles may answer; `since` and `until` are included."""

    text: str
    asked: datetime
    since: date | None = None
    until: date | None = None
    source: str | None = None  # the name of an outlet; case does not matter
    earlier: str | None = None  # the `subject` of the answer before it in a conversation
    last: date | None = None  # the last day that is asked about, if `until` is later so as to include reports on it
    by_newness: bool = True  # whether newer articles get a boost, which they do not within a period


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with the parts of its score; higher is better."""

    passage: Passage
    score: float
    cosine: float
    words: float  # 0 to 1: BM25 divided by about a full match's, or by the best hit's if that is higher
    recency: float = 0.0  # the boost for a new article
    article: float = 0.0  # what the article's other hits add, and the boost for being found near its start
    matched: tuple[str, ...] = ()  # the stems of the question's words that the passage contains


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of an article.

    `highlights` are the sentences to show in bold: spans of the article's text, in order, disjoint, and inside the
    quote. Raises ValueError for others.
    """

    article: Article
    start: int
    end: int
    highlights: tuple[Span, ...]
    score: float
    hit: Hit
    marks: tuple[Span, ...] = ()  # inside the highlights: the words that answer, if the reader is confident
    speaker: Span | None = None  # the name of the speaker, in the article's text
    confidence: float | None = None  # the probability that it answers, if the reader gives one
    copies: tuple[Article, ...] = ()  # the other articles of the same story, the oldest first

    def __post_init__(self) -> None:
        check_slice(self.article, self.start, self.end)
        edge = self.start
        for start, end in self.highlights:
            if not edge <= start < end <= self.end:
                raise ValueError(f"highlight [{start}:{end}] is out of place in quote [{self.start}:{self.end}]")
            edge = end

    @property
    def text(self) -> str:
        """Return the slice of the article's text."""
        return self.article.text[self.start : self.end]

    @property
    def id(self) -> str:
        """Return its permanent id, by which `quotewire show` finds it again."""
        return str(QuoteId.of(self.article, self.start, self.end))


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes that answer a question, best first or, if nothing answers, the closest ones.

    `confidence` is the probability that the best sentence answers, whether it is shown or not; None if nothing was
    read, or if the reader gives no probabilities.
    """

    question: Question
    quotes: tuple[Quote, ...]
    closest: tuple[Quote, ...]
    confidence: float | None
    generation: int
    took_ms: float
    more: int = 0  # how many further quotes answer
    hits: tuple[Hit, ...] = ()  # all passages that were found, best first
    understood: str | None = None  # how a follow-up question was understood, for people, in one line
    subject: str | None = None  # what the conversation is about: the `earlier` of the next question
    small_talk: Kind | None = None  # if the text was a greeting, thanks or the like, and no question
    period: Period | None = None  # that the question names: all quotes are of it, but `closest` may be of other days
    unread: bool = False  # whether no reader gave the order of the quotes
    perhaps: bool = False  # whether the one quote in `closest` may answer, with too low a confidence

    @property
    def ranking(self) -> tuple[str, ...]:
        """Return the ids of the articles that were found, best first."""
        return tuple(dict.fromkeys(hit.passage.article.id for hit in self.hits))

    @property
    def status(self) -> str:
        """Return "answered", "perhaps", "not_found" or "small_talk"."""
        if self.small_talk:
            return "small_talk"
        if self.quotes:
            return "answered"
        return "perhaps" if self.perhaps else "not_found"
