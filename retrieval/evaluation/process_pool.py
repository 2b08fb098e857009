"""Work that is shared out among processes, and comes back in its order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH = 50  # items for which a process of its own is worth the seconds that it takes to start

_opened: list[Callable[[Any], Any]] = []  # what this process works with, once it has begun


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def process_count(items: int, most: int, worth: int = WORTH) -> int:
    """Return among how many processes, `most` at most, so many items are worth sharing out.

    >>> process_count(1251, 4), process_count(99, 4), process_count(0, 4)
    (4, 1, 1)
    """
    return max(1, min(most, items // worth))


def map_in_processes(
    open_: Callable[[], Callable[[Item], Result]], items: Sequence[Item], jobs: int
) -> Iterator[Result]:
    """Yield what is made of each item, in their order, whichever of the `jobs` processes is first.

    `open_` is called once in each process, or in this one if it is the only one; it gives what makes a result of an
    item. All three are handed from one process to another, so that `open_` must be a module's function, or an instance
    of its classes. What it raises is raised here.
    """
    if jobs == 1:
        yield from map(open_(), items)
        return
    # Forked processes would inherit the threads' locks of the runtimes, without the threads.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(partial(_do, open_), items, chunksize=4)


def _do(open_: Callable[[], Callable[[Item], Result]], item: Item) -> Result:
    if not _opened:
        _opened.append(open_())
    result: Result = _opened[0](item)
    return result
