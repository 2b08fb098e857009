"""What people found of quotes, kept until they have it forgotten."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from retrieval.feedback import Verdict


class Feedback:
    """The table `feedback`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def put(self, person: int, verdict: Verdict) -> None:
        """Keep what a person found of a quote, in the place of what they found of it before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO feedback VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(person, verdict.question, verdict.earlier, verdict.asked.timestamp()),
                *(verdict.since and verdict.since.isoformat(), verdict.source, verdict.quote, verdict.article),
                *(verdict.start, verdict.end, verdict.words, verdict.helpful, verdict.generation, self._clock()),
            ),
        )

    def all(self) -> Iterator[Verdict]:
        """What all people found, the oldest first."""
        for row in self._connection.execute("SELECT * FROM feedback ORDER BY given, rowid"):
            yield Verdict(
                question=row["question"],
                earlier=row["earlier"],
                asked=datetime.fromtimestamp(row["asked"], UTC),
                since=date.fromisoformat(row["since"]) if row["since"] else None,
                source=row["source"],
                quote=row["quote"],
                article=row["article"],
                start=row["start"],
                end=row["end"],
                words=row["words"],
                helpful=bool(row["helpful"]),
                generation=row["generation"],
            )

    def forget(self, person: int) -> int:
        """Forget what a person found; returns of how many quotes."""
        return self._connection.execute("DELETE FROM feedback WHERE person = ?", (person,)).rowcount
