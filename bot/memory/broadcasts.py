"""What an administrator writes to everyone, and who is still to get it: a kill repeats one message at most."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.memory.database import transaction

_UNCONFIRMED_FOR = 86400.0  # seconds; older previews are forgotten


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message to every private chat; `message` shows its administrator how it gets on."""

    id: int
    person: int
    words: str
    message: int | None
    sent: int
    failed: int
    left: int  # chats


class Broadcasts:
    """The tables `broadcasts` and `broadcast_targets`."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock

    def put(self, person: int, words: str) -> int:
        """Keep what is to be confirmed; returns an id that nobody guesses."""
        now = self._clock()
        self._run("DELETE FROM broadcasts WHERE NOT confirmed AND created < ?", now - _UNCONFIRMED_FOR)
        id = secrets.randbits(62)
        self._run("INSERT INTO broadcasts (id, person, words, created) VALUES (?,?,?,?)", id, person, words, now)
        return id

    def confirm(self, id: int, person: int, message: int, chats: Iterable[int]) -> bool:
        """Send it to chats from now on; false if it is not this person's, or is confirmed or cancelled already."""
        with transaction(self._connection):
            query = "UPDATE broadcasts SET confirmed = 1, message = ? WHERE id = ? AND person = ? AND NOT confirmed"
            if not self._run(query, message, id, person).rowcount:
                return False
            self._connection.executemany("INSERT INTO broadcast_targets VALUES (?,?)", [(id, chat) for chat in chats])
            return True

    def cancel(self, id: int, person: int) -> bool:
        """Forget one that is not confirmed; false if it is not this person's, or is confirmed or cancelled already."""
        query = "DELETE FROM broadcasts WHERE id = ? AND person = ? AND NOT confirmed"
        return bool(self._run(query, id, person).rowcount)

    def confirmed(self) -> list[int]:
        """The ids of those that are being sent, in the order in which they were written."""
        return [id for (id,) in self._run("SELECT id FROM broadcasts WHERE confirmed ORDER BY created, id")]

    def get(self, id: int) -> Broadcast | None:
        """The one with an id."""
        left = "(SELECT count(*) FROM broadcast_targets WHERE broadcast = id) AS left"
        query = f"SELECT id, person, words, message, sent, failed, {left} FROM broadcasts WHERE id = ?"
        row = self._run(query, id).fetchone()
        return Broadcast(**row) if row else None

    def targets(self, id: int) -> list[int]:
        """The chats that it is still to go to."""
        return [
            chat for (chat,) in self._run("SELECT chat FROM broadcast_targets WHERE broadcast = ? ORDER BY chat", id)
        ]

    def reached(self, id: int, chat: int, failed: bool = False) -> None:
        """Note that a chat has got it, or cannot."""
        column = "failed" if failed else "sent"
        with transaction(self._connection):
            self._run("DELETE FROM broadcast_targets WHERE broadcast = ? AND chat = ?", id, chat)
            self._run(f"UPDATE broadcasts SET {column} = {column} + 1 WHERE id = ?", id)

    def finish(self, id: int) -> None:
        """Forget one that was sent."""
        self._run("DELETE FROM broadcasts WHERE id = ?", id)

    def forget(self, person: int) -> int:
        """Send a person nothing that is under way, and forget what they wrote to be confirmed; how many that were."""
        self._run("DELETE FROM broadcast_targets WHERE chat = ?", person)
        return self._run("DELETE FROM broadcasts WHERE person = ? AND NOT confirmed", person).rowcount

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(query, values)
