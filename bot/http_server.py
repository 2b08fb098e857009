"""Servers that nobody can hold up: a socket at an address of the configuration, time-outs, and so many connections."""

from __future__ import annotations

import socket
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from bot.settings import host_and_port

CONNECTIONS = 100  # open at a time; for a further one the oldest is closed
_PATIENCE = 20.0  # seconds for the next request's headers to arrive, and as many for its body


def listening_socket(address: str) -> socket.socket:
    """Take host:port, for Tornado, whose own way leaves a socket open when it fails; raises OSError."""
    host, port = host_and_port(address)
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setblocking(False)
    return listening


class Server(HTTPServer):
    """An HTTP server on which what is half sent does not stay open."""

    def initialize(self, application: Application, *, max_header_size: int, max_body_size: int) -> None:  # type: ignore[override]
        """Set up as Tornado's own, with time-outs; called by its constructor."""
        super().initialize(
            application,
            max_header_size=max_header_size,
            max_body_size=max_body_size,
            idle_connection_timeout=_PATIENCE,
            body_timeout=_PATIENCE,
        )
        self._open: list[IOStream] = []  # the oldest first

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Take a connection, in the place of the oldest one if there are too many."""
        self._open = [each for each in self._open if not each.closed()]
        if len(self._open) >= CONNECTIONS:
            self._open.pop(0).close()
        self._open.append(stream)
        super().handle_stream(stream, address)
