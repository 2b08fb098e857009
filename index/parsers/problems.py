"""Warnings: what a parser could not read, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A warning of one line."""

    origin: str  # the file, and the line where it is known: "dump.jsonl:17", "seeds/x.txt"
    message: str  # what is wrong and what to do about it
    skipped: bool  # whether readable content (an article, a row or a file) was left out
    no_article: bool = False  # whether a page was left out because it has no article, which is not an error


Warn = Callable[[Problem], None]
