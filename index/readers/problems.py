"""How readers say what they could not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of warning."""

    origin: str  # "dump.jsonl:17", "seeds/x.txt"
    message: str  # what is wrong and what to do
    skipped: bool  # whether something (an article, a row, a file) was left out


Warn = Callable[[Problem], None]
