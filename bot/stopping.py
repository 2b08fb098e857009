"""Work that ends early when the bot is to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


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


async def finish(stop: asyncio.Event, work: Coroutine[Any, Any, T], grace: float) -> T | None:
    """What the work returns, or None if it goes on for more than `grace` seconds after `stop` is set."""
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
