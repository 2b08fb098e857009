"""The answers that were given, so that buttons, /more, /context, follow-ups and edited questions find them again."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from retrieval.types import Question

_KEY_BYTES = 8  # of chance: nobody guesses another one's
_FOLLOWED_UP = 1800.0  # seconds within which a question can follow up the one before it


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer that was given: to what, to whom, and which quotes it showed."""

    key: str  # what its buttons carry
    chat: int
    message: int | None  # that asked; None: a button did
    person: int
    question: Question
    subject: str | None  # the question as it was understood: the next one's `earlier`
    generation: int
    answered: bool  # by the quotes; else they are the closest, or just the latest
    quotes: tuple[str, ...]  # ids of all that were shown up to now
    first: int = 0  # where this answer's own begin among them
    more: int = 0  # how many would follow
    small_talk: bool = False  # it answers no question
    delivered: bool = False  # all its messages are sent

    @property
    def own(self) -> tuple[str, ...]:
        """The ids of the quotes that this answer shows."""
        return self.quotes[self.first :]

    @property
    def is_latest(self) -> bool:
        """Whether it just shows the newest articles, which nothing was asked of."""
        return not self.question.text


class SentAnswers:
    """The tables `answers` and `replies`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    @staticmethod
    def new_key() -> str:
        """A key that no answer has."""
        return secrets.token_urlsafe(_KEY_BYTES)

    def put(self, given: SentAnswer) -> None:
        """Keep an answer, in the place of the one with its key."""
        question = given.question
        values = {
            "key": given.key,
            "chat": given.chat,
            "message": given.message,
            "person": given.person,
            "question": question.text,
            "earlier": question.earlier,
            "subject": given.subject,
            "asked": question.asked.timestamp(),
            "since": _iso(question.since),
            "source": question.source,
            "generation": given.generation,
            "answered": given.answered,
            "quotes": json.dumps(given.quotes),
            "first": given.first,
            "more": given.more,
            "small_talk": given.small_talk,
            "delivered": given.delivered,
            "given": self._clock(),
        }
        marks = ", ".join(f":{name}" for name in values)
        changes = ", ".join(f"{name} = excluded.{name}" for name in values)
        self._connection.execute(
            f"INSERT INTO answers ({', '.join(values)}) VALUES ({marks}) ON CONFLICT (key) DO UPDATE SET {changes}",
            values,
        )

    def delivered(self, given: SentAnswer) -> None:
        """Note that all messages of an answer are sent."""
        self._connection.execute("UPDATE answers SET delivered = 1 WHERE key = ?", (given.key,))

    def no_more(self, given: SentAnswer) -> None:
        """Note that what would follow an answer was given, so that it is not given again."""
        self._connection.execute("UPDATE answers SET more = 0 WHERE key = ?", (given.key,))

    def add_reply(self, given: SentAnswer, message: int, shown: str) -> None:
        """Note a message that the bot has sent with an answer, or has edited, and a digest of what it shows.

        Nothing if the answer has been forgotten while the message was on its way.
        """
        query = "INSERT OR REPLACE INTO replies SELECT ?, ?, key, ? FROM answers WHERE key = ?"
        self._connection.execute(query, (given.chat, message, shown, given.key))

    def drop_reply(self, given: SentAnswer, message: int) -> None:
        """Forget a message that is there no more."""
        self._connection.execute("DELETE FROM replies WHERE chat = ? AND message = ?", (given.chat, message))

    def replies(self, given: SentAnswer) -> list[tuple[int, str]]:
        """The messages that the bot has sent with an answer, in order, and the digests of what they show."""
        query = "SELECT message, shown FROM replies WHERE answer = ? ORDER BY message"
        return [(row["message"], row["shown"]) for row in self._connection.execute(query, (given.key,))]

    def get(self, key: str) -> SentAnswer | None:
        """The answer with a key."""
        return self._one("SELECT * FROM answers WHERE key = ?", key)

    def of_message(self, chat: int, message: int) -> SentAnswer | None:
        """The answer to a message."""
        return self._one("SELECT * FROM answers WHERE chat = ? AND message = ?", chat, message)

    def of_reply(self, chat: int, message: int) -> SentAnswer | None:
        """The answer that one of the bot's messages is of."""
        query = "SELECT a.* FROM replies r JOIN answers a ON a.key = r.answer WHERE r.chat = ? AND r.message = ?"
        return self._one(query, chat, message)

    def last(self, person: int, chat: int, but: str | None = None) -> SentAnswer | None:
        """The last answer that a person got to a question in a chat, but for the one with a key."""
        query = (
            "SELECT * FROM answers WHERE person = ? AND chat = ? AND key IS NOT ? AND NOT small_talk"
            " ORDER BY given DESC, rowid DESC LIMIT 1"
        )
        return self._one(query, person, chat, but)

    def subject(self, person: int, chat: int) -> str | None:
        """What a person asked last in a chat, as it was understood, if that was within half an hour."""
        row = self._connection.execute(
            "SELECT subject FROM answers WHERE person = ? AND chat = ? AND given > ? AND subject IS NOT NULL"
            " ORDER BY given DESC, rowid DESC LIMIT 1",
            (person, chat, self._clock() - _FOLLOWED_UP),
        ).fetchone()
        return row["subject"] if row else None

    def prune(self, days: float) -> None:
        """Forget answers that were given so many days ago."""
        self._connection.execute("DELETE FROM answers WHERE given < ?", (self._clock() - days * 86400,))

    def forget(self, person: int) -> int:
        """Forget a person's; returns how many these were."""
        return self._connection.execute("DELETE FROM answers WHERE person = ?", (person,)).rowcount

    def _one(self, query: str, *values: object) -> SentAnswer | None:
        row = self._connection.execute(query, values).fetchone()
        return _given(row) if row else None


def _given(row: sqlite3.Row) -> SentAnswer:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    asked = datetime.fromtimestamp(row["asked"], UTC)
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
