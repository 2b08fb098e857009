"""The order in which updates are handled: one after another within each chat queue, many chat queues at once."""

from __future__ import annotations

import asyncio
import heapq
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import structlog

from bot.memory.disk import is_transient
from bot.stopping import until
from bot.updates.inbox import MOST_FAILURES, Inbox, InboxEntry, State
from bot.updates.raw_updates import Raw, written_at

log = structlog.get_logger(__name__)

Handle = Callable[[Raw], Awaitable[None]]

_BACKOFF = (1.0, 2.0, 4.0, 8.0)  # seconds before the first, second, … retry of an update
_LONGEST_PAUSE = 30.0  # seconds between two retries while Telegram cannot be reached
_OUTAGE = 86400.0  # seconds for which an outage does not count as a failure; Telegram keeps updates for as long
_GRACE = 20.0  # seconds in which to finish, once asked to stop


class UnparsableError(Exception):
    """An update that cannot be parsed, so that a retry is useless."""


class NotYetError(Exception):
    """An update that is to be handled some seconds later; meanwhile its queue waits. It does not count as a failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s")
        self.seconds = seconds


class UnreachableError(Exception):
    """Telegram cannot be reached, or asks to wait some seconds; it does not count as a failure of the update."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Notices(Protocol):
    """Tells people why their updates are not handled."""

    async def tell_busy(self, raw: Raw) -> None:
        """Say that there are too many updates; `raw` is without its text."""

    async def tell_too_late(self, raw: Raw) -> None:
        """Say that the update has waited too long to be answered."""

    async def tell_failed(self, raw: Raw, id: str, error: Exception | None) -> None:
        """Say that something went wrong, with the id of the log entry; `error` is None if the process was killed."""


class ChatQueues:
    """Hands the updates of an inbox to a handler."""

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
        """Prepare to call `handle`, which raises if it fails, for at most `width` updates at once.

        Updates older than `answer_within` seconds are not answered; their authors are told so.
        """
        self._inbox = inbox
        self._handle = handle
        self._notices = notices
        self._answer_within = answer_within
        self._clock = clock
        self._outages: dict[int, tuple[float, float]] = {}  # by update id: when the outage began, and the last pause
        # Separate dispatchers, so that people are told at once that the bot is busy.
        self._waiting = _Dispatcher(inbox, "waiting", width, self._take)
        self._busy = _Dispatcher(inbox, "busy", max(1, width // 4), self._tell_busy)

    def wake(self, opened: Sequence[int]) -> None:
        """Look at the inbox again, to which updates with these ids were added."""
        for dispatcher in (self._waiting, self._busy):
            dispatcher.wake(min(opened, default=None))

    async def run(self, stop: asyncio.Event) -> None:
        """Handle updates until `stop` is set, then finish those under way.

        Raise errors that no update has caused, such as a full disk. Nothing is lost then: when called again, begin
        with all open updates.
        """
        dispatchers = (self._waiting, self._busy)
        fatal = asyncio.get_running_loop().create_future()
        try:
            for dispatcher in dispatchers:
                dispatcher.start(fatal)
            await until(stop, asyncio.wait([fatal]))
        finally:
            tasks = [task for dispatcher in dispatchers for task in dispatcher.stop()]
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=_GRACE)
                for task in late:
                    task.cancel()
                if late:
                    log.warning("stopped before all updates were handled", left=len(late))
                    await asyncio.wait(late)
        if fatal.done():
            fatal.result()

    async def _take(self, entry: InboxEntry) -> float | None:
        if entry.failures >= MOST_FAILURES:  # the last time, the process was killed
            await self._move_to_dead_letters(entry, None)
        elif self._clock() - min(entry.received_at, written_at(entry.raw) or entry.received_at) > self._answer_within:
            return await self._try(entry, self._notices.tell_too_late)
        else:
            return await self._try(entry, self._handle)
        return None

    async def _tell_busy(self, entry: InboxEntry) -> float | None:
        return await self._try(entry, self._notices.tell_busy)

    async def _try(self, entry: InboxEntry, handle: Handle) -> float | None:
        """Handle an update; return the seconds until it is to be retried, or None if that is not necessary."""
        try:
            await handle(entry.raw)
        except NotYetError as error:
            return error.seconds
        except UnreachableError as error:
            since, pause = self._outages.get(entry.id, (self._clock(), _BACKOFF[0] / 2))
            if self._clock() - since < _OUTAGE:
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._outages[entry.id] = since, pause
                pause = max(pause, error.seconds)
                log.warning("Telegram cannot be reached; retrying", update=entry.id, pause=pause, why=str(error))
                return pause
            return await self._failed(entry, error)
        except UnparsableError as error:
            await self._move_to_dead_letters(entry, error)
        except Exception as error:
            if is_transient(error):
                self._inbox.check_free_space()  # raises if the disk is at fault and not the update, which ends `run`
            return await self._failed(entry, error)
        else:
            self._inbox.done(entry.id)
        self._outages.pop(entry.id, None)
        return None

    async def _failed(self, entry: InboxEntry, error: Exception) -> float | None:
        failures = self._inbox.failed(entry.id, type(error).__name__)
        if failures >= MOST_FAILURES:
            await self._move_to_dead_letters(entry, error)
        if not 0 < failures < MOST_FAILURES:  # 0: superseded by a newer inline query
            self._outages.pop(entry.id, None)
            return None
        log.warning("an update failed; retrying", update=entry.id, failures=failures, exc_info=error)
        return _BACKOFF[failures - 1]

    async def _move_to_dead_letters(self, entry: InboxEntry, error: Exception | None) -> None:
        """Tell the author, then move the update: a process killed in between tells them twice rather than never."""
        id = secrets.token_hex(4)
        log.error("an update becomes a dead letter", id=id, update=entry.id, exc_info=error)
        try:
            await self._notices.tell_failed(entry.raw, id, error)
        except Exception as untold:
            log.warning("the person could not be told", id=id, exc_info=untold)
        self._inbox.move_to_dead_letters(entry.id, id)


class _Dispatcher:
    """Works on the open updates of one state: each chat queue in order, at most `width` queues at once.

    A cursor passes over the updates once, in the order of their ids. It skips those whose queue is active, which are
    looked up again when the queue is free. So memory holds only the active queues, however many updates wait.
    """

    def __init__(
        self, inbox: Inbox, state: State, width: int, work: Callable[[InboxEntry], Awaitable[float | None]]
    ) -> None:
        """Prepare to call `work`, which returns the seconds until an update is to be retried, or None if it is done."""
        self._inbox = inbox
        self._state = state
        self._width = width
        self._work = work
        self._cursor = 0
        self._active: set[str] = set()  # queues with an update that is under way, in `_ready` or waiting for a retry
        self._ready: list[tuple[int, str]] = []  # a heap of the next updates of active queues, and these queues
        self._tasks: dict[asyncio.Task[float | None], str] = {}
        self._retries: dict[str, asyncio.TimerHandle] = {}
        self._fatal: asyncio.Future[Any] | None = None  # None: stopped

    def start(self, fatal: asyncio.Future[Any]) -> None:
        """Begin with all open updates; set an unexpected exception on `fatal`."""
        self._fatal = fatal
        self._cursor = 0
        self._active.clear()
        self._ready.clear()
        with self._reporting_errors():
            self._start_tasks()

    def wake(self, lowest: int | None) -> None:
        """Look for updates from this id on, which may be lower than earlier ones."""
        if lowest is not None:
            self._cursor = min(self._cursor, lowest - 1)
        with self._reporting_errors():
            self._start_tasks()

    def stop(self) -> list[asyncio.Task[float | None]]:
        """Start no further tasks, and return those under way."""
        self._fatal = None
        for timer in self._retries.values():
            timer.cancel()
        self._retries.clear()
        return list(self._tasks)

    def _start_tasks(self) -> None:
        while self._fatal and len(self._tasks) < self._width and (found := self._next_update()):
            id, queue = found
            task = asyncio.create_task(self._run(id))
            self._tasks[task] = queue
            task.add_done_callback(self._task_ended)

    def _next_update(self) -> tuple[int, str] | None:
        if self._ready:
            return heapq.heappop(self._ready)
        while found := self._inbox.next_after(self._cursor, self._state):
            self._cursor, queue = found
            if queue not in self._active:
                self._active.add(queue)
                return found
        return None

    async def _run(self, id: int) -> float | None:
        entry = self._inbox.get(id)
        return await self._work(entry) if entry else None  # None: superseded by a newer inline query

    def _task_ended(self, task: asyncio.Task[float | None]) -> None:
        queue = self._tasks.pop(task)
        if task.cancelled() or not self._fatal:
            task.cancelled() or task.exception()  # retrieved, or asyncio would log that it never was
            return
        with self._reporting_errors():
            pause = task.result()
            if pause is None:
                self._continue(queue)
            else:
                self._retries[queue] = asyncio.get_running_loop().call_later(pause, self._retry, queue)
            self._start_tasks()

    def _retry(self, queue: str) -> None:
        del self._retries[queue]
        with self._reporting_errors():
            self._continue(queue)
            self._start_tasks()

    def _continue(self, queue: str) -> None:
        """Make the first update of a queue ready if the cursor has passed it; otherwise leave it to the cursor."""
        id = self._inbox.first_of(queue, self._state)
        if id is not None and id <= self._cursor:
            heapq.heappush(self._ready, (id, queue))
        else:
            self._active.discard(queue)

    @contextmanager
    def _reporting_errors(self) -> Iterator[None]:
        """Set what is raised on `fatal`, because in a callback it would only be logged."""
        try:
            yield
        except Exception as error:
            if self._fatal and not self._fatal.done():
                self._fatal.set_exception(error)
