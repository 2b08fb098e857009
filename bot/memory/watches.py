"""The questions that are watched, what their people know already of the answers, and how often each was told."""

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

_KEEP_NOTICES = 2  # days; only today's are counted


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that a person wants to hear more of, and where."""

    id: int
    person: int
    chat: int
    thread: int | None
    message: int | None  # that asked for it, if it is still there under this number
    question: str
    earlier: str | None  # what the question follows up
    since: date | None
    source: str | None
    language: str  # of what the bot says with its notices
    checked: int  # the last generation that was asked

    @property
    def filters(self) -> ChatFilters:
        """What answers are limited to."""
        return ChatFilters(self.since, self.source)

    @property
    def wording(self) -> str:
        """The question in one line, with what it follows up."""
        return noted(joined(self.earlier, self.question)) if self.earlier else self.question

    def asked(self, now: datetime) -> Question:
        """The question, asked again."""
        return Question(self.question, now, since=self.since, source=self.source, earlier=self.earlier)


class Watches:
    """The tables `watches`, `watched` and `notices`."""

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
        known: Collection[str],
    ) -> Watch:
        """Watch a question of which the person knows what a generation answers: the `known` marks."""
        since = question.since.isoformat() if question.since else None
        with transaction(
            self._connection
        ):  # else what is old would be told as new, if the process is killed in between
            id = self._connection.execute(
                "INSERT INTO watches (person, chat, thread, message, question, earlier, since, source, language,"
                " created, checked) VALUES (?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
                (
                    *(person, chat, thread, message, question.text, question.earlier, since, question.source),
                    *(language, self._clock(), generation),
                ),
            ).fetchone()["id"]
            self.know(id, known)
        watch = self.get(id)
        assert watch is not None
        return watch

    def get(self, id: int) -> Watch | None:
        """The watch with an id."""
        return self._one("SELECT * FROM watches WHERE id = ?", id)

    def same(self, person: int, chat: int, thread: int | None, question: Question) -> Watch | None:
        """The watch of this very question, in whatever case and spacing, with the same filters in the same place."""
        wanted = _sameness(question)
        watches = (watch for watch in self.of(person, chat) if watch.thread == thread)
        return next((watch for watch in watches if _sameness(watch.asked(question.asked)) == wanted), None)

    def of(self, person: int, chat: int | None = None) -> list[Watch]:
        """A person's watches, in one chat or in all, the oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM watches WHERE person = ? AND chat = coalesce(?, chat) ORDER BY id", (person, chat)
        )
        return [_watch(row) for row in rows]

    def behind(self, generation: int, after: int, limit: int) -> Watch | None:
        """The next one after an id that an older generation was asked last, unless its person was told `limit` times.

        So many times today, that is.
        """
        return self._one(
            "SELECT w.* FROM watches w LEFT JOIN notices n ON n.person = w.person AND n.day = ?"
            " WHERE w.id > ? AND w.checked < ? AND coalesce(n.count, 0) < ? ORDER BY w.id LIMIT 1",
            *(self._today(), after, generation, limit),
        )

    def rewind(self, generation: int) -> None:
        """Note that an older generation answers again, of which nothing is new to anyone."""
        self._connection.execute("UPDATE watches SET checked = ? WHERE checked > ?", (generation, generation))

    def checked(self, id: int, generation: int) -> None:
        """Note that a generation was asked, and has nothing that is still to be told."""
        self._connection.execute("UPDATE watches SET checked = ? WHERE id = ?", (generation, id))

    def known(self, id: int) -> frozenset[str]:
        """The marks of what is known."""
        rows = self._connection.execute("SELECT mark FROM watched WHERE watch = ?", (id,))
        return frozenset(row["mark"] for row in rows)

    def know(self, id: int, marks: Collection[str]) -> None:
        """Note what is known; nothing if the watch has ended."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO watched SELECT id, ? FROM watches WHERE id = ?", [(mark, id) for mark in marks]
        )

    def told(self, watch: Watch, marks: Collection[str]) -> None:
        """Note that a person was told; nothing if the watch has ended."""
        with transaction(self._connection):
            self.know(watch.id, marks)
            self._connection.execute(
                "INSERT INTO notices SELECT person, ?, 1 FROM watches WHERE id = ?"
                " ON CONFLICT (person, day) DO UPDATE SET count = count + 1",
                (self._today(), watch.id),
            )

    def notices(self, person: int) -> int:
        """How often a person was told today, a day of UTC."""
        row = self._connection.execute(
            "SELECT count FROM notices WHERE person = ? AND day = ?", (person, self._today())
        ).fetchone()
        return row["count"] if row else 0

    def end(self, id: int, person: int) -> bool:
        """End a person's watch; returns whether there was one."""
        return self._connection.execute("DELETE FROM watches WHERE id = ? AND person = ?", (id, person)).rowcount > 0

    def end_in(self, chat: int) -> int:
        """End all watches of a chat; returns how many there were."""
        return self._connection.execute("DELETE FROM watches WHERE chat = ?", (chat,)).rowcount

    def move(self, chat: int, to: int) -> None:
        """Note that a chat has another id, as a group gets that becomes a supergroup; so have its messages."""
        self._connection.execute("UPDATE watches SET chat = ?, message = NULL WHERE chat = ?", (to, chat))

    def count(self) -> int:
        """How many questions are watched."""
        row = self._connection.execute("SELECT count(*) AS n FROM watches").fetchone()
        return int(row["n"])

    def prune(self) -> None:
        """Forget how often people were told on earlier days."""
        self._connection.execute("DELETE FROM notices WHERE day < ?", (self._today(-_KEEP_NOTICES),))

    def forget(self, person: int) -> int:
        """Forget how often a person was told, and their watches; returns how many watches these were."""
        self._connection.execute("DELETE FROM notices WHERE person = ?", (person,))
        return self._connection.execute("DELETE FROM watches WHERE person = ?", (person,)).rowcount

    def _today(self, days: int = 0) -> str:
        """The day, or another so many days later."""
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
        checked=row["checked"],
    )


def _sameness(question: Question) -> tuple[object, ...]:
    words = " ".join(question.text.casefold().split())
    source = question.source.casefold() if question.source else None
    return words, question.earlier, question.since, source
