"""A socket that listens at an address of the configuration."""

from __future__ import annotations

import socket

from bot.settings import host_and_port


def listening_socket(address: str) -> socket.socket:
    """Take host:port, for Tornado, whose own way leaves a socket open when it fails; raises OSError."""
    host, port = host_and_port(address)
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setblocking(False)
    return listening
