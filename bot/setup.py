"""The settings that a bot is run with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.settings import BotSettings
from index.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class Setup:
    """The bot's settings, those of the index that it answers from, and the configuration file that was named."""

    settings: BotSettings
    index: IndexSettings
    config: Path | None = None
