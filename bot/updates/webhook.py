"""Updates that Telegram sends by itself, by HTTP, into the inbox; each is answered once it is on disk."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import structlog
from telegram import Bot
from telegram.error import BadRequest
from tornado.http1connection import HTTP1Connection
from tornado.web import Application, RequestHandler, stream_request_body

from bot.http_server import Server, listening_socket
from bot.stopping import until
from bot.updates.inbox import Inbox
from bot.updates.polling import patiently
from bot.updates.update_kinds import ALLOWED
from index.errors import ConfigError

log = structlog.get_logger(__name__)

Wake: TypeAlias = Callable[[list[int]], None]
Failed: TypeAlias = Callable[[sqlite3.Error], None]

_LARGEST = 1 << 20  # bytes of a body; an update has some thousands. Beyond twice that it is not even read
_CONNECTIONS = 10  # that Telegram may hold; to write an update down takes a few milliseconds


class Webhook:
    """A server for the updates of one bot; the secret that Telegram shows is made anew for each."""

    def __init__(self, url: str, listen: str, inbox: Inbox, most: int, wake: Wake, failed: Failed) -> None:
        """`url` is where Telegram finds what listens at `listen`; at `most` open updates Telegram is asked to wait.

        `failed` is given what the inbox raises, and raises it again if it is of no use to wait.
        """
        self._url = url
        self._listen = listen
        self.secret = secrets.token_urlsafe(32)
        parts: dict[str, Any] = {"secret": self.secret, "inbox": inbox, "most": most, "wake": wake, "failed": failed}
        path = re.escape(urlsplit(url).path or "/")
        application = Application([(path, _Handler, parts)], log_function=lambda _: None)
        self._server = Server(application, max_body_size=2 * _LARGEST, max_header_size=1 << 14)

    def listen(self) -> None:
        """Take the address, to be called before `run`; raises ConfigError if it is taken."""
        try:
            self._server.add_socket(listening_socket(self._listen))
        except OSError as error:
            why = f"cannot be listened at ({error.strerror})"
            raise ConfigError(f"[bot] webhook_listen: {self._listen} {why}; name another address") from None

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Have updates sent until `stop` is set; raises ConfigError if Telegram refuses, and as `patiently` does."""
        try:
            await until(stop, patiently(lambda: self._register(bot)))
            await stop.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Listen no more."""
        self._server.stop()
        await self._server.close_all_connections()

    async def _register(self, bot: Bot) -> bool:
        try:
            return await bot.set_webhook(
                self._url, secret_token=self.secret, allowed_updates=ALLOWED, max_connections=_CONNECTIONS
            )
        except BadRequest as error:
            raise ConfigError(f"[bot] webhook_url: Telegram refuses {self._url}: {error}") from None


@stream_request_body
class _Handler(RequestHandler):
    """Takes an update of whoever shows the secret; of anybody else no body is read."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, inbox: Inbox, most: int, wake: Wake, failed: Failed) -> None:
        self._secret = secret.encode()
        self._inbox = inbox
        self._most = most
        self._wake = wake
        self._failed = failed
        self._body = bytearray()

    def prepare(self) -> None:
        shown = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(shown.encode(), self._secret):
            log.warning("a request without the webhook's secret was refused")
            if isinstance(self.request.connection, HTTP1Connection):
                self.request.connection.set_max_body_size(0)
            self.set_header("Connection", "close")
            self._end(403)

    def data_received(self, chunk: bytes) -> None:
        if len(self._body) <= _LARGEST:
            self._body += chunk

    def post(self) -> None:
        try:
            update = json.loads(self._body) if len(self._body) <= _LARGEST else None
        except (ValueError, RecursionError):
            update = None
        if update is None:
            return self._end(400)
        try:
            is_full = self._inbox.open() >= self._most
            opened = [] if is_full else self._inbox.add([update])
        except sqlite3.Error as error:
            self._failed(error)
            is_full = True
        if is_full:  # the update comes again
            self.set_header("Retry-After", "10")
            return self._end(503)
        self._wake(opened)
        return self._end(200)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        self._end(status_code)

    def _end(self, status: int) -> None:
        self.set_status(status)
        self.finish()
