"""The bot's database: creation, transactions, errors on opening, and erasing deleted rows."""

import stat
from pathlib import Path

import pytest

from bot.memory.database import durable_transaction, open_database, scrub, transaction
from bot.memory.sent_answers import SentAnswers
from bot.updates.inbox import Inbox
from index.errors import StorageError


def test_two_connections_share_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bot.sqlite"
    first, second = open_database(path), open_database(path)
    first.execute("INSERT INTO chats (id, kind, seen_at) VALUES (7, 'private', 1.5)")
    assert [tuple(row) for row in second.execute("SELECT id, kind, seen_at, gone FROM chats")] == [
        (7, "private", 1.5, 0)
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_durable_transaction_is_synced_and_rolled_back_on_an_error(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "bot.sqlite")
    levels = []

    def fail() -> None:
        with durable_transaction(connection):
            levels.append(connection.execute("PRAGMA synchronous").fetchone()[0])
            connection.execute("INSERT INTO chats (id, kind, seen_at) VALUES (7, 'private', 1.5)")
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        fail()
    levels.append(connection.execute("PRAGMA synchronous").fetchone()[0])
    assert levels == [2, 1]  # FULL, NORMAL
    assert connection.execute("SELECT count(*) FROM chats").fetchone()[0] == 0


def test_errors_on_opening_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no database, whatever its name may say, and long enough to be read as one")
    with pytest.raises(StorageError, match=r"other: cannot be opened \(file is not a database\)"):
        open_database(tmp_path / "other")
    newer = open_database(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    with pytest.raises(
        StorageError, match="newer: has format version 99, but this program reads version 2; upgrade quotewire"
    ):
        open_database(tmp_path / "newer")


def test_deleted_rows_are_erased_once_nobody_reads(tmp_path: Path) -> None:
    def on_disk() -> int:
        return sum(file.read_bytes().count(b"Zanzibar") for file in tmp_path.iterdir())

    connection, other = open_database(tmp_path / "bot.sqlite"), open_database(tmp_path / "bot.sqlite")
    connection.execute("INSERT INTO chats (id, kind, source, seen_at) VALUES (7, 'private', 'Zanzibar', 1.5)")
    reading = other.execute("SELECT * FROM chats UNION ALL SELECT * FROM chats")
    reading.fetchone()
    connection.execute("DELETE FROM chats")
    assert not scrub(connection)
    assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
    assert on_disk() > 0
    reading.fetchall()
    assert scrub(connection)
    assert on_disk() == 0


def test_pruning_uses_indexes(tmp_path: Path) -> None:
    connection, run = open_database(tmp_path / "bot.sqlite"), list[str]()
    inbox, given = Inbox(connection, 10), SentAnswers(connection)
    connection.set_trace_callback(run.append)
    inbox.prune(90)
    given.prune(90)
    inbox.oldest()
    connection.set_trace_callback(None)
    statements = [statement for statement in run if "received" in statement or "sent_at <" in statement]
    plans = [connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchone()["detail"] for statement in statements]
    assert [plan.split(" (")[0] for plan in plans] == [
        "SEARCH updates USING INDEX updates_by_age",
        "SEARCH updates USING INDEX updates_by_age",
        "SEARCH answers USING COVERING INDEX answers_by_age",
        "SEARCH updates USING COVERING INDEX updates_by_age",
    ]


def test_a_database_can_be_opened_while_another_process_writes(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "bot.sqlite")
    with transaction(connection):
        open_database(tmp_path / "bot.sqlite").close()
