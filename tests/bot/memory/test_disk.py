"""A temporarily full disk interrupts work, which is restarted afterwards, and is logged once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.memory.database import durable_transaction, open_database, transaction
from bot.memory.disk import DiskMonitor, check_free_space, is_transient
from tests.support import virtual_time
from tests.support.virtual_time import now


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "bot.sqlite")
    yield connection
    connection.close()


def fill(connection: sqlite3.Connection, pages: int = 0) -> None:
    """Limit the file to its present number of pages, or so many more."""
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + pages}")


def empty(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count = 1000000")


def write(connection: sqlite3.Connection, size: int = 10_000) -> None:
    query = "INSERT INTO updates (queue, payload, received_at) VALUES ('', zeroblob(?), 0)"
    connection.execute(query, (size,))


def error_of(call: Callable[[], object]) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        call()
    return caught.value


def test_transient_and_permanent_errors(connection: sqlite3.Connection, tmp_path: Path) -> None:
    fill(connection)
    assert is_transient(error_of(lambda: write(connection)))
    empty(connection)
    other = open_database(tmp_path / "bot.sqlite")
    other.execute("PRAGMA busy_timeout = 0")
    with transaction(connection):
        assert is_transient(error_of(lambda: write(other)))
    other.execute("PRAGMA query_only = ON")
    assert is_transient(error_of(lambda: write(other)))
    other.close()
    assert not is_transient(error_of(lambda: connection.execute("SELECT nothing")))
    assert not is_transient(error_of(lambda: connection.execute("INSERT INTO updates (queue) VALUES (NULL)")))
    assert not is_transient(ValueError("a bug"))
    (tmp_path / "text").write_text("no database, and long enough to be read as one" * 100)
    with sqlite3.connect(tmp_path / "text") as text:
        assert not is_transient(error_of(lambda: text.execute("SELECT * FROM x")))
    text.close()


def test_after_a_full_disk_no_transaction_is_left_open(connection: sqlite3.Connection) -> None:
    def fail() -> None:
        with durable_transaction(connection):
            write(connection)

    fill(connection)
    assert str(error_of(fail)) == "database or disk is full"
    assert (
        str(error_of(fail)) == "database or disk is full"
    )  # and not "cannot start a transaction within a transaction"
    empty(connection)
    with durable_transaction(connection):
        write(connection)
    assert connection.execute("SELECT count(*) FROM updates").fetchone()[0] == 1


def test_the_check_for_free_space_leaves_no_row(connection: sqlite3.Connection) -> None:
    fill(connection, 5)
    write(connection, 100)
    assert is_transient(error_of(lambda: check_free_space(connection)))
    empty(connection)
    check_free_space(connection)
    check_free_space(connection)
    assert connection.execute("SELECT count(*) FROM updates").fetchone()[0] == 1


def test_work_is_restarted_when_there_is_space_and_logged_once(connection: sqlite3.Connection) -> None:
    written: list[tuple[float, str]] = []

    async def main(logs: list[Any]) -> None:
        disk, stop = DiskMonitor(connection), asyncio.Event()

        async def work(name: str) -> None:
            write(connection)
            written.append((now(), name))
            await stop.wait()

        fill(connection)
        disk.check()  # no failure was reported yet, and this write needs no new page
        works = [asyncio.create_task(disk.restart_after_outages(partial(work, name), stop)) for name in "abc"]
        works.append(asyncio.create_task(disk.watch(stop)))
        await asyncio.sleep(100)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            disk.check()
        assert [line["event"] for line in logs] == ["the database cannot be written; waiting until it can"]
        empty(connection)
        await asyncio.sleep(30)
        disk.check()
        stop.set()
        await asyncio.gather(*works)

    with capture_logs() as logs:
        virtual_time.run(main(logs))
    assert written == [(120, name) for name in "abc"]  # retried after 2, 6, 14, 30, 60, 90 and 120 seconds
    assert [line["event"] for line in logs[1:]] == ["the database can be written again"]


def test_waiting_work_can_be_stopped(connection: sqlite3.Connection) -> None:
    async def main() -> None:
        disk, stop = DiskMonitor(connection), asyncio.Event()

        async def work() -> None:
            write(connection)

        fill(connection)
        works = [asyncio.create_task(work) for work in (disk.restart_after_outages(work, stop), disk.watch(stop))]
        await asyncio.sleep(5)
        stop.set()
        await asyncio.gather(*works)

    virtual_time.run(main())


def test_permanent_errors_are_raised(connection: sqlite3.Connection) -> None:
    async def work() -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    async def main() -> None:
        await DiskMonitor(connection).restart_after_outages(work, asyncio.Event())

    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        asyncio.run(main())
