"""The webhook: an HTTP server that puts Telegram's updates into the inbox and confirms each once it is on disk."""

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
from bot.updates.polling import retry_while_unreachable
from bot.updates.raw_updates import ALLOWED_UPDATES
from index.errors import ConfigError

log = structlog.get_logger(__name__)

Wake: TypeAlias = Callable[[list[int]], None]
ReportFailure: TypeAlias = Callable[[sqlite3.Error], None]

_LARGEST = 1 << 20  # bytes; an update has some thousands. Bodies twice as long are not even read
_CONNECTIONS = 10  # that Telegram may open; storing an update takes a few milliseconds


class Webhook:
    """A server for the updates of one bot, with a new random secret by which Telegram identifies itself."""

    def __init__(
        self, url: str, listen: str, inbox: Inbox, most: int, wake: Wake, report_failure: ReportFailure
    ) -> None:
        """Listen at the address `listen`, which Telegram reaches at `url`; at `most` open updates, ask it to wait.

        Call `wake` with the ids of new updates. `report_failure` gets errors of the database, and raises them again
        unless they are transient.
        """
        self._url = url
        self._listen = listen
        self.secret = secrets.token_urlsafe(32)
        parts: dict[str, Any] = {"secret": self.secret, "inbox": inbox, "most": most, "wake": wake}
        parts["report_failure"] = report_failure
        path = re.escape(urlsplit(url).path or "/")
        application = Application([(path, _Handler, parts)], log_function=lambda _: None)
        self._server = Server(application, max_body_size=2 * _LARGEST, max_header_size=1 << 14)

    def listen(self) -> None:
        """Bind the address, before `run`; raise ConfigError if that fails."""
        try:
            self._server.add_socket(listening_socket(self._listen))
        except OSError as error:
            why = f"cannot listen at {self._listen} ({error.strerror})"
            raise ConfigError(f"[bot] webhook_listen: {why}; choose another address") from None

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Register the webhook and receive updates until `stop` is set; raise ConfigError if Telegram refuses."""
        try:
            await until(stop, retry_while_unreachable(lambda: self._register(bot)))
            await stop.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop listening."""
        self._server.stop()
        await self._server.close_all_connections()

    async def _register(self, bot: Bot) -> bool:
        try:
            return await bot.set_webhook(
                self._url, secret_token=self.secret, allowed_updates=ALLOWED_UPDATES, max_connections=_CONNECTIONS
            )
        except BadRequest as error:
            raise ConfigError(f"[bot] webhook_url: Telegram refuses {self._url}: {error}") from None


@stream_request_body
class _Handler(RequestHandler):
    """Stores an update if the request has the secret; otherwise does not even read its body."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, inbox: Inbox, most: int, wake: Wake, report_failure: ReportFailure) -> None:
        self._secret = secret.encode()
        self._inbox = inbox
        self._most = most
        self._wake = wake
        self._report_failure = report_failure
        self._body = bytearray()

    def prepare(self) -> None:
        shown = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(shown.encode(), self._secret):
            log.warning("refused a request without the webhook's secret")
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
            self._report_failure(error)
            is_full = True
        if is_full:  # Telegram will send the update again
            self.set_header("Retry-After", "10")
            return self._end(503)
        self._wake(opened)
        return self._end(200)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        self._end(status_code)

    def _end(self, status: int) -> None:
        self.set_status(status)
        self.finish()
