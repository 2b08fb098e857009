"""The commands that Telegram lists beside the field one writes in: by kind of chat, by person and by language."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, TelegramError

from bot.settings import BotSettings
from bot.texts import Texts, languages, texts_for

log = structlog.get_logger(__name__)

_ANYWHERE = ("ask", "more", "context", "sources", "latest", "since", "source", "reset")
_WATCHES = ("watch", "watches")
_ABOUT = ("forget", "help")
_ADMINS = ("status", "reindex", "rollback", "add", "broadcast")


async def set_menus(bot: Bot, settings: BotSettings) -> None:
    """Set every list of commands; those that Telegram does not take are warned of in one line.

    Whoever uses Telegram in a language without a catalogue gets the list in [bot] language.
    """
    failures = []
    for scope, commands in _menus(settings):
        for code in (None, *languages()):
            try:
                await bot.set_my_commands(_listed(texts_for(code, settings.language), commands), scope, code)
            except BadRequest as error:  # an administrator who has never written to the bot
                failures.append(error)
                break
            except TelegramError as error:  # no other will fare better
                log.warning("the lists of commands could not be set", error=str(error))
                return
    if failures:
        log.warning("some lists of commands could not be set", count=len(failures), error=str(failures[0]))


def _menus(settings: BotSettings) -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    everybody = (*_ANYWHERE, *(_WATCHES if settings.watches else ()), *_ABOUT)
    yield BotCommandScopeAllPrivateChats(), everybody
    yield BotCommandScopeAllGroupChats(), everybody
    for admin in settings.admins:
        yield BotCommandScopeChat(admin), (*everybody, *_ADMINS)


def _listed(texts: Texts, commands: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command, texts(f"command-{command}")) for command in commands]
