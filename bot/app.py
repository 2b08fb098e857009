"""The bot: python-telegram-bot's Application, its handlers, the inbox and the one thread that answers."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeAlias

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, Defaults
from telegram.request import HTTPXRequest

from bot.answers import Answers, answer_newest
from bot.fetch import Fetcher, patiently
from bot.handlers.messages import App, Ask, Handlers
from bot.inbox import Inbox, Raw, until
from bot.monitor.logs import log_without
from bot.sending import RateLimiter
from bot.settings import BotSettings
from index.errors import QuotewireError
from retrieval.types import Answer, Question

log = logging.getLogger(__name__)

_COMMANDS = [("ask", "Ask a question about the news"), ("help", "What I do, with examples")]


Beside: TypeAlias = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def run_bot(answers: Answers, settings: BotSettings, token: str, beside: Beside | None = None) -> None:
    """Answer in Telegram until SIGINT or SIGTERM, then finish what is under way; `beside` runs as long.

    Raises QuotewireError if Telegram refuses the token, or another process polls with it.
    """
    log_without(token, settings.log_level, settings.log_format)
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
    loop = asyncio.get_running_loop()
    # One thread, since encoding is bound by the CPU; not the loop's, which has typing to show and commands to answer.
    worker = ThreadPoolExecutor(1, "answers")

    async def ask(question: Question) -> Answer:
        return await loop.run_in_executor(worker, answer_newest, answers, question)

    application = _application(settings, token, ask)
    polling = HTTPXRequest(connection_pool_size=2)

    async def handle(raw: Raw) -> None:
        await application.process_update(Update.de_json(raw, application.bot))

    working: asyncio.Task[None] | None = None
    try:
        await until(stop, _connect(application))
        if not stop.is_set():
            log.info("@%s answers from generation %d", application.bot.username, answers.generation)
            working = asyncio.create_task(beside(stop)) if beside else None
            await Inbox(Fetcher(polling, application.bot.base_url), handle).run(stop)
    finally:
        if working:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        await application.shutdown()
        await application.bot.shutdown()  # for when it was not initialized whole
        await polling.shutdown()
        worker.shutdown(wait=False, cancel_futures=True)


async def _until_signal(answers: Answers, settings: BotSettings, token: str, beside: Beside | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(answers, settings, token, stop, beside)


def _application(settings: BotSettings, token: str, ask: Ask) -> App:
    application = (
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
        .rate_limiter(RateLimiter(settings.messages_per_second))
        .updater(None)
        .job_queue(None)
        .build()
    )
    Handlers(ask).add_to(application)
    return application


async def _connect(application: App) -> None:
    await patiently(application.initialize)
    await patiently(application.bot.delete_webhook)  # with one, Telegram refuses to be polled
    try:
        await application.bot.set_my_commands(_COMMANDS)
    except TelegramError as error:
        log.warning("the list of commands could not be set: %s", error)
