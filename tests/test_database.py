"""The bot's file: made once, by whoever comes first, private, and refused where it cannot be right."""

import stat
from pathlib import Path

import pytest

from bot.memory.database import open_database
from index.errors import StorageError


def test_two_connections_share_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bot.sqlite"
    first, second = open_database(path, durable=True), open_database(path)
    first.execute("INSERT INTO chats (id, kind, seen) VALUES (7, 'private', 1.5)")
    assert [tuple(row) for row in second.execute("SELECT id, kind, seen, gone FROM chats")] == [(7, "private", 1.5, 0)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [c.execute("PRAGMA synchronous").fetchone()[0] for c in (first, second)] == [2, 1]


def test_what_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no database, whatever its name may say, and long enough to be read as one")
    with pytest.raises(StorageError, match=r"other: cannot be opened \(file is not a database\)"):
        open_database(tmp_path / "other")
    newer = open_database(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer: is of version 99, and this program reads 1"):
        open_database(tmp_path / "newer")
