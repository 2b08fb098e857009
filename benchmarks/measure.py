"""Shared parts of the benchmarks: timed processes, the machine's limits, and tables."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np


def run(command: list[str], environment: Mapping[str, str], quiet: bool = True) -> tuple[float, float]:
    """Return the wall seconds and peak resident megabytes of a process, which must exit with 0 or 3."""
    actions = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    if quiet:
        actions.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], command, {**os.environ, **environment}, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def memory_bandwidth() -> float:
    """Return the gigabytes per second that one core reads: summing an array larger than any cache, best of five."""
    array = np.ones(64 * 2**20, dtype=np.float32)
    best = min(_timed(lambda: float(array.sum())) for _ in range(5))
    return array.nbytes / best / 1e9


def peak_flops() -> float:
    """Return the floating-point operations per second of all cores in a matrix product, best of five."""
    a = np.ones((2048, 2048), dtype=np.float32)
    return 2 * 2048**3 / min(_timed(lambda: a @ a) for _ in range(5))


def _timed(call: object) -> float:
    started = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - started


def folder_megabytes(folder: Path) -> float:
    """Return the size of a folder on disk in megabytes, counting a file with several links once."""
    files = {(s.st_dev, s.st_ino): s.st_size for s in (p.stat() for p in folder.rglob("*") if p.is_file())}
    return sum(files.values()) / 1e6


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the 50th, 95th and 99th percentile."""
    return {f"p{p}": round(float(np.percentile(milliseconds, p)), 1) for p in (50, 95, 99)}


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows with equal keys as a Markdown table."""
    keys = list(rows[0])
    lines = [keys, ["---"] * len(keys), *([str(row[key]) for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def show(rows: Sequence[Mapping[str, object]], path: Path | None) -> None:
    """Print the rows as a table, and write them as JSON if a file is given."""
    print(table(rows))
    if path:
        path.write_text(json.dumps(list(rows), indent=1) + "\n", "utf-8")
