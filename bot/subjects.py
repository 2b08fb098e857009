"""What was asked last, in memory only, so that the next question can follow it up."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 1000
_FORGET_AFTER = 1800.0  # seconds


class Subjects:
    """The subjects of the latest answers, by whom or what they belong to; each is forgotten after half an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[int, int], tuple[str, float]] = OrderedDict()  # the oldest first

    def keep(self, key: tuple[int, int], subject: str | None) -> None:
        """Put a subject in the place of an older one; the oldest of too many is forgotten, and so is None."""
        now = self._clock()
        self._kept.pop(key, None)
        if subject:
            self._kept[key] = subject, now
        while self._kept and (len(self._kept) > _MOST or self._is_over(next(iter(self._kept)), now)):
            self._kept.popitem(last=False)

    def get(self, key: tuple[int, int]) -> str | None:
        """The subject, if there is one and it is not forgotten."""
        return self._kept[key][0] if key in self._kept and not self._is_over(key, self._clock()) else None

    def _is_over(self, key: tuple[int, int], now: float) -> bool:
        return now - self._kept[key][1] > _FORGET_AFTER
