"""The menus of commands that Telegram shows: by kind of chat, by person and by language."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

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

from bot.handlers.command import Command
from bot.messages import languages, texts_for
from bot.settings import BotSettings
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)


class Menus:
    """Sets the menus, in every language that has a catalogue.

    Whoever uses Telegram in another language gets the menu in [bot] language.
    """

    def __init__(self, settings: BotSettings, commands: Sequence[Command[Any]]) -> None:
        self._admins = settings.admins
        self._language = settings.language
        listed = [each for each in commands if each.is_listed and (settings.watches or not each.needs_watches)]
        self._for_everybody = [command.name for command in listed if not command.is_admin]
        self._for_admins = [*self._for_everybody, *(command.name for command in listed if command.is_admin)]
        self._without_chat: set[int] = set()  # administrators who have never written to the bot
        self._heard: asyncio.Queue[int] = asyncio.Queue()  # those of them who have now

    def heard(self, person: int) -> None:
        """Note that somebody wrote to the bot in private, so that an administrator's menu can be set."""
        if person in self._without_chat:
            self._without_chat.remove(person)
            self._heard.put_nowait(person)

    async def keep(self, bot: Bot) -> None:
        """Set all menus, and each administrator's that was missing once they write; never return."""
        await self.set_all(bot)
        while True:
            admin = await self._heard.get()
            await self._set(bot, BotCommandScopeChat(admin), self._for_admins)

    async def set_all(self, bot: Bot) -> None:
        """Set every menu; log what Telegram refuses."""
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            if not await self._set(bot, scope, self._for_everybody):
                return  # the others would fail, too
        for admin in self._admins:
            if not await self._set(bot, BotCommandScopeChat(admin), self._for_admins):
                return
        if self._without_chat:
            count = len(self._without_chat)
            log.info("administrators get their menu once they write to the bot", count=count)

    async def _set(self, bot: Bot, scope: BotCommandScope, commands: Sequence[str]) -> bool:
        """Set a menu in every language; return whether the next menu can be set."""
        try:
            for code in (None, *languages()):
                await bot.set_my_commands(_described(texts_for(code, self._language), commands), scope, code)
        except TelegramError as error:
            if isinstance(error, BadRequest) and isinstance(scope, BotCommandScopeChat):
                self._without_chat.add(int(scope.chat_id))
                return True
            log.warning("the menus of commands could not be set", error=str(error))
            return isinstance(error, BadRequest)
        return True


def _described(texts: Texts, commands: Sequence[str]) -> list[BotCommand]:
    return [BotCommand(command, texts(f"command-{command}")) for command in commands]
