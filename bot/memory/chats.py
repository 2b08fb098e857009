"""The chats that the bot knows, and the filters that are set in them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ChatFilters:
    """What answers in a chat are limited to: articles since a day, or of an outlet."""

    since: date | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.source)


class Chats:
    """The table `chats`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def seen(self, chat: int, person: int | None, kind: str, language: str | None) -> None:
        """Note that somebody wrote in a chat, which is there (again), and in which language they use Telegram."""
        self._connection.execute(
            "INSERT INTO chats (id, person, kind, language, seen) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            " person = excluded.person, kind = excluded.kind, language = coalesce(excluded.language, language),"
            " seen = excluded.seen, gone = 0",
            (chat, person, kind, language, self._clock()),
        )

    def gone(self, chat: int) -> None:
        """Note that the bot may write in a chat no more."""
        self._connection.execute("UPDATE chats SET gone = 1 WHERE id = ?", (chat,))

    def language(self, chat: int) -> str | None:
        """The language that was last used in a chat."""
        row = self._connection.execute("SELECT language FROM chats WHERE id = ?", (chat,)).fetchone()
        return row["language"] if row else None

    def filters(self, chat: int) -> ChatFilters:
        """The filters of a chat."""
        row = self._connection.execute("SELECT since, source FROM chats WHERE id = ?", (chat,)).fetchone()
        if row is None:
            return ChatFilters()
        return ChatFilters(date.fromisoformat(row["since"]) if row["since"] else None, row["source"])

    def filter(self, chat: int, filters: ChatFilters) -> None:
        """Set the filters of a chat, be it known or not."""
        since = filters.since.isoformat() if filters.since else None
        kind = "private" if chat > 0 else "group"  # as Telegram numbers them
        self._connection.execute(
            "INSERT INTO chats (id, kind, since, source, seen) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            " since = excluded.since, source = excluded.source",
            (chat, kind, since, filters.source, self._clock()),
        )

    def private(self) -> list[int]:
        """The private chats in which the bot may write."""
        rows = self._connection.execute("SELECT id FROM chats WHERE kind = 'private' AND NOT gone ORDER BY id")
        return [row["id"] for row in rows]

    def count(self) -> dict[str, int]:
        """How many chats there are in which the bot may write, by kind."""
        rows = self._connection.execute("SELECT kind, count(*) AS n FROM chats WHERE NOT gone GROUP BY kind")
        return {row["kind"]: row["n"] for row in rows}

    def forget(self, person: int) -> int:
        """Forget a person's own chat, and who wrote last in others; returns how many chats were forgotten."""
        count = self._connection.execute("DELETE FROM chats WHERE id = ?", (person,)).rowcount
        self._connection.execute("UPDATE chats SET person = NULL, language = NULL WHERE person = ?", (person,))
        return count
