"""Quotes and answers made up for tests, and a follow-up rule that fakes share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from index.types import Article, Passage, Span
from retrieval.query.follow_up import cleaned, joined, noted
from retrieval.types import Answer, Hit, Question, Quote

ASKED = datetime(2022, 4, 3, tzinfo=UTC)


def quote_of(text: str, *highlights: tuple[int, int], title: str | None = "Rain falls", **fields: Any) -> Quote:
    """Return a quote that is the whole text of an article; `fields` are the article's."""
    defaults: dict[str, Any] = {"source": "TASS", "published": date(2022, 4, 2), "url": "https://example.org/rain"}
    article = Article("a1", text, "a.txt", title, **{**defaults, **fields})
    hit = Hit(Passage(article, 0, len(text)), 0.0325, 0.71, 0.9, matched=("rain", "fall"))
    return Quote(article, 0, len(text), tuple(Span(*span) for span in highlights), 0.0325, hit)


def copy_of(source: str | None, published: date | None = date(2022, 4, 3)) -> Article:
    """Return another outlet's article with the story of a quote."""
    return Article(f"copy of {source}", "It rained.", "b.txt", "Rain", source=source, published=published)


def answer_of(
    *quotes: Quote,
    closest: tuple[Quote, ...] = (),
    question: str = "Rain?",
    confidence: float | None = 0.9,
    **more: Any,
) -> Answer:
    """Return an answer with these quotes, or with the closest passages, from generation 1."""
    more.setdefault("unread", confidence is None and bool(question))
    return Answer(Question(question, ASKED), quotes, closest, confidence, 1, 12.0, **more)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the fakes understand it: its text, its subject, and the answer's remark about a follow-up."""

    text: str
    subject: str
    note: str | None = None


def understand(question: Question) -> Understood:
    """Join a question with the earlier one if it begins with "and", "what about" or "when?"."""
    text = cleaned(question.text)
    is_follow_up = text.lower().startswith(("and ", "what about ", "when?"))
    if not question.earlier or not is_follow_up:
        return Understood(text, text)
    both = joined(question.earlier, text)
    return Understood(both, both.splitlines()[0], noted(both))
