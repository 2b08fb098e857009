"""Running coroutines that end early when the bot is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def until(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of the work; cancel it and return None if `stop` is set first."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopped):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def finish(stop: asyncio.Event, work: Coroutine[Any, Any, T], grace: float) -> T | None:
    """Return the result of the work; cancel it and return None `grace` seconds after `stop` is set."""
    over = asyncio.Event()

    async def end() -> None:
        await stop.wait()
        await asyncio.sleep(grace)
        over.set()

    ending = asyncio.create_task(end())
    try:
        return await until(over, work)
    finally:
        ending.cancel()
