"""The commands that Telegram lists beside the field one writes in: by kind of chat, by person and by language."""

from __future__ import annotations

import asyncio

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
ADMINS = ("status", "reindex", "rollback", "add", "broadcast")


class Menus:
    """Keeps every list of commands as the settings and catalogues are.

    Whoever uses Telegram in a language without a catalogue gets the list in [bot] language.
    """

    def __init__(self, settings: BotSettings) -> None:
        self._settings = settings
        self._unknown: set[int] = set()  # administrators who have never written to the bot, so that there is no chat
        self._heard: asyncio.Queue[int] = asyncio.Queue()  # those who have then

    def heard(self, person: int) -> None:
        """Somebody has written to the bot in private; an administrator's commands can be set from then on."""
        if person in self._unknown:
            self._unknown.remove(person)
            self._heard.put_nowait(person)

    async def keep(self, bot: Bot) -> None:
        """Set all lists, and each administrator's that was missing once they write; without end."""
        await self.set_all(bot)
        while True:
            admin = await self._heard.get()
            await self._set(bot, BotCommandScopeChat(admin), self._of_admins())

    async def set_all(self, bot: Bot) -> None:
        """Set every list; what Telegram does not take is a line in the log."""
        everybody = self._of_everybody()
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            if not await self._set(bot, scope, everybody):
                return  # no other will fare better
        for admin in self._settings.admins:
            if not await self._set(bot, BotCommandScopeChat(admin), self._of_admins()):
                return
        if self._unknown:
            log.info(
                "administrators have not written to the bot yet, who then get their commands", count=len(self._unknown)
            )

    async def _set(self, bot: Bot, scope: BotCommandScope, commands: tuple[str, ...]) -> bool:
        """Set a list in every language; returns whether Telegram listened."""
        language = self._settings.language
        try:
            for code in (None, *languages()):
                await bot.set_my_commands(_listed(texts_for(code, language), commands), scope, code)
        except TelegramError as error:
            if isinstance(error, BadRequest) and isinstance(scope, BotCommandScopeChat):
                self._unknown.add(int(scope.chat_id))
                return True
            log.warning("the lists of commands could not be set", error=str(error))
            return isinstance(error, BadRequest)
        return True

    def _of_everybody(self) -> tuple[str, ...]:
        return (*_ANYWHERE, *(_WATCHES if self._settings.watches else ()), *_ABOUT)

    def _of_admins(self) -> tuple[str, ...]:
        return (*self._of_everybody(), *ADMINS)


def _listed(texts: Texts, commands: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command, texts(f"command-{command}")) for command in commands]
