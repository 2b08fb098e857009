"""Terminals with styles, on which nothing but these styles acts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from index.console import below
from index.harmless import harmless


class HarmlessConsole(Console):
    """A console of rich through which only rich's own escape codes pass."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render, and make every piece of text harmless."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)


def console_on(file: TextIO | None = None) -> HarmlessConsole:
    """The terminal, or a file; without any escape codes through a pipe, and where NO_COLOR is set."""
    color = None if os.environ.get("NO_COLOR") else "auto"
    return HarmlessConsole(file=below(file or sys.stdout), highlight=False, color_system=color)  # type: ignore[arg-type]
