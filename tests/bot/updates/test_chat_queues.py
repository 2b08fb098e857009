"""Chat queues: order within a queue, queues side by side, and no loss despite failures and kills."""

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


class RecordedNotices:
    """Records notices; the first `broken` ones fail."""

    def __init__(self, broken: int = 0) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.broken = broken

    async def tell_busy(self, raw: Json) -> None:
        self._say("busy", raw["update_id"], raw == without_text(raw))

    async def tell_too_late(self, raw: Json) -> None:
        self._say("too late", raw["update_id"])

    async def tell_failed(self, raw: Json, id: str, error: Exception | None) -> None:
        self._say("failed", raw["update_id"], id)

    def _say(self, *words: Any) -> None:
        if self.broken:
            self.broken -= 1
            raise ValueError("a bug")
        self.said.append(words)


class Pauses:
    """Records the delays of the event loop's timers, and lets them fire at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds: list[float] = []

        def call_later(loop: Any, delay: float, call: Any, *args: Any, context: Any = None) -> Any:
            self.seconds.append(delay)
            return loop.call_at(loop.time(), call, *args, context=context)

        monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", call_later)


def run(
    inbox: Inbox, handle: Callable[[Json], Awaitable[None]], clock: Clock, notices: RecordedNotices, **more: Any
) -> None:
    """Handle everything in the inbox."""

    async def all_of_it() -> None:
        queues, stop = ChatQueues(inbox, handle, notices, 12 * HOUR, clock=clock, **more), asyncio.Event()
        running = asyncio.create_task(queues.run(stop))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(all_of_it())


async def drained(inbox: Inbox, running: asyncio.Task[None]) -> None:
    """Return once nothing is open, or the task has ended."""
    for _ in range(50_000):
        if not inbox.open() or running.done():
            return
        await asyncio.sleep(0)
    pytest.fail(f"{inbox.open()} were never handled")


class Handling:
    """Records starts and ends; an update raises the errors listed for it in `failing`, one per try."""

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


def test_each_queue_is_in_order_and_the_width_is_respected() -> None:
    inbox, clock = inbox_of(*(message(n, 1 + n % 7) for n in range(1, 400)))
    handling = Handling()
    run(inbox, handling, clock, RecordedNotices(), width=5)
    assert sorted(handling.ended()) == list(range(1, 400))
    assert handling.most == 5
    for chat in range(7):
        own = [number for number in handling.ended() if number % 7 == chat]
        assert own == sorted(own)


def test_the_oldest_update_goes_first_among_queues() -> None:
    inbox, clock = inbox_of(message(1, 1), message(2, 1), message(3, 2), message(4, 1), message(5, 3))
    handling = Handling()
    run(inbox, handling, clock, RecordedNotices(), width=1)
    assert handling.ended() == [1, 2, 3, 4, 5]


def test_a_slow_queue_does_not_delay_others() -> None:
    inbox, clock = inbox_of(*(message(n, 1 + (n > 3)) for n in range(1, 7)))
    ended: list[int] = []

    async def handle(raw: Json) -> None:
        while raw["update_id"] == 1 and len(ended) < 3:
            await asyncio.sleep(0)
        ended.append(raw["update_id"])

    run(inbox, handle, clock, RecordedNotices(), width=2)
    assert ended == [4, 5, 6, 1, 2, 3]


def test_only_updates_under_way_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
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
    run(inbox, handling, clock, RecordedNotices(), width=8)
    assert len(handling.ended()) == 1999
    assert most < 8  # whenever an update was read, at least one place was free
    assert queries < 5 * 2000  # linear in the number of updates, not quadratic


@pytest.mark.parametrize("late", [[message(4, 1), message(9, 2)], [message(2, 1), message(3, 2)]])
def test_later_updates_are_found_even_with_smaller_ids(late: list[Json]) -> None:
    inbox, clock = inbox_of(message(5, 1), message(6, 2))
    handling = Handling()

    async def play() -> None:
        queues, stop = ChatQueues(inbox, handling, RecordedNotices(), HOUR, clock=clock), asyncio.Event()
        running = asyncio.create_task(queues.run(stop))
        while len(handling.ended()) < 2:
            await asyncio.sleep(0)
        queues.wake(inbox.add(late))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(play())
    assert sorted(handling.ended()) == sorted([5, 6, *(raw["update_id"] for raw in late)])


def test_a_failed_update_is_retried_while_its_queue_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1, 1), message(2, 1), message(3, 2))
    handling, notices = Handling({1: [ValueError("a bug")] * 4}), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert [number for word, number in handling.log if word == "begin" and number < 3] == [1, 1, 1, 1, 1, 2]
    assert sorted(handling.ended()) == [1, 2, 3]
    assert [seconds for seconds in pauses.seconds if seconds in (1, 2, 4, 8)] == [1, 2, 4, 8]
    assert (notices.said, inbox.dead_letter_count()) == ([], 0)


def test_the_fifth_failure_makes_a_dead_letter(monkeypatch: pytest.MonkeyPatch, logs: Any) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1), message(2))
    handling, notices = Handling({1: [ValueError("a bug")] * 9}), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert handling.ended() == [2]
    assert len(handling.failing[1]) == 4
    [(what, number, error)] = notices.said
    assert (what, number, inbox.dead_letter_count()) == ("failed", 1, 1)
    [line] = [line for line in logs if line["event"] == "an update becomes a dead letter"]
    assert (line["id"], line["update"], str(line["exc_info"])) == (error, 1, "a bug")
    assert len(error) == 8


def test_an_unparsable_update_is_a_dead_letter_at_once() -> None:
    inbox, clock = inbox_of(message(1), message(2))
    handling, notices = Handling({1: [UnparsableError("no update")]}), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert handling.log == [("begin", 1), ("begin", 2), ("end", 2)]
    assert [words[:2] for words in notices.said] == [("failed", 1)]


def test_an_update_that_killed_the_process_five_times_is_a_dead_letter() -> None:
    connection, clock = connect(), Clock()
    inbox = Inbox(connection, 10, clock)
    inbox.add([message(1), message(2)])
    connection.execute("UPDATE updates SET failures = 6 - id")
    handling, notices = Handling(), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert handling.ended() == [2]
    assert [words[:2] for words in notices.said] == [("failed", 1)]


def test_a_dead_letter_whose_author_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, clock = inbox_of(message(1))
    run(inbox, Handling({1: [UnparsableError()]}), clock, RecordedNotices(broken=1))
    assert (inbox.dead_letter_count(), inbox.open()) == (1, 0)


def test_an_outage_does_not_count_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    handling = Handling({1: [UnreachableError("down")] * 9})
    run(inbox, handling, clock, RecordedNotices())
    assert [seconds for seconds in pauses.seconds if seconds] == [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert (handling.ended(), inbox.dead_letter_count()) == ([1], 0)


def test_a_long_flood_wait_frees_its_place_and_is_retried_on_time() -> None:
    inbox, clock = inbox_of(*(message(n, n) for n in range(1, 66)))
    begun: list[tuple[float, int]] = []

    async def handle(raw: Json) -> None:
        number, is_first = raw["update_id"], raw["update_id"] not in [known for _, known in begun]
        begun.append((virtual_time.now(), number))
        await asyncio.sleep(1)
        if is_first and number < 65:
            raise UnreachableError("RetryAfter", 60)

    async def play() -> None:
        queues, stop = ChatQueues(inbox, handle, RecordedNotices(), HOUR, clock=clock), asyncio.Event()
        running = asyncio.create_task(queues.run(stop))
        await asyncio.sleep(63)
        stop.set()
        await running

    virtual_time.run(play())
    assert sorted(begun[:65]) == [*((0, number) for number in range(1, 65)), (1, 65)]
    assert sorted(begun[65:]) == [(61, number) for number in range(1, 65)]
    assert (inbox.open(), inbox.dead_letter_count()) == (0, 0)


def test_an_update_held_back_does_not_count_as_a_failure(monkeypatch: pytest.MonkeyPatch, logs: Any) -> None:
    pauses = Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1), message(2), message(3, 8))
    handling = Handling({1: [NotYetError(20.0)] * 9})
    run(inbox, handling, clock, RecordedNotices())
    assert [seconds for seconds in pauses.seconds if seconds] == [20] * 9
    assert (handling.ended(), inbox.dead_letter_count(), logs) == ([3, 1, 2], 0, [])


@pytest.mark.parametrize(("hours", "answered", "told"), [(11, [1], []), (20, [], [("too late", 1)])])
def test_a_long_outage_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, hours: float, answered: list[int], told: list[Any]
) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    begun, notices = clock.now, RecordedNotices()
    reached: list[int] = []

    async def handle(raw: Json) -> None:
        clock.now += 300
        if clock.now < begun + hours * HOUR:
            raise UnreachableError("down")
        reached.append(raw["update_id"])

    async def too_late(raw: Json) -> None:
        await handle(raw)
        notices.said.append(("too late", reached.pop()))

    monkeypatch.setattr(notices, "tell_too_late", too_late)
    run(inbox, handle, clock, notices)
    assert (reached, notices.said, inbox.dead_letter_count()) == (answered, told, 0)


def test_an_outage_of_a_day_makes_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(message(1))
    begun, notices = clock.now, RecordedNotices()

    async def handle(raw: Json) -> None:
        clock.now += HOUR / 2
        raise UnreachableError("down")

    monkeypatch.setattr(notices, "tell_too_late", handle)
    run(inbox, handle, clock, notices)
    assert [words[:2] for words in notices.said] == [("failed", 1)]
    assert clock.now - begun > 24 * HOUR


def test_an_update_that_waited_too_long_is_too_late() -> None:
    inbox, clock = inbox_of(message(1))
    clock.now += 12 * HOUR
    inbox.add([message(2, date=int(clock.now))])
    clock.now += 1
    handling, notices = Handling(), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert (handling.ended(), notices.said) == ([2], [("too late", 1)])


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
def test_time_spent_waiting_at_telegram_counts(raw: Json, is_late: bool) -> None:
    inbox, clock = inbox_of(raw)
    handling, notices = Handling(), RecordedNotices()
    run(inbox, handling, clock, notices)
    assert (handling.ended(), notices.said) == (([], [("too late", 1)]) if is_late else ([1], []))


def test_people_are_told_at_once_that_the_bot_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    Pauses(monkeypatch)
    inbox, clock = inbox_of(*(message(n, n) for n in range(1, 6)), message(6, 1), backlog=2)
    notices, told = RecordedNotices(broken=1), 0

    async def handle(raw: Json) -> None:
        nonlocal told
        while len(notices.said) < 4:
            await asyncio.sleep(0)
        told = len(notices.said)

    run(inbox, handle, clock, notices, width=2)
    assert sorted(notices.said) == [("busy", number, True) for number in (3, 4, 5, 6)]
    assert told == 4


def test_only_the_newest_inline_query_is_handled() -> None:
    inbox, clock = inbox_of(inline(1))
    handled: list[int] = []

    async def handle(raw: Json) -> None:
        handled.append(raw["update_id"])
        if raw["update_id"] == 1:
            inbox.add([inline(2), inline(3), inline(4)])
            raise ValueError("too old by now")

    run(inbox, handle, clock, RecordedNotices())
    assert handled == [1, 4]


def test_stopping_finishes_updates_under_way_and_keeps_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
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
        running = asyncio.create_task(ChatQueues(inbox, handle, RecordedNotices(), HOUR, clock=Clock()).run(stop))
        await asyncio.sleep(0.001)
        stop.set()
        await running

    asyncio.run(play())
    assert ended == [1]
    states = [tuple(row) for row in connection.execute("SELECT id, state, failures FROM updates")]
    assert states == [(1, "done", 0), (2, "waiting", 0), (3, "waiting", 0), (4, "waiting", 1)]


def test_after_a_full_disk_all_open_updates_are_handled(caplog: pytest.LogCaptureFixture) -> None:
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
        queues, stop = ChatQueues(inbox, handle, RecordedNotices(), HOUR, clock=clock), asyncio.Event()
        for _ in range(7):
            connection.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(sqlite3.OperationalError, match="full"):
                await queues.run(stop)
        connection.execute("PRAGMA max_page_count = 1000000")
        running = asyncio.create_task(queues.run(stop))
        await drained(inbox, running)
        stop.set()
        await running

    asyncio.run(play())
    gc.collect()
    assert sorted(handled) == [1, 2, 3, 4]
    assert handled.index(1) < handled.index(2)
    assert inbox.dead_letter_count() == 0
    assert connection.execute("SELECT total(failures) FROM updates").fetchone()[0] == 0
    assert caplog.text == ""  # no "exception was never retrieved"


def test_a_corrupt_database_ends_the_queues() -> None:
    connection = connect()
    inbox = Inbox(connection, 10, Clock())
    inbox.add([message(1)])
    connection.execute("CREATE TRIGGER no BEFORE UPDATE ON updates BEGIN SELECT RAISE(FAIL, 'malformed'); END")
    with pytest.raises(sqlite3.Error, match="malformed"):
        run(inbox, Handling(), Clock(), RecordedNotices())


class Killed:
    """A bot that is killed repeatedly; only its database survives from one life to the next."""

    def __init__(self, script: Iterator[str]) -> None:
        self.script = script
        self.connection = connect()
        self.next = 1
        self.queues_of: dict[int, int] = {}
        self.over: set[int] = set()  # handled to the end at least once, or dead letters
        self.kills = self.fails = 0

    async def tell_busy(self, raw: Json) -> None:
        raise AssertionError("there is room")

    async def tell_too_late(self, raw: Json) -> None:
        raise AssertionError("the clock stands still")

    async def tell_failed(self, raw: Json, id: str, error: Exception | None) -> None:
        self.over.add(raw["update_id"])

    async def live(self) -> bool:
        """Run the bot once; return whether it was killed."""
        inbox, stop = Inbox(self.connection, 1000, Clock()), asyncio.Event()
        alive, fail_next, turn = True, 0, asyncio.Lock()

        async def handle(raw: Json) -> None:
            nonlocal fail_next
            number = raw["update_id"]
            if not alive:
                return
            before = {n for n, queue in self.queues_of.items() if queue == self.queues_of[number] and n < number}
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

        queues = ChatQueues(inbox, handle, self, HOUR, clock=Clock(), width=2)
        running = asyncio.create_task(queues.run(stop))
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
                self.queues_of[self.next] = int(step)
                queues.wake(inbox.add([message(self.next, int(step))]))
                self.next += 1
            running.done() and running.result()
        else:
            await drained(inbox, running)
        if killed:  # it continues with the old database, which no longer matters
            alive = False
            self.kills += 1
            self.connection = connect(self.connection.serialize())
            charged = self.connection.execute("SELECT total(failures) FROM updates").fetchone()[0]
            assert charged <= self.fails + self.kills, "one kill is one failure of one update"
        stop.set()
        await running
        return killed


@given(st.lists(st.sampled_from(["1", "2", "3", "step", "step", "step", "fail", "kill", "stop"]), max_size=60))
def test_every_update_is_handled_in_order_despite_kills_and_failures(steps: list[str]) -> None:
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
