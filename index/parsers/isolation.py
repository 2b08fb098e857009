"""Files read in a process of their own, which has so much memory, and so much time for each article, and no more.

The process is started when there is something to read, takes one file after the other, and ends when there has been
nothing to read for a while. Requests and replies are lines of JSON.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.limits import MEMORY, SECONDS, SILENT
from index.parsers.problems import Problem, Warn
from index.parsers.worker import IDLE
from index.types import Article

_MAIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from index.parsers.worker import main; sys.exit(main())"
)
_BLOCK = 1 << 16  # bytes
_TOO_LONG = f"takes more than {SECONDS} seconds to read; left out"
_TOO_LARGE = f"takes more than {MEMORY >> 30} GB of memory to read, or ends its reader; left out"


def read_file(path: Path, name: str, warn: Warn, *options: Any) -> Iterator[Article]:
    """Read the articles of a file, as `source_files.read_file` does, but in another process.

    A file that needs too much time or memory is left out from there on, with a warning, and of many warnings the first
    ones are passed on, and how many more there are. `options` are what that function takes besides.
    """
    request = {"folder": os.getcwd(), "path": str(path), "name": name, "options": options}
    try:
        with closing(_replies(request)) as replies:
            for reply in replies:
                match reply:
                    case {"article": values}:
                        yield _article(values)
                    case {"problem": values}:
                        warn(Problem(**values))
                    case {"error": message}:
                        raise SourceError(message)
    except _DiedError as error:
        warn(Problem(str(path), str(error), True))


def _replies(request: object) -> Generator[dict[str, Any], None, None]:
    """Yield the replies of the first process that takes a request; raises _DiedError."""
    while True:
        worker = _take()
        is_done = False
        try:
            for reply in worker.ask(request):
                is_done = "done" in reply or "error" in reply
                yield reply
            return
        except _EndedError:
            continue
        finally:
            if is_done:
                _give_back(worker)
            else:
                worker.end()


class _EndedError(Exception):
    """The process ended for want of work just when it was asked, and has taken no request."""


class _DiedError(Exception):
    """The process has ended, or had to be ended; says why, as a problem does."""


class _Worker:
    """A process that reads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the libraries' own talk
            bufsize=0,
        )
        self._rest = b""

    def is_alive(self) -> bool:
        """Whether it waits for something to read."""
        return self._process.poll() is None

    def ask(self, request: object) -> Iterator[dict[str, Any]]:
        """Send a request; yields the replies until one is the last. Raises _DiedError and _EndedError."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise self._ended() from None
        while True:
            reply: dict[str, Any] = json.loads(self._line())
            yield reply
            if "done" in reply or "error" in reply:
                return

    def end(self) -> None:
        """End it, whatever it does, and wait until it has."""
        self._process.kill()
        with self._process:  # closes the pipes
            pass

    def _line(self) -> bytes:
        assert self._process.stdout
        handle, parts = self._process.stdout.fileno(), [self._rest]
        while b"\n" not in parts[-1]:
            if not select.select([handle], [], [], SILENT)[0]:
                raise _DiedError(_TOO_LONG)
            block = os.read(handle, _BLOCK)
            if not block:
                raise self._ended()
            parts.append(block)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _ended(self) -> Exception:
        """Say why the process has ended."""
        code = self._process.wait()
        if code == IDLE:
            return _EndedError()
        return _DiedError(_TOO_LONG if code == -signal.SIGXCPU else _TOO_LARGE)


_idle: list[_Worker] = []
_lock = threading.Lock()


def _take() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_alive():
                return worker
            worker.end()
    return _Worker()


@atexit.register
def _end_idle() -> None:
    while _idle:
        _idle.pop().end()


def _give_back(worker: _Worker) -> None:
    with _lock:
        _idle.append(worker)


def _article(values: dict[str, Any]) -> Article:
    for key in ("authors", "tags"):
        values[key] = tuple(values[key])
    for key, value in values.items():
        if isinstance(value, dict):  # a moment or a day, by its kind
            values[key] = _moment(**value)
    return Article(**values)


def _moment(day: str | None = None, moment: str | None = None) -> date | datetime:
    return datetime.fromisoformat(moment) if moment else date.fromisoformat(day or "")
