"""Passing updates through python-telegram-bot's handlers, and sorting the errors that they raise.

The library hands errors to an error handler; here they reach the queue, which decides whether to try an update again.
"""

from __future__ import annotations

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.rate_limiter import retry_seconds
from bot.telegram_types import App, Context
from bot.updates.chat_queues import UnparsableError, UnreachableError
from bot.updates.raw_updates import Raw

log = structlog.get_logger(__name__)

# Errors by which Telegram says that a place is gone; nothing that is sent there can arrive.
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


class Handling:
    """Hands raw updates to an Application and raises what its handlers raise.

    The handlers must be blocking ones, as they are by default in python-telegram-bot.
    """

    def __init__(self, application: App) -> None:
        self._application = application
        self._errors: dict[int, list[Exception]] = {}  # by the id of an update that is being handled
        application.add_error_handler(self._keep)

    async def __call__(self, raw: Raw) -> None:
        """Parse an update and handle it; raise UnparsableError, UnreachableError or what a handler raised."""
        try:
            update = Update.de_json(raw, self._application.bot)
        except Exception as error:
            raise UnparsableError("the update cannot be parsed") from error
        errors = self._errors[update.update_id] = []
        try:
            with bound_contextvars(update=update.update_id):  # in every log line
                await self._application.process_update(update)
        finally:
            del self._errors[update.update_id]
        for raised in errors:
            settle(raised)

    async def _keep(self, update: object, context: Context) -> None:
        if isinstance(update, Update) and context.error:
            self._errors.get(update.update_id, []).append(context.error)


def settle(error: Exception) -> None:
    """Return if the recipient is gone; raise UnreachableError if Telegram is out of reach, else the error itself."""
    if is_gone(error):
        log.info("nobody to tell", why=str(error))
    elif is_unreachable(error):
        seconds = retry_seconds(error) if isinstance(error, RetryAfter) else 0.0
        raise UnreachableError(type(error).__name__, seconds) from error
    else:
        raise error


def is_gone(error: Exception) -> bool:
    """Return whether a message can never arrive, since the chat is gone or no longer lets the bot write."""
    if isinstance(error, Forbidden | ChatMigrated):
        return True
    return isinstance(error, BadRequest) and any(words in str(error).lower() for words in _GONE)


def is_unreachable(error: Exception) -> bool:
    """Return whether Telegram was unreachable or asked to wait; False if the library failed to make the request."""
    if isinstance(error, BadRequest) or not isinstance(error, TelegramError):
        return False
    return isinstance(error, RetryAfter) or (
        isinstance(error, NetworkError) and "Unknown error in HTTP implementation" not in str(error)
    )
