"""Where answers come from, as the bot and the terminal see it."""

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
    """What retrieval.answerer.Answerer does; not for several threads at once."""

    def answer(self, question: Question, limit: int | None = None) -> Answer:
        """The answer to a question."""

    def more(self, question: Question, seen: Collection[str], limit: int | None = None) -> Answer:
        """The quotes that answer beyond those whose ids are `seen`."""

    def latest(
        self,
        asked: datetime,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        """The beginnings of the newest articles, without the quotes whose ids are `seen`."""

    def look_up(self, id: QuoteId) -> LocatedQuote | None:
        """Where a quote stands now; None if its article is gone."""

    def summary(self) -> Summary:
        """What the articles are, in numbers."""

    def refresh(self) -> bool:
        """Move to the newest generation and say whether it moved; raises QuotewireError, and stays, if that is bad."""

    @property
    def problem(self) -> str | None:
        """Why answers are not read though they should be, in one line; None if that is not so."""

    @property
    def manifest(self) -> Manifest:
        """What the generation that answers says of itself."""

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""


def warn(refusal: str | None) -> None:
    """Say in the log why the newest generation is not what answers, if that is so."""
    if refusal:
        log.warning("still answering from an older generation", reason=refusal)


def newest(answers: AnswerSource, note: Callable[[str | None], object] = warn) -> AnswerSource:
    """The answers of the newest generation that is sound; `note` is told why a newer one is not, or None."""
    try:
        if answers.refresh():
            log.info("answering from a newer generation", generation=answers.generation)
        note(None)
    except (QuotewireError, OSError) as error:  # which may be of a folder that can be read no more
        note(str(error))
    return answers
