"""Map a function over items in several processes, with results in the order of the items."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ITEMS_PER_PROCESS = 50  # at least, since a process takes seconds to start

_opened: list[Callable[[Any], Any]] = []  # this process's function, once it is opened


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def process_count(items: int, most: int, per_process: int = ITEMS_PER_PROCESS) -> int:
    """Return how many processes to use for so many items, at most `most`.

    >>> process_count(1251, 4), process_count(99, 4), process_count(0, 4)
    (4, 1, 1)
    """
    return max(1, min(most, items // per_process))


def map_in_processes(
    open_: Callable[[], Callable[[Item], Result]], items: Sequence[Item], jobs: int
) -> Iterator[Result]:
    """Yield the result of each item, in the order of the items, computed in `jobs` processes.

    `open_` is called once in each process, or in this one if `jobs` is 1, and returns the function to map. With several
    processes, it, the items and the results are pickled, so `open_` must be importable: a function of a module, a
    method, or a partial of one. Exceptions are raised here.
    """
    if jobs == 1:
        yield from map(open_(), items)
        return
    # Forked processes would inherit locks of the runtimes' threads without the threads, and wait for them forever.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(partial(_do, open_), items, chunksize=4)


def _do(open_: Callable[[], Callable[[Item], Result]], item: Item) -> Result:
    if not _opened:
        _opened.append(open_())
    result: Result = _opened[0](item)
    return result
