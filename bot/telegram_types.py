"""Short names for python-telegram-bot's generic types."""

from __future__ import annotations

from typing import Any, TypeAlias

from telegram.ext import Application, ContextTypes

App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
