"""Notifications to systemd, received at a real socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.monitor.watchdog import Systemd


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Yield the value of NOTIFY_SOCKET, and the socket that systemd would read."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@quotewire-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reader:
        reader.bind(name.replace("@", "\0") if request.param == "abstract" else name)
        reader.setblocking(False)
        yield name, reader


def received(reader: socket.socket) -> list[str]:
    messages = []
    with suppress(BlockingIOError):
        while True:
            messages.append(reader.recv(1000).decode())
    return messages


def watched(environ: dict[str, str], *alive: bool) -> None:
    """Run the watchdog until `is_alive` has returned each of these values."""
    answers = iter(alive)

    def is_alive() -> bool:
        for answer in answers:
            return answer
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        asyncio.run(Systemd(environ).watch(is_alive, lambda: "generation\n7"))


def test_ready_and_stopping(manager: tuple[str, socket.socket]) -> None:
    name, reader = manager
    systemd = Systemd({"NOTIFY_SOCKET": name})
    systemd.notify_ready("@bot answers\nfrom generation 7")
    systemd.notify_stopping()
    assert received(reader) == [
        "READY=1\nSTATUS=@bot answers from generation 7",
        "STOPPING=1\nSTATUS=shutting down",
    ]


def test_heartbeats_are_sent_while_the_bot_is_alive(manager: tuple[str, socket.socket]) -> None:
    name, reader = manager
    environ = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000", "WATCHDOG_PID": str(os.getpid())}
    watched(environ, True, True, False, True, False)
    assert received(reader) == ["WATCHDOG=1\nSTATUS=generation 7"] * 3


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "2000", "WATCHDOG_PID": "1"},
    ],
)
def test_without_a_watchdog_no_heartbeats_are_sent(manager: tuple[str, socket.socket], environ: dict[str, str]) -> None:
    name, reader = manager
    watched({"NOTIFY_SOCKET": name, **environ}, True)
    assert received(reader) == []


def test_the_interval_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr("bot.monitor.watchdog.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Systemd({"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "30000000"}).watch(lambda: True, str))
    assert pauses == [15.0]


def test_without_a_listener_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = Systemd({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    gone.notify_ready("it")  # and no error
    monkeypatch.setattr(socket, "socket", None)  # from here on, opening a socket would be an error
    Systemd({}).notify_ready("it")
    Systemd({"WATCHDOG_USEC": "2000"}).notify_stopping()
    watch = Systemd({"WATCHDOG_USEC": "2000"}).watch(lambda: True, str)
    with pytest.raises(StopIteration):
        watch.send(None)  # it returns at once


def test_a_manager_that_does_not_read_does_not_block(manager: tuple[str, socket.socket]) -> None:
    name, reader = manager
    systemd = Systemd({"NOTIFY_SOCKET": name})
    for _ in range(5000):
        systemd.notify_ready("it")
    assert 0 < len(received(reader)) < 5000
