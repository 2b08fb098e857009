"""Long polling: fetch updates as raw JSON into the inbox.

The polling of python-telegram-bot confirms updates before they are handled, and stops at one that it cannot parse.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.rate_limiter import retry_seconds
from bot.stopping import until
from bot.updates.inbox import Inbox
from bot.updates.process_lock import ConflictError
from bot.updates.raw_updates import ALLOWED_UPDATES
from index.errors import ConfigError

log = structlog.get_logger(__name__)
T = TypeVar("T")

Fetch = Callable[[int | None, int], Awaitable[list[object]]]

_LONG_POLL = 50  # seconds for which Telegram may keep a request open until there are updates
_LONGEST_PAUSE = 30.0  # seconds between two retries
_FULL_PAUSE = 1.0  # seconds between two checks whether a full inbox has room again
_UNCONFIRMABLE_PAUSE = 5.0  # seconds to wait after updates without an id, which cannot be confirmed and come again
_CONFLICT_PAUSE = 3.0  # seconds, the spacing that Telegram itself uses for conflicts
_CONFLICT_AGAIN = 60.0  # seconds within which a second conflict is attributed to the same process


class Fetcher:
    """Calls getUpdates, with an offset that confirms the updates before it and a time-out for long polling."""

    def __init__(self, request: BaseRequest, base_url: str) -> None:
        """Use `Bot.base_url`, which contains the token."""
        self._request = request
        self._url = f"{base_url}/getUpdates"

    async def __call__(self, offset: int | None, wait: int) -> list[object]:
        """Return the next updates, retrying while Telegram cannot be reached; raise ConfigError and Conflict.

        See `retry_while_unreachable` for the errors. `wait` is in seconds.
        """
        return await retry_while_unreachable(lambda: self._fetch(offset, wait))

    async def _fetch(self, offset: int | None, wait: int) -> list[object]:
        query = {"timeout": wait, "allowed_updates": json.dumps(ALLOWED_UPDATES)} | (
            {"offset": offset} if offset else {}
        )
        payload = await self._request.retrieve(f"{self._url}?{urlencode(query)}", read_timeout=wait + 10)
        try:
            updates = json.loads(payload)["result"]
        except (ValueError, LookupError, TypeError, RecursionError):
            updates = None
        if not isinstance(updates, list):
            raise TelegramError("the response is not a list of updates; is [bot] api_url a Bot API server?")
        return updates


class Polling:
    """Fetches updates into the inbox, unless that is full."""

    def __init__(
        self,
        fetch: Fetch,
        inbox: Inbox,
        most: int,
        wake: Callable[[list[int]], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Pause at `most` open updates; call `wake` with the ids of new ones."""
        self._fetch = fetch
        self._inbox = inbox
        self._most = most
        self._wake = wake
        self._clock = clock
        self._sleep = sleep
        self._conflict: float | None = None  # when the last one occurred

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; raise ConflictError, or ConfigError if Telegram refuses the token."""
        await until(stop, self._run())

    async def _run(self) -> None:
        while True:
            while self._inbox.open() >= self._most:
                await self._sleep(_FULL_PAUSE)
            offset = self._inbox.offset()
            try:
                updates = await self._fetch(offset, _LONG_POLL)
            except Conflict as error:
                await self._after(error)
                continue
            if updates:
                self._wake(self._inbox.add(updates))
                if self._inbox.offset() == offset:
                    await self._sleep(_UNCONFIRMABLE_PAUSE)

    async def _after(self, error: Conflict) -> None:
        """Continue after a single conflict, which may be an accident; raise ConflictError at the second.

        When two requests wait for updates, Telegram ends the older one with a conflict (Client.cpp of
        tdlib/telegram-bot-api: abort_long_poll). So a conflict means that another process has polled after this one,
        and a bot restarted after a kill gets none because of its predecessor's last request. Somebody may have called
        getUpdates once, or a request may have been delayed: that is no reason to stop. A process that really polls
        gets a conflict from our next request, and polls again. Of two processes of this bot, one continues.
        """
        if "webhook" in str(error).lower():
            raise ConflictError(
                "another program has set a webhook for this bot, so that polling is impossible; "
                "stop that program, or set [bot] webhook_url"
            ) from None
        now = self._clock()
        if self._conflict is not None and now - self._conflict < _CONFLICT_AGAIN:
            raise ConflictError("another process runs this bot; stop it, or use another bot's token") from None
        self._conflict = now
        log.warning("another process has polled this bot's updates; retrying once", pause=_CONFLICT_PAUSE)
        await self._sleep(_CONFLICT_PAUSE)


async def retry_while_unreachable(call: Callable[[], Awaitable[T]]) -> T:
    """Return what the call returns; retry it with backoff while Telegram cannot be reached or asks to wait.

    Raise ConfigError if Telegram refuses the token. Conflict is not retried, either.
    """
    pause = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:  # whose message is the token
            raise ConfigError("Telegram refuses the bot token; ask @BotFather for the token of your bot") from None
        except Conflict:
            raise
        except RetryAfter as error:
            pause = retry_seconds(error)
            log.warning("Telegram asks to wait", pause=pause)
            await asyncio.sleep(pause)
        except TelegramError as error:
            log.warning("Telegram cannot be reached; retrying", pause=pause, why=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
