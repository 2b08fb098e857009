"""The records of a question's way: asked, found, quoted, answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from index.types import Article, Passage, Span, check_slice
from retrieval.query.periods import Period
from retrieval.query.small_talk import Kind
from retrieval.quote_ids import QuoteId


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, when, and of which articles; `since` and `until` are days, both included."""

    text: str
    asked: datetime
    since: date | None = None
    until: date | None = None
    source: str | None = None  # an outlet's name, in any case
    earlier: str | None = None  # the subject of the answer before, if it is asked in a conversation
    last: date | None = None  # the last day that is asked about, where articles until `until` may still report it
    by_newness: bool = True  # whether the newer articles count more, which they do not within a period


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with what made its score; higher is better."""

    passage: Passage
    score: float
    cosine: float
    words: float  # BM25 divided by what the question could find, or finds if that is more: 0 to 1
    recency: float = 0.0  # what the article's newness adds to the score
    article: float = 0.0  # what the article's other hits add to it, and that it was found at its start
    matched: tuple[str, ...] = ()  # the question's words, stemmed, that the passage holds


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of an article; `highlights` are spans of the article's text, inside the quote, to set in bold."""

    article: Article
    start: int
    end: int
    highlights: tuple[Span, ...]
    score: float
    hit: Hit
    marks: tuple[Span, ...] = ()  # inside the highlights: the words that answer, where the reader is sure of them
    speaker: Span | None = None  # who says what is quoted, in the article's text
    confidence: float | None = None  # the probability that it answers, where a reader tells
    copies: tuple[Article, ...] = ()  # the other articles that tell the same story, the oldest first

    def __post_init__(self) -> None:
        check_slice(self.article, self.start, self.end)
        edge = self.start
        for start, end in self.highlights:
            if not edge <= start < end <= self.end:
                raise ValueError(f"highlight [{start}:{end}] is out of place in quote [{self.start}:{self.end}]")
            edge = end

    @property
    def text(self) -> str:
        """The slice of the article's text."""
        return self.article.text[self.start : self.end]

    @property
    def id(self) -> str:
        """Its permanent id, by which `quotewire show` finds it again."""
        return str(QuoteId.of(self.article, self.start, self.end))


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes that answer, best first; or none, and the closest there are.

    `confidence` is the probability that the best sentence that was read answers, whether it is shown or not; None if
    nothing was read, or by a reader that does not know.
    """

    question: Question
    quotes: tuple[Quote, ...]
    closest: tuple[Quote, ...]
    confidence: float | None
    generation: int
    took_ms: float
    more: int = 0  # quotes that answer too, beyond those here
    hits: tuple[Hit, ...] = ()  # all that was found, best first, before quotes are selected
    understood: str | None = None  # what a follow-up question was understood as, for people, in one line
    subject: str | None = None  # the question as it was searched for: the next one's `earlier`
    small_talk: Kind | None = None  # no question at all
    period: Period | None = None  # of which alone quotes are, as the question's words ask; closest may be of other days
    unread: bool = False  # found by search alone, and read by no model
    perhaps: bool = False  # without quotes: the one sentence in `closest` may answer, but is not sure enough

    @property
    def ranking(self) -> tuple[str, ...]:
        """The ids of the articles that were found, best first."""
        return tuple(dict.fromkeys(hit.passage.article.id for hit in self.hits))

    @property
    def status(self) -> str:
        """ "answered", "perhaps", "not_found" or "small_talk"."""
        if self.small_talk:
            return "small_talk"
        if self.quotes:
            return "answered"
        return "perhaps" if self.perhaps else "not_found"
