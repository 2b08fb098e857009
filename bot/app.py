"""The bot: python-telegram-bot's Application, its handlers, the inbox, and the one thread that answers."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any, TypeAlias

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, Defaults
from telegram.request import BaseRequest, HTTPXRequest

from bot.answering import Answering
from bot.answers import Answers
from bot.handlers.messages import App, Handlers
from bot.handlers.notices import SentNotices
from bot.logs import log_without
from bot.memory.database import open_database
from bot.settings import BotSettings
from bot.updates.handling import Handling
from bot.updates.inbox import Inbox
from bot.updates.lanes import Lanes
from bot.updates.one_process import only_process
from bot.updates.polling import Fetcher, Polling, patiently
from bot.updates.stopping import until
from bot.updates.webhook import Webhook
from index.errors import QuotewireError, StorageError

log = logging.getLogger(__name__)

_COMMANDS = [("ask", "Ask a question about the news"), ("help", "What I do, with examples")]
_SEND_AGAIN = 10  # times, each after as long as Telegram asks to wait
_OPEN_PER_BACKLOG = 10  # how many people, for each update that may wait, may wait to be told that there are too many
_PRUNE_EVERY = 3600.0  # seconds

Beside: TypeAlias = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def run_bot(answers: Answers, settings: BotSettings, token: str, beside: Beside | None = None) -> None:
    """Answer in Telegram until SIGINT or SIGTERM, then finish what is under way; `beside` runs as long.

    Raises QuotewireError if Telegram refuses the token, ConflictError if another process runs this bot, and
    StorageError if its file cannot be used.
    """
    log_without(token)
    try:
        asyncio.run(_until_signal(answers, settings, token, beside))
    except QuotewireError:
        raise
    except Exception:  # a bug; its traceback goes through the log, which keeps the token out of it
        log.critical("the bot has stopped", exc_info=True)
        sys.exit(1)


async def serve(
    answers: Answers, settings: BotSettings, token: str, stop: asyncio.Event, beside: Beside | None = None
) -> None:
    """Answer in Telegram until `stop` is set; raises as `run_bot` does."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every wait that Telegram asks for is a warning
    bot = int(token.split(":")[0])
    path = settings.state / f"bot-{bot}.sqlite"
    with only_process(settings.state, bot), closing(open_database(path, durable=True)) as connection:
        try:
            await _serve(answers, settings, token, stop, beside, connection)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be used ({error})") from None


async def _serve(
    answers: Answers,
    settings: BotSettings,
    token: str,
    stop: asyncio.Event,
    beside: Beside | None,
    connection: sqlite3.Connection,
) -> None:
    application = _application(settings, token)
    inbox = Inbox(connection, settings.backlog)
    handling = Handling(application, inbox)
    answering = Answering(answers, handling.working)
    Handlers(answering.answer).add_to(application)
    lanes = Lanes(inbox, handling, SentNotices(application.bot), settings.answer_within * 3600)
    polling = HTTPXRequest(connection_pool_size=2)
    try:
        await until(stop, _connect(application))
        if not stop.is_set():
            log.info("@%s answers from generation %d", application.bot.username, answers.generation)
            works = [_receive(settings, application, polling, inbox, lanes, stop), lanes.run(stop)]
            works += [_prune(inbox, settings.keep_days, stop), *([beside(stop)] if beside else [])]
            await _together(works, stop)
    finally:
        await application.shutdown()
        await application.bot.shutdown()  # for when it was not initialized whole
        await polling.shutdown()
        answering.close()


async def _receive(
    settings: BotSettings, application: App, request: BaseRequest, inbox: Inbox, lanes: Lanes, stop: asyncio.Event
) -> None:
    most = _OPEN_PER_BACKLOG * settings.backlog
    if settings.webhook_url:
        webhook = Webhook(settings.webhook_url, settings.webhook_listen, inbox, most, lanes.wake)
        await webhook.run(application.bot, stop)
    else:
        await until(stop, patiently(application.bot.delete_webhook))  # with one, Telegram refuses to be polled
        await Polling(Fetcher(request, application.bot.base_url), inbox, most, lanes.wake).run(stop)


async def _prune(inbox: Inbox, days: int, stop: asyncio.Event) -> None:
    while not stop.is_set():
        inbox.prune(days)
        await until(stop, asyncio.sleep(_PRUNE_EVERY))


async def _together(works: list[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Work at all until `stop` is set; what one raises stops the others, and is raised once they have ended."""
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    stop.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()


async def _until_signal(answers: Answers, settings: BotSettings, token: str, beside: Beside | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(answers, settings, token, stop, beside)


def _application(settings: BotSettings, token: str) -> App:
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                do_quote=True,
                allow_sending_without_reply=True,
            )
        )
        .rate_limiter(AIORateLimiter(max_retries=_SEND_AGAIN))
        .updater(None)
        .job_queue(None)
        .build()
    )


async def _connect(application: App) -> None:
    await patiently(application.initialize)
    try:
        await application.bot.set_my_commands(_COMMANDS)
    except TelegramError as error:
        log.warning("the list of commands could not be set: %s", error)
