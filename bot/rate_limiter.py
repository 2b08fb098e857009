"""When calls go to Telegram: within its limits, chat by chat, and again when it asks to wait or cannot be reached.

Sent and edited messages share one limit: 1 a second in a chat, with short bursts, 20 a minute in a group, some 30 a
second over all (core.telegram.org/bots/faq, tdlib/td#3034). Queries are answered without limits
(tdlib/telegram-bot-api#648). A leaky bucket such as aiolimiter's lets pass its burst and its rate, up to 40 messages in
a minute for 20; hence windows.
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

_IN_PRIVATE = (3, 3.0)  # messages in any so many seconds: 1 a second, and an answer of three messages at once
_IN_GROUPS = (20, 60.0)
_PAUSES = (1.0, 2.0, 4.0, 8.0, *[15.0] * 19)  # seconds before what the network may have lost is sent again; 5 minutes
_MOST_FLOODS = 10  # times that one call is sent again because Telegram asked to wait
_DONE_BEFORE = ("message is not modified", "message to delete not found")  # what a second try hears after a lost reply
# A process that is killed does not know what became of the messages that were on their way, and sends them again: hence
# one new message at a time, as long as Telegram takes no longer than this for it.
_ALONE = 0.25  # seconds


class RateLimiter(BaseRateLimiter[None]):
    """Every call's way to Telegram; a message is rather sent twice than never.

    BadRequest, Forbidden, InvalidToken and Conflict are raised at once; RetryAfter after ten times, and NetworkError
    after five minutes.
    """

    def __init__(
        self,
        messages_per_second: int,
        on_retry: Callable[[Reason], object] = lambda _: None,
        on_sent: Callable[[], object] = lambda: None,
        longest_wait: float = 15.0,
    ) -> None:
        """`on_retry` is called with "flood" or "network" whenever something is sent again, `on_sent` once it is sent.

        What is edited counts as sent. Whoever would have to wait for longer than `longest_wait` seconds, because
        Telegram says so or for a place in the chat's own limit, gets RetryAfter at once, and can make room meanwhile.
        """
        self._longest_wait = longest_wait
        self._on_retry = on_retry
        self._on_sent = on_sent
        self._chats: Ephemeral[_Key, _ChatLimits] = Ephemeral(_ChatLimits, _ChatLimits.is_over)
        self._all = _Window(messages_per_second, 1.0)
        self._all_turn = _Turn()

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
        """What Telegram returns, in the end; False for a chat action that was dropped."""

        async def call() -> Json:
            return await callback(*args, **kwargs)

        try:
            return await self._process(endpoint, data, call)
        except ChatMigrated as error:  # a group became a supergroup
            data["chat_id"] = error.new_chat_id  # it is the callback's, too
            return await self._process(endpoint, data, call)

    async def _process(self, endpoint: str, data: dict[str, Any], call: _Call) -> Json:
        with self._chats.use(_key(endpoint, data)) as chat:
            if endpoint == "sendChatAction":
                return await self._try(chat, call)
            if not endpoint.startswith(("send", "edit", "copy", "forward")):
                return await self._persist(endpoint, chat, lambda: self._when_open(chat, call))
            alone = 0.0 if endpoint.startswith("edit") else _ALONE  # an edit can be made twice
            async with chat.turn:  # until it is sent, so that nothing overtakes it
                sent = await self._persist(endpoint, chat, lambda: self._in_turn(chat, call, alone))
            self._on_sent()
            return sent

    async def _try(self, chat: _ChatLimits, call: _Call) -> bool:
        """A chat action: worth nothing later, and nothing while the answer itself waits."""
        if max(chat.ready_at(), self._all.ready_at()) > _now() or chat.turn.locked():
            return False
        try:
            return bool(await call())
        except RetryAfter as error:
            chat.close_for(seconds_of(error))
            return False
        except BadRequest:  # a NetworkError by name only
            raise
        except NetworkError:
            return False

    async def _persist(self, endpoint: str, chat: _ChatLimits, call: _Call) -> Json:
        floods = losses = 0
        while True:
            try:
                return await call()
            except BadRequest as error:  # a NetworkError by name only
                if losses and str(error).lower().startswith(_DONE_BEFORE):
                    return True
                raise
            except RetryAfter as error:
                chat.close_for(seconds_of(error))
                floods += 1
                if floods > _MOST_FLOODS or seconds_of(error) > self._longest_wait:
                    raise
                self._note("flood", endpoint, seconds_of(error), error)
            except NetworkError as error:
                losses += 1
                if losses > len(_PAUSES) or isinstance(error.__cause__, RuntimeError):  # which is: shut down
                    raise
                self._note("network", endpoint, _PAUSES[losses - 1], error)
                await asyncio.sleep(_PAUSES[losses - 1])

    async def _when_open(self, chat: _ChatLimits, call: _Call) -> Json:
        await self._wait(chat.open_at)
        return await call()

    async def _in_turn(self, chat: _ChatLimits, call: _Call, alone: float) -> Json:
        """Call once there is a place for it; nothing else is sent until it is over, or has taken `alone` seconds."""
        while True:
            await self._wait(chat.ready_at)
            async with self._all_turn.take() as leave_after:
                await _sleep_until(self._all.ready_at)
                if chat.ready_at() > _now():  # another call has just been told to wait
                    continue
                self._all.add(_now())
                leave_after(alone)
                return await chat.counted(call)

    async def _wait(self, moment: Callable[[], float]) -> None:
        """Return once a moment has come; raises RetryAfter if that takes too long."""
        if (left := moment() - _now()) > self._longest_wait:
            raise RetryAfter(timedelta(seconds=left))
        await _sleep_until(moment)

    def _note(self, reason: Reason, endpoint: str, wait: float, error: Exception) -> None:
        # Its text may hold what a proxy said, or an address; the name of what was behind it says enough.
        name = type(error.__cause__ or error).__name__
        log.warning("sent_again", reason=reason, method=endpoint, wait=wait, error=name)
        self._on_retry(reason)


class _Turn:
    """First come, first served; whoever has it may leave it to the next one before they are done."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Callable[[float], None]]:
        """Hold it; what is given is to be called with the seconds after which it is left, if it is still held."""
        await self._lock.acquire()
        with ExitStack() as held:
            held.callback(self._lock.release)

            def leave_after(seconds: float) -> None:
                timer = asyncio.get_running_loop().call_later(seconds, held.close)
                held.callback(timer.cancel)

            yield leave_after


class _Window:
    """At most `count` in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._latest: deque[float] = deque(maxlen=count)
        self._seconds = seconds

    def add(self, moment: float) -> None:
        self._latest.append(moment)

    def ready_at(self) -> float:
        """When one more may go: what is past, if it may now."""
        return self._latest[0] + self._seconds if len(self._latest) == self._latest.maxlen else 0.0

    def is_over(self) -> bool:
        return not self._latest or self._latest[-1] + self._seconds <= _now()


class _ChatLimits:
    """What is known of a chat, of a message sent inline, or of a method that belongs to no chat."""

    def __init__(self, key: _Key) -> None:
        is_group = key < 0 if isinstance(key, int) else key.startswith("@")
        self.turn = asyncio.Lock()  # first come, first served
        self.window = _Window(*(_IN_GROUPS if is_group else _IN_PRIVATE))
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
            self.window.add(_now())  # only by now has it surely come, by Telegram's clock

    def is_over(self) -> bool:
        return self._open_at <= _now() and self.window.is_over()


def _key(endpoint: str, data: dict[str, Any]) -> _Key:
    """Who waits when Telegram says so: without a chat the method, as Telegram's limits are by method."""
    key = data.get("chat_id") or data.get("inline_message_id") or endpoint
    try:
        return int(key)
    except ValueError:
        return str(key)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after  # a number or a timedelta, by PTB_TIMEDELTA
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _sleep_until(moment: Callable[[], float]) -> None:
    while (left := moment() - _now()) > 0:
        await asyncio.sleep(left)
