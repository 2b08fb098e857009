"""How often a person may ask, and one question at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.ephemeral import Ephemeral

_LEAST_BURST = 3
_ROUNDING = 1e-6  # seconds


@dataclass(slots=True)
class _Person:
    full_at: float = 0.0  # when the bucket is full again
    latest: float = 0.0  # the latest moment of a question
    used: float = 0.0  # when it was last asked for
    told_until: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served


class Limits:
    """A token bucket per person: `per_minute` questions, a third of them at once, at least three if that is no more."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._interval = 60 / per_minute  # seconds
        self._burst = min(per_minute, max(_LEAST_BURST, per_minute // 3))
        # After a minute a bucket is full, which is as good as none, so that nobody gains by being forgotten.
        self._people: Ephemeral[int, _Person] = Ephemeral(lambda _: _Person(), lambda one: clock() - one.used >= 60)

    def admit(self, person: int, moment: float | None = None) -> float:
        """0 if a question of a moment, or of now, may pass, which then counts, else the seconds until one may.

        The moment is when it was asked: what waited while the bot was down was not asked all at once. One before
        another that was named already, as of a question in another chat, counts as that.

        The generic cell rate algorithm (ITU-T I.371), which is a token bucket in one number.
        """
        now = self._clock() if moment is None else moment
        with self._people.use(person) as one:
            one.used = self._clock()
            now = one.latest = max(one.latest, now)
            full_at = max(one.full_at, now) + self._interval
            wait = full_at - now - self._burst * self._interval
            if wait > _ROUNDING:
                return wait
            one.full_at = full_at
            return 0.0

    def should_tell(self, person: int, moment: float | None = None) -> bool:
        """Whether to tell a person who was not admitted: true once for each wait."""
        now = self._clock() if moment is None else moment
        with self._people.use(person) as one:
            now = max(one.latest, now)
            if now < one.told_until:
                return False
            one.told_until = one.full_at - (self._burst - 1) * self._interval
            return True

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Hold the person's next questions back while one is answered; they follow in the order they came in."""
        with self._people.use(person) as one:
            async with one.turn:
                yield
