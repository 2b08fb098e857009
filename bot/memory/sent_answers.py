"""The answers that were sent, for buttons, /more, /context, follow-up questions and edited questions."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from retrieval.types import Question

_KEY_BYTES = 8  # random bytes, so that keys cannot be guessed
_FOLLOWED_UP = 1800.0  # seconds within which a question can follow up the one before it


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer that was sent: to which question, to whom, and with which quotes."""

    key: str  # identifies the answer in callback data
    chat: int
    message: int | None  # the message with the question; None if a button was pressed
    person: int
    question: Question
    subject: str | None  # the question as it was understood: `earlier` of the next question
    generation: int
    answered: bool  # False if the quotes are only the closest ones, or the latest news
    quotes: tuple[str, ...]  # the ids of all quotes shown so far
    first: int = 0  # the index of the first quote that this answer shows
    more: int = 0  # the number of quotes left to show
    small_talk: bool = False  # not the answer to a question
    delivered: bool = False  # all its messages were sent

    @property
    def own(self) -> tuple[str, ...]:
        """Return the ids of the quotes that this answer shows."""
        return self.quotes[self.first :]

    @property
    def is_latest(self) -> bool:
        """Return whether this answer shows the newest articles, without a question."""
        return not self.question.text


class SentAnswers:
    """The tables `answers` and `replies`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    @staticmethod
    def new_key() -> str:
        """Return a new random key."""
        return secrets.token_urlsafe(_KEY_BYTES)

    def put(self, answer: SentAnswer) -> None:
        """Store an answer, replacing the one with the same key."""
        question = answer.question
        values = {
            "key": answer.key,
            "chat": answer.chat,
            "message": answer.message,
            "person": answer.person,
            "question": question.text,
            "earlier": question.earlier,
            "subject": answer.subject,
            "asked_at": question.asked.timestamp(),
            "since": _iso(question.since),
            "source": question.source,
            "generation": answer.generation,
            "answered": answer.answered,
            "quotes": json.dumps(answer.quotes),
            "first": answer.first,
            "more": answer.more,
            "small_talk": answer.small_talk,
            "delivered": answer.delivered,
            "sent_at": self._clock(),
        }
        marks = ", ".join(f":{name}" for name in values)
        changes = ", ".join(f"{name} = excluded.{name}" for name in values)
        self._connection.execute(
            f"INSERT INTO answers ({', '.join(values)}) VALUES ({marks}) ON CONFLICT (key) DO UPDATE SET {changes}",
            values,
        )

    def mark_delivered(self, answer: SentAnswer) -> None:
        """Record that all messages of an answer were sent."""
        self._connection.execute("UPDATE answers SET delivered = 1 WHERE key = ?", (answer.key,))

    def mark_exhausted(self, answer: SentAnswer) -> None:
        """Record that the quotes after those of an answer were sent, so that /more does not repeat them."""
        self._connection.execute("UPDATE answers SET more = 0 WHERE key = ?", (answer.key,))

    def add_reply(self, answer: SentAnswer, message: int, digest: str) -> None:
        """Record a message that the bot has sent or edited to show an answer, and a digest of its content.

        Do nothing if the answer was deleted while the message was being sent.
        """
        query = "INSERT OR REPLACE INTO replies SELECT ?, ?, key, ? FROM answers WHERE key = ?"
        self._connection.execute(query, (answer.chat, message, digest, answer.key))

    def remove_reply(self, answer: SentAnswer, message: int) -> None:
        """Remove a message that no longer exists."""
        self._connection.execute("DELETE FROM replies WHERE chat = ? AND message = ?", (answer.chat, message))

    def replies(self, answer: SentAnswer) -> list[tuple[int, str]]:
        """Return the messages that show an answer, in order, each with the digest of its content."""
        query = "SELECT message, digest FROM replies WHERE answer = ? ORDER BY message"
        return [(row["message"], row["digest"]) for row in self._connection.execute(query, (answer.key,))]

    def get(self, key: str) -> SentAnswer | None:
        """Return the answer with this key, if there is one."""
        return self._one("SELECT * FROM answers WHERE key = ?", key)

    def of_message(self, chat: int, message: int) -> SentAnswer | None:
        """Return the answer to a person's message, if there is one."""
        return self._one("SELECT * FROM answers WHERE chat = ? AND message = ?", chat, message)

    def of_reply(self, chat: int, message: int) -> SentAnswer | None:
        """Return the answer that a bot message belongs to, if any."""
        query = "SELECT a.* FROM replies r JOIN answers a ON a.key = r.answer WHERE r.chat = ? AND r.message = ?"
        return self._one(query, chat, message)

    def last(self, person: int, chat: int, but: str | None = None) -> SentAnswer | None:
        """Return the last answer to a person's question in a chat, except the one with the key `but`."""
        query = (
            "SELECT * FROM answers WHERE person = ? AND chat = ? AND key IS NOT ? AND NOT small_talk"
            " ORDER BY sent_at DESC, rowid DESC LIMIT 1"
        )
        return self._one(query, person, chat, but)

    def subject(self, person: int, chat: int) -> str | None:
        """Return a person's last question in a chat as it was understood, if it was answered in the last half hour."""
        row = self._connection.execute(
            "SELECT subject FROM answers WHERE person = ? AND chat = ? AND sent_at > ? AND subject IS NOT NULL"
            " ORDER BY sent_at DESC, rowid DESC LIMIT 1",
            (person, chat, self._clock() - _FOLLOWED_UP),
        ).fetchone()
        return row["subject"] if row else None

    def prune(self, days: float) -> None:
        """Delete answers that were sent more than this many days ago."""
        self._connection.execute("DELETE FROM answers WHERE sent_at < ?", (self._clock() - days * 86400,))

    def forget(self, person: int) -> int:
        """Delete a person's answers, and return how many there were."""
        return self._connection.execute("DELETE FROM answers WHERE person = ?", (person,)).rowcount

    def _one(self, query: str, *values: object) -> SentAnswer | None:
        row = self._connection.execute(query, values).fetchone()
        return _answer(row) if row else None


def _answer(row: sqlite3.Row) -> SentAnswer:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    asked = datetime.fromtimestamp(row["asked_at"], UTC)
    question = Question(row["question"], asked, since=since, source=row["source"], earlier=row["earlier"])
    quotes: Sequence[str] = json.loads(row["quotes"])
    return SentAnswer(
        key=row["key"],
        chat=row["chat"],
        message=row["message"],
        person=row["person"],
        question=question,
        subject=row["subject"],
        generation=row["generation"],
        answered=bool(row["answered"]),
        quotes=tuple(quotes),
        first=row["first"],
        more=row["more"],
        small_talk=bool(row["small_talk"]),
        delivered=bool(row["delivered"]),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
