"""How readers say what they could not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of warning."""

    origin: str  # "dump.jsonl:17", "seeds/x.txt"
    message: str  # what is wrong and what to do
    skipped: bool  # whether something that should have been readable (an article, a row, a file) was left out
    no_article: bool = False  # whether a page was left out because no article was found in it, which is no fault


Warn = Callable[[Problem], None]
