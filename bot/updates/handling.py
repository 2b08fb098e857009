"""An update on its way through python-telegram-bot's handlers, and out of them what went wrong.

The library keeps what a handler raises to itself; here it gets back to whoever decides if the update is tried again.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, TypeAlias

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes

from bot.rate_limiter import seconds_of
from bot.updates.chat_queues import UnparsableError, UnreachableError
from bot.updates.inbox import Inbox
from bot.updates.update_kinds import Raw

log = structlog.get_logger(__name__)

App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"

# What Telegram says of a place that is gone; nothing that is sent there can arrive.
_GONE = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "have no rights to send a message",
    "not enough rights to send",
    "chat_write_forbidden",
    "user is deactivated",
    "group chat was deactivated",
    "group chat was upgraded to a supergroup chat",
    "query is too old and response timeout expired or query id is invalid",
)

_current: ContextVar[int | None] = ContextVar("current", default=None)
_errors: ContextVar[list[Exception] | None] = ContextVar("errors", default=None)


class Handling:
    """Gives raw updates to an Application, whose handlers have to be blocking ones, as they are by default."""

    def __init__(self, application: App, inbox: Inbox) -> None:
        self._application = application
        self._inbox = inbox
        application.add_error_handler(_keep)

    async def __call__(self, raw: Raw) -> None:
        """Parse an update and handle it; raises UnparsableError, UnreachableError or what a handler raised."""
        try:
            update = Update.de_json(raw, self._application.bot)
        except Exception as error:
            raise UnparsableError("the update cannot be parsed") from error
        _current.set(raw["update_id"])
        errors: list[Exception] = []
        _errors.set(errors)
        with bound_contextvars(update=raw["update_id"]):  # of every log line
            await self._application.process_update(update)
        for raised in errors:
            settle(raised)

    def working(self) -> AbstractContextManager[None]:
        """To be held while the answer to the update of this context is computed."""
        return self._inbox.computing(_current.get())


def settle(error: Exception) -> None:
    """Return if there is nobody to tell any more; raises UnreachableError for bad times, and any other error itself."""
    if is_gone(error):
        log.info("nobody to tell", why=str(error))
    elif is_unreachable(error):
        seconds = seconds_of(error) if isinstance(error, RetryAfter) else 0.0
        raise UnreachableError(type(error).__name__, seconds) from error
    else:
        raise error


def is_gone(error: Exception) -> bool:
    """Whether what was sent can never arrive, since the chat lets the bot write no more or is gone."""
    if isinstance(error, Forbidden | ChatMigrated):
        return True
    return isinstance(error, BadRequest) and any(words in str(error).lower() for words in _GONE)


def is_unreachable(error: Exception) -> bool:
    """Whether Telegram could not be reached, or had enough; not so if the library could not even ask."""
    if isinstance(error, BadRequest) or not isinstance(error, TelegramError):
        return False
    return isinstance(error, RetryAfter) or (
        isinstance(error, NetworkError) and "Unknown error in HTTP implementation" not in str(error)
    )


async def _keep(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    errors = _errors.get()
    if errors is not None and context.error is not None:
        errors.append(context.error)
