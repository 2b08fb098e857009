"""The bot's SQLite database: opening it, its transactions, and erasing deleted data from the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.memory.schema import VERSION, create_tables, migrate, version_of
from index.errors import StorageError


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database in autocommit mode; create it, readable only by its owner, or migrate it where necessary.

    A commit survives a killed process; use `durable_transaction` for one that must also survive a power failure.
    Deleted rows are overwritten, on the disk once `scrub` has run. Raise StorageError if the file cannot be opened or
    migrated, which leaves it unchanged, or was written by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        if version_of(connection) == 0:
            _create(connection)
        version = version_of(connection)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{path}: cannot be opened ({error}); name another folder in [bot] state") from None
    try:
        if version < VERSION:
            version = _migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"{path}: cannot be migrated from version {version} ({error}); it is unchanged") from None
    if version != VERSION:
        connection.close()
        raise StorageError(
            f"{path}: has format version {version}, but this program reads version {VERSION}; "
            "upgrade quotewire, or move the file away"
        )
    return connection


def is_outdated(path: Path) -> bool:
    """Return whether opening the database would migrate it; raise StorageError if it cannot be read."""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return 0 < version_of(connection) < VERSION
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be opened ({error}); name another folder in [bot] state") from None


@contextmanager
def durable_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a transaction that survives a power failure once it is committed; roll it back if anything is raised."""
    connection.execute("PRAGMA synchronous = FULL")
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit the enclosed statements together; roll them back if anything is raised."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite rolls back by itself when the disk is full
            connection.execute("ROLLBACK")
        raise


def scrub(connection: sqlite3.Connection) -> bool:
    """Erase deleted rows from the disk, where the file and its write-ahead log hold them until then.

    Return whether that succeeded: it does not, and does not wait, while another process reads the database.
    """
    timeout = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        with suppress(sqlite3.OperationalError):  # locked
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout}")


def _create(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        if version_of(connection) == 0:  # otherwise another connection has just created the tables
            create_tables(connection)


def _migrate(connection: sqlite3.Connection) -> int:
    """Migrate the database in one transaction, and return its version."""
    with durable_transaction(connection):
        if version_of(connection) < VERSION:  # otherwise another connection has just migrated it
            migrate(connection)
        return version_of(connection)
