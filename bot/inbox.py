"""The way of updates through the bot: in order for each chat, and confirmed to Telegram once they are handled.

Telegram repeats what is not confirmed, so that a bot that was killed finds again what it had not finished. It gives
at most 100 updates at a time, which bounds how many are under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
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
        self._offset = 0
        self._handled: set[int] = set()  # and not confirmed, for one before them is under way
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._last_of_chat: dict[object, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish and confirm what is under way; an error of `fetch` ends it too."""
        try:
            while not stop.is_set():
                wait = 0 if self._under_way else _LONG_POLL
                batch = await until(stop, self._fetch(self._next_offset(), wait))
                if not self._start(batch or []):
                    await asyncio.wait([asyncio.create_task(asyncio.sleep(_GLANCE)), *self._under_way.values()], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._finish()
