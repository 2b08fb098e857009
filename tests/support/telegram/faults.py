"""What goes wrong, as a test plans it: refusals, lost connections and replies, hangs, outages."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.support.telegram.errors import ApiError


@dataclass(frozen=True)
class Hang:
    """The call is not done, and no reply comes for so many seconds; then the connection is dropped."""

    seconds: float


@dataclass(frozen=True)
class Lost:
    """The call is done, and its reply lost on the way: what makes duplicates."""


@dataclass(frozen=True)
class Late:
    """The call is done, and its reply comes so many seconds later."""

    seconds: float


Fault = ApiError | Hang | Lost | Late | None  # None: the connection is dropped before anything is done


@dataclass
class Faults:
    """Asked once for each call, under the server's lock."""

    failures: dict[str, list[Fault]] = field(default_factory=dict)  # of the next calls of a method
    _every: dict[str, tuple[int, Fault]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _out_until: float = 0.0

    def every(self, method: str, nth: int, fault: Fault) -> None:
        """Every nth call of a method fails, of all but getUpdates if it is "*"; 0 ends that."""
        self._every.pop(method, None)
        if nth:
            self._every[method] = (nth, fault)
            self._counts[method] = 0

    def outage(self, seconds: float = float("inf")) -> None:
        self._out_until = time.monotonic() + seconds

    def restore(self) -> None:
        self._out_until = 0.0

    @property
    def out(self) -> bool:
        """Whether no connection works."""
        return time.monotonic() < self._out_until

    def next(self, method: str) -> tuple[bool, Fault]:
        """Whether this call fails, and how."""
        if self.out:
            return True, None
        if self.failures.get(method):
            return True, self.failures[method].pop(0)
        for name in (method, "*"):
            if name in self._every and (name != "*" or method != "getUpdates"):
                self._counts[name] += 1
                nth, fault = self._every[name]
                if self._counts[name] % nth == 0:
                    return True, fault
        return False, None
