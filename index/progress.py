"""Show the progress of a long step on stderr: as a bar on a terminal, else as a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Protocol

from index.console import say

_is_silent: ContextVar[bool] = ContextVar("_is_silent", default=False)
_EVERY = 10.0  # seconds between two plain lines


class Advance(Protocol):
    """A function that a step calls as it proceeds."""

    def __call__(self, count: int = 1) -> None:
        """Note that `count` more units are done."""


@contextmanager
def progress(doing: str, unit: str, total: int | None = None) -> Iterator[Advance]:
    """Show the progress of a step of `total` units (None if not known): how many are done, the rate, the time left."""
    show = _silent if _is_silent.get() else _bar if sys.stderr.isatty() else _lines
    with show(doing, unit, total) as advance:
        yield advance


@contextmanager
def silent_progress() -> Iterator[None]:
    """Show no progress in this context, as in a program that is not a command of ours."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


@contextmanager
def _silent(_doing: str, _unit: str, _total: int | None) -> Iterator[Advance]:
    yield lambda _count=1: None


@contextmanager
def _bar(doing: str, unit: str, total: int | None) -> Iterator[Advance]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft
    from rich.text import Text

    from index.rich_console import console_on

    class Rate(ProgressColumn):
        """Units per second."""

        def render(self, task: Task) -> Text:
            """Return the rate of a task; empty until it is known."""
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} {unit} a second" if speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeLeft())
    with Progress(*columns, console=console_on(sys.stderr), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda count=1: bar.advance(task, count)


@contextmanager
def _lines(doing: str, unit: str, total: int | None) -> Iterator[Advance]:
    started = said = time.monotonic()
    done = 0

    def advance(count: int = 1) -> None:
        nonlocal done, said
        done += count
        now = time.monotonic()
        if now - said >= _EVERY:
            said = now
            say(describe(doing, unit, done, total, now - started))

    yield advance


def describe(doing: str, unit: str, done: int, total: int | None, seconds: float) -> str:
    """Return one line of progress.

    >>> describe("embedding", "passages", 640, 2300, 20.0)
    'embedding: 640 of 2,300 passages, 32 a second, 0:00:51 left'
    """
    rate = done / seconds
    line = f"{doing}: {done:,}{f' of {total:,}' if total else ''} {unit}, {rate:,.0f} a second"
    return line + (f", {timedelta(seconds=int((total - done) / rate))} left" if total else "")
