"""The process that reads files: requests on stdin, articles and problems on stdout, each a line of JSON."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import SourceError
from index.limits import MEMORY, SECONDS, WARNINGS
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.types import Article

_WAIT = 10.0  # seconds without a request, after which it ends
IDLE = 75  # with this exit code
_SIGN = 1.0  # seconds between two signs of life while nothing else is to be sent


def main() -> int:
    """Read what is asked for until nothing is for a while, or whoever asks has ended."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    _limit_memory()
    requests = os.fdopen(0, "rb", buffering=0)  # or select would not see what a buffer holds
    while select.select([requests], [], [], _WAIT)[0] and (line := requests.readline()):
        _reply(json.loads(line), replies)
    return IDLE


def _reply(request: dict[str, Any], replies: BinaryIO) -> None:
    def send(reply: dict[str, object]) -> None:
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()
        _limit_time()

    path = Path(request["path"])
    told = _Told(send)
    _limit_time()
    try:
        os.chdir(request["folder"])  # which paths may be relative to
        for article in read_file(path, request["name"], told, *request["options"]):
            send({"article": _values(article)})
    except SourceError as error:
        return send({"error": str(error)})
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # one file never stops the others
        told(Problem(str(path), f"cannot be read ({type(error).__name__}: {str(error)[:200]}); left out", True))
    told.end(path)
    return send({"done": True})


class _Told:
    """Sends the first problems of a file, and how many more there are."""

    def __init__(self, send: Callable[[dict[str, object]], None]) -> None:
        self._send = send
        self._count = self._skipped = 0
        self._sent = time.monotonic()

    def __call__(self, problem: Problem) -> None:
        self._count += 1
        if self._count <= WARNINGS:
            self._send({"problem": asdict(problem)})
            return
        self._skipped += problem.skipped
        if time.monotonic() - self._sent > _SIGN:
            self._sent = time.monotonic()
            self._send({"sign": "of life"})

    def end(self, path: Path) -> None:
        """Send the number of those that were not sent."""
        if more := max(0, self._count - WARNINGS):
            message = f"there are {more:,} more such warnings; {self._skipped:,} more were skipped"
            self._send({"problem": asdict(Problem(str(path), message, self._skipped > 0))})


def _values(article: Article) -> dict[str, object]:
    return {key: _plain(value) for key, value in asdict(article).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # a system that has no such limits, or stricter ones
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_time() -> None:
    """Let the system end this process if the next article takes too much of the processor's time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + SECONDS, most))
