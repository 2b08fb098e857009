"""The protocol by which the bot and the terminal get answers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Protocol

import structlog

from index.errors import QuotewireError
from index.storage.articles import Summary
from index.storage.manifest import Manifest
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Question

log = structlog.get_logger(__name__)


class AnswerSource(Protocol):
    """The methods of retrieval.answerer.Answerer that are used; not for several threads at once."""

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        """Return the answer to a question, with at most `limit` quotes."""

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """Return further quotes that answer a question, without those whose ids are `seen`."""

    def latest(
        self,
        asked: datetime,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        """Return the beginnings of the newest articles, without the quotes whose ids are `seen`."""

    def look_up(self, id: QuoteId) -> LocatedQuote | None:
        """Return a quote's place in its article as it is now; None if the article is gone."""

    def summary(self) -> Summary:
        """Return how many articles there are, of which outlets and days."""

    def refresh(self) -> bool:
        """Move to the newest generation and return whether it moved; raise QuotewireError, and stay, if it is bad."""

    @property
    def problem(self) -> str | None:
        """Return why the reader cannot check answers though it should, in one line; None if it can."""

    @property
    def manifest(self) -> Manifest:
        """Return the manifest of the generation that answers."""

    @property
    def generation(self) -> int:
        """Return the number of the generation that answers."""


def warn(refusal: str | None) -> None:
    """Log why the newest generation does not answer, if there is a reason."""
    if refusal:
        log.warning("still answering from an older generation", reason=refusal)


def newest(answers: AnswerSource, note: Callable[[str | None], object] = warn) -> AnswerSource:
    """Move answers to the newest sound generation and return them.

    `note` is called with the reason why a newer generation was refused, or with None.
    """
    try:
        if answers.refresh():
            log.info("answering from a newer generation", generation=answers.generation)
        note(None)
    except (QuotewireError, OSError) as error:  # OSError: the index's folder cannot be read any more
        note(str(error))
    return answers
