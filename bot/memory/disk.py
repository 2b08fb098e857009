"""Surviving a database that cannot be written for a while, for instance because the disk is full."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.memory.database import transaction
from bot.memory.schema import version_of
from bot.stopping import until

log = structlog.get_logger(__name__)

_PAUSE = 2.0  # seconds before the first retry; doubled after each that fails
_LONGEST_PAUSE = 30.0
_SETTLED = 60.0  # seconds without an error after which the pauses start again at the shortest
_ROOM = 1 << 16  # bytes that must fit; an update takes some thousands

# Transient errors: a full disk, an I/O error, a lock, a read-only file system. Permanent ones, which are not listed: a
# file that is corrupt or was moved away, and an invalid statement.
_TRANSIENT = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
)


class DiskMonitor:
    """Tracks whether the database can be written: writers report their errors, and it retries until a write works."""

    def __init__(
        self, connection: sqlite3.Connection, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._connection = connection
        self._sleep = sleep
        self._error: sqlite3.Error | None = None
        self._fails = asyncio.Event()
        self._works = asyncio.Event()
        self._works.set()

    def check(self) -> None:
        """Raise sqlite3.Error if a write failed and none has succeeded since, or if a write fails now."""
        if self._error:
            raise self._error
        check_writable(self._connection)

    def report_failure(self, error: sqlite3.Error) -> None:
        """Record an error that a write raised; raise it again if it is permanent."""
        if not is_transient(error):
            raise error
        if not self._error:
            log.error("the database cannot be written; waiting until it can", why=str(error))
        self._error = error
        self._works.clear()
        self._fails.set()

    async def restart_after_outages(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Run the work until it is done or `stop` is set.

        When it ends because the database cannot be written, start it again once that is possible. Raise permanent
        database errors.
        """
        while True:
            try:
                return await work()
            except sqlite3.Error as error:
                self.report_failure(error)
            await until(stop, self._works.wait())
            if stop.is_set():
                return None

    async def watch(self, stop: asyncio.Event) -> None:
        """After each reported failure, retry writing until it works; return when `stop` is set."""
        await until(stop, self._watch())

    async def _watch(self) -> None:
        pause, ended = _PAUSE, -math.inf
        while True:
            await self._fails.wait()
            began = time.monotonic()
            if began - ended > _SETTLED:
                pause = _PAUSE
            while self._error:
                await self._sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                try:
                    check_free_space(self._connection)
                except sqlite3.Error as error:
                    self.report_failure(error)
                else:
                    self._error = None
            ended = time.monotonic()
            log.info("the database can be written again", seconds=round(ended - began))
            self._fails.clear()
            self._works.set()


def is_transient(error: Exception) -> bool:
    """Return whether this is a database error that may pass, such as a full disk or another program's lock."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _TRANSIENT and code != sqlite3.SQLITE_READONLY_DBMOVED


def check_writable(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.Error if the database cannot be written; write the version number that it already has."""
    if not connection.in_transaction:  # otherwise a write is under way already
        connection.execute(f"PRAGMA user_version = {version_of(connection)}")


def check_free_space(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.Error if there is no room for several updates; write that many bytes, and delete them."""
    id = -(2**63)  # an id that no update can have
    with transaction(connection):
        query = "INSERT INTO updates (id, queue, payload, received_at, state) VALUES (?, '', zeroblob(?), 0, 'done')"
        connection.execute(query, (id, _ROOM))
        connection.execute("DELETE FROM updates WHERE id = ?", (id,))
