"""The chats that have written to the bot, and the filters set in them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ChatFilters:
    """Restrict a chat's answers to articles published since a day, or by one source."""

    since: date | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.source)


class Chats:
    """The table `chats`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def record(self, chat: int, person: int | None, kind: str, language: str | None) -> None:
        """Record that a person has written in a chat, and the language of their Telegram app, if known.

        A chat that was marked as gone is no longer so.
        """
        self._connection.execute(
            "INSERT INTO chats (id, person, kind, language, seen_at) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            " person = excluded.person, kind = excluded.kind, language = coalesce(excluded.language, language),"
            " seen_at = excluded.seen_at, gone = 0",
            (chat, person, kind, language, self._clock()),
        )

    def mark_gone(self, chat: int) -> None:
        """Record that the bot may no longer write in a chat."""
        self._connection.execute("UPDATE chats SET gone = 1 WHERE id = ?", (chat,))

    def language(self, chat: int) -> str | None:
        """Return the language last recorded for a chat."""
        row = self._connection.execute("SELECT language FROM chats WHERE id = ?", (chat,)).fetchone()
        return row["language"] if row else None

    def filters(self, chat: int) -> ChatFilters:
        """Return the filters of a chat."""
        row = self._connection.execute("SELECT since, source FROM chats WHERE id = ?", (chat,)).fetchone()
        if row is None:
            return ChatFilters()
        return ChatFilters(date.fromisoformat(row["since"]) if row["since"] else None, row["source"])

    def set_filters(self, chat: int, filters: ChatFilters) -> None:
        """Set the filters of a chat, which need not be known yet."""
        since = filters.since.isoformat() if filters.since else None
        kind = "private" if chat > 0 else "group"  # the sign of Telegram's chat ids
        self._connection.execute(
            "INSERT INTO chats (id, kind, since, source, seen_at) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            " since = excluded.since, source = excluded.source",
            (chat, kind, since, filters.source, self._clock()),
        )

    def private_chats(self) -> list[int]:
        """Return the ids of the private chats in which the bot may write."""
        rows = self._connection.execute("SELECT id FROM chats WHERE kind = 'private' AND NOT gone ORDER BY id")
        return [row["id"] for row in rows]

    def count_by_kind(self) -> dict[str, int]:
        """Return the number of chats of each kind in which the bot may write."""
        rows = self._connection.execute("SELECT kind, count(*) AS n FROM chats WHERE NOT gone GROUP BY kind")
        return {row["kind"]: row["n"] for row in rows}

    def forget(self, person: int) -> int:
        """Delete a person's private chat, and remove them from other chats; return the number of chats deleted."""
        count = self._connection.execute("DELETE FROM chats WHERE id = ?", (person,)).rowcount
        self._connection.execute("UPDATE chats SET person = NULL, language = NULL WHERE person = ?", (person,))
        return count
