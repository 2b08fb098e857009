"""Errors of handlers are raised, except those that mean that the recipient is gone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ApplicationBuilder, TypeHandler

from bot.updates.chat_queues import UnparsableError, UnreachableError
from bot.updates.handling import Handling, is_gone, is_unreachable
from tests.support.sample_updates import Json, message
from tests.support.telegram import TOKEN

os.environ.setdefault("PTB_TIMEDELTA", "true")  # as the bot does


@pytest.fixture(autouse=True)
def logs() -> Iterator[Any]:
    with capture_logs() as logs:
        yield logs


def handle(raw: Json, error: Exception | None = None) -> list[int]:
    """Handle an update by a handler that may raise; return the ids of the handled updates."""
    handled: list[int] = []

    async def run() -> None:
        application = ApplicationBuilder().token(TOKEN).updater(None).job_queue(None).build()
        application._initialized = True  # without asking Telegram
        handling = Handling(application)

        async def callback(update: Update, _context: Any) -> None:
            handled.append(update.update_id)
            if error:
                raise error

        application.add_handler(TypeHandler(Update, callback))
        await handling(raw)

    asyncio.run(run())
    return handled


GONE = [
    Forbidden("Forbidden: bot was blocked by the user"),
    BadRequest("Chat not found"),
    BadRequest("Message thread not found"),
    BadRequest("Topic_closed"),
    BadRequest("Not enough rights to send text messages to the chat"),
    BadRequest("Query is too old and response timeout expired or query id is invalid"),
    ChatMigrated(-100),
]
UNREACHABLE = [NetworkError("down"), TimedOut(), RetryAfter(5)]
FAILURES = [
    ValueError("a bug"),
    BadRequest("Can't parse entities"),
    BadRequest("Message is too long"),
    NetworkError("Unknown error in HTTP implementation: UnicodeEncodeError()"),
    TelegramError("what"),
]


@pytest.mark.parametrize("error", [*GONE, *UNREACHABLE, *FAILURES], ids=str)
def test_an_error_means_gone_unreachable_or_failed(error: Exception) -> None:
    assert (is_gone(error), is_unreachable(error)) == (error in GONE, error in UNREACHABLE)
    if error in GONE:
        assert handle(message(5), error) == [5]
        return
    with pytest.raises(UnreachableError if error in UNREACHABLE else type(error)) as caught:
        handle(message(5), error)
    assert (caught.value is error) == (error in FAILURES)


@pytest.mark.parametrize(
    "broken",
    [
        {"message": "none"},
        {"message": {"message_id": 1}},
        {"message": {**message(5)["message"], "entities": [{"no": "type"}]}},
        {"callback_query": []},
        {"inline_query": {"id": "1"}},
    ],
)
def test_an_update_that_cannot_be_parsed(broken: Json) -> None:
    with pytest.raises(UnparsableError):
        handle({"update_id": 5, **broken})


def test_an_update_of_an_unknown_kind_is_handled() -> None:
    assert handle({"update_id": 5, "news": {"of": "tomorrow"}}) == [5]
