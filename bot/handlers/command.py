"""The record of a command, a row of bot/command_table.py."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from telegram import Update
from telegram.ext import filters

from bot.handlers.addressing import ANYWHERE
from bot.telegram_types import Context

H = TypeVar("H")

Callback: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Command(Generic[H]):
    """A command: its handler, among all handlers of type H, and who can send it where.

    The texts "command-NAME" and "help-NAME" describe it in Telegram's menu and in /help.
    """

    name: str
    handler: Callable[[H], Callback]
    scope: filters.BaseFilter = ANYWHERE  # messages that it is taken from; of an administrator's, private ones alone
    is_admin: bool = False
    is_listed: bool = True  # in menus and /help
    needs_watches: bool = False  # listed in menus only if people may have watches
