"""Migration of a version-1 database, tests/data/state-v1.sqlite.

The last program of that version wrote it at the time THEN, with these calls of its own classes:

    chats.seen(7, 7, "private", "en"); chats.seen(-50, 8, "supergroup", "ru")
    chats.filter(-50, Filters(date(2022, 3, 1), "TASS"))
    answers.put(Given("Ab3-_dEf9hI", 7, 31, 7, FIRST, "Who won?", 4, True, ("q1", "q2", "q3"), more=2))
    answers.put(Given("Zz3-_dEf9hI", -50, 41, 8, SECOND, "Who won? and when?", 4, False, ("q1", "q2", "q4"), first=2))
    answers.add_reply(…)  # messages 32 and 33 of the first answer, 42 of the second, digests "digest-32" …
    answers.delivered(…)  # the first one
    watches.add(7, 7, None, 31, FIRST, "en", 4, ["m1", "m2"]); watches.add(8, -50, 3, 41, SECOND, "ru", 5, ["m3"])
    watches.told(watches.get(1), ["m4"])
    feedback.put(Verdict(7, FIRST, "q1", "a1", 10, 26, "The Reds won it.", True, 4, THEN))
    feedback.put(Verdict(8, SECOND, "q4", "a2", 0, 11, "On a Sunday", False, 4, THEN + 1))
    inbox = Inbox(connection, 3, clock)
    inbox.add([501, 502, without an id]); inbox.done(501)
    inbox.failed(502, "ValueError")  # five times, then inbox.set_aside(502, "ab12cd34")
    inbox.add([503, a press of "c:Ab3-_dEf9hI:2:1:3"; 504 in chat -50; 505, an inline query; 506, beyond the backlog])
    inbox.failed(504, "RuntimeError")
    broadcasts.put(7, "The bot moves tonight.")  # 4242; confirmed with message 60 for chats 7, 8 and 9
    broadcasts.reached(4242, 8); broadcasts.reached(4242, 9, failed=True)
    Unfinished(connection).add(7, 61)
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.handlers.callback_data import Press
from bot.memory.broadcasts import Broadcast, Broadcasts
from bot.memory.chats import ChatFilters, Chats
from bot.memory.database import is_outdated, open_database
from bot.memory.feedback import Feedback
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.memory.unfinished_messages import UnfinishedMessages
from bot.memory.watches import Watch, Watches
from bot.updates.chat_queues import ChatQueues
from bot.updates.inbox import Inbox
from bot.updates.raw_updates import Raw
from index.errors import StorageError
from retrieval.feedback_rows import Verdict
from retrieval.types import Question
from tests.support.paths import OLD_STATE
from tests.support.sample_updates import message
from tests.support.virtual_time import Clock

THEN = 1_700_000_000.0
ASKED = datetime.fromtimestamp(THEN - 60, UTC)
FIRST = Question("Who won?", ASKED)
SECOND = Question("and when?", ASKED, since=date(2022, 3, 1), source="TASS", earlier="Who won?")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a copy of the old database."""
    copy = tmp_path / "bot-7.sqlite"
    shutil.copy(OLD_STATE, copy)
    return copy


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the old database, which migrates it."""
    with closing(open_database(path)) as connection:
        yield connection


def schema(connection: sqlite3.Connection) -> dict[str, object]:
    """Return the columns, indexes and foreign keys of each table."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    found: dict[str, object] = {}
    for table in tables:
        indexes = [tuple(row)[1:] for row in connection.execute(f"PRAGMA index_list({table})")]
        found[table] = (
            [tuple(row) for row in connection.execute(f"PRAGMA table_info({table})")],
            {index: [row["name"] for row in connection.execute(f"PRAGMA index_info({index[0]})")] for index in indexes},
            [tuple(row) for row in connection.execute(f"PRAGMA foreign_key_list({table})")],
        )
    return found


def rows(path: Path) -> list[str]:
    """Return the content of a database as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_migrated_database_has_the_schema_of_a_new_one(connection: sqlite3.Connection, tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "new.sqlite")) as new:
        assert schema(connection) == schema(new)
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_database_is_migrated_once(path: Path) -> None:
    assert is_outdated(path)
    open_database(path).close()
    assert not is_outdated(path)
    before = rows(path)
    open_database(path).close()
    assert rows(path) == before


def test_chats_keep_their_language_and_filters(connection: sqlite3.Connection) -> None:
    chats = Chats(connection)
    assert chats.count_by_kind() == {"private": 1, "supergroup": 1}
    assert (chats.language(7), chats.language(-50)) == ("en", "ru")
    assert (chats.filters(7), chats.filters(-50)) == (ChatFilters(), ChatFilters(date(2022, 3, 1), "TASS"))


def test_answers_are_found_by_message_reply_and_follow_up(connection: sqlite3.Connection) -> None:
    answers = SentAnswers(connection, Clock(THEN + 60))
    first = SentAnswer("Ab3-_dEf9hI", 7, 31, 7, FIRST, "Who won?", 4, True, ("q1", "q2", "q3"), more=2, delivered=True)
    second = SentAnswer("Zz3-_dEf9hI", -50, 41, 8, SECOND, "Who won? and when?", 4, False, ("q1", "q2", "q4"), first=2)
    assert (answers.of_message(7, 31), answers.of_message(-50, 41)) == (first, second)
    assert (answers.of_reply(7, 33), answers.of_reply(-50, 42)) == (first, second)
    assert answers.replies(first) == [(32, "digest-32"), (33, "digest-33")]
    assert answers.subject(8, -50) == "Who won? and when?"


def test_buttons_of_messages_already_sent_keep_working(connection: sqlite3.Connection) -> None:
    pressed = Inbox(connection, 3, Clock(THEN + 60)).get(503)
    assert pressed is not None
    data = Press.parse(pressed.raw["callback_query"]["data"])
    assert data is not None
    answer = SentAnswers(connection).get(data.key)
    assert answer is not None
    assert (data.action, data.is_of(answer), answer.quotes[data.quote - 1]) == ("context", True, "q2")


def test_watches_keep_their_marks_counts_and_ids(connection: sqlite3.Connection) -> None:
    watches = Watches(connection, Clock(THEN + 60))
    assert watches.of_person(7) == [Watch(1, 7, 7, None, 31, "Who won?", None, None, None, "en", 4)]
    assert watches.of_person(8) == [Watch(2, 8, -50, 3, 41, "and when?", "Who won?", date(2022, 3, 1), "TASS", "ru", 5)]
    assert (sorted(watches.marks(1)), sorted(watches.marks(2))) == (["m1", "m2", "m4"], ["m3"])
    assert (watches.notices_today(7), watches.notices_today(8)) == (1, 0)
    assert [watches.end(id, person) for id, person in ((1, 7), (2, 8))] == [True, True]
    assert connection.execute("SELECT count(*) FROM watch_marks").fetchone()[0] == 0
    assert watches.add(7, 7, None, 50, FIRST, "en", 6, ()).id == 3  # ids are never reused


def test_feedback_is_kept(connection: sqlite3.Connection) -> None:
    assert list(Feedback(connection).all()) == [
        Verdict(7, FIRST, "q1", "a1", 10, 26, "The Reds won it.", True, 4, THEN),
        Verdict(8, SECOND, "q4", "a2", 0, 11, "On a Sunday", False, 4, THEN + 1),
    ]
    assert Feedback(connection).verdict(7, "Who won?", "q1") is True


class Handler:
    """Records what it is called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    async def handle(self, raw: Raw) -> None:
        self.calls.append(("handle", raw["update_id"]))

    async def tell_busy(self, raw: Raw) -> None:
        self.calls.append(("busy", raw["update_id"]))

    async def tell_too_late(self, raw: Raw) -> None:
        raise AssertionError("the clock stands still")

    async def tell_failed(self, raw: Raw, id: str, error: Exception | None) -> None:
        raise AssertionError("nothing fails")


def test_open_updates_are_handled_and_others_are_not(connection: sqlite3.Connection) -> None:
    inbox, handler = Inbox(connection, 3, Clock(THEN + 60)), Handler()
    waiting = inbox.get(504)
    assert waiting is not None
    assert (inbox.open(), waiting.failures, waiting.received_at) == (4, 1, THEN + 5)
    assert inbox.offset() == 507

    async def run() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(
            ChatQueues(inbox, handler.handle, handler, 3600, clock=Clock(THEN + 60)).run(stop),
        )
        while inbox.open():
            await asyncio.sleep(0)
        stop.set()
        await running

    asyncio.run(run())
    assert sorted(handler.calls) == [("busy", 506), ("handle", 503), ("handle", 504), ("handle", 505)]
    assert inbox.add([message(501), message(502), {"no": "id"}]) == []  # Telegram sends them again


def test_what_was_set_aside_is_a_dead_letter(connection: sqlite3.Connection) -> None:
    inbox = Inbox(connection, 3, Clock(THEN + 60))
    assert inbox.dead_letter_count() == 2
    dead = connection.execute("SELECT id, error, failures FROM updates WHERE state = 'dead' ORDER BY id")
    assert [tuple(row) for row in dead] == [(-1, "no update_id", 0), (502, "ab12cd34", 5)]
    assert connection.execute("SELECT count(*) FROM updates WHERE state = 'aside'").fetchone()[0] == 0
    assert inbox.forget(8) == 1


def test_a_broadcast_continues_where_it_was(connection: sqlite3.Connection) -> None:
    broadcasts = Broadcasts(connection)
    assert broadcasts.confirmed_ids() == [4242]
    assert broadcasts.get(4242) == Broadcast(4242, 7, "The bot moves tonight.", 60, sent=1, failed=1, remaining=1)
    assert broadcasts.remaining_chats(4242) == [7]
    assert UnfinishedMessages(connection).all() == [(7, 61)]


def test_the_write_ahead_log_of_a_killed_process_is_migrated_too(path: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed" / path.name
    killed.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("INSERT INTO chats (id, kind, seen) VALUES (9, 'private', 1.5)")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{killed}{suffix}")
    assert killed.with_name(f"{killed.name}-wal").stat().st_size > 0
    assert rows(OLD_STATE) != rows(path)
    with closing(open_database(killed)) as connection:
        assert Chats(connection).private_chats() == [7, 9]
        assert Watches(connection).count() == 2


def test_a_failed_migration_leaves_the_file_unchanged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE notice_counts (x)")  # one of the last renames will fail
    before = rows(path)
    message = r"bot-7\.sqlite: cannot be migrated from version 1 \(.*notice_counts.*\); it is unchanged$"
    with pytest.raises(StorageError, match=message):
        open_database(path)
    assert (rows(path), is_outdated(path)) == (before, True)
    with closing(sqlite3.connect(path)) as old:
        old.execute("DROP TABLE notice_counts")
    open_database(path).close()
    assert not is_outdated(path)
