"""Updates by long polling, as raw JSON, into the inbox; and calls to Telegram that wait for better times.

python-telegram-bot's own polling confirms updates before they are handled, and stops at one that it cannot read.
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

from bot.rate_limiter import seconds_of
from bot.stopping import until
from bot.updates.inbox import Inbox
from bot.updates.one_process import ConflictError
from bot.updates.update_kinds import ALLOWED
from index.errors import ConfigError

log = structlog.get_logger(__name__)
T = TypeVar("T")

Fetch = Callable[[int | None, int], Awaitable[list[object]]]

_LONG_POLL = 50  # seconds that Telegram may keep a request open until there is news
_LONGEST_PAUSE = 30.0  # seconds
_FULL_PAUSE = 1.0  # seconds between two looks whether the inbox has room again
_NOTHING_NEW = 5.0  # seconds to wait when what came does not say how to confirm it
_CONFLICT_PAUSE = 3.0  # seconds; Telegram itself spreads conflicts so far
_CONFLICT_AGAIN = 60.0  # seconds within which a second conflict is one with the same process


class Fetcher:
    """Updates from an offset on, which confirms those before it, waiting some seconds for one to come."""

    def __init__(self, request: BaseRequest, base_url: str) -> None:
        """`base_url` has the token in it, as Bot.base_url does."""
        self._request = request
        self._url = f"{base_url}/getUpdates"

    async def __call__(self, offset: int | None, wait: int) -> list[object]:
        """Fetch once that is possible; raises ConfigError as `patiently` does, and Conflict."""
        return await patiently(lambda: self._fetch(offset, wait))

    async def _fetch(self, offset: int | None, wait: int) -> list[object]:
        query = {"timeout": wait, "allowed_updates": json.dumps(ALLOWED)} | ({"offset": offset} if offset else {})
        payload = await self._request.retrieve(f"{self._url}?{urlencode(query)}", read_timeout=wait + 10)
        try:
            updates = json.loads(payload)["result"]
        except (ValueError, LookupError, TypeError, RecursionError):
            updates = None
        if not isinstance(updates, list):
            raise TelegramError("what came is not a list of updates; is [bot] api_url a Bot API server?")
        return updates


class Polling:
    """Fetches updates into the inbox, for as long as that does not hold many more than it should."""

    def __init__(
        self,
        fetch: Fetch,
        inbox: Inbox,
        most: int,
        wake: Callable[[list[int]], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """At `most` open updates, fetching waits; `wake` is given the ids of new ones."""
        self._fetch = fetch
        self._inbox = inbox
        self._most = most
        self._wake = wake
        self._clock = clock
        self._sleep = sleep
        self._conflict: float | None = None  # when the last one was

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; raises ConflictError, and ConfigError as `patiently` does."""
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
                    await self._sleep(_NOTHING_NEW)

    async def _after(self, error: Conflict) -> None:
        """Go on after one conflict, which may be a chance, but not after two.

        When two requests wait for updates, it is the older one that Telegram ends with a conflict (Client.cpp of
        tdlib/telegram-bot-api: abort_long_poll). So whoever sees one has been followed by another process, and a bot
        that starts anew after it was killed never sees one for its dead predecessor's request. But somebody's single
        look at getUpdates, or a request that was long on its way, is no reason to end; a process that polls will come
        again after the conflict that our next request is to it. Of two processes of this bot, one goes on.
        """
        if "webhook" in str(error).lower():
            raise ConflictError(
                "another program has set a webhook for this bot, so that it cannot be polled; "
                "stop that program, or set [bot] webhook_url"
            ) from None
        now = self._clock()
        if self._conflict is not None and now - self._conflict < _CONFLICT_AGAIN:
            raise ConflictError("another process runs this bot; stop it, or use another bot's token") from None
        self._conflict = now
        log.warning("another process has asked for this bot's updates; trying once again", pause=_CONFLICT_PAUSE)
        await self._sleep(_CONFLICT_PAUSE)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """What the call returns, tried again, ever less often, while Telegram cannot be reached or asks to wait.

    Raises ConfigError if Telegram refuses the token, and Conflict.
    """
    pause = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:  # its text is the token
            raise ConfigError("Telegram refuses the bot token; ask @BotFather for the token of your bot") from None
        except Conflict:
            raise
        except RetryAfter as error:
            pause = seconds_of(error)
            log.warning("Telegram asks to wait", pause=pause)
            await asyncio.sleep(pause)
        except TelegramError as error:
            log.warning("Telegram cannot be reached; trying again", pause=pause, why=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
