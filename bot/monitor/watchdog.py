"""What systemd is told: that the bot is ready, that it lives, that it stops; nothing where nobody listens.

The protocol of sd_notify(3) is one datagram a message; the libraries for it are unmaintained or need libsystemd.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress


class Systemd:
    """The service manager that started this process, if it asked to be told."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._every = _half(environ) if address else None

    def ready(self, status: str) -> None:
        """The bot answers from now on; `status` is a line for systemctl status."""
        self._tell("READY=1", f"STATUS={_line(status)}")

    def stopping(self) -> None:
        """The bot finishes what is under way, and ends."""
        self._tell("STOPPING=1", "STATUS=finishing what is under way")

    async def watch(self, is_alive: Callable[[], bool], status: Callable[[], str]) -> None:
        """Until cancelled, say twice in the watchdog's interval that the bot lives, as long as it does.

        A loop that does not turn says nothing, and neither does one whose answering thread is stuck: systemd then ends
        the bot and starts it again.
        """
        while self._every is not None:
            if is_alive():
                self._tell("WATCHDOG=1", f"STATUS={_line(status())}")
            await asyncio.sleep(self._every)

    def _tell(self, *lines: str) -> None:
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)  # a service manager that does not read must not stop an answer
                sender.sendto("\n".join(lines).encode(), self._address)


def _half(environ: Mapping[str, str]) -> float | None:
    """Seconds between two signs of life; None if this process is not watched."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    with suppress(KeyError, ValueError):
        return int(environ["WATCHDOG_USEC"]) / 2e6 or None
    return None


def _line(text: str) -> str:
    return " ".join(text.split())
