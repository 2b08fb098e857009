"""A dictionary that drops values once they expire, so that memory is bounded by the number of active chats."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_CHECKS = 2  # unused values checked per use; more than one, so that values expire faster than they are added


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    users: int = 0


class Ephemeral(Generic[K, V]):
    """One value per key, made on first use and dropped after it has expired, but never while it is in use.

    It holds at most about twice as many values as have not expired.
    """

    def __init__(self, make: Callable[[K], V], is_expired: Callable[[V], bool]) -> None:
        self._make = make
        self._is_expired = is_expired
        self._used: dict[K, _Entry[V]] = {}
        self._unused: OrderedDict[K, _Entry[V]] = OrderedDict()  # in the order in which they are checked

    def __len__(self) -> int:
        return len(self._used) + len(self._unused)

    @contextmanager
    def use(self, key: K) -> Iterator[V]:
        """Yield the value of a key; simultaneous users share it."""
        entry = self._used.get(key) or self._unused.pop(key, None) or _Entry(self._make(key))
        self._used[key] = entry
        entry.users += 1
        self._drop()
        try:
            yield entry.value
        finally:
            entry.users -= 1
            if not entry.users:
                self._unused[key] = self._used.pop(key)

    def _drop(self) -> None:
        for _ in range(min(_CHECKS, len(self._unused))):
            key, entry = self._unused.popitem(last=False)
            if not self._is_expired(entry.value):
                self._unused[key] = entry
