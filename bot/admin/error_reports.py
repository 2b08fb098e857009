"""Reports of errors to the administrators' chat: an id to look up in the log, and nothing that anybody wrote."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.handlers.target import Target
from bot.messages import texts_for
from bot.render import text
from bot.settings import BotSettings

log = structlog.get_logger(__name__)

_EVERY = 60.0  # seconds between two messages
_RECENT = 5


@dataclass(frozen=True, slots=True)
class Reported:
    """An error that happened; `at` is seconds since 1970."""

    id: str
    at: float


class ErrorReports:
    """Keeps the last errors, and reports them to the chat [bot] errors_to, at most one message a minute."""

    def __init__(self, settings: BotSettings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._next = 0.0
        self._untold = 0
        self.recent: deque[Reported] = deque(maxlen=_RECENT)  # the newest last

    async def tell_refusal(self, bot: Bot, reason: str) -> None:
        """Tell the chat why the published index does not answer; raise nothing."""
        if self._settings.errors_to:
            await self._tell(bot, texts_for(self._settings.language, "en")("index-refused", reason=reason))

    async def tell_problem(self, bot: Bot, reason: str) -> None:
        """Tell the chat why the reader does not check answers; raise nothing."""
        log.warning("answers are found by search only", reason=reason)
        if self._settings.errors_to:
            await self._tell(bot, texts_for(self._settings.language, "en")("reader-missing", reason=reason))

    async def report(self, bot: Bot, error_id: str, error: BaseException | None) -> None:
        """Keep an error's id and tell the chat, or log that it could not be told; raise nothing.

        An `error` of None stands for one that ended the process.
        """
        now = self._clock()
        self.recent.append(Reported(error_id, now))
        if not self._settings.errors_to:
            return
        if now < self._next:
            self._untold += 1
            return
        self._next, untold, self._untold = now + _EVERY, self._untold, 0
        texts = texts_for(self._settings.language, "en")
        kind = type(error).__name__ if error else "SystemExit"  # which also stands for a power cut
        words = texts("error-report", id=error_id, kind=kind, place=place_of(error) if error else "?")
        if untold:
            words += f"\n{texts('error-report-others', count=untold)}"
        await self._tell(bot, words, id=error_id)

    async def _tell(self, bot: Bot, words: str, **fields: str) -> None:
        try:
            await Target(self._settings.errors_to).send(bot, text(words))
        except TelegramError as failure:
            log.warning("an error could not be reported", failure=type(failure).__name__, **fields)


def place_of(error: BaseException) -> str:
    """Return the innermost place in the program that an error comes from: "handlers/forget.py:12"; "?" if unknown."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{'/'.join(PurePath(frames[-1].filename).parts[-2:])}:{frames[-1].lineno}" if frames else "?"
