"""A filter that lets through the updates for which a condition holds."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Update
from telegram.ext import filters


class ConditionFilter(filters.UpdateFilter):
    """Lets an update through if `condition` returns True for it."""

    def __init__(self, condition: Callable[[Update], bool]) -> None:
        super().__init__()
        self._condition = condition

    def filter(self, update: Update) -> bool:
        """Return whether the condition holds for an update."""
        return self._condition(update)
