"""State of chats and people that is kept while it matters, so that memory is bounded by who is active."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_LOOKED_AT = 2  # per use: more than one, so that what is over goes faster than new ones come


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    users: int = 0


class Ephemeral(Generic[K, V]):
    """One value per key, made on first use, dropped some uses after it is over; never while it is in use.

    At most about twice as many are kept as are not over.
    """

    def __init__(self, make: Callable[[K], V], is_over: Callable[[V], bool]) -> None:
        self._make = make
        self._is_over = is_over
        self._used: dict[K, _Entry[V]] = {}
        self._unused: OrderedDict[K, _Entry[V]] = OrderedDict()  # the next to be looked at first

    def __len__(self) -> int:
        return len(self._used) + len(self._unused)

    @contextmanager
    def use(self, key: K) -> Iterator[V]:
        """The key's value, which all who use it at the same time share."""
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
        for _ in range(min(_LOOKED_AT, len(self._unused))):
            key, entry = self._unused.popitem(last=False)
            if not self._is_over(entry.value):
                self._unused[key] = entry
