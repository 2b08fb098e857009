"""The health of the bot, judged by the heartbeats of its parts, and the HTTP server for /healthz and /metrics."""

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

_SILENT = 120.0  # seconds without a successful poll; a long poll without updates takes 50
_STUCK = 60.0  # seconds spent on one answer, which normally takes 0.1


class Health:
    """Heartbeats, recorded with a monotonic clock; safe to use from any thread."""

    def __init__(
        self, polls: bool = True, write: Callable[[], object] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Expect polls only if `polls`; call `write` to test the database, which raises OSError or sqlite3.Error."""
        self._write = write
        self._clock = clock
        self._last_poll = clock() if polls else None
        self._question_began: float | None = None
        self._is_stopping = False

    def record_poll(self) -> None:
        """Record that Telegram has answered a poll."""
        self._last_poll = self._clock()

    def record_question_start(self) -> None:
        """Record that the answering thread has begun with a question."""
        self._question_began = self._clock()

    def record_question_end(self) -> None:
        """Record that the answering thread has finished a question, with or without an answer."""
        self._question_began = None

    def record_stopping(self) -> None:
        """Record that the bot is shutting down."""
        self._is_stopping = True

    def is_stuck(self) -> bool:
        """Return whether a restart would help; it would not if the network is down or the disk is full."""
        return self._longer_than(_STUCK, self._question_began)

    def reasons(self) -> list[str]:
        """Return what is wrong, in plain words; empty if the bot is healthy."""
        reasons = []
        if self._is_stopping:
            reasons.append("the bot is stopping")
        if self._longer_than(_SILENT, self._last_poll):
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
    """Serve /healthz and /metrics in the running event loop.

    Return None if the address is empty, or cannot be bound, which is logged as a warning. A reason returned by
    `degraded`, for a bot that still answers, is shown in /healthz, whose status stays 200.
    """
    if not address:
        return None
    application = Application(
        [
            ("/healthz", _Healthz, {"reasons": reasons, "degraded": degraded}),
            ("/metrics", _Metrics, {"exposition": exposition}),
        ],
        default_handler_class=_NotFound,
        log_function=lambda _: None,
    )
    server = Server(application, max_header_size=8192, max_body_size=0)
    try:
        server.add_socket(listening_socket(address))
    except OSError as error:
        log.warning("cannot serve /healthz and /metrics", address=address, reason=error.strerror or str(error))
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


class _NotFound(_Handler):
    def prepare(self) -> None:
        self.send_error(404)
