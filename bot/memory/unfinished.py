"""The messages that show how something gets on, so that none does so for ever when the bot is killed meanwhile."""

from __future__ import annotations

import sqlite3


class Unfinished:
    """The table `unfinished`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, chat: int, message: int) -> None:
        """Note a message."""
        self._connection.execute("INSERT OR REPLACE INTO unfinished VALUES (?,?)", (chat, message))

    def remove(self, chat: int, message: int) -> None:
        """Forget a message that says how it ended."""
        self._connection.execute("DELETE FROM unfinished WHERE chat = ? AND message = ?", (chat, message))

    def all(self) -> list[tuple[int, int]]:
        """Chat and id of every message."""
        return [tuple(row) for row in self._connection.execute("SELECT chat, message FROM unfinished ORDER BY message")]
