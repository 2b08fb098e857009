"""In order in each lane, the lanes beside one another, and nothing lost, whatever happens."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.updates import chat_queues as module
from bot.updates.chat_queues import ChatQueues, NotYetError, UnparsableError, UnreachableError
from bot.updates.inbox import Inbox
from bot.updates.raw_updates import without_text
from tests.support import virtual_time
from tests.support.sample_updates import Json, callback, connect, inbox_of, inline, message
from tests.support.virtual_time import Clock

HOUR = 3600.0
FIRST = 1_700_000_000  # what the clock shows


@pytest.fixture(autouse=True)
def logs() -> Iterator[Any]:
    with capture_logs() as logs:
        yield logs


class Notes:
    """Notices that are written down; `broken` ones fail first, so many times."""

    def __init__(self, broken: int = 0) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.broken = broken

    async def tell_busy(self, raw: Json) -> None:
        self._say("turned away", raw["update_id"], raw == without_text(raw))

    async def tell_too_late(self, raw: Json) -> None:
        self._say("too late", raw["update_id"])

    async def tell_failed(self, raw: Json, id: str, error: Exception | None) -> None:
        self._say("set aside", raw["update_id"], id)

    def _say(self, *words: Any) -> None:
        if self.broken:
            self.broken -= 1
            raise ValueError("a bug")
        self.said.append(words)


class Pauses:
    """The event loop's timers, which are written down and over at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds: list[float] = []

        def call_later(loop: Any, delay: float, call: Any, *args: Any, context: Any = None) -> Any:
            self.seconds.append(delay)
            return loop.call_at(loop.time(), call, *args, context=context)

        monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", call_later)


def run(inbox: Inbox, handle: Callable[[Json], Awaitable[None]], clock: Clock, notes: Notes, **more: Any) -> None:
    """Handle all that the inbox holds."""

    async def all_of_it() -> None:
        lanes, stop = ChatQueues(inbox, handle, notes, 12 * HOUR, clock=clock, **more), asyncio.Event()
        running = asyncio.create_task(lanes.run(stop))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(all_of_it())


async def drained(inbox: Inbox, running: asyncio.Task[None]) -> None:
    """Return once nothing is open, or what runs has ended."""
    for _ in range(50_000):
        if not inbox.open() or running.done():
            return
        await asyncio.sleep(0)
    pytest.fail(f"{inbox.open()} were never handled")


class Handling:
    """Notes what begins and ends; updates whose id is in `failing` raise what is listed, one after another."""

    def __init__(self, failing: dict[int, list[Exception]] | None = None) -> None:
        self.log: list[tuple[str, int]] = []
        self.most = self.under_way = 0
        self.failing = failing or {}

    async def __call__(self, raw: Json) -> None:
        number = raw["update_id"]
        self.log.append(("begin", number))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for _ in range(1 + number % 3):
                await asyncio.sleep(0)
            if self.failing.get(number):
                raise self.failing[number].pop(0)
            self.log.append(("end", number))
        finally:
            self.under_way -= 1

    def ended(self) -> list[int]:
        return [number for word, number in self.log if word == "end"]


def test_each_lane_is_in_order_and_the_width_is_kept() -> None:
    inbox, clock = inbox_of(*(message(n, 1 + n % 7) for n in range(1, 400)))
    handling = Handling()
    run(inbox, handling, clock, Notes(), width=5)
    assert sorted(handling.ended()) == list(range(1, 400))
    assert handling.most == 5
    for chat in range(7):
        lane = [number for number in handling.ended() if number % 7 == chat]
        assert lane == sorted(lane)


def test_the_oldest_goes_first_among_lanes() -> None:
    inbox, clock = inbox_of(message(1, 1), message(2, 1), message(3, 2), message(4, 1), message(5, 3))
    handling = Handling()
    run(inbox, handling, clock, Notes(), width=1)
    assert handling.ended() == [1, 2, 3, 4, 5]


def test_one_slow_lane_holds_up_no_other() -> None:
    inbox, clock = inbox_of(*(message(n, 1 + (n > 3)) for n in range(1, 7)))
    ended: list[int] = []

    async def handle(raw: Json) -> None:
        while raw["update_id"] == 1 and len(ended) < 3:
            await asyncio.sleep(0)
        ended.append(raw["update_id"])

    run(inbox, handle, clock, Notes(), width=2)
    assert ended == [4, 5, 6, 1, 2, 3]


def test_only_what_is_under_way_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, clock = inbox_of(*(message(n, n % 50) for n in range(1, 2000)), backlog=5000)
    handling, queries, most = Handling(), 0, 0
    get, next_after, first_of = inbox.get, inbox.next_after, inbox.first_of

    def counting(method: Any) -> Any:
        def call(*args: Any) -> Any:
            nonlocal queries, most
            queries += 1
            most = max(most, handling.under_way)
            return method(*args)

        return call

    for name, method in (("get", get), ("next_after", next_after), ("first_of", first_of)):
        monkeypatch.setattr(inbox, name, counting(method))
    run(inbox, handling, clock, Notes(), width=8)
    assert len(handling.ended()) == 1999
    assert most < 8  # others were under way whenever one was read
    assert queries < 5 * 2000  # in proportion to the updates, not to their square


@pytest.mark.parametrize("late", [[message(4, 1), message(9, 2)], [message(2, 1), message(3, 2)]])
def test_what_comes_later_is_found_even_with_a_smaller_id(late: list[Json]) -> None:
    inbox, clock = inbox_of(message(5, 1), message(6, 2))
    handling = Handling()

    async def play() -> None:
        lanes, stop = ChatQueues(inbox, handling, Notes(), HOUR, clock=clock), asyncio.Event()
        running = asyncio.create_task(lanes.run(stop))
        while len(handling.ended()) < 2:
            await asyncio.sleep(0)
        lanes.wake(inbox.add(late))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(play())
    assert sorted(handling.ended()) == sorted([5, 6, *(raw["update_id"] for raw in late)])


def test_what_fails_is_tried_again_while_its_lane_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1, 1), message(2, 1), message(3, 2))
    handling, notes = Handling({1: [ValueError("a bug")] * 4}), Notes()
    run(inbox, handling, clock, notes)
    assert [number for word, number in handling.log if word == "begin" and number < 3] == [1, 1, 1, 1, 1, 2]
    assert sorted(handling.ended()) == [1, 2, 3]
    assert [seconds for seconds in pauses.seconds if seconds in (1, 2, 4, 8)] == [1, 2, 4, 8]
    assert (notes.said, inbox.dead_letter_count()) == ([], 0)


def test_the_fifth_failure_sets_it_aside(monkeypatch: pytest.MonkeyPatch, logs: Any) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1), message(2))
    handling, notes = Handling({1: [ValueError("a bug")] * 9}), Notes()
    run(inbox, handling, clock, notes)
    assert handling.ended() == [2]
    assert len(handling.failing[1]) == 4
    [(what, number, error)] = notes.said
    assert (what, number, inbox.dead_letter_count()) == ("set aside", 1, 1)
    [line] = [line for line in logs if line["event"] == "an update becomes a dead letter"]
    assert (line["id"], line["update"], str(line["exc_info"])) == (error, 1, "a bug")
    assert len(error) == 8


def test_what_cannot_be_parsed_is_set_aside_at_once() -> None:
    inbox, clock = inbox_of(message(1), message(2))
    handling, notes = Handling({1: [UnparsableError("no update")]}), Notes()
    run(inbox, handling, clock, notes)
    assert handling.log == [("begin", 1), ("begin", 2), ("end", 2)]
    assert [words[:2] for words in notes.said] == [("set aside", 1)]


def test_what_failed_with_the_process_five_times_is_set_aside() -> None:
    connection, clock = connect(), Clock()
    inbox = Inbox(connection, 10, clock)
    inbox.add([message(1), message(2)])
    connection.execute("UPDATE updates SET failures = 6 - id")
    handling, notes = Handling(), Notes()
    run(inbox, handling, clock, notes)
    assert handling.ended() == [2]
    assert [words[:2] for words in notes.said] == [("set aside", 1)]


def test_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, clock = inbox_of(message(1))
    run(inbox, Handling({1: [UnparsableError()]}), clock, Notes(broken=1))
    assert (inbox.dead_letter_count(), inbox.open()) == (1, 0)


def test_an_outage_is_no_failure_of_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    handling = Handling({1: [UnreachableError("down")] * 9})
    run(inbox, handling, clock, Notes())
    assert [seconds for seconds in pauses.seconds if seconds] == [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert (handling.ended(), inbox.dead_letter_count()) == ([1], 0)


def test_who_has_to_wait_for_long_makes_room_and_is_tried_again_when_it_is_time() -> None:
    inbox, clock = inbox_of(*(message(n, n) for n in range(1, 66)))
    begun: list[tuple[float, int]] = []

    async def handle(raw: Json) -> None:
        number, is_first = raw["update_id"], raw["update_id"] not in [known for _, known in begun]
        begun.append((virtual_time.now(), number))
        await asyncio.sleep(1)
        if is_first and number < 65:
            raise UnreachableError("RetryAfter", 60)

    async def play() -> None:
        lanes, stop = ChatQueues(inbox, handle, Notes(), HOUR, clock=clock), asyncio.Event()
        running = asyncio.create_task(lanes.run(stop))
        await asyncio.sleep(63)
        stop.set()
        await running

    virtual_time.run(play())
    assert sorted(begun[:65]) == [*((0, number) for number in range(1, 65)), (1, 65)]
    assert sorted(begun[65:]) == [(61, number) for number in range(1, 65)]
    assert (inbox.open(), inbox.dead_letter_count()) == (0, 0)


def test_what_may_not_pass_yet_waits_for_it_without_a_failure(monkeypatch: pytest.MonkeyPatch, logs: Any) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1), message(2), message(3, 8))
    handling = Handling({1: [NotYetError(20.0)] * 9})
    run(inbox, handling, clock, Notes())
    assert [seconds for seconds in pauses.seconds if seconds] == [20] * 9
    assert (handling.ended(), inbox.dead_letter_count(), logs) == ([3, 1, 2], 0, [])


@pytest.mark.parametrize(("hours", "answered", "told"), [(11, [1], []), (20, [], [("too late", 1)])])
def test_a_long_outage_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, hours: float, answered: list[int], told: list[Any]
) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    begun, notes = clock.now, Notes()
    reached: list[int] = []

    async def handle(raw: Json) -> None:
        clock.now += 300
        if clock.now < begun + hours * HOUR:
            raise UnreachableError("down")
        reached.append(raw["update_id"])

    async def too_late(raw: Json) -> None:
        await handle(raw)
        notes.said.append(("too late", reached.pop()))

    monkeypatch.setattr(notes, "tell_too_late", too_late)
    run(inbox, handle, clock, notes)
    assert (reached, notes.said, inbox.dead_letter_count()) == (answered, told, 0)


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    begun, notes = clock.now, Notes()

    async def handle(raw: Json) -> None:
        clock.now += HOUR / 2
        raise UnreachableError("down")

    monkeypatch.setattr(notes, "tell_too_late", handle)
    run(inbox, handle, clock, notes)
    assert [words[:2] for words in notes.said] == [("set aside", 1)]
    assert clock.now - begun > 24 * HOUR


def test_what_has_waited_for_too_long_is_said_to_be_late() -> None:
    inbox, clock = inbox_of(message(1))
    clock.now += 12 * HOUR
    inbox.add([message(2, date=int(clock.now))])
    clock.now += 1
    handling, notes = Handling(), Notes()
    run(inbox, handling, clock, notes)
    assert (handling.ended(), notes.said) == ([2], [("too late", 1)])


@pytest.mark.parametrize(
    ("raw", "is_late"),
    [
        (message(1, date=FIRST - 12 * 3600), False),
        (message(1, date=FIRST - 12 * 3600 - 1), True),
        (message(1, date=FIRST + 10**6), False),
        (message(1, date="yesterday"), False),
        ({"update_id": 1, "edited_message": message(1, date=5, edit_date=FIRST - 60)["message"]}, False),
        ({"update_id": 1, "edited_message": message(1, date=5, edit_date=FIRST - 12 * 3600 - 1)["message"]}, True),
        (callback(1), False),
    ],
)
def test_how_long_it_waited_with_telegram_counts_too(raw: Json, is_late: bool) -> None:
    inbox, clock = inbox_of(raw)
    handling, notes = Handling(), Notes()
    run(inbox, handling, clock, notes)
    assert (handling.ended(), notes.said) == (([], [("too late", 1)]) if is_late else ([1], []))


def test_who_is_turned_away_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(*(message(n, n) for n in range(1, 6)), message(6, 1), backlog=2)
    notes, told = Notes(broken=1), 0

    async def handle(raw: Json) -> None:
        nonlocal told
        while len(notes.said) < 4:
            await asyncio.sleep(0)
        told = len(notes.said)

    run(inbox, handle, clock, notes, width=2)
    assert sorted(notes.said) == [("turned away", number, True) for number in (3, 4, 5, 6)]
    assert told == 4


def test_of_inline_queries_the_newest_is_enough() -> None:
    inbox, clock = inbox_of(inline(1))
    handled: list[int] = []

    async def handle(raw: Json) -> None:
        handled.append(raw["update_id"])
        if raw["update_id"] == 1:
            inbox.add([inline(2), inline(3), inline(4)])
            raise ValueError("too old by now")

    run(inbox, handle, clock, Notes())
    assert handled == [1, 4]


def test_what_is_under_way_is_finished_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE", 0.05)
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(1, 1), message(2, 1), message(3, 2), message(4, 3)])
    ended: list[int] = []

    async def handle(raw: Json) -> None:
        number = raw["update_id"]
        if number == 4:
            raise ValueError("to be tried again")
        with inbox.computing(number):
            await asyncio.sleep(0.01 if number == 1 else 5)
        ended.append(number)

    async def play() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(ChatQueues(inbox, handle, Notes(), HOUR, clock=Clock()).run(stop))
        await asyncio.sleep(0.001)
        stop.set()
        await running

    asyncio.run(play())
    assert ended == [1]
    states = [tuple(row) for row in connection.execute("SELECT id, state, failures FROM updates")]
    assert states == [(1, "done", 0), (2, "waiting", 0), (3, "waiting", 0), (4, "waiting", 1)]


def test_after_a_full_disk_they_begin_again_with_all_that_is_open(caplog: pytest.LogCaptureFixture) -> None:
    connection, clock = connect(), Clock()
    inbox = Inbox(connection, 10, clock)
    inbox.add([message(1, 1), message(2, 1), message(3, 2), message(4, 3)])
    pages, handled = connection.execute("PRAGMA page_count").fetchone()[0], list[int]()

    async def handle(raw: Json) -> None:
        await asyncio.sleep(0)
        number = raw["update_id"]
        with inbox.computing(number):
            connection.execute("INSERT INTO chats (kind, seen_at) VALUES (?, 0)", ("x" * 20_000,))
        handled.append(number)

    async def play() -> None:
        lanes, stop = ChatQueues(inbox, handle, Notes(), HOUR, clock=clock), asyncio.Event()
        for _ in range(7):
            connection.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(sqlite3.OperationalError, match="full"):
                await lanes.run(stop)
        connection.execute("PRAGMA max_page_count = 1000000")
        running = asyncio.create_task(lanes.run(stop))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(play())
    gc.collect()
    assert sorted(handled) == [1, 2, 3, 4]
    assert handled.index(1) < handled.index(2)
    assert inbox.dead_letter_count() == 0
    assert connection.execute("SELECT total(failures) FROM updates").fetchone()[0] == 0
    assert caplog.text == ""  # nothing that was never retrieved


def test_what_is_wrong_with_the_file_itself_ends_them() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(1)])
    connection.execute("CREATE TRIGGER no BEFORE UPDATE ON updates BEGIN SELECT RAISE(FAIL, 'malformed'); END")
    with pytest.raises(sqlite3.Error, match="malformed"):
        run(inbox, Handling(), Clock(), Notes())


class Killed:
    """A bot that is killed again and again: each life sees of the one before what was in its file."""

    def __init__(self, script: Iterator[str]) -> None:
        self.script = script
        self.connection = connect()
        self.next = 1
        self.lanes_of: dict[int, int] = {}
        self.over: set[int] = set()  # handled to the end at least once, or set aside
        self.kills = self.fails = 0

    async def tell_busy(self, raw: Json) -> None:
        raise AssertionError("there is room")

    async def tell_too_late(self, raw: Json) -> None:
        raise AssertionError("the clock stands still")

    async def tell_failed(self, raw: Json, id: str, error: Exception | None) -> None:
        self.over.add(raw["update_id"])

    async def live(self) -> bool:
        """One life; whether it was ended by a kill."""
        inbox, stop = Inbox(self.connection, 1000, Clock()), asyncio.Event()
        alive, fail_next, turn = True, 0, asyncio.Lock()

        async def handle(raw: Json) -> None:
            nonlocal fail_next
            number = raw["update_id"]
            if not alive:
                return
            before = {n for n, lane in self.lanes_of.items() if lane == self.lanes_of[number] and n < number}
            assert before <= self.over, f"{number} came before its turn"
            async with turn:
                with inbox.computing(number):
                    await asyncio.sleep(0)
            if fail_next and alive:
                fail_next -= 1
                self.fails += 1
                raise ValueError("a bug")
            await asyncio.sleep(0)
            if alive:
                self.over.add(number)

        lanes = ChatQueues(inbox, handle, self, HOUR, clock=Clock(), width=2)
        running = asyncio.create_task(lanes.run(stop))
        killed = False
        for step in self.script:
            if step == "fail":
                fail_next += 1
            elif step == "step":
                await asyncio.sleep(0)
            elif step in ("kill", "stop"):
                killed = step == "kill"
                break
            else:
                self.lanes_of[self.next] = int(step)
                lanes.wake(inbox.add([message(self.next, int(step))]))
                self.next += 1
            running.done() and running.result()
        else:
            await drained(inbox, running)
        if killed:  # what it does from now on is done to another file
            alive = False
            self.kills += 1
            self.connection = connect(self.connection.serialize())
            charged = self.connection.execute("SELECT total(failures) FROM updates").fetchone()[0]
            assert charged <= self.fails + self.kills, "one kill is one failure of one update"
        stop.set()
        await running
        return killed


@given(st.lists(st.sampled_from(["1", "2", "3", "step", "step", "step", "fail", "kill", "stop"]), max_size=60))
def test_whatever_happens_each_is_handled_and_in_order(steps: list[str]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(module, "_BACKOFF", (0.0, 0.0, 0.0, 0.0))
        script = iter(steps)
        bot = Killed(script)
        for _ in range(1 + steps.count("kill") + steps.count("stop")):
            asyncio.run(bot.live())
    assert bot.over == set(range(1, bot.next))
    left = bot.connection.execute("SELECT count(*), total(failures) FROM updates WHERE state = 'waiting'").fetchone()
    assert tuple(left) == (0, 0)
    assert bot.kills == steps.count("kill")
