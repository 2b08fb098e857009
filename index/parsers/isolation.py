"""Parse files in a worker process that has a limit of memory, and of CPU time for each article.

A worker (`index.parsers.worker`) is started when there is a file to read, handles one file after the other and exits
when it has been idle for a while. Requests and replies are JSON objects, one per line. A request names the file; the
replies are {"article": …}, {"problem": …} and {"heartbeat": true}, and last {"done": true} or {"error": message}.
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
from index.parsers.worker import IDLE_EXIT_CODE
from index.types import Article

_WORKER_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from index.parsers.worker import main; sys.exit(main())"
)
_READ_SIZE = 1 << 16  # bytes
_TOO_SLOW = f"takes more than {SECONDS} seconds to read; left out"
_TOO_LARGE = f"takes more than {MEMORY >> 30} GB of memory to read, or crashes the parser; left out"


def read_file(path: Path, name: str, warn: Warn, *options: Any) -> Iterator[Article]:
    """Yield the articles of a file, as `source_files.read_file` does, but parse it in a worker process.

    If the file takes too much time or memory, the articles before that point are kept and the rest is left out with a
    warning. Only the first warnings of a file are passed on, then the number of the others. `options` are the further
    arguments of `source_files.read_file`. Raises SourceError for a file without a parser.
    """
    request = {"folder": os.getcwd(), "path": str(path), "name": name, "options": options}
    try:
        with closing(_replies(request)) as replies:
            for reply in replies:
                match reply:
                    case {"article": values}:
                        yield article_from_json(values)
                    case {"problem": values}:
                        warn(Problem(**values))
                    case {"error": message}:
                        raise SourceError(message)
    except _WorkerDiedError as error:
        warn(Problem(str(path), str(error), True))


def _replies(request: object) -> Generator[dict[str, Any], None, None]:
    """Yield the replies to a request; raises _WorkerDiedError. A worker that turns out to be gone is replaced."""
    while True:
        worker = _borrow_worker()
        is_done = False
        try:
            for reply in worker.ask(request):
                is_done = "done" in reply or "error" in reply
                yield reply
            return
        except _WorkerExitedError:
            continue
        finally:
            if is_done:
                _return_worker(worker)
            else:
                worker.kill()


class _WorkerExitedError(Exception):
    """The idle worker exited just before the request reached it, so that another one can take the request."""


class _WorkerDiedError(Exception):
    """The worker crashed, or had to be killed, while it handled a request; the message says why."""


class _Worker:
    """A worker process and the pipes to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKER_PROGRAM, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries print
            bufsize=0,
        )
        self._unread = b""  # the start of the next reply

    def is_alive(self) -> bool:
        """Return whether the process is still running."""
        return self._process.poll() is None

    def ask(self, request: object) -> Iterator[dict[str, Any]]:
        """Send a request and yield the replies up to the last; raises _WorkerDiedError and _WorkerExitedError."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise self._exit_error() from None
        while True:
            reply: dict[str, Any] = json.loads(self._read_line())
            yield reply
            if "done" in reply or "error" in reply:
                return

    def kill(self) -> None:
        """Kill the process, whatever it is doing, and wait until it has gone."""
        self._process.kill()
        with self._process:  # closes the pipes and waits
            pass

    def _read_line(self) -> bytes:
        assert self._process.stdout
        handle, parts = self._process.stdout.fileno(), [self._unread]
        while b"\n" not in parts[-1]:
            if not select.select([handle], [], [], SILENT)[0]:
                raise _WorkerDiedError(_TOO_SLOW)
            block = os.read(handle, _READ_SIZE)
            if not block:
                raise self._exit_error()
            parts.append(block)
        line, _, self._unread = b"".join(parts).partition(b"\n")
        return line

    def _exit_error(self) -> Exception:
        """Return the error for the exit code of the process."""
        code = self._process.wait()
        if code == IDLE_EXIT_CODE:
            return _WorkerExitedError()
        return _WorkerDiedError(_TOO_SLOW if code == -signal.SIGXCPU else _TOO_LARGE)


_idle_workers: list[_Worker] = []
_lock = threading.Lock()


def _borrow_worker() -> _Worker:
    """Return an idle worker, or a new one if there is none."""
    with _lock:
        while _idle_workers:
            worker = _idle_workers.pop()
            if worker.is_alive():
                return worker
            worker.kill()
    return _Worker()


def _return_worker(worker: _Worker) -> None:
    with _lock:
        _idle_workers.append(worker)


@atexit.register
def _kill_idle_workers() -> None:
    while _idle_workers:
        _idle_workers.pop().kill()


def article_from_json(values: dict[str, Any]) -> Article:
    """Return the article that `worker.article_to_json` wrote."""
    for key in ("authors", "tags"):
        values[key] = tuple(values[key])
    for key, value in values.items():
        if isinstance(value, dict):
            values[key] = _date_from_json(**value)
    return Article(**values)


def _date_from_json(day: str | None = None, moment: str | None = None) -> date | datetime:
    return datetime.fromisoformat(moment) if moment else date.fromisoformat(day or "")
