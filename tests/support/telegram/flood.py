"""Telegram's limits on how often a bot may send, and who did not keep to them."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.telegram.errors import ApiError


@dataclass
class Bucket:
    """So many at once, and then one every `pause` seconds (the generic cell rate algorithm)."""

    burst: int
    pause: float  # seconds
    _due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may come."""
        return self._due - now - self.pause * (self.burst - 1)

    def take(self, now: float) -> None:
        self._due = max(self._due, now) + self.pause


@dataclass
class Window:
    """So many in any so many seconds."""

    count: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more may come."""
        return self._times[0] + self.seconds - now if len(self._times) == self.count else 0.0

    def take(self, now: float) -> None:
        if len(self._times) == self.count:
            self._times.popleft()
        self._times.append(now)


@dataclass(frozen=True)
class Violation:
    """A call that came before the time that a 429 named."""

    chat: int
    early: float  # seconds
    method: str


@dataclass
class Flood:
    """Telegram's limits: a message a second in a chat after a burst, 20 a minute in a group, 30 a second in all."""

    chat_burst: int = 5
    chat_pause: float = 1.0
    group_a_minute: int = 20
    all_a_second: int = 30
    clock: Callable[[], float] = time.monotonic
    storm: Callable[[], int] = lambda: 0  # asked at each call for the seconds to wait, for reasons of Telegram's own
    violations: list[Violation] = field(default_factory=list)
    refusals: int = 0

    def __post_init__(self) -> None:
        self._all = Window(self.all_a_second, 1)
        self._chats: dict[int, list[Bucket | Window]] = {}
        self._closed: dict[int, float] = {}  # until when

    def check(self, chat: int, method: str) -> None:
        """Count a call, or raise ApiError 429 with the whole seconds to wait."""
        now = self.clock()
        if (until := self._closed.get(chat, 0.0)) > now:
            self.violations.append(Violation(chat, until - now, method))
            self._refuse(until - now)
        if seconds := self.storm():
            self._closed[chat] = now + seconds
            self._refuse(seconds)
        limits = [self._all, *self._of(chat)]
        wait = max(limit.wait(now) for limit in limits)
        if wait > 1e-6:  # which is rounding
            self._closed[chat] = now + math.ceil(wait)
            self._refuse(wait)
        for limit in limits:
            limit.take(now)

    def _of(self, chat: int) -> list[Bucket | Window]:
        if chat not in self._chats:
            group = [Window(self.group_a_minute, 60)] if chat < 0 else []
            self._chats[chat] = [Bucket(self.chat_burst, self.chat_pause), *group]
        return self._chats[chat]

    def _refuse(self, wait: float) -> None:
        self.refusals += 1
        seconds = math.ceil(wait)
        raise ApiError(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)
