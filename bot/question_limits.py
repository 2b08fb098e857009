"""How often a person may ask, and one question at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.ephemeral import Ephemeral

_LEAST_BURST = 3
_EARLY = 0.01  # of an interval, by which a question may be early, since timers are


@dataclass(slots=True)
class _Person:
    full_at: float = 0.0  # when the bucket is full again
    told_until: float = 0.0  # until when they know that they have to wait
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served


class QuestionLimits:
    """A token bucket per person: `per_minute` questions, a third of them at once, at least three if that is no more."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._interval = 60 / per_minute  # seconds
        self._burst = min(per_minute, max(_LEAST_BURST, per_minute // 3))
        # A full bucket is as good as none, so that nobody gains by being forgotten.
        self._people: Ephemeral[int, _Person] = Ephemeral(lambda _: _Person(), lambda one: one.full_at <= clock())

    def admit(self, person: int, moment: float | None = None) -> float:
        """0 if a question of a moment, or of now, may pass, which then counts, else the seconds until it may.

        The moment is when it was asked. It passes as soon as it could have passed then: what waited while the bot was
        down has waited enough.

        The generic cell rate algorithm (ITU-T I.371), which is a token bucket in one number, as a shaper.
        """
        now = self._clock()
        with self._people.use(person) as one:
            asked = now if moment is None else min(moment, now)  # Telegram's clock may be ahead of ours
            at = max(asked, self._free_at(one))
            if at - now > _EARLY * self._interval:
                return at - now
            one.full_at = max(one.full_at, at) + self._interval
            return 0.0

    def knows(self, person: int, moment: float | None = None) -> bool:
        """Whether a person who was not admitted asked while they knew that they must wait."""
        with self._people.use(person) as one:
            return (self._clock() if moment is None else moment) < one.told_until

    def told(self, person: int) -> None:
        """Note that a person knows that they must wait, until they need not."""
        with self._people.use(person) as one:
            one.told_until = self._free_at(one)

    def _free_at(self, one: _Person) -> float:
        """When the bucket holds a question again."""
        return one.full_at - (self._burst - 1) * self._interval

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Hold the person's next questions back while one is answered; they follow in the order they came in."""
        with self._people.use(person) as one:
            async with one.turn:
                yield
