"""Notifications to systemd: that the bot is ready, alive or stopping; none without systemd.

A message of the sd_notify(3) protocol is one datagram. The libraries for it are unmaintained or need libsystemd.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress


class Systemd:
    """The service manager that started this process, if it expects notifications."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._interval = _heartbeat_interval(environ) if address else None

    def notify_ready(self, status: str) -> None:
        """Report that the bot is ready to answer; `status` is a line for `systemctl status`."""
        self._send("READY=1", f"STATUS={_line(status)}")

    def notify_stopping(self) -> None:
        """Report that the bot is shutting down."""
        self._send("STOPPING=1", "STATUS=shutting down")

    async def watch(self, is_alive: Callable[[], bool], status: Callable[[], str]) -> None:
        """Until cancelled, send two heartbeats per watchdog interval while the bot is alive.

        None is sent when the event loop is blocked, or when the answering thread is stuck so that `is_alive` returns
        False. systemd then kills the bot and restarts it.
        """
        while self._interval is not None:
            if is_alive():
                self._send("WATCHDOG=1", f"STATUS={_line(status())}")
            await asyncio.sleep(self._interval)

    def _send(self, *lines: str) -> None:
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)  # do not block if the service manager does not read
                sender.sendto("\n".join(lines).encode(), self._address)


def _heartbeat_interval(environ: Mapping[str, str]) -> float | None:
    """Return the seconds between two heartbeats, half the watchdog interval; None if there is no watchdog."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    with suppress(KeyError, ValueError):
        return int(environ["WATCHDOG_USEC"]) / 2e6 or None
    return None


def _line(text: str) -> str:
    return " ".join(text.split())
