"""The messages that show the progress of a build, so that a restarted bot can close those of a killed one."""

from __future__ import annotations

import sqlite3


class UnfinishedMessages:
    """The table `unfinished_messages`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, chat: int, message: int) -> None:
        """Record a message that shows progress."""
        self._connection.execute("INSERT OR REPLACE INTO unfinished_messages VALUES (?,?)", (chat, message))

    def remove(self, chat: int, message: int) -> None:
        """Remove a message that shows its final state."""
        self._connection.execute("DELETE FROM unfinished_messages WHERE chat = ? AND message = ?", (chat, message))

    def all(self) -> list[tuple[int, int]]:
        """Return the chat and the message id of every message."""
        rows = self._connection.execute("SELECT chat, message FROM unfinished_messages ORDER BY message")
        return [tuple(row) for row in rows]
