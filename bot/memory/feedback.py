"""People's verdicts on quotes, kept until they ask the bot to forget them."""

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
        """Store a verdict, replacing the person's earlier one on the same quote and question."""
        question = verdict.question
        self._connection.execute(
            "INSERT OR REPLACE INTO feedback VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(verdict.person, question.text, question.earlier, question.asked.timestamp()),
                *(question.since and question.since.isoformat(), question.source, verdict.quote, verdict.article),
                *(verdict.start, verdict.end, verdict.text, verdict.helpful, verdict.generation, verdict.given_at),
            ),
        )

    def retract(self, person: int, question: str, quote: str) -> None:
        """Delete a person's verdict on a quote."""
        self._connection.execute(
            "DELETE FROM feedback WHERE person = ? AND question = ? AND quote = ?", (person, question, quote)
        )

    def verdict(self, person: int, question: str, quote: str) -> bool | None:
        """Return whether a person found a quote helpful as an answer to a question; None without a verdict."""
        row = self._connection.execute(
            "SELECT helpful FROM feedback WHERE person = ? AND question = ? AND quote = ?", (person, question, quote)
        ).fetchone()
        return bool(row["helpful"]) if row else None

    def all(self) -> Iterator[Verdict]:
        """Yield all verdicts, the oldest first."""
        return map(_verdict, self._connection.execute("SELECT * FROM feedback ORDER BY given_at, rowid"))

    def forget(self, person: int) -> int:
        """Delete a person's verdicts, and return how many there were."""
        return self._connection.execute("DELETE FROM feedback WHERE person = ?", (person,)).rowcount


def _verdict(row: sqlite3.Row) -> Verdict:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    asked = datetime.fromtimestamp(row["asked_at"], UTC)
    return Verdict(
        person=row["person"],
        question=Question(row["question"], asked, since=since, source=row["source"], earlier=row["earlier"]),
        quote=row["quote"],
        article=row["article"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        helpful=bool(row["helpful"]),
        generation=row["generation"],
        given_at=row["given_at"],
    )
