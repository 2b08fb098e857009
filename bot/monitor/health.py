"""Whether the bot is well, told by the signs of life that its parts give; and the server that says so, with metrics."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable

import structlog
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.http_server import Server, listening_socket
from bot.monitor.metrics import CONTENT_TYPE

log = structlog.get_logger(__name__)

_SILENT = 120.0  # seconds without a poll that succeeded; one takes up to 50 when there is no news
_STUCK = 60.0  # seconds over one answer, which takes a tenth of one


class Health:
    """Signs of life, as times of a clock that never goes back; for any thread."""

    def __init__(
        self, polls: bool = True, write: Callable[[], object] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`polls`: whether the bot asks Telegram for updates; `write` tries the database, and raises if it fails."""
        self._write = write
        self._clock = clock
        self._polled = clock() if polls else None
        self._began: float | None = None
        self._is_stopping = False

    def polled(self) -> None:
        """Telegram has answered a poll."""
        self._polled = self._clock()

    def began(self) -> None:
        """The answering thread has taken up a question."""
        self._began = self._clock()

    def ended(self) -> None:
        """It has come to the end of it, with an answer or without one."""
        self._began = None

    def stopping(self) -> None:
        """The bot finishes what is under way, and ends."""
        self._is_stopping = True

    def is_stuck(self) -> bool:
        """Whether a new start would help, as it would not against a network that is down or a disk that is full."""
        return self._longer_than(_STUCK, self._began)

    def reasons(self) -> list[str]:
        """What is wrong, in plain words; nothing if all is well."""
        reasons = []
        if self._is_stopping:
            reasons.append("the bot is stopping")
        if self._longer_than(_SILENT, self._polled):
            reasons.append(f"no poll succeeded for more than {_SILENT:.0f} s")
        if self.is_stuck():
            reasons.append(f"one question has taken more than {_STUCK:.0f} s so far")
        if self._write:
            try:
                self._write()
            except (OSError, sqlite3.Error) as error:
                reasons.append(f"the database cannot be written: {error}")
        return reasons

    def _longer_than(self, seconds: float, since: float | None) -> bool:
        return since is not None and self._clock() - since > seconds


def serve_monitor(
    address: str,
    reasons: Callable[[], list[str]],
    exposition: Callable[[], bytes],
    degraded: Callable[[], str | None] = lambda: None,
) -> HTTPServer | None:
    """Serve /healthz and /metrics in the running loop; None if the address is empty, or taken, which is warned of.

    What is only `degraded`, and works all the same, is said in /healthz, which stays at 200.
    """
    if not address:
        return None
    application = Application(
        [
            ("/healthz", _Healthz, {"reasons": reasons, "degraded": degraded}),
            ("/metrics", _Metrics, {"exposition": exposition}),
        ],
        default_handler_class=_Nothing,
        log_function=lambda _: None,
    )
    server = Server(application, max_header_size=8192, max_body_size=0)
    try:
        server.add_socket(listening_socket(address))
    except OSError as error:
        log.warning("no /healthz and /metrics", address=address, reason=error.strerror or str(error))
        return None
    return server


class _Handler(RequestHandler):
    """Answers GET, in plain text or JSON."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def write_error(self, status_code: int, **_: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if status_code == 405:
            self.set_header("Allow", "GET")
        self.finish(f"{status_code}: {self._reason}\n")


class _Healthz(_Handler):
    def initialize(self, reasons: Callable[[], list[str]], degraded: Callable[[], str | None]) -> None:
        self._reasons = reasons
        self._degraded = degraded

    def get(self) -> None:
        reasons, note = self._reasons(), self._degraded()
        status = "failing" if reasons else "degraded" if note else "ok"
        self.set_status(503 if reasons else 200)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"status": status, "reasons": [*reasons, *([note] if note else [])]}) + "\n")


class _Metrics(_Handler):
    def initialize(self, exposition: Callable[[], bytes]) -> None:
        self._exposition = exposition

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self._exposition())


class _Nothing(_Handler):
    def prepare(self) -> None:
        self.send_error(404)
