"""Watches, their marks, the daily number of notices, and their deletion."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.memory.database import open_database
from bot.memory.watches import Watch, Watches
from retrieval.types import Question

NOW = datetime(2022, 4, 3, 12, 30, tzinfo=UTC)
QUESTION = Question("And who?", NOW, since=date(2022, 4, 1), source="TASS", earlier="Rain?")
WATCH = Watch(1, 5, -7, 3, 40, "And who?", "Rain?", date(2022, 4, 1), "TASS", "ru", 4)


class Clock:
    now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    return open_database(tmp_path / "bot.sqlite")


@pytest.fixture
def watches(connection: sqlite3.Connection, clock: Clock) -> Watches:
    return Watches(connection, clock)


def add(watches: Watches, text: str = "Who?", person: int = 5, chat: int = 5, **fields: Any) -> Watch:
    defaults: dict[str, Any] = {"thread": None, "message": 40, "language": "en", "generation": 4, "marks": ()}
    return watches.add(person, chat, question=Question(text, NOW), **{**defaults, **fields})


def test_a_watch_is_found_as_it_was_by_another_process(watches: Watches, tmp_path: Path, clock: Clock) -> None:
    assert watches.add(5, -7, 3, 40, QUESTION, "ru", 4, ["a", "b", "a"]) == WATCH
    for other in (watches, Watches(open_database(tmp_path / "bot.sqlite"), clock)):
        assert other.get(1) == WATCH
        assert other.of_person(5) == other.of_person(5, -7) == [WATCH]
        assert other.of_person(5, 5) == other.of_person(6) == []
        assert other.marks(1) == {"a", "b"}
        assert other.count() == 1
    assert WATCH.as_question(NOW) == QUESTION


def test_a_watch_without_its_marks_is_not_added(watches: Watches) -> None:
    with pytest.raises(sqlite3.Error):
        watches.add(5, -7, 3, 40, QUESTION, "ru", 4, ["a", object()])  # type: ignore[list-item]
    assert watches.count() == 0
    assert add(watches).question == "Who?"  # and no transaction is left open


@pytest.mark.parametrize(
    ("place", "question", "is_same"),
    [
        ((5, -7, 3), QUESTION, True),
        ((5, -7, 3), Question(" and  WHO?", NOW, None, None, "tass", "Rain?"), False),
        ((5, -7, 3), Question(" and  WHO?", NOW, date(2022, 4, 1), None, "tass", "Rain?"), True),
        ((5, -7, 3), Question("And who?", NOW, date(2022, 4, 1), None, "TASS", "Snow?"), False),
        ((5, -7, 3), Question("And when?", NOW, date(2022, 4, 1), None, "TASS", "Rain?"), False),
        ((5, -7, 3), Question("And who?", NOW, date(2022, 4, 1), None, None, "Rain?"), False),
        ((6, -7, 3), QUESTION, False),
        ((5, -8, 3), QUESTION, False),
        ((5, -7, None), QUESTION, False),
    ],
)
def test_the_same_question_is_the_same_watch(
    watches: Watches, place: tuple[int, int, int | None], question: Question, is_same: bool
) -> None:
    watches.add(5, -7, 3, 40, QUESTION, "ru", 4, ())
    assert watches.find(*place, question) == (WATCH if is_same else None)


def test_outdated_watches_are_returned_one_by_one(watches: Watches) -> None:
    one, two, three = (add(watches, text, generation=n) for text, n in (("one", 4), ("two", 5), ("three", 3)))
    assert watches.next_outdated(3, 0, 1) is None
    assert watches.next_outdated(5, 0, 1) == one
    assert watches.next_outdated(5, one.id, 1) == three
    assert watches.next_outdated(5, three.id, 1) is None
    watches.mark_checked(one.id, 5)
    assert watches.next_outdated(5, 0, 1) == three
    assert watches.next_outdated(6, one.id, 1) == two


def test_returning_to_an_older_generation_leaves_no_watch_outdated(watches: Watches) -> None:
    older, newer = add(watches, "older", generation=3), add(watches, "newer", generation=7)
    watches.rewind(5)
    assert [watch.checked_generation for watch in watches.of_person(5)] == [3, 5]
    assert watches.next_outdated(5, 0, 1) == older
    assert watches.next_outdated(6, older.id, 1) is not None
    assert newer.id == 2


def test_notices_are_limited_per_person_and_day(watches: Watches, clock: Clock) -> None:
    mine, mine_too, theirs = add(watches, "a"), add(watches, "b", chat=-7), add(watches, "c", person=6)
    watches.record_notice(mine, ["x", "y"])
    assert [watches.notices_today(person) for person in (5, 6)] == [1, 0]
    assert (watches.marks(mine.id), watches.marks(mine_too.id)) == (frozenset("xy"), frozenset())
    assert watches.next_outdated(5, 0, 2) == mine
    watches.record_notice(mine_too, ["x"])
    assert watches.notices_today(5) == 2
    assert watches.next_outdated(5, 0, 2) == theirs
    clock.now = datetime(2022, 4, 3, 23, 59, 59, tzinfo=UTC).timestamp()
    assert watches.notices_today(5) == 2
    clock.now += 1
    assert watches.notices_today(5) == 0
    assert watches.next_outdated(5, 0, 2) == mine


def test_the_id_of_an_ended_watch_is_never_reused(watches: Watches, connection: sqlite3.Connection) -> None:
    watch = add(watches, marks=["x"])
    assert not watches.end(watch.id, 6)
    assert watches.end(watch.id, 5)
    assert not watches.end(watch.id, 5)
    watches.add_marks(watch.id, ["y"])
    watches.record_notice(watch, ["z"])
    watches.mark_checked(watch.id, 9)
    assert (watches.get(watch.id), watches.marks(watch.id), watches.notices_today(5)) == (None, frozenset(), 0)
    assert connection.execute("SELECT count(*) FROM watch_marks").fetchone()[0] == 0
    assert add(watches).id == watch.id + 1


def test_watches_end_and_move_with_their_chat(watches: Watches) -> None:
    kept = add(watches, "kept")
    add(watches, "a", chat=-7)
    add(watches, "b", chat=-7, person=6)
    watches.move_chat(-7, -1007)
    assert [(watch.chat, watch.message) for watch in watches.of_person(6)] == [(-1007, None)]
    assert watches.end_in_chat(-7) == 0
    assert watches.end_in_chat(-1007) == 2
    assert watches.of_person(5) == [kept]


def test_old_counts_and_a_persons_entries_are_deleted(
    watches: Watches, connection: sqlite3.Connection, clock: Clock
) -> None:
    def days() -> list[tuple[int, str]]:
        return [tuple(row) for row in connection.execute("SELECT person, day FROM notice_counts ORDER BY person, day")]

    mine, theirs = add(watches, marks=["x"]), add(watches, person=6, marks=["x"])
    for days_later in (0, 1, 1):
        clock.now += days_later * 86400
        watches.record_notice(mine, ())
    watches.record_notice(theirs, ())
    watches.prune()
    assert days() == [(5, "2022-04-03"), (5, "2022-04-04"), (5, "2022-04-05"), (6, "2022-04-05")]
    clock.now += 86400
    watches.prune()
    assert days() == [(5, "2022-04-04"), (5, "2022-04-05"), (6, "2022-04-05")]
    assert watches.forget(5) == 1
    assert (watches.of_person(5), watches.marks(mine.id), watches.forget(5)) == ([], frozenset(), 0)
    assert (watches.of_person(6), watches.marks(theirs.id), days()) == ([theirs], frozenset("x"), [(6, "2022-04-05")])
