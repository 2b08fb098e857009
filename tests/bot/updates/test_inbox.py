"""The inbox loses no update, takes none twice, and keeps no personal data of done ones."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.database import open_database
from bot.updates.inbox import Inbox, InboxEntry
from bot.updates.raw_updates import UpdateOrigin, expects_reply, origin_of, update_id_of, without_text
from tests.support.sample_updates import Json, callback, connect, inbox_of, inline, message
from tests.support.virtual_time import Clock

DAY = 86400.0
BOT = 123
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["update_id", "message", "callback_query", "chat", "from", "id", "type", "entities", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def rows(
    connection: sqlite3.Connection, columns: str = "id, state", order: str = "ORDER BY id"
) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(f"SELECT {columns} FROM updates {order}")]


def grouped(text: str, kind: str, offset: Any = 0, length: int = 4, field: str = "text", **more: Any) -> Json:
    """Return a message to a group with one entity, by default its first four letters."""
    entities = "entities" if field == "text" else "caption_entities"
    marked = [{"type": kind, "offset": offset, "length": length, **more}]
    body = {"chat": {"id": -5, "type": "group"}, field: text, entities: marked}
    return {"update_id": 1, "message": body}


@pytest.mark.parametrize(
    ("raw", "origin"),
    [
        (message(1, -5, kind="group"), UpdateOrigin("chat:-5", 5, -5)),
        ({"edited_message": message(1)["message"]}, UpdateOrigin("chat:7", 7, 7)),
        ({"my_chat_member": {"chat": {"id": 7}, "from": {"id": 8}}}, UpdateOrigin("chat:7", 8, 7)),
        (callback(1, -5, 7), UpdateOrigin("chat:-5", 7, -5)),
        (callback(1, None, 7), UpdateOrigin("person:7", 7, None)),
        (inline(1, 7), UpdateOrigin("inline:7", 7, None)),
        ({"guest_message": message(1, -5)["message"]}, UpdateOrigin("person:5", 5, None)),
        ({"chosen_inline_result": {"from": {"id": 7}}}, UpdateOrigin("person:7", 7, None)),
        ({"message": "none", "update_id": 4}, UpdateOrigin("person:None", None, None)),
        ({"message": {"chat": {"id": True}, "from": [7]}}, UpdateOrigin("person:None", None, None)),
        ({"message": {"chat": {"id": 2**63}}}, UpdateOrigin("person:None", None, None)),
    ],
)
def test_where_an_update_comes_from(raw: Json, origin: UpdateOrigin) -> None:
    assert origin_of(raw) == origin


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (message(1), True),
        ({"edited_message": message(1)["message"]}, True),
        (message(1, -5, kind="group"), False),
        (grouped("who?", "bold"), False),
        (grouped("@Bot who?", "mention"), True),
        (grouped("@ann who?", "mention"), False),
        (grouped("\U0001f600 @bot who?", "mention", 3), True),
        (grouped("Bot who?", "text_mention", user={"id": BOT}), True),
        (grouped("Ann who?", "text_mention", user={"id": 9}), False),
        (grouped("/ask who?", "bot_command"), True),
        (grouped("/ask@bot who?", "bot_command", length=8), True),
        (grouped("/ask@other who?", "bot_command", length=10), False),
        (grouped("/ask who?", "bot_command", field="caption"), True),
        (grouped("@bot", "mention", -1), False),
        (grouped("@bot", "mention", "0"), False),
        (message(1, -5, kind="group", entities="mention"), False),
        (message(1, -5, kind="group", text="", entities=[{"type": "mention", "offset": 0, "length": 4}]), False),
        (message(1, -5, kind="group", reply_to_message={"from": {"id": BOT, "is_bot": True}}), True),
        (message(1, -5, kind="group", reply_to_message={"from": {"id": 9, "is_bot": True}}), False),
        (callback(1), True),
        (callback(1, None), False),
        (inline(1), False),
        ({"my_chat_member": {"chat": {"id": 7, "type": "private"}}}, False),
        ({}, False),
    ],
)
def test_whether_an_update_expects_a_reply(raw: Json, expected: bool) -> None:
    assert expects_reply(raw, BOT, "Bot") is expected


def test_without_text() -> None:
    assert without_text(message(1, text="secret", message_thread_id=3)) == {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "message_thread_id": 3,
            "date": 1_700_000_000,
            "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "is_bot": False, "first_name": "Ann"},
        },
    }
    assert "who?" not in json.dumps(without_text(callback(1)))
    assert without_text(callback(1))["callback_query"]["message"]["chat"] == {"id": 7, "type": "private"}


@pytest.mark.parametrize("raw", [None, 5, [], {}, {"update_id": "5"}, {"update_id": True}, {"update_id": 0}])
def test_invalid_update_ids(raw: object) -> None:
    assert update_id_of(raw) is None


def test_updates_are_durable_and_added_once(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "file")
    clock = Clock()
    inbox = Inbox(connection, 10, clock)
    assert inbox.offset() is None
    assert inbox.add([message(5), message(6)]) == [5, 6]
    assert inbox.offset() == 7
    clock.now += 60
    assert inbox.add([message(6, text="again"), message(7)]) == [7]
    with open_database(tmp_path / "file") as other:
        assert rows(other, "id, queue, person, chat, received_at, state") == [
            (n, "chat:7", 7, 7, clock.now - (60 if n < 7 else 0), "waiting") for n in (5, 6, 7)
        ]
        again = Inbox(other, 10, clock)
        assert again.offset() == 8
        assert again.get(6) == InboxEntry(6, message(6), clock.now - 60, 0)


def test_a_done_update_contains_no_personal_data() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(5)])
    inbox.failed(5, "ValueError")
    inbox.done(5)
    columns = "id, queue, person, chat, payload, state, error"
    assert rows(connection, columns) == [(5, "", None, None, None, "done", None)]
    assert inbox.get(5) is None
    assert inbox.add([message(5)]) == []


def test_ids_may_start_again_after_a_week_of_silence() -> None:
    inbox, clock = inbox_of(message(9_000))
    clock.now += 6 * DAY - 1
    assert inbox.offset() == 9_001
    clock.now += 1
    assert inbox.offset() is None
    assert inbox.add([message(30), message(31)]) == [30, 31]
    assert inbox.offset() == 32  # and not 9001


def test_a_smaller_newest_id_is_known_after_a_restart() -> None:
    connection, clock = connect(), Clock()
    inbox = Inbox(connection, 10, clock)
    inbox.add([message(9_000)])
    clock.now += 7 * DAY
    inbox.add([message(30), message(31)])
    assert Inbox(connection, 10, clock).offset() == 32
    clock.now -= 8 * DAY  # after the clock was set back, the age is unknown
    assert Inbox(connection, 10, clock).offset() is None


def test_a_known_update_moves_the_offset() -> None:
    inbox, _ = inbox_of(message(5), message(6))
    inbox.add([message(5)])
    assert inbox.offset() == 6
    inbox.add([message(6)])
    assert inbox.offset() == 7


def test_an_update_without_an_id_is_stored_once_as_a_dead_letter() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    for _ in range(2):
        inbox.add([None, "x", {"update_id": "5"}, [1]])
    inbox.add([{"update_id": -1}, message(5)])
    assert rows(connection, "id, state, payload") == [
        (-5, "dead", '{"update_id": -1}'),
        (-4, "dead", "[1]"),
        (-3, "dead", '{"update_id": "5"}'),
        (-2, "dead", '"x"'),
        (-1, "dead", "null"),
        (5, "waiting", json.dumps(message(5))),
    ]
    assert inbox.dead_letter_count() == 5


@given(st.lists(JSON, max_size=8))
def test_any_json_is_stored(updates: list[Any]) -> None:
    inbox, _ = inbox_of()
    opened = inbox.add(updates)
    assert set(opened) == {number for number in map(update_id_of, updates) if number}
    for number in opened:
        entry = inbox.get(number)
        assert entry is not None
        assert entry.raw == next(raw for raw in updates if update_id_of(raw) == number)


def test_beyond_the_backlog_each_queue_is_told_once() -> None:
    connection = connect()
    inbox = Inbox(connection, 2, Clock())
    group = message(14, -5, kind="group")
    command = {**grouped("/ask", "bot_command"), "update_id": 15}
    updates = [message(10), message(11, 8), message(12), message(13), group, command, inline(16), callback(17, 9)]
    assert inbox.add(updates) == [10, 11, 12, 15, 17]
    states = ["waiting", "waiting", "busy", "done", "done", "busy", "done", "busy"]
    assert rows(connection) == list(zip(range(10, 18), states, strict=True))
    assert (inbox.depth(), inbox.open()) == (2, 5)
    entry = inbox.get(12)
    assert entry is not None
    assert entry.raw == without_text(message(12))
    inbox.done(12)
    assert inbox.add([message(18), message(19)]) == [18]  # the notice was sent, so another one may be
    inbox.done(10)
    assert inbox.add([message(20), message(21)]) == [20]  # there is room for one
    assert inbox.get(20) == InboxEntry(20, message(20), Clock().now, 0)


def test_only_the_newest_inline_query_waits() -> None:
    connection = connect()
    inbox = Inbox(connection, 1, Clock())
    inbox.add([inline(1, query="w")])
    inbox.add([inline(2, query="wh"), inline(3, 8), inline(4, query="who")])
    assert rows(connection) == [(1, "done"), (2, "done"), (3, "done"), (4, "waiting")]  # there was no room for 3
    assert inbox.failed(2, "ValueError") == 0


def test_failures_are_counted() -> None:
    inbox, _ = inbox_of(message(5), message(6))
    assert [inbox.failed(5, "ValueError") for _ in range(3)] == [1, 2, 3]
    assert inbox.failed(99, "ValueError") == 0
    inbox.move_to_dead_letters(5, "ab12")
    assert (inbox.dead_letter_count(), inbox.depth(), inbox.get(5)) == (1, 1, None)


def test_a_process_killed_while_computing_leaves_one_failure() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(5), message(6)])
    with inbox.computing(5):
        pass
    with pytest.raises(ValueError, match="a bug"), inbox.computing(5):
        raise ValueError("a bug")
    with inbox.computing(None):
        assert rows(connection, "id, failures") == [(5, 0), (6, 0)]
    with inbox.computing(6):
        assert rows(connection, "id, failures") == [(5, 0), (6, 1)]


def test_pruning() -> None:
    connection, clock = connect(), Clock()
    inbox = Inbox(connection, 10, clock)
    inbox.add([message(n) for n in range(1, 5)])
    inbox.done(1)
    inbox.move_to_dead_letters(2, "ab12")
    for days, left in [(2, [1, 2, 3, 4]), (2.1, [2, 3, 4]), (90, [2, 3, 4]), (90.1, [3, 4])]:
        clock.now = Clock().now + days * DAY
        inbox.prune(90)
        assert [number for number, _ in rows(connection)] == left


def test_a_person_is_forgotten() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(1), message(2, 8), message(3)])
    for number in (1, 2):
        inbox.move_to_dead_letters(number, "ab12")
    inbox.forget(7)
    assert rows(connection, "id, state, person, payload IS NULL, error") == [
        (1, "done", None, 1, None),
        (2, "dead", 8, 0, "ab12"),
        (3, "waiting", 7, 0, None),  # still has to be handled
    ]


@pytest.mark.parametrize(("backlog", "share"), [(1000, 100), (30, 20)])
def test_one_queue_cannot_fill_the_backlog(backlog: int, share: int) -> None:
    connection = connect()
    inbox = Inbox(connection, backlog, Clock())
    inbox.add([*(message(n) for n in range(1, 1001)), message(1001, 8)])
    assert rows(connection, "queue, state, count(*)", "GROUP BY queue, state") == [
        ("", "done", 1000 - share - 1),
        ("chat:7", "busy", 1),
        ("chat:7", "waiting", share),
        ("chat:8", "waiting", 1),
    ]
    inbox.done(1)
    assert inbox.add([message(1002)]) == [1002]


def test_the_age_of_the_oldest_update() -> None:
    inbox, clock = inbox_of()
    assert inbox.oldest() == 0
    inbox.add([message(1)])
    clock.now += 5
    inbox.add([message(2)])
    assert (inbox.oldest(), inbox.oldest(but=1), inbox.depth(), inbox.depth(but=1)) == (5, 0, 2, 1)
    inbox.done(1)
    assert inbox.oldest() == 0


def test_a_failed_write_is_rolled_back() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    connection.execute(
        "CREATE TRIGGER no BEFORE INSERT ON updates WHEN new.id = 6 BEGIN SELECT RAISE(FAIL, 'full'); END"
    )
    with pytest.raises(sqlite3.Error, match="full"):
        inbox.add([message(5), message(6)])
    assert (rows(connection), inbox.offset()) == ([], None)
    assert inbox.add([message(5)]) == [5]


def test_a_failure_that_could_not_be_subtracted_is_subtracted_later() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(1)])

    def compute(is_full: bool) -> int:
        with inbox.computing(1):
            connection.execute(f"PRAGMA query_only = {is_full}")
        return inbox.failed(1, "a bug")

    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            compute(is_full=True)
        connection.execute("PRAGMA query_only = 0")
    assert compute(is_full=False) == 1


def test_updates_that_could_not_be_added_are_counted_once() -> None:
    connection, kinds = connect(), list[str]()
    inbox = Inbox(connection, 10, Clock(), count=kinds.append)
    connection.execute("PRAGMA max_page_count = 1")  # less than the present number, so that the file cannot grow
    updates = [message(1, text="x" * 9000), message(2)]
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            inbox.add(updates)
    assert (inbox.offset(), kinds, inbox.open()) == (None, [], 0)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert inbox.add(updates) == [1, 2]
    assert (inbox.offset(), kinds) == (3, ["message", "message"])
