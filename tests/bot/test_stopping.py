"""Work is cancelled when the bot is stopped, at once or after a grace period."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.stopping import finish, until
from tests.support.virtual_time import now, run


async def take(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def after(seconds: float, end: Callable[[asyncio.Event], Coroutine[Any, Any, str | None]]) -> str | None:
    """Return the result of `end` when it is stopped after so many seconds."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    return await end(stop)


@pytest.mark.parametrize(("work", "result", "taken"), [(3, "done", 3), (8, None, 5)])
def test_until(work: float, result: str | None, taken: float) -> None:
    async def main() -> None:
        assert await after(5, lambda stop: until(stop, take(work))) == result
        assert now() == taken

    run(main())


@pytest.mark.parametrize(("work", "result", "taken"), [(3, "done", 3), (8, "done", 8), (3600, None, 15)])
def test_finish(work: float, result: str | None, taken: float) -> None:
    async def main() -> None:
        assert await after(5, lambda stop: finish(stop, take(work), 10)) == result
        assert now() == taken

    run(main())


def test_errors_are_raised() -> None:
    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("a bug")

    async def main() -> None:
        with pytest.raises(ValueError, match="a bug"):
            await finish(asyncio.Event(), fail(), 10)

    run(main())
