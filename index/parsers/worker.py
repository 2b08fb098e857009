"""The worker process that parses files: one JSON object per line, requests on stdin, articles and problems on stdout.

`index.parsers.isolation` starts it and describes the protocol.
"""

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

IDLE_EXIT_CODE = 75  # of a worker that got no request for _IDLE_TIMEOUT
_IDLE_TIMEOUT = 10.0  # seconds
_HEARTBEAT_INTERVAL = 1.0  # seconds between heartbeats while there is nothing else to send


def main() -> int:
    """Handle requests until none has come for a while or stdin is closed; return the exit code."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keep what libraries print out of the replies
    _limit_memory()
    requests = os.fdopen(0, "rb", buffering=0)  # select does not see what is in a buffer
    while select.select([requests], [], [], _IDLE_TIMEOUT)[0] and (line := requests.readline()):
        _handle_request(json.loads(line), replies)
    return IDLE_EXIT_CODE


def _handle_request(request: dict[str, Any], replies: BinaryIO) -> None:
    def send(reply: dict[str, object]) -> None:
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()
        _limit_time()

    path = Path(request["path"])
    warn = _ProblemSender(send)
    _limit_time()
    try:
        os.chdir(request["folder"])  # paths may be relative to it
        for article in read_file(path, request["name"], warn, *request["options"]):
            send({"article": article_to_json(article)})
    except SourceError as error:
        return send({"error": str(error)})
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # one bad file must not stop a build
        warn(Problem(str(path), f"cannot be read ({type(error).__name__}: {str(error)[:200]}); left out", True))
    warn.finish(path)
    return send({"done": True})


class _ProblemSender:
    """Sends the first problems of a file, and finally the number of the others."""

    def __init__(self, send: Callable[[dict[str, object]], None]) -> None:
        self._send = send
        self._count = self._unsent_skipped = 0
        self._last_heartbeat = time.monotonic()

    def __call__(self, problem: Problem) -> None:
        self._count += 1
        if self._count <= WARNINGS:
            self._send({"problem": asdict(problem)})
            return
        self._unsent_skipped += problem.skipped
        if time.monotonic() - self._last_heartbeat > _HEARTBEAT_INTERVAL:
            self._last_heartbeat = time.monotonic()
            self._send({"heartbeat": True})

    def finish(self, path: Path) -> None:
        """Send the number of problems that were not sent, if any."""
        if more := max(0, self._count - WARNINGS):
            message = f"{more:,} more warnings are not shown; {self._unsent_skipped:,} more items were skipped"
            self._send({"problem": asdict(Problem(str(path), message, self._unsent_skipped > 0))})


def article_to_json(article: Article) -> dict[str, object]:
    """Return an article as a JSON object; `isolation.article_from_json` reverses it."""
    return {key: _date_to_json(value) for key, value in asdict(article).items()}


def _date_to_json(value: object) -> object:
    """Return a moment as {"moment": …} and a day as {"day": …}, both in ISO 8601; other values as they are."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # no such limits on this system, or stricter ones
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_time() -> None:
    """Let the system kill this process if the next article takes too much CPU time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
        limit = int(usage.ru_utime + usage.ru_stime) + 1 + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard_limit))
