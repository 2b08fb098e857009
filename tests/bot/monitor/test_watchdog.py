"""What arrives at a real socket such as systemd's."""

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
    """What NOTIFY_SOCKET says, and the end that systemd reads."""
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
    """Watch, unless there is nothing to watch, until each of these has been the answer."""
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


def test_it_is_told_while_the_bot_lives(manager: tuple[str, socket.socket]) -> None:
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
def test_it_is_not_told_where_it_does_not_watch(manager: tuple[str, socket.socket], environ: dict[str, str]) -> None:
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


def test_where_nobody_listens_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = Systemd({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    gone.notify_ready("it")  # and no error
    monkeypatch.setattr(socket, "socket", None)  # from here on one would be
    Systemd({}).notify_ready("it")
    Systemd({"WATCHDOG_USEC": "2000"}).notify_stopping()
    watch = Systemd({"WATCHDOG_USEC": "2000"}).watch(lambda: True, str)
    with pytest.raises(StopIteration):
        watch.send(None)  # it ends at once


def test_a_manager_that_does_not_read_holds_up_nothing(manager: tuple[str, socket.socket]) -> None:
    name, reader = manager
    systemd = Systemd({"NOTIFY_SOCKET": name})
    for _ in range(5000):
        systemd.notify_ready("it")
    assert 0 < len(received(reader)) < 5000
