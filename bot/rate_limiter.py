"""Rate limits of Telegram, per chat and overall, and retries after flood waits and network errors.

Sent and edited messages share one limit: 1 a second in a chat, with short bursts, 20 a minute in a group, about 30 a
second overall (core.telegram.org/bots/faq, tdlib/td#3034). Answers to queries are not limited
(tdlib/telegram-bot-api#648). A leaky bucket, like aiolimiter's, allows its burst in addition to its rate, up to 40
messages in a minute for a limit of 20; therefore the limits here are sliding windows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.ephemeral import Ephemeral
from bot.monitor.metrics import Reason

log = structlog.get_logger(__name__)

Json: TypeAlias = "bool | dict[str, Any] | list[dict[str, Any]]"
_Call: TypeAlias = Callable[[], Awaitable[Json]]
_Key: TypeAlias = int | str

_IN_PRIVATE = (3, 3.0)  # messages, and seconds: 1 a second on average, and an answer of three messages at once
_IN_GROUPS = (20, 60.0)
_BACKOFF = (1.0, 2.0, 4.0, 8.0, *[15.0] * 19)  # seconds before each retry after a network error; 5 minutes in all
_MOST_FLOODS = 10  # flood waits of one call
_DONE_BEFORE = (
    "message is not modified",
    "message to delete not found",
)  # what a retry gets if only the response was lost
# A killed process does not know whether the messages in transit arrived, and sends them again after its restart. So new
# messages are sent one at a time, unless Telegram takes longer than this for one.
_EXCLUSIVE_FOR = 0.25  # seconds


class RateLimiter(BaseRateLimiter[None]):
    """Delays and retries calls to Telegram; a message is sent twice rather than never.

    It raises BadRequest, Forbidden, InvalidToken and Conflict at once, RetryAfter after ten flood waits, and
    NetworkError after five minutes of retries.
    """

    def __init__(
        self,
        messages_per_second: int,
        on_retry: Callable[[Reason], object] = lambda _: None,
        on_sent: Callable[[], object] = lambda: None,
        longest_wait: float = 15.0,
    ) -> None:
        """Call `on_retry` with "flood" or "network" before each retry, and `on_sent` once a message is sent or edited.

        A call that would have to wait longer than `longest_wait` seconds, for a flood wait or the limit of its chat,
        raises RetryAfter at once, so that the caller can handle other chats meanwhile.
        """
        self._longest_wait = longest_wait
        self._on_retry = on_retry
        self._on_sent = on_sent
        self._chats: Ephemeral[_Key, _ChatLimits] = Ephemeral(_ChatLimits, _ChatLimits.is_expired)
        self._overall = _SlidingWindow(messages_per_second, 1.0)
        self._overall_lock = _ReleasableLock()

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Json]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002
    ) -> Json:
        """Return Telegram's final response; False for a chat action that was dropped."""

        async def call() -> Json:
            return await callback(*args, **kwargs)

        try:
            return await self._process(endpoint, data, call)
        except ChatMigrated as error:  # a group became a supergroup
            data["chat_id"] = error.new_chat_id  # the callback reads it, too
            return await self._process(endpoint, data, call)

    async def _process(self, endpoint: str, data: dict[str, Any], call: _Call) -> Json:
        with self._chats.use(_key(endpoint, data)) as chat:
            if endpoint == "sendChatAction":
                return await self._try(chat, call)
            if not endpoint.startswith(("send", "edit", "copy", "forward")):
                return await self._persist(endpoint, chat, lambda: self._when_open(chat, call))
            exclusive_for = 0.0 if endpoint.startswith("edit") else _EXCLUSIVE_FOR  # edits are idempotent
            async with chat.turn:  # held until it is sent, so that messages stay in order
                sent = await self._persist(endpoint, chat, lambda: self._in_turn(chat, call, exclusive_for))
            self._on_sent()
            return sent

    async def _try(self, chat: _ChatLimits, call: _Call) -> bool:
        """Send a chat action such as "typing", unless it would have to wait; return whether it was sent."""
        if max(chat.ready_at(), self._overall.ready_at()) > _now() or chat.turn.locked():
            return False
        try:
            return bool(await call())
        except RetryAfter as error:
            chat.close_for(retry_seconds(error))
            return False
        except BadRequest:  # a subclass of NetworkError
            raise
        except NetworkError:
            return False

    async def _persist(self, endpoint: str, chat: _ChatLimits, call: _Call) -> Json:
        floods = losses = 0
        while True:
            try:
                return await call()
            except BadRequest as error:  # a subclass of NetworkError
                if losses and str(error).lower().startswith(_DONE_BEFORE):
                    return True
                raise
            except RetryAfter as error:
                chat.close_for(retry_seconds(error))
                floods += 1
                if floods > _MOST_FLOODS or retry_seconds(error) > self._longest_wait:
                    raise
                self._note("flood", endpoint, retry_seconds(error), error)
            except NetworkError as error:
                losses += 1
                if losses > len(_BACKOFF) or isinstance(error.__cause__, RuntimeError):  # the HTTP client is shut down
                    raise
                self._note("network", endpoint, _BACKOFF[losses - 1], error)
                await asyncio.sleep(_BACKOFF[losses - 1])

    async def _when_open(self, chat: _ChatLimits, call: _Call) -> Json:
        await self._wait(chat.open_at)
        return await call()

    async def _in_turn(self, chat: _ChatLimits, call: _Call, exclusive_for: float) -> Json:
        """Call once the limits allow it; send nothing else until it ends or has taken `exclusive_for` seconds."""
        while True:
            await self._wait(chat.ready_at)
            async with self._overall_lock.hold() as release_after:
                await _sleep_until(self._overall.ready_at)
                if chat.ready_at() > _now():  # another call has just got a flood wait
                    continue
                self._overall.add(_now())
                release_after(exclusive_for)
                return await chat.counted(call)

    async def _wait(self, moment: Callable[[], float]) -> None:
        """Sleep until a moment; raise RetryAfter if that is too far away."""
        if (left := moment() - _now()) > self._longest_wait:
            raise RetryAfter(timedelta(seconds=left))
        await _sleep_until(moment)

    def _note(self, reason: Reason, endpoint: str, wait: float, error: Exception) -> None:
        # The message may contain the output of a proxy, or a URL; the name of the underlying exception is enough.
        name = type(error.__cause__ or error).__name__
        log.warning("sent_again", reason=reason, method=endpoint, wait=wait, error=name)
        self._on_retry(reason)


class _ReleasableLock:
    """A fair lock whose holder may release it before the end of the `async with` block."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Callable[[float], None]]:
        """Hold the lock; yield a function that releases it after some seconds, if it is still held then."""
        await self._lock.acquire()
        with ExitStack() as held:
            held.callback(self._lock.release)

            def release_after(seconds: float) -> None:
                timer = asyncio.get_running_loop().call_later(seconds, held.close)
                held.callback(timer.cancel)

            yield release_after


class _SlidingWindow:
    """A limit of `count` events in any period of `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._latest: deque[float] = deque(maxlen=count)
        self._seconds = seconds

    def add(self, moment: float) -> None:
        self._latest.append(moment)

    def ready_at(self) -> float:
        """Return when one more event is allowed; a past time if it is now."""
        return self._latest[0] + self._seconds if len(self._latest) == self._latest.maxlen else 0.0

    def is_expired(self) -> bool:
        return not self._latest or self._latest[-1] + self._seconds <= _now()


class _ChatLimits:
    """The limits of a chat, of a message sent inline, or of a method that belongs to no chat."""

    def __init__(self, key: _Key) -> None:
        is_group = key < 0 if isinstance(key, int) else key.startswith("@")
        self.turn = asyncio.Lock()  # fair: first come, first served
        self.window = _SlidingWindow(*(_IN_GROUPS if is_group else _IN_PRIVATE))
        self._open_at = 0.0

    def close_for(self, seconds: float) -> None:
        self._open_at = max(self._open_at, _now() + seconds)

    def open_at(self) -> float:
        return self._open_at

    def ready_at(self) -> float:
        return max(self._open_at, self.window.ready_at())

    async def counted(self, call: _Call) -> Json:
        try:
            return await call()
        finally:
            self.window.add(_now())  # after the call, when it has certainly reached Telegram

    def is_expired(self) -> bool:
        return self._open_at <= _now() and self.window.is_expired()


def _key(endpoint: str, data: dict[str, Any]) -> _Key:
    """Return what a flood wait applies to: the chat, the inline message or otherwise the method."""
    key = data.get("chat_id") or data.get("inline_message_id") or endpoint
    try:
        return int(key)
    except ValueError:
        return str(key)


def retry_seconds(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks to wait."""
    wait = error.retry_after  # a timedelta or a number, depending on PTB_TIMEDELTA
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _sleep_until(moment: Callable[[], float]) -> None:
    while (left := moment() - _now()) > 0:
        await asyncio.sleep(left)
