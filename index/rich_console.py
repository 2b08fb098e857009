"""Rich consoles that show text from articles safely: only Rich's own escape codes reach the terminal."""

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
    """A Rich console that removes control characters from the text that it renders."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as Rich does, with `harmless` applied to the text of each segment."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)


def console_on(file: TextIO | None = None) -> HarmlessConsole:
    """Return a console on a file, by default stdout; it writes no escape codes to a pipe or if NO_COLOR is set."""
    color = None if os.environ.get("NO_COLOR") else "auto"
    return HarmlessConsole(file=below(file or sys.stdout), highlight=False, color_system=color)  # type: ignore[arg-type]
