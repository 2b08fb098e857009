"""The inbox: a durable queue of updates, each on disk before it is confirmed to Telegram."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from bot.memory.database import durable_transaction
from bot.memory.disk import check_free_space
from bot.updates.raw_updates import INLINE_PREFIX, Raw, expects_reply, kind_of, origin_of, update_id_of, without_text

State = Literal["waiting", "busy"]  # of open updates

MOST_FAILURES = 5  # after which an update becomes a dead letter

_SHARE = 10  # a tenth of the backlog is the most that one chat queue may fill
_LEAST_SHARE = 20  # updates that it may have in any case

_DAY = 86400.0
# Telegram keeps an update for 24 hours, so that one that was handled comes again within a day or never.
_KEEP_IDS = 2 * _DAY
# "If there are no new updates for at least a week, then identifier of the next update will be chosen randomly instead
# of sequentially" (core.telegram.org/bots/api#update). An offset above the new ids would confirm updates unseen.
_OFFSET_VALID_FOR = 6 * _DAY
_CLEARED = "payload = NULL, person = NULL, chat = NULL, queue = ''"  # a done update contains no personal data


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An open update; `received_at` is in seconds since 1970."""

    id: int
    raw: Raw
    received_at: float
    failures: int


class Inbox:
    """The table `updates`, from the arrival of an update until it is done."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        backlog: int,
        clock: Callable[[], float] = time.time,
        count: Callable[[str], object] = lambda _: None,
        expects_reply: Callable[[Raw], bool] = lambda raw: expects_reply(raw, 0, ""),
    ) -> None:
        """Use a connection from `open_database`; beyond `backlog` updates, people are told that the bot is busy.

        `count` is called with the kind of each new update; `expects_reply` returns whether somebody waits for an
        answer.
        """
        self._count_kind = count
        self._expects_reply = expects_reply
        self._connection = connection
        self._backlog = backlog
        self._clock = clock
        self._unwritten: dict[int, int] = {}  # by update id: failures to subtract, which a full disk has prevented
        # The newest by arrival and not by id, since ids may start again at a lower number.
        newest = "SELECT id, received_at FROM updates WHERE id > 0 ORDER BY received_at DESC, id DESC LIMIT 1"
        row = connection.execute(newest).fetchone()
        self._last: tuple[int, float] | None = tuple(row) if row else None

    def add(self, updates: Sequence[object]) -> list[int]:
        """Store updates durably, valid or not, and return the ids of those that are new and open. Idempotent.

        Of updates beyond the backlog, or beyond their queue's share of it, store one for each queue without its text,
        in the state "busy", so that its author is told.
        """
        now = self._clock()
        last, opened, kinds = self._last, [], []
        with durable_transaction(self._connection):
            room = self._backlog - self.depth()
            for raw in updates:
                id = update_id_of(raw)
                if id is None or not isinstance(raw, dict):
                    self._store_without_id(raw, now)
                    continue
                last = id, now
                if self._run("SELECT 1 FROM updates WHERE id = ?", id).fetchone():
                    continue
                kinds.append(kind_of(raw))
                room += self._supersede(raw, id)
                share = max(_LEAST_SHARE, self._backlog // _SHARE)
                has_room = room > 0 and self._depth_of(origin_of(raw).queue) < share
                state = "waiting" if has_room else "busy" if self._is_to_be_told(raw) else "done"
                self._insert(raw, id, now, state)
                room -= state == "waiting"
                if state != "done":
                    opened.append(id)
        self._last = last
        for kind in kinds:
            self._count_kind(kind)
        return opened

    def offset(self) -> int | None:
        """Return the offset for getUpdates, which confirms all updates before it; None to ask for all unconfirmed."""
        if self._last and 0 <= self._clock() - self._last[1] < _OFFSET_VALID_FOR:
            return self._last[0] + 1
        return None

    def next_after(self, id: int, state: State) -> tuple[int, str] | None:
        """Return the id and the queue of the first open update after an id."""
        query = "SELECT id, queue FROM updates WHERE state = ? AND id > ? ORDER BY id LIMIT 1"
        row = self._run(query, state, id).fetchone()
        return (row["id"], row["queue"]) if row else None

    def first_of(self, queue: str, state: State) -> int | None:
        """Return the id of the first open update in a queue."""
        row = self._run("SELECT min(id) FROM updates WHERE queue = ? AND state = ?", queue, state).fetchone()
        return row[0] if row else None

    def get(self, id: int) -> InboxEntry | None:
        """Return an update if it is still open."""
        query = "SELECT payload, received_at, failures FROM updates WHERE id = ? AND state IN ('waiting', 'busy')"
        row = self._run(query, id).fetchone()
        return InboxEntry(id, json.loads(row["payload"]), row["received_at"], row["failures"]) if row else None

    @contextmanager
    def computing(self, id: int | None) -> Iterator[None]:
        """Count a failure of an update while its answer is computed, in case that kills the process.

        One answer is computed at a time, so that a killed process leaves a failure with one update at most.
        """
        self._add_failures(id, 1)
        try:
            yield
        finally:
            self._add_failures(id, -1)

    def failed(self, id: int, error: str) -> int:
        """Count a failure, and return the number so far; 0 if the update is no longer open."""
        query = "UPDATE updates SET failures = failures + 1, error = ? WHERE id = ? AND state IN ('waiting', 'busy')"
        self._run(query, error, id)
        entry = self.get(id)
        return entry.failures if entry else 0

    def done(self, id: int) -> None:
        """Delete everything about an update except its id."""
        self._run(f"UPDATE updates SET state = 'done', error = NULL, {_CLEARED} WHERE id = ?", id)

    def move_to_dead_letters(self, id: int, error: str) -> None:
        """Stop handling an update, and keep it for inspection; `error` is the id of its log entry."""
        self._run("UPDATE updates SET state = 'dead', error = ? WHERE id = ?", error, id)

    def prune(self, days: float) -> None:
        """Delete the ids of done updates that cannot come again, and dead letters older than this many days."""
        now = self._clock()
        self._run("DELETE FROM updates WHERE state = 'done' AND received_at < ?", now - _KEEP_IDS)
        self._run("DELETE FROM updates WHERE state = 'dead' AND received_at < ?", now - days * _DAY)

    def forget(self, person: int) -> int:
        """Clear the dead letters that name a person, and return their number; open updates are cleared once done."""
        names = (
            "EXISTS (SELECT 1 FROM json_tree(CASE WHEN json_valid(payload) THEN payload END) AS part "
            "WHERE part.key = 'id' AND part.value = ?)"
        )
        which = f"state = 'dead' AND (person = ? OR {names})"
        query = f"UPDATE updates SET state = 'done', error = NULL, {_CLEARED} WHERE {which}"
        return self._run(query, person, person).rowcount

    def check_free_space(self) -> None:
        """Raise sqlite3.Error if there is no room for another update."""
        check_free_space(self._connection)

    def depth(self, but: int = 0) -> int:
        """Return the number of updates that wait or are being handled, not counting the one with the id `but`."""
        query = "SELECT count(*) FROM updates WHERE state = 'waiting' AND id != ?"
        return int(self._run(query, but).fetchone()[0])

    def open(self) -> int:
        """Return the number of open updates, including those whose authors are to be told that the bot is busy."""
        return self.depth() + self._count("busy")

    def dead_letter_count(self) -> int:
        """Return the number of dead letters."""
        return self._count("dead")

    def oldest(self, but: int = 0) -> float:
        """Return the age in seconds of the oldest waiting update, ignoring the one with the id `but`; 0 without one."""
        query = "SELECT min(received_at) FROM updates WHERE state = 'waiting' AND id != ?"
        received_at = self._run(query, but).fetchone()[0]
        return max(0.0, self._clock() - received_at) if received_at is not None else 0.0

    def _supersede(self, raw: Raw, id: int) -> int:
        """Drop a person's older inline queries, one of which comes with every letter typed; return their number."""
        queue = origin_of(raw).queue
        if not queue.startswith(INLINE_PREFIX):
            return 0
        older = f"UPDATE updates SET state = 'done', {_CLEARED} WHERE queue = ? AND state = 'waiting' AND id < ?"
        return self._run(older, queue, id).rowcount

    def _depth_of(self, queue: str) -> int:
        query = "SELECT count(*) FROM updates WHERE queue = ? AND state = 'waiting'"
        return int(self._run(query, queue).fetchone()[0])

    def _is_to_be_told(self, raw: Raw) -> bool:
        return self._expects_reply(raw) and self.first_of(origin_of(raw).queue, "busy") is None

    def _insert(self, raw: Raw, id: int, now: float, state: str) -> None:
        if state == "done":
            self._run("INSERT INTO updates (id, queue, received_at, state) VALUES (?, '', ?, 'done')", id, now)
            return
        origin = origin_of(raw)
        payload = json.dumps(raw if state == "waiting" else without_text(raw))
        query = (
            "INSERT INTO updates (id, queue, person, chat, payload, received_at, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        self._run(query, id, origin.queue, origin.person, origin.chat, payload, now, state)

    def _store_without_id(self, raw: object, now: float) -> None:
        """Store an update without a usable id as a dead letter, under a negative id; only once, as it keeps coming."""
        payload = json.dumps(raw)
        if not self._run("SELECT 1 FROM updates WHERE id < 0 AND payload = ?", payload).fetchone():
            id = min(0, self._run("SELECT min(id) FROM updates").fetchone()[0] or 0) - 1
            query = "INSERT INTO updates (id, queue, payload, received_at, state, error) VALUES (?,'',?,?,'dead',?)"
            self._run(query, id, payload, now, "no update_id")

    def _add_failures(self, id: int | None, number: int) -> None:
        if id is None:
            return
        query = "UPDATE updates SET failures = failures + ? WHERE id = ? AND state IN ('waiting', 'busy')"
        try:
            self._run(query, number - self._unwritten.get(id, 0), id)
        except sqlite3.Error:
            if number < 0:  # a full disk is no failure of the update; subtract it next time
                self._unwritten[id] = self._unwritten.get(id, 0) + 1
            raise
        self._unwritten.pop(id, None)

    def _count(self, state: str) -> int:
        return int(self._run("SELECT count(*) FROM updates WHERE state = ?", state).fetchone()[0])

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(query, values)
