"""The way of updates through the bot: in order for each chat, and confirmed to Telegram once they are handled.

Telegram repeats what is not confirmed, so that a bot that was killed finds again what it had not finished. It gives
at most 100 updates at a time, which bounds how many are under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Raw = dict[str, Any]  # an update as Telegram wrote it
T = TypeVar("T")

_LONG_POLL = 50  # seconds that Telegram may keep a request open until there is news
_GLANCE = 0.3  # seconds between two looks for news while updates are under way: a long poll would return at once
_GRACE = 20  # seconds to finish in, once asked to stop


class Inbox:
    """Fetches updates and hands them on, until it is told to stop."""

    def __init__(
        self,
        fetch: Callable[[int, int], Coroutine[Any, Any, list[Raw]]],
        handle: Callable[[Raw], Awaitable[None]],
    ) -> None:
        """`fetch` takes an offset, which confirms all updates before it, and how many seconds it may wait."""
        self._fetch = fetch
        self._handle = handle
        self._next = 0  # after the last one seen
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._handled: set[int] = set()  # but not confirmed yet
        self._last_of_chat: dict[object, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish and confirm what is under way; what `fetch` raises ends it too."""
        try:
            while not stop.is_set():
                wait = 0 if self._under_way else _LONG_POLL
                batch = await until(stop, self._fetch(self._offset(), wait))
                fresh = [self._start(update) for update in batch or []]
                if self._under_way and not any(fresh):
                    await self._glance(stop)
        finally:
            await self._finish()
        with suppress(Exception):  # what is not confirmed now is answered a second time, no worse
            await asyncio.wait_for(self._fetch(self._offset(), 0), 5)

    def _offset(self) -> int:
        """The first update that is not handled; those before it are confirmed by asking from there."""
        offset = min(self._under_way, default=self._next)
        self._handled = {number for number in self._handled if number >= offset}
        return offset

    def _start(self, update: Raw) -> bool:
        """Start on an update, after those of its chat; False if it is already known."""
        number = update["update_id"]
        if number in self._under_way or number in self._handled:
            return False
        chat = _chat(update)
        task = asyncio.create_task(self._work(update, chat, self._last_of_chat.get(chat)))
        self._under_way[number] = self._last_of_chat[chat] = task
        self._next = number + 1
        return True

    async def _work(self, update: Raw, chat: object, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait([before])
        try:
            await self._handle(update)
        except Exception:
            log.exception("update %d is set aside", update["update_id"])
        self._handled.add(update["update_id"])
        del self._under_way[update["update_id"]]
        if self._last_of_chat[chat] is asyncio.current_task():
            del self._last_of_chat[chat]

    async def _glance(self, stop: asyncio.Event) -> None:
        """Wait for something to be handled, but not for long."""
        pause = asyncio.create_task(asyncio.sleep(_GLANCE))
        await until(stop, asyncio.wait([pause, *self._under_way.values()], return_when=asyncio.FIRST_COMPLETED))
        pause.cancel()

    async def _finish(self) -> None:
        if tasks := list(self._under_way.values()):
            _, late = await asyncio.wait(tasks, timeout=_GRACE)
            for task in late:
                task.cancel()


async def until(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work returns, or None if `stop` is set before; the work is then cancelled."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopped):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


def _chat(update: Raw) -> object:
    """What updates are kept in order by: the chat; for any other update, all such together."""
    with suppress(AttributeError, KeyError, TypeError):
        return int(update["message"]["chat"]["id"])
    return None
