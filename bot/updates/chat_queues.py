"""Who is handled when: in order within each lane, many lanes at once, and no more in memory than are under way."""

from __future__ import annotations

import asyncio
import heapq
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import structlog

from bot.memory.disk import is_passing
from bot.stopping import until
from bot.updates.inbox import MOST_FAILURES, Inbox, InboxEntry, State
from bot.updates.update_kinds import Raw, written

log = structlog.get_logger(__name__)

Handle = Callable[[Raw], Awaitable[None]]

_PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds after the first, second, … failure of an update
_LONGEST_PAUSE = 30.0  # seconds between two tries while Telegram cannot be reached
_OUTAGE = 86400.0  # seconds for which failures are not counted then; Telegram itself keeps updates for so long
_GRACE = 20.0  # seconds to finish in, once asked to stop


class UnparsableError(Exception):
    """An update that cannot be read, now or later."""


class NotYetError(Exception):
    """An update whose time comes in some seconds, which is no failure of it; its lane waits, and holds up no other."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s")
        self.seconds = seconds


class UnreachableError(Exception):
    """Telegram could not be reached, which is no failure of the update, or not before some seconds have passed."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Notices(Protocol):
    """What people are told whose updates are not handled."""

    async def turned_away(self, raw: Raw) -> None:
        """That there are too many; `raw` is without what was written."""

    async def too_late(self, raw: Raw) -> None:
        """That it has waited for too long."""

    async def set_aside(self, raw: Raw, id: str, error: Exception | None) -> None:
        """That something went wrong, which the log has under an id; None: it ended the process."""


class ChatQueues:
    """Hands the updates of an inbox on, until it is told to stop."""

    def __init__(
        self,
        inbox: Inbox,
        handle: Handle,
        notices: Notices,
        answer_within: float,
        *,
        width: int = 64,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`handle` raises if it failed; at most `width` are under way; `answer_within` is in seconds."""
        self._inbox = inbox
        self._handle = handle
        self._notices = notices
        self._answer_within = answer_within
        self._clock = clock
        self._outages: dict[int, tuple[float, float]] = {}  # by id: since when, and the last pause
        # Who is turned away is told at once, and does not wait behind those who are not.
        self._waiting = _Line(inbox, "waiting", width, self._take)
        self._busy = _Line(inbox, "busy", max(1, width // 4), self._turn_away)

    def wake(self, opened: Sequence[int]) -> None:
        """Look at the inbox, to which updates with these ids were added."""
        for line in (self._waiting, self._busy):
            line.wake(min(opened, default=None))

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is under way; raises what is no failure of an update.

        What was raised loses nothing: when it is called again it begins with all that is open.
        """
        lines = (self._waiting, self._busy)
        broken = asyncio.get_running_loop().create_future()
        try:
            for line in lines:
                line.start(broken)
            await until(stop, asyncio.wait([broken]))
        finally:
            tasks = [task for line in lines for task in line.end()]
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=_GRACE)
                for task in late:
                    task.cancel()
                if late:
                    log.warning("stopped before all was handled", left=len(late))
                    await asyncio.wait(late)
        if broken.done():
            broken.result()

    async def _take(self, entry: InboxEntry) -> float | None:
        if entry.failures >= MOST_FAILURES:  # the last one with the process
            await self._set_aside(entry, None)
        elif self._clock() - min(entry.received, written(entry.raw) or entry.received) > self._answer_within:
            return await self._try(entry, self._notices.too_late)
        else:
            return await self._try(entry, self._handle)
        return None

    async def _turn_away(self, entry: InboxEntry) -> float | None:
        return await self._try(entry, self._notices.turned_away)

    async def _try(self, entry: InboxEntry, handle: Handle) -> float | None:
        """Handle an update; returns after how many seconds that is to be tried again, if it is."""
        try:
            await handle(entry.raw)
        except NotYetError as error:
            return error.seconds
        except UnreachableError as error:
            since, pause = self._outages.get(entry.id, (self._clock(), _PAUSES[0] / 2))
            if self._clock() - since < _OUTAGE:
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._outages[entry.id] = since, pause
                pause = max(pause, error.seconds)
                log.warning("tried again, for Telegram cannot be reached", update=entry.id, pause=pause, why=str(error))
                return pause
            return await self._failed(entry, error)
        except UnparsableError as error:
            await self._set_aside(entry, error)
        except Exception as error:
            if is_passing(error):
                self._inbox.try_room()  # which raises it, and ends the lanes for now, if it is that of the disk
            return await self._failed(entry, error)
        else:
            self._inbox.done(entry.id)
        self._outages.pop(entry.id, None)
        return None

    async def _failed(self, entry: InboxEntry, error: Exception) -> float | None:
        failures = self._inbox.failed(entry.id, type(error).__name__)
        if failures >= MOST_FAILURES:
            await self._set_aside(entry, error)
        if not 0 < failures < MOST_FAILURES:  # 0: a newer one has taken its place
            self._outages.pop(entry.id, None)
            return None
        log.warning("an update failed", update=entry.id, failures=failures, exc_info=error)
        return _PAUSES[failures - 1]

    async def _set_aside(self, entry: InboxEntry, error: Exception | None) -> None:
        """Told first, so that a process that is killed between the two tells it twice rather than never."""
        number = secrets.token_hex(4)
        log.error("an update is set aside", id=number, update=entry.id, exc_info=error)
        try:
            await self._notices.set_aside(entry.raw, number, error)
        except Exception as untold:
            log.warning("nobody could be told", id=number, exc_info=untold)
        self._inbox.set_aside(entry.id, number)


class _Line:
    """The open updates of one state: each lane in order, at most `width` at once, in order of id among the lanes.

    A cursor passes over the updates once. Those that it passes because their lane is held are found again when the
    lane is free. So only lanes that are held are in memory, however many updates wait.
    """

    def __init__(
        self, inbox: Inbox, state: State, width: int, work: Callable[[InboxEntry], Awaitable[float | None]]
    ) -> None:
        """`work` returns after how many seconds an update is to be tried again, or None if it is over."""
        self._inbox = inbox
        self._state = state
        self._width = width
        self._work = work
        self._cursor = 0
        self._held: set[str] = set()  # lanes of which an update is under way, is next, or waits to be tried again
        self._next: list[tuple[int, str]] = []  # a heap: what lanes go on with that are held and not under way
        self._tasks: dict[asyncio.Task[float | None], str] = {}
        self._again: dict[str, asyncio.TimerHandle] = {}
        self._broken: asyncio.Future[Any] | None = None  # None: nothing is to be started

    def start(self, broken: asyncio.Future[Any]) -> None:
        """Begin; `broken` is given what is raised that should not be."""
        self._broken = broken
        self._cursor = 0
        self._held.clear()
        self._next.clear()
        with self._breaking():
            self._fill()

    def wake(self, lowest: int | None) -> None:
        """Look again from an id on, which may be lower than others before it."""
        if lowest is not None:
            self._cursor = min(self._cursor, lowest - 1)
        with self._breaking():
            self._fill()

    def end(self) -> list[asyncio.Task[float | None]]:
        """Start nothing any more; returns what is under way."""
        self._broken = None
        for timer in self._again.values():
            timer.cancel()
        self._again.clear()
        return list(self._tasks)

    def _fill(self) -> None:
        while self._broken and len(self._tasks) < self._width and (found := self._find()):
            task = asyncio.create_task(self._handle(found[0]))
            self._tasks[task] = found[1]
            task.add_done_callback(self._over)

    def _find(self) -> tuple[int, str] | None:
        if self._next:
            return heapq.heappop(self._next)
        while found := self._inbox.after(self._cursor, self._state):
            self._cursor, lane = found
            if lane not in self._held:
                self._held.add(lane)
                return found
        return None

    async def _handle(self, number: int) -> float | None:
        entry = self._inbox.get(number)
        return await self._work(entry) if entry else None  # None: a newer one has taken its place

    def _over(self, task: asyncio.Task[float | None]) -> None:
        lane = self._tasks.pop(task)
        if task.cancelled() or not self._broken:
            task.cancelled() or task.exception()  # looked at, so that nobody complains that it was not
            return
        with self._breaking():
            pause = task.result()
            if pause is None:
                self._go_on(lane)
            else:
                self._again[lane] = asyncio.get_running_loop().call_later(pause, self._retry, lane)
            self._fill()

    def _retry(self, lane: str) -> None:
        del self._again[lane]
        with self._breaking():
            self._go_on(lane)
            self._fill()

    def _go_on(self, lane: str) -> None:
        """Let the lane's first update be next, if the cursor has passed it; else let the cursor find it."""
        number = self._inbox.first_of(lane, self._state)
        if number is not None and number <= self._cursor:
            heapq.heappush(self._next, (number, lane))
        else:
            self._held.discard(lane)

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        """Let what is raised, such as a full disk, end the bot instead of a callback."""
        try:
            yield
        except Exception as error:
            if self._broken and not self._broken.done():
                self._broken.set_exception(error)
