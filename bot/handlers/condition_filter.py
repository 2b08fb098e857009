"""A filter of updates by a condition."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Update
from telegram.ext import filters


class Only(filters.UpdateFilter):
    """The updates for which a condition holds."""

    def __init__(self, condition: Callable[[Update], bool]) -> None:
        super().__init__()
        self._condition = condition

    def filter(self, update: Update) -> bool:
        """Whether it holds for an update."""
        return self._condition(update)
