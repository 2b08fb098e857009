"""Calls to Telegram that wait for better times, and updates as raw JSON.

python-telegram-bot's own polling confirms updates before they are handled, and stops at one that it cannot read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.inbox import Raw
from index.errors import QuotewireError

log = logging.getLogger(__name__)
T = TypeVar("T")

_LONGEST_PAUSE = 30.0  # seconds
_KINDS = ["message"]


class Fetcher:
    """Updates from an offset on, which confirms those before it, waiting some seconds for one to come."""

    def __init__(self, request: BaseRequest, base_url: str) -> None:
        """`base_url` has the token in it, as Bot.base_url does."""
        self._request = request
        self._url = f"{base_url}/getUpdates"

    async def __call__(self, offset: int, wait: int) -> list[Raw]:
        """Fetch once that is possible; raises QuotewireError as `patiently` does."""
        return await patiently(lambda: self._fetch(offset, wait))

    async def _fetch(self, offset: int, wait: int) -> list[Raw]:
        query = urlencode({"offset": offset, "timeout": wait, "allowed_updates": json.dumps(_KINDS)})
        payload = await self._request.retrieve(f"{self._url}?{query}", read_timeout=wait + 10)
        try:
            updates = json.loads(payload)["result"]
            return [update for update in updates if isinstance(update["update_id"], int)]
        except (ValueError, LookupError, TypeError):
            raise TelegramError("what came is not a list of updates; is [bot] api_url a Bot API server?") from None


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """What the call returns, tried again, ever less often, while Telegram cannot be reached or asks to wait.

    Raises QuotewireError if Telegram refuses the token, or another process polls with it.
    """
    pause = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:  # its text is the token
            raise QuotewireError("Telegram refuses the bot token; ask @BotFather for the token of your bot") from None
        except Conflict:
            raise QuotewireError("another process runs this bot; stop it, or use another bot's token") from None
        except RetryAfter as error:
            wait = error.retry_after
            pause = wait.total_seconds() if isinstance(wait, timedelta) else wait
            log.warning("Telegram asks to wait for %.0f s", pause)
            await asyncio.sleep(pause)
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
