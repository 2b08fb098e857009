"""The records that parsers make and the storage keeps: articles, and passages, which are slices of articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article, with the text as in its source: never normalized, shortened or completed."""

    id: str
    text: str
    origin: str  # the file it was read from, with ":row" if the file holds many
    title: str | None = None
    url: str | None = None
    source: str | None = None  # the outlet: "TASS", "cnn.com"
    published: date | datetime | None = None  # a datetime is timezone-aware
    published_text: str | None = None  # the date as printed, if it is incomplete: "April 2"
    place: str | None = None
    language: str | None = None  # ISO 639-1
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    modified: date | None = None  # the day of the last change, if the source states it

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        if isinstance(self.published, datetime) and self.published.tzinfo is None:
            raise ValueError(f"article {self.id}: {self.published} has no time zone")

    @property
    def day(self) -> date | None:
        """Return the calendar day of publication, in the time zone that the source states."""
        return self.published.date() if isinstance(self.published, datetime) else self.published

    @property
    def updated(self) -> date | None:
        """Return the day of the last change, unless it is the day of publication."""
        return self.modified if self.modified != self.day else None

    @property
    def dated(self) -> str | None:
        """Return the date to show: in ISO 8601 if it is complete, else as printed in the source."""
        return self.published.isoformat() if self.published else self.published_text


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one article.

    >>> Passage(Article("a", "Rain fell. It stopped.", "a.txt"), 11, 22).text
    'It stopped.'
    """

    article: Article
    start: int
    end: int

    def __post_init__(self) -> None:
        check_slice(self.article, self.start, self.end)

    @property
    def text(self) -> str:
        """Return the slice of the article's text."""
        return self.article.text[self.start : self.end]


def check_slice(article: Article, start: int, end: int) -> None:
    """Raise ValueError unless start and end bound a non-empty slice of the article's text."""
    if not 0 <= start < end <= len(article.text):
        raise ValueError(f"[{start}:{end}] is no slice of article {article.id} ({len(article.text)} code points)")
