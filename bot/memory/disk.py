"""Times in which the database cannot be written, as on a full disk: who needs it waits, and begins again after them."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.memory.database import transaction
from bot.stopping import until

log = structlog.get_logger(__name__)

_PAUSE = 2.0  # seconds between two tries, more after those that went wrong
_LONGEST_PAUSE = 30.0
_SETTLED = 60.0  # seconds after which it is another trouble
_ROOM = 1 << 16  # bytes that must fit; an update takes some thousands

# What passes: no room, an input or output error, a lock, a file system that may only be read. What does not: a file
# that is damaged, or no longer where it was, and a wrong statement.
_PASSING = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
)


class Disk:
    """Whether the database can be written: found out by those who do, and by trying once it could not."""

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
        """Write something; raises sqlite3.Error if that fails, or did and was not seen to succeed since."""
        if self._error:
            raise self._error
        try_writing(self._connection)

    def failed(self, error: sqlite3.Error) -> None:
        """Note what somebody's write has raised; raises it if it will not pass."""
        if not is_passing(error):
            raise error
        if not self._error:
            log.error("the database cannot be written; waiting until it can", why=str(error))
        self._error = error
        self._works.clear()
        self._fails.set()

    async def outlast(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Work, and begin again once the database can be written whenever it could not, until `stop` is set."""
        while True:
            try:
                return await work()
            except sqlite3.Error as error:
                self.failed(error)
            await until(stop, self._works.wait())
            if stop.is_set():
                return None

    async def watch(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, try whether the database can be written while it could not."""
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
                    try_room(self._connection)
                except sqlite3.Error as error:
                    self.failed(error)
                else:
                    self._error = None
            ended = time.monotonic()
            log.info("the database can be written again", seconds=round(ended - began))
            self._fails.clear()
            self._works.set()


def is_passing(error: Exception) -> bool:
    """Whether it is the disk's error, or another program's lock, which may be over in a while."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _PASSING and code != sqlite3.SQLITE_READONLY_DBMOVED


def try_writing(connection: sqlite3.Connection) -> None:
    """Write what stands there already; raises sqlite3.Error if that fails."""
    if not connection.in_transaction:  # else somebody is just writing
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {version}")


def try_room(connection: sqlite3.Connection) -> None:
    """Write as much as some updates take, and remove it; raises sqlite3.Error if that fails."""
    number = -(2**63)  # which nobody else gives
    with transaction(connection):
        query = "INSERT INTO updates (id, lane, payload, received, state) VALUES (?, '', zeroblob(?), 0, 'done')"
        connection.execute(query, (number, _ROOM))
        connection.execute("DELETE FROM updates WHERE id = ?", (number,))
