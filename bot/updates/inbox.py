"""The durable queue of updates: each is in a file before Telegram hears that it has arrived."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from bot.memory.database import durably
from bot.memory.disk import try_room
from bot.updates.update_kinds import INLINE, Raw, asks, id_of, kind_of, origin_of, without_words

State = Literal["waiting", "busy"]

MOST_FAILURES = 5  # then an update is set aside

_SHARE = 10  # one lane may have this part of the backlog, so that nobody takes all of it
_LEAST_SHARE = 20  # updates

_DAY = 86400.0
# Telegram keeps an update for 24 hours, so that one that is handled comes again within a day or never.
_KEEP_IDS = 2 * _DAY
# "If there are no new updates for at least a week, then identifier of the next update will be chosen randomly instead
# of sequentially" (core.telegram.org/bots/api#update); an offset beyond it would confirm it unseen.
_OFFSET_HOLDS = 6 * _DAY
_BLANK = "payload = NULL, person = NULL, chat = NULL, lane = ''"  # what is handled tells of nobody


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An update in the inbox; `received` is seconds since 1970."""

    id: int
    raw: Raw
    received: float
    failures: int


class Inbox:
    """Updates in the table `updates`, from when they come to when they are done."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        backlog: int,
        clock: Callable[[], float] = time.time,
        count: Callable[[str], object] = lambda _: None,
        asks: Callable[[Raw], bool] = lambda raw: asks(raw, 0, ""),
    ) -> None:
        """`connection` as open_database makes it; of more than `backlog` updates at a time people are told.

        `count` is called with the kind of each update that is new; `asks` tells whether somebody waits for an answer.
        """
        self._count_kind = count
        self._asks = asks
        self._connection = connection
        self._backlog = backlog
        self._clock = clock
        self._owed: dict[int, int] = {}  # by id: failures that should not be in the file
        # By arrival, not by size: ids may begin anew below.
        newest = "SELECT id, received FROM updates WHERE id > 0 ORDER BY received DESC, id DESC LIMIT 1"
        row = connection.execute(newest).fetchone()
        self._last: tuple[int, float] | None = tuple(row) if row else None

    def add(self, updates: Sequence[object]) -> list[int]:
        """Keep updates, whatever they are, and return the ids of those that are new and open, once they are on disk.

        Those beyond the backlog, or beyond their lane's share of it, are kept without what was written, one for each
        lane: their people are to be told.
        """
        now = self._clock()
        last, opened, kinds = self._last, [], []
        with durably(self._connection):
            room = self._backlog - self.depth()
            for raw in updates:
                number = id_of(raw)
                if number is None or not isinstance(raw, dict):
                    self._keep_nameless(raw, now)
                    continue
                last = number, now
                if self._run("SELECT 1 FROM updates WHERE id = ?", number).fetchone():
                    continue
                kinds.append(kind_of(raw))
                room += self._supersede(raw, number)
                has_room = room > 0 and self._depth_of(origin_of(raw).lane) < max(_LEAST_SHARE, self._backlog // _SHARE)
                state = "waiting" if has_room else "busy" if self._is_to_be_told(raw) else "done"
                self._insert(raw, number, now, state)
                room -= state == "waiting"
                if state != "done":
                    opened.append(number)
        self._last = last
        for kind in kinds:
            self._count_kind(kind)
        return opened

    def offset(self) -> int | None:
        """What getUpdates is to begin with, which confirms all before it; None for what Telegram has not confirmed."""
        if self._last and 0 <= self._clock() - self._last[1] < _OFFSET_HOLDS:
            return self._last[0] + 1
        return None

    def after(self, number: int, state: State) -> tuple[int, str] | None:
        """The id and lane of the first open update after a number."""
        query = "SELECT id, lane FROM updates WHERE state = ? AND id > ? ORDER BY id LIMIT 1"
        row = self._run(query, state, number).fetchone()
        return (row["id"], row["lane"]) if row else None

    def first_of(self, lane: str, state: State) -> int | None:
        """The id of the first open update of a lane."""
        row = self._run("SELECT min(id) FROM updates WHERE lane = ? AND state = ?", lane, state).fetchone()
        return row[0] if row else None

    def get(self, number: int) -> InboxEntry | None:
        """An update that is still open, else None."""
        query = "SELECT payload, received, failures FROM updates WHERE id = ? AND state IN ('waiting', 'busy')"
        row = self._run(query, number).fetchone()
        return InboxEntry(number, json.loads(row["payload"]), row["received"], row["failures"]) if row else None

    @contextmanager
    def computing(self, number: int | None) -> Iterator[None]:
        """Count an update as failed for as long as its answer is computed, which this process may not survive.

        One answer is computed at a time, so that a process that is killed leaves one update with a failure at most.
        """
        self._charge(number, 1)
        try:
            yield
        finally:
            self._charge(number, -1)

    def failed(self, number: int, error: str) -> int:
        """Count a failure, and return how many there are; 0 if the update is no longer open."""
        query = "UPDATE updates SET failures = failures + 1, error = ? WHERE id = ? AND state IN ('waiting', 'busy')"
        self._run(query, error, number)
        entry = self.get(number)
        return entry.failures if entry else 0

    def done(self, number: int) -> None:
        """Forget all of an update but its id."""
        self._run(f"UPDATE updates SET state = 'done', error = NULL, {_BLANK} WHERE id = ?", number)

    def set_aside(self, number: int, error: str) -> None:
        """Handle an update no more, and keep it to be looked at; `error` is the id that the log has it under."""
        self._run("UPDATE updates SET state = 'aside', error = ? WHERE id = ?", error, number)

    def prune(self, days: float) -> None:
        """Remove what is done and cannot come again, and what has been set aside for so many days."""
        now = self._clock()
        self._run("DELETE FROM updates WHERE state = 'done' AND received < ?", now - _KEEP_IDS)
        self._run("DELETE FROM updates WHERE state = 'aside' AND received < ?", now - days * _DAY)

    def forget(self, person: int) -> int:
        """Remove what was set aside and names a person; what is handled is forgotten anyway, and what waits will be."""
        names = (
            "EXISTS (SELECT 1 FROM json_tree(CASE WHEN json_valid(payload) THEN payload END) AS part "
            "WHERE part.key = 'id' AND part.value = ?)"
        )
        which = f"state = 'aside' AND (person = ? OR {names})"
        query = f"UPDATE updates SET state = 'done', error = NULL, {_BLANK} WHERE {which}"
        return self._run(query, person, person).rowcount

    def try_room(self) -> None:
        """Raises sqlite3.Error if there is no room for another update."""
        try_room(self._connection)

    def depth(self, but: int = 0) -> int:
        """How many updates wait to be handled or are being handled, without the one with an id."""
        query = "SELECT count(*) FROM updates WHERE state = 'waiting' AND id != ?"
        return int(self._run(query, but).fetchone()[0])

    def open(self) -> int:
        """How many updates are not done, those included whose people are to be told that there are too many."""
        return self.depth() + self._count("busy")

    def aside_count(self) -> int:
        """How many updates are set aside."""
        return self._count("aside")

    def oldest(self, but: int = 0) -> float:
        """The age of what has waited longest, in seconds, without the one with an id; 0 if nothing waits."""
        query = "SELECT min(received) FROM updates WHERE state = 'waiting' AND id != ?"
        received = self._run(query, but).fetchone()[0]
        return max(0.0, self._clock() - received) if received is not None else 0.0

    def _supersede(self, raw: Raw, number: int) -> int:
        """Of inline queries, which come letter by letter, only a person's newest is of use; how many others waited."""
        lane = origin_of(raw).lane
        if not lane.startswith(INLINE):
            return 0
        older = f"UPDATE updates SET state = 'done', {_BLANK} WHERE lane = ? AND state = 'waiting' AND id < ?"
        return self._run(older, lane, number).rowcount

    def _depth_of(self, lane: str) -> int:
        query = "SELECT count(*) FROM updates WHERE lane = ? AND state = 'waiting'"
        return int(self._run(query, lane).fetchone()[0])

    def _is_to_be_told(self, raw: Raw) -> bool:
        return self._asks(raw) and self.first_of(origin_of(raw).lane, "busy") is None

    def _insert(self, raw: Raw, number: int, now: float, state: str) -> None:
        if state == "done":
            self._run("INSERT INTO updates (id, lane, received, state) VALUES (?, '', ?, 'done')", number, now)
            return
        origin = origin_of(raw)
        payload = json.dumps(raw if state == "waiting" else without_words(raw))
        query = "INSERT INTO updates (id, lane, person, chat, payload, received, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._run(query, number, origin.lane, origin.person, origin.chat, payload, now, state)

    def _keep_nameless(self, raw: object, now: float) -> None:
        """Set aside, under a number of ours, what has no id; it comes again and again, and is kept once."""
        payload = json.dumps(raw)
        if not self._run("SELECT 1 FROM updates WHERE id < 0 AND payload = ?", payload).fetchone():
            number = min(0, self._run("SELECT min(id) FROM updates").fetchone()[0] or 0) - 1
            query = "INSERT INTO updates (id, lane, payload, received, state, error) VALUES (?, '', ?, ?, 'aside', ?)"
            self._run(query, number, payload, now, "no update_id")

    def _charge(self, number: int | None, by: int) -> None:
        if number is None:
            return
        query = "UPDATE updates SET failures = failures + ? WHERE id = ? AND state IN ('waiting', 'busy')"
        try:
            self._run(query, by - self._owed.get(number, 0), number)
        except sqlite3.Error:
            if by < 0:  # what the disk did not take is no failure of the update
                self._owed[number] = self._owed.get(number, 0) + 1
            raise
        self._owed.pop(number, None)

    def _count(self, state: str) -> int:
        return int(self._run("SELECT count(*) FROM updates WHERE state = ?", state).fetchone()[0])

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(query, values)
