"""The rate limit on questions: a token bucket per person, and one question at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.ephemeral import Ephemeral

_LEAST_BURST = 3
_TOLERANCE = 0.01  # the part of an interval by which a question may be early, since timers are inexact


@dataclass(slots=True)
class _Bucket:
    """The state of one person."""

    full_at: float = 0.0  # when the bucket is full again
    told_until: float = 0.0  # the end of the wait that the person was told of
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served


class QuestionLimits:
    """A token bucket per person: `per_minute` questions, and bursts of a third of them, but of at least three."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._interval = 60 / per_minute  # seconds
        self._burst = min(per_minute, max(_LEAST_BURST, per_minute // 3))
        # A full bucket equals a new one, so it can be dropped.
        self._buckets: Ephemeral[int, _Bucket] = Ephemeral(
            lambda _: _Bucket(), lambda bucket: bucket.full_at <= clock()
        )

    def admit(self, person: int, moment: float | None = None) -> float:
        """Return 0 if a question may be answered now, and count it; otherwise return the seconds to wait.

        `moment` is when it was asked, by default now. Time that it spent waiting while the bot was down counts.

        This is the generic cell rate algorithm (ITU-T I.371), a token bucket in one number, used as a shaper.
        """
        now = self._clock()
        with self._buckets.use(person) as bucket:
            asked = now if moment is None else min(moment, now)  # Telegram's clock may be ahead of ours
            at = max(asked, self._free_at(bucket))
            if at - now > _TOLERANCE * self._interval:
                return at - now
            bucket.full_at = max(bucket.full_at, at) + self._interval
            return 0.0

    def was_told(self, person: int, moment: float | None = None) -> bool:
        """Return whether a person asked before the end of a wait that they had been told of."""
        with self._buckets.use(person) as bucket:
            return (self._clock() if moment is None else moment) < bucket.told_until

    def mark_told(self, person: int) -> None:
        """Record that a person was told that they have to wait."""
        with self._buckets.use(person) as bucket:
            bucket.told_until = self._free_at(bucket)

    def _free_at(self, bucket: _Bucket) -> float:
        """Return the time at which the bucket holds a token again."""
        return bucket.full_at - (self._burst - 1) * self._interval

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Wait until the person's earlier questions are answered, in the order of arrival."""
        with self._buckets.use(person) as bucket:
            async with bucket.turn:
                yield
