"""An HTTP server with time-outs and a limit on connections, so that slow clients cannot block it."""

from __future__ import annotations

import socket
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from bot.settings import host_and_port

CONNECTIONS = 100  # open at a time; beyond that, a new one closes the oldest
_TIMEOUT = 20.0  # seconds for the headers of the next request to arrive, and again for its body


def listening_socket(address: str) -> socket.socket:
    """Return a socket that listens at host:port; raise OSError.

    Tornado's own function leaves a socket open when it fails.
    """
    host, port = host_and_port(address)
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setblocking(False)
    return listening


class Server(HTTPServer):
    """An HTTP server that closes connections whose requests stay incomplete."""

    def initialize(self, application: Application, *, max_header_size: int, max_body_size: int) -> None:  # type: ignore[override]
        """Set up the server with time-outs; Tornado's constructor calls this."""
        super().initialize(
            application,
            max_header_size=max_header_size,
            max_body_size=max_body_size,
            idle_connection_timeout=_TIMEOUT,
            body_timeout=_TIMEOUT,
        )
        self._streams: list[IOStream] = []  # the oldest first

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Accept a connection, and close the oldest one if there are too many."""
        self._streams = [open_stream for open_stream in self._streams if not open_stream.closed()]
        if len(self._streams) >= CONNECTIONS:
            self._streams.pop(0).close()
        self._streams.append(stream)
        super().handle_stream(stream, address)
