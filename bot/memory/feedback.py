"""What people found of quotes, kept until they have it forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime

from retrieval.feedback_rows import Verdict as Verdict
from retrieval.types import Question


class Feedback:
    """The table `feedback`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, verdict: Verdict) -> None:
        """Keep what a person found of a quote, in the place of what they found of it before."""
        question = verdict.question
        self._connection.execute(
            "INSERT OR REPLACE INTO feedback VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(verdict.person, question.text, question.earlier, question.asked.timestamp()),
                *(question.since and question.since.isoformat(), question.source, verdict.quote, verdict.article),
                *(verdict.start, verdict.end, verdict.words, verdict.helpful, verdict.generation, verdict.given),
            ),
        )

    def retract(self, person: int, question: str, quote: str) -> None:
        """Forget what a person found of a quote."""
        self._connection.execute(
            "DELETE FROM feedback WHERE person = ? AND question = ? AND quote = ?", (person, question, quote)
        )

    def verdict(self, person: int, question: str, quote: str) -> bool | None:
        """Whether a person found a quote helpful as an answer to a question; None if they did not say."""
        row = self._connection.execute(
            "SELECT helpful FROM feedback WHERE person = ? AND question = ? AND quote = ?", (person, question, quote)
        ).fetchone()
        return bool(row["helpful"]) if row else None

    def all(self) -> Iterator[Verdict]:
        """What all people found, the oldest first."""
        return map(_verdict, self._connection.execute("SELECT * FROM feedback ORDER BY given, rowid"))

    def forget(self, person: int) -> int:
        """Forget what a person found; returns of how many quotes."""
        return self._connection.execute("DELETE FROM feedback WHERE person = ?", (person,)).rowcount


def _verdict(row: sqlite3.Row) -> Verdict:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    asked = datetime.fromtimestamp(row["asked"], UTC)
    return Verdict(
        person=row["person"],
        question=Question(row["question"], asked, since=since, source=row["source"], earlier=row["earlier"]),
        quote=row["quote"],
        article=row["article"],
        start=row["start"],
        end=row["end"],
        words=row["words"],
        helpful=bool(row["helpful"]),
        generation=row["generation"],
        given=row["given"],
    )
