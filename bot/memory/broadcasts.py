"""Broadcasts: messages from an administrator to every private chat, and the chats that have not received them yet."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.memory.database import transaction

_UNCONFIRMED_FOR = 86400.0  # seconds after which a broadcast that was never confirmed is deleted


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast and its progress, counted in chats."""

    id: int
    person: int  # the administrator
    text: str
    progress_message: int | None  # the bot's message that shows the progress; None until it is confirmed
    sent: int
    failed: int
    remaining: int


class Broadcasts:
    """The tables `broadcasts` and `broadcast_targets`.

    Each delivery is recorded, so that a killed process repeats at most the message it was sending.
    """

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def add(self, person: int, text: str) -> int:
        """Store a broadcast to be confirmed, and return its id, which cannot be guessed."""
        now = self._clock()
        self._run("DELETE FROM broadcasts WHERE NOT confirmed AND created_at < ?", now - _UNCONFIRMED_FOR)
        id = secrets.randbits(62)
        self._run("INSERT INTO broadcasts (id, person, text, created_at) VALUES (?,?,?,?)", id, person, text, now)
        return id

    def confirm(self, id: int, person: int, progress_message: int, chats: Iterable[int]) -> bool:
        """Start sending a broadcast to chats.

        Return False if it is not this person's, or was already confirmed or cancelled.
        """
        with transaction(self._connection):
            which = "id = ? AND person = ? AND NOT confirmed"
            query = f"UPDATE broadcasts SET confirmed = 1, progress_message = ? WHERE {which}"
            if not self._run(query, progress_message, id, person).rowcount:
                return False
            self._connection.executemany("INSERT INTO broadcast_targets VALUES (?,?)", [(id, chat) for chat in chats])
            return True

    def cancel(self, id: int, person: int) -> bool:
        """Delete an unconfirmed broadcast.

        Return False if it is not this person's, or was already confirmed or cancelled.
        """
        query = "DELETE FROM broadcasts WHERE id = ? AND person = ? AND NOT confirmed"
        return bool(self._run(query, id, person).rowcount)

    def confirmed_ids(self) -> list[int]:
        """Return the ids of the broadcasts that are being sent, the oldest first."""
        return [id for (id,) in self._run("SELECT id FROM broadcasts WHERE confirmed ORDER BY created_at, id")]

    def get(self, id: int) -> Broadcast | None:
        """Return the broadcast with this id, if there is one."""
        remaining = "(SELECT count(*) FROM broadcast_targets WHERE broadcast = id) AS remaining"
        query = f"SELECT id, person, text, progress_message, sent, failed, {remaining} FROM broadcasts WHERE id = ?"
        row = self._run(query, id).fetchone()
        return Broadcast(**row) if row else None

    def remaining_chats(self, id: int) -> list[int]:
        """Return the chats that a broadcast has yet to be sent to."""
        return [
            chat for (chat,) in self._run("SELECT chat FROM broadcast_targets WHERE broadcast = ? ORDER BY chat", id)
        ]

    def record_delivery(self, id: int, chat: int, failed: bool = False) -> None:
        """Record that a chat has received a broadcast, or cannot receive it."""
        column = "failed" if failed else "sent"
        with transaction(self._connection):
            self._run("DELETE FROM broadcast_targets WHERE broadcast = ? AND chat = ?", id, chat)
            self._run(f"UPDATE broadcasts SET {column} = {column} + 1 WHERE id = ?", id)

    def finish(self, id: int) -> None:
        """Delete a broadcast that has been sent."""
        self._run("DELETE FROM broadcasts WHERE id = ?", id)

    def forget(self, person: int) -> int:
        """Cancel all deliveries to a person, and delete their unconfirmed broadcasts; return the number of these."""
        self._run("DELETE FROM broadcast_targets WHERE chat = ?", person)
        return self._run("DELETE FROM broadcasts WHERE person = ? AND NOT confirmed", person).rowcount

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(query, values)
