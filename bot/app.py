"""The bot as a process: alone with its token and its database, until a signal stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing

import structlog

from bot.answer_source import AnswerSource
from bot.memory.database import open_database
from bot.monitor.logs import configure_logging
from bot.running import LAST_NOTICE, RunningBot
from bot.setup import Setup
from bot.updates.process_lock import single_process
from index.errors import QuotewireError, StorageError

log = structlog.get_logger(__name__)


def run_bot(answers: AnswerSource, setup: Setup, token: str) -> None:
    """Answer in Telegram until SIGINT or SIGTERM, then finish the updates that are being handled.

    Raise ConfigError if Telegram refuses the token, ConflictError if another process runs this bot, and StorageError
    if its database cannot be used. Exit with code 1 after a bug.
    """
    configure_logging(token, setup.settings.log_level, setup.settings.log_format)
    try:
        asyncio.run(_until_signal(answers, setup, token))
    except QuotewireError:
        raise
    except Exception:  # a bug; the log hides the token in its traceback
        log.critical("the bot has stopped", exc_info=True)
        sys.exit(1)


async def serve(
    answers: AnswerSource, setup: Setup, token: str, stop: asyncio.Event, last_notice: float = LAST_NOTICE
) -> None:
    """Answer in Telegram until `stop` is set; raise the errors that `run_bot` raises.

    The notice of a watch that is being sent then has `last_notice` seconds to arrive.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else python-telegram-bot warns at each RetryAfter
    number, state = int(token.split(":")[0]), setup.settings.state
    path = state / f"bot-{number}.sqlite"
    with single_process(state, number), closing(open_database(path)) as connection:
        try:
            await RunningBot(answers, setup, token, connection, last_notice=last_notice).run(stop)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be used ({error})") from None


async def _until_signal(answers: AnswerSource, setup: Setup, token: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(answers, setup, token, stop)
