"""Watched questions, the quotes that their watchers have seen, and the number of notices per person and day."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.memory.chats import ChatFilters
from bot.memory.database import transaction
from retrieval.query.follow_up import joined, noted
from retrieval.types import Question

_KEEP_COUNTS = 2  # days; only today's count matters


@dataclass(frozen=True, slots=True)
class Watch:
    """A question about which a person wants to be notified, and where."""

    id: int
    person: int
    chat: int
    thread: int | None
    message: int | None  # the one that started the watch; None once the chat has moved to another id
    question: str
    earlier: str | None  # the question that this one follows up
    since: date | None
    source: str | None
    language: str  # of the notices
    checked_generation: int  # the last generation of the index that was asked

    @property
    def filters(self) -> ChatFilters:
        """Return the filters that apply to the answers."""
        return ChatFilters(self.since, self.source)

    @property
    def wording(self) -> str:
        """Return the question on one line, together with the one that it follows up."""
        return noted(joined(self.earlier, self.question)) if self.earlier else self.question

    def as_question(self, asked: datetime) -> Question:
        """Return the question as if it were asked at this time."""
        return Question(self.question, asked, since=self.since, source=self.source, earlier=self.earlier)


class Watches:
    """The tables `watches`, `watch_marks` and `notice_counts`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def add(
        self,
        person: int,
        chat: int,
        thread: int | None,
        message: int,
        question: Question,
        language: str,
        generation: int,
        marks: Collection[str],
    ) -> Watch:
        """Start a watch, with the marks of the quotes in the answer of this generation, which the person has seen."""
        since = question.since.isoformat() if question.since else None
        with transaction(self._connection):  # a watch without its marks would report old quotes as new
            id = self._connection.execute(
                "INSERT INTO watches (person, chat, thread, message, question, earlier, since, source, language,"
                " created_at, checked_generation) VALUES (?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
                (
                    *(person, chat, thread, message, question.text, question.earlier, since, question.source),
                    *(language, self._clock(), generation),
                ),
            ).fetchone()["id"]
            self.add_marks(id, marks)
        watch = self.get(id)
        assert watch is not None
        return watch

    def get(self, id: int) -> Watch | None:
        """Return the watch with this id, if there is one."""
        return self._one("SELECT * FROM watches WHERE id = ?", id)

    def find(self, person: int, chat: int, thread: int | None, question: Question) -> Watch | None:
        """Return a person's watch of the same question with the same filters in the same chat and topic, if any.

        The question may differ in case and spacing.
        """
        wanted = _identity(question)
        watches = (watch for watch in self.of_person(person, chat) if watch.thread == thread)
        return next((watch for watch in watches if _identity(watch.as_question(question.asked)) == wanted), None)

    def of_person(self, person: int, chat: int | None = None) -> list[Watch]:
        """Return a person's watches, in one chat or in all, the oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM watches WHERE person = ? AND chat = coalesce(?, chat) ORDER BY id", (person, chat)
        )
        return [_watch(row) for row in rows]

    def next_outdated(self, generation: int, after: int, limit: int) -> Watch | None:
        """Return the watch with the lowest id above `after` that was last checked against an older generation.

        Skip the watches of people who have had `limit` notices today.
        """
        return self._one(
            "SELECT w.* FROM watches w LEFT JOIN notice_counts n ON n.person = w.person AND n.day = ?"
            " WHERE w.id > ? AND w.checked_generation < ? AND coalesce(n.count, 0) < ? ORDER BY w.id LIMIT 1",
            *(self._today(), after, generation, limit),
        )

    def rewind(self, generation: int) -> None:
        """Return to an older generation, which has no news for the watches checked against a later one."""
        query = "UPDATE watches SET checked_generation = ? WHERE checked_generation > ?"
        self._connection.execute(query, (generation, generation))

    def mark_checked(self, id: int, generation: int) -> None:
        """Record that a generation was asked, and that nothing new in it remains to be sent."""
        self._connection.execute("UPDATE watches SET checked_generation = ? WHERE id = ?", (generation, id))

    def marks(self, id: int) -> frozenset[str]:
        """Return the marks of the quotes that the person has seen."""
        rows = self._connection.execute("SELECT mark FROM watch_marks WHERE watch = ?", (id,))
        return frozenset(row["mark"] for row in rows)

    def add_marks(self, id: int, marks: Collection[str]) -> None:
        """Record marks of quotes that the person has seen; do nothing if the watch has ended."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO watch_marks SELECT id, ? FROM watches WHERE id = ?", [(mark, id) for mark in marks]
        )

    def record_notice(self, watch: Watch, marks: Collection[str]) -> None:
        """Record that a notice was sent, with the marks of its quotes; do nothing if the watch has ended."""
        with transaction(self._connection):
            self.add_marks(watch.id, marks)
            self._connection.execute(
                "INSERT INTO notice_counts SELECT person, ?, 1 FROM watches WHERE id = ?"
                " ON CONFLICT (person, day) DO UPDATE SET count = count + 1",
                (self._today(), watch.id),
            )

    def notices_today(self, person: int) -> int:
        """Return how many notices a person got today, in UTC."""
        row = self._connection.execute(
            "SELECT count FROM notice_counts WHERE person = ? AND day = ?", (person, self._today())
        ).fetchone()
        return row["count"] if row else 0

    def end(self, id: int, person: int) -> bool:
        """End a person's watch, and return whether there was one."""
        return self._connection.execute("DELETE FROM watches WHERE id = ? AND person = ?", (id, person)).rowcount > 0

    def end_in_chat(self, chat: int) -> int:
        """End all watches in a chat, and return how many there were."""
        return self._connection.execute("DELETE FROM watches WHERE chat = ?", (chat,)).rowcount

    def move_chat(self, chat: int, to: int) -> None:
        """Change the id of a chat, as when a group becomes a supergroup; its message ids become invalid, too."""
        self._connection.execute("UPDATE watches SET chat = ?, message = NULL WHERE chat = ?", (to, chat))

    def count(self) -> int:
        """Return the number of watches."""
        row = self._connection.execute("SELECT count(*) AS n FROM watches").fetchone()
        return int(row["n"])

    def prune(self) -> None:
        """Delete the notice counts of earlier days."""
        self._connection.execute("DELETE FROM notice_counts WHERE day < ?", (self._today(-_KEEP_COUNTS),))

    def forget(self, person: int) -> int:
        """Delete a person's notice counts and watches, and return the number of watches."""
        self._connection.execute("DELETE FROM notice_counts WHERE person = ?", (person,))
        return self._connection.execute("DELETE FROM watches WHERE person = ?", (person,)).rowcount

    def _today(self, days: int = 0) -> str:
        """Return today's date in UTC, or the date that many days later."""
        return datetime.fromtimestamp(self._clock() + days * 86400, UTC).date().isoformat()

    def _one(self, query: str, *values: object) -> Watch | None:
        row = self._connection.execute(query, values).fetchone()
        return _watch(row) if row else None


def _watch(row: sqlite3.Row) -> Watch:
    return Watch(
        id=row["id"],
        person=row["person"],
        chat=row["chat"],
        thread=row["thread"],
        message=row["message"],
        question=row["question"],
        earlier=row["earlier"],
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        source=row["source"],
        language=row["language"],
        checked_generation=row["checked_generation"],
    )


def _identity(question: Question) -> tuple[object, ...]:
    words = " ".join(question.text.casefold().split())
    source = question.source.casefold() if question.source else None
    return words, question.earlier, question.since, source
