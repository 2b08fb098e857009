"""An event loop whose time passes only while everybody sleeps, and then at once."""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

START = 1000.0


class Clock:
    """A clock that shows what a test sets, in seconds since 1970."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.now = START
        self._clock_resolution: float
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.now


class _Selector(selectors.SelectSelector):
    def __init__(self, loop: _Loop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits, and for nothing"
        self._loop.now += max(0.0, timeout)
        # A timer that goes off just before its time would be set again and again: here time does not pass by itself.
        self._loop._clock_resolution = math.ulp(self._loop.now)
        return super().select(0)


def run(main: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run; fails when all tasks wait for one another."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


def now() -> float:
    """Seconds since the start of `run`."""
    return asyncio.get_running_loop().time() - START
