"""Health checks, and the server for /healthz and /metrics."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.memory.database import open_database
from bot.memory.disk import check_writable
from bot.monitor.health import Health, serve_monitor
from bot.monitor.metrics import CONTENT_TYPE, Metrics
from bot.settings import BotSettings, host_and_port

SILENT = "no poll succeeded for more than 120 s"
STUCK = "one question has taken more than 60 s so far"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_poll_is_missed_after_two_minutes() -> None:
    clock = Clock()
    health = Health(clock=clock)
    for seconds, reasons in ((120, []), (1, [SILENT])):
        clock.now += seconds
        assert health.reasons() == reasons
    health.record_poll()
    assert health.reasons() == []
    clock.now += 121
    assert health.reasons() == [SILENT]
    assert not health.is_stuck()


def test_without_polling_no_poll_is_missed() -> None:
    clock = Clock()
    health = Health(polls=False, clock=clock)
    clock.now += 1e6
    assert health.reasons() == []


def test_a_question_that_takes_too_long() -> None:
    clock = Clock()
    health = Health(polls=False, clock=clock)
    health.record_question_start()
    clock.now += 60
    assert (health.reasons(), health.is_stuck()) == ([], False)
    clock.now += 1
    assert (health.reasons(), health.is_stuck()) == ([STUCK], True)
    health.record_question_end()
    assert (health.reasons(), health.is_stuck()) == ([], False)
    clock.now += 61
    health.record_question_start()  # the time between two questions does not count
    assert health.reasons() == []


def test_all_reasons_are_reported() -> None:
    def write() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    clock = Clock()
    health = Health(write=write, clock=clock)
    health.record_question_start()
    clock.now += 121
    health.record_stopping()
    assert health.reasons() == [
        "the bot is stopping",
        SILENT,
        STUCK,
        "the database cannot be written: database or disk is full",
    ]


def test_a_bug_in_the_check_is_raised() -> None:
    def write() -> None:
        raise TypeError("a bug")

    with pytest.raises(TypeError):
        Health(write=write).reasons()


def test_the_check_writes_to_the_database(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "bot.sqlite")
    before = connection.execute("PRAGMA user_version").fetchone()[0]
    size = (tmp_path / "bot.sqlite-wal").stat().st_size
    check_writable(connection)
    assert (tmp_path / "bot.sqlite-wal").stat().st_size > size
    assert connection.execute("PRAGMA user_version").fetchone()[0] == before
    connection.execute("BEGIN")
    check_writable(connection)
    assert connection.in_transaction
    connection.execute("ROLLBACK")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        check_writable(connection)
    connection.close()


def visit(
    requests: list[tuple[str, str]],
    reasons: Callable[[], list[str]] = list,
    metrics: Metrics | None = None,
    note: str | None = None,
) -> list[tuple[HTTPResponse, str]]:
    """Return the responses to some requests, each a method and a path."""

    def ask(port: int) -> list[tuple[HTTPResponse, str]]:
        said = []
        for method, path in requests:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request(method, path)
            response = connection.getresponse()
            said.append((response, response.read().decode()))
            connection.close()
        return said

    async def serve() -> list[tuple[HTTPResponse, str]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = serve_monitor(f"127.0.0.1:{port}", reasons, (metrics or Metrics()).exposition, lambda: note)
        assert server
        try:
            return await asyncio.to_thread(ask, port)
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(serve())


def test_healthz() -> None:
    [(response, body)] = visit([("GET", "/healthz")])
    assert (response.status, json.loads(body)) == (200, {"status": "ok", "reasons": []})
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Server"] is None
    [(response, body)] = visit([("GET", "/healthz")], lambda: ["a", "b"])
    assert (response.status, json.loads(body)) == (503, {"status": "failing", "reasons": ["a", "b"]})


@pytest.mark.parametrize(
    ("reasons", "status", "said"),
    [
        ([], 200, {"status": "degraded", "reasons": ["no index"]}),
        (["a"], 503, {"status": "failing", "reasons": ["a", "no index"]}),
    ],
)
def test_a_degraded_bot_is_reported_as_such(reasons: list[str], status: int, said: object) -> None:
    [(response, body)] = visit([("GET", "/healthz")], lambda: reasons, note="no index")
    assert (response.status, json.loads(body)) == (status, said)


def test_metrics() -> None:
    metrics = Metrics()
    metrics.errors.inc()
    [(response, body)] = visit([("GET", "/metrics")], metrics=metrics)
    assert response.status == 200
    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert "\nquotewire_errors_total 1.0\n" in body


def test_other_requests_are_refused_and_not_logged() -> None:
    with capture_logs() as told:
        answers = visit(
            [("POST", "/healthz"), ("DELETE", "/metrics"), ("HEAD", "/metrics"), ("GET", "/"), ("PUT", "/x")]
        )
    assert [response.status for response, _ in answers] == [405, 405, 405, 404, 404]
    assert answers[0][0].headers["Allow"] == "GET"
    assert answers[3][1] == "404: Not Found\n"
    assert told == []


def test_no_page_shows_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> list[str]:
        raise ValueError("a bug")

    [(response, body)] = visit([("GET", "/healthz")], fail)
    assert (response.status, body) == (500, "500: Internal Server Error\n")
    assert "a bug" in caplog.text


def test_an_address_in_use_is_logged_as_a_warning() -> None:
    async def serve(address: str) -> object:
        return serve_monitor(address, list, bytes)

    with socket.socket() as taken, capture_logs() as told:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert asyncio.run(serve(address)) is None
    [line] = told
    assert (line["event"], line["log_level"], line["address"]) == (
        "cannot serve /healthz and /metrics",
        "warning",
        address,
    )
    assert line["reason"].startswith("Address already in use")


def test_without_an_address_there_is_no_server() -> None:
    with capture_logs() as told:
        assert serve_monitor("", list, bytes) is None
    assert told == []


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:65535", ("0.0.0.0", 65535)),
    ],
)
def test_host_and_port(address: str, parts: tuple[str, int]) -> None:
    assert host_and_port(address) == parts
    assert BotSettings(monitor=address).monitor == address


@pytest.mark.parametrize(
    "address", ["9464", ":9464", "localhost", "127.0.0.1:", "h:65536", "h:x", "u@h:1", "h:1/x", "::1"]
)
def test_invalid_hosts_and_ports(address: str) -> None:
    with pytest.raises(ValueError, match=r"must be an address and a port|[Pp]ort"):
        host_and_port(address)
    with pytest.raises(ValueError, match="monitor"):
        BotSettings(monitor=address)
