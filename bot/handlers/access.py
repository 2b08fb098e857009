"""Access control: who may use the bot and who administers it; updates of anybody else stop here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import structlog
from telegram import Bot, CallbackQuery, Chat, ChatMember, ChatMemberRestricted, Message, MessageEntity, Update
from telegram.ext import ApplicationHandlerStop, ChatMemberHandler, TypeHandler

from bot.handlers.addressing import addressed
from bot.handlers.inline_mode import plain_result
from bot.handlers.localizer import Localizer
from bot.handlers.message_parts import is_private, person_of
from bot.handlers.target import Target
from bot.memory.chats import Chats
from bot.render import text
from bot.settings import BotSettings
from bot.telegram_types import App, Context
from retrieval.presentation.texts import Texts

log = structlog.get_logger(__name__)

_TOLD_AGAIN = 3600.0  # seconds
_MOST_REMEMBERED = 10_000  # strangers who were told


class Access:
    """Guards all handlers, and notes the chats in which the bot may write."""

    def __init__(
        self,
        settings: BotSettings,
        chats: Chats,
        localizer: Localizer,
        heard: Callable[[int], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        most_remembered: int = _MOST_REMEMBERED,
    ) -> None:
        """`heard` is called with the id of everybody who may use the bot and writes to it in private.

        `most_remembered` is how many strangers are remembered as told.
        """
        self._allowed = frozenset(settings.allowed)
        self._admins = frozenset(settings.admins)
        self._chats = chats
        self._localizer = localizer
        self._heard = heard
        self._clock = clock
        self._most_remembered = most_remembered
        self._told: OrderedDict[int, float] = OrderedDict()  # when each stranger was told, by id

    def add_to(self, application: App) -> None:
        """Register the gate before every other handler, and the handler of changes of the bot's membership."""
        application.add_handler(TypeHandler(Update, self.gate), group=-1)
        application.add_handler(ChatMemberHandler(self.membership, ChatMemberHandler.MY_CHAT_MEMBER))

    def is_allowed(self, *ids: int) -> bool:
        """Return whether a person or chat with one of these ids may use the bot."""
        return not self._allowed or any(id in self._allowed or id in self._admins for id in ids)

    def may_use(self, update: Update) -> bool:
        """Return whether the sender of an update may use the bot in its chat."""
        sender, chat = update.effective_sender, update.effective_chat
        return self.is_allowed(*(origin.id for origin in (sender, chat) if origin))

    def is_admin(self, update: Update) -> bool:
        """Return whether an update is a new message that an administrator wrote, in their own name and in private."""
        return is_own(update.message) and self.is_from_admin(update)

    def is_admin_elsewhere(self, update: Update) -> bool:
        """Return whether an update is a new message that an administrator wrote, in their own name and in a group."""
        message = update.message
        if message is None or not is_own(message) or is_private(message) or message.sender_chat:
            return False
        return message.from_user is not None and message.from_user.id in self._admins

    def is_from_admin(self, update: Update) -> bool:
        """Return whether an update is a new message that an administrator sent in private, perhaps a forwarded one."""
        message = update.message  # edited messages and channel posts are in other fields
        if message is None or not is_private(message) or message.sender_chat or not message.from_user:
            return False
        return message.from_user.id in self._admins

    def is_pressed_by_admin(self, query: CallbackQuery) -> bool:
        """Return whether an administrator pressed a button in private."""
        return bool(query.message and query.message.chat.type == Chat.PRIVATE and query.from_user.id in self._admins)

    async def gate(self, update: Update, context: Context) -> None:
        """Note the chat of an update and let it through; stop it if its sender may not use the bot, and tell them."""
        if update.my_chat_member:  # anybody can block or remove the bot
            return
        if self.may_use(update):
            if update.message:
                self._note(update.message)
            return
        try:
            await self._refuse(update, context.bot)
        except Exception as error:  # the gate stays closed whatever happens
            log.info("a stranger could not be told", error=type(error).__name__)
        raise ApplicationHandlerStop

    async def membership(self, update: Update, context: Context) -> None:
        """Note whether the bot may write in a chat; in a group that it was added to, say how to ask."""
        change = update.my_chat_member
        if change is None or change.chat.type == Chat.CHANNEL:
            return
        chat, person = change.chat, change.from_user
        if not _is_in(change.new_chat_member):
            self._chats.mark_gone(chat.id)
        elif self.is_allowed(person.id, chat.id):
            self._chats.record(chat.id, person.id, chat.type, person.language_code)
            if chat.type != Chat.PRIVATE and not _is_in(change.old_chat_member):
                await Target(chat.id).send(context.bot, _line(self._localizer.texts(update), "in-groups"))

    def _note(self, message: Message) -> None:
        person = None if message.sender_chat else message.from_user
        language = person.language_code if person else None
        self._chats.record(message.chat.id, person.id if person else None, message.chat.type, language)
        if is_private(message):
            self._heard(message.chat.id)

    async def _refuse(self, update: Update, bot: Bot) -> None:
        texts = self._localizer.texts(update)
        if update.callback_query:
            await update.callback_query.answer(texts("stranger"), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], is_personal=True)
        elif update.guest_message and update.guest_message.guest_query_id:
            result = plain_result(texts("stranger"), texts)
            await bot.answer_guest_query(update.guest_message.guest_query_id, result)
        elif (message := update.message) and is_addressed(message, bot) and self._should_tell(person_of(message)):
            await Target.of(message).send(bot, _line(texts, "stranger"))

    def _should_tell(self, person: int) -> bool:
        """Return whether a stranger was not told within the hour, and note that they are told now."""
        now = self._clock()
        if now - self._told.get(person, -_TOLD_AGAIN) < _TOLD_AGAIN:
            return False
        self._told[person] = now
        self._told.move_to_end(person)
        while len(self._told) > self._most_remembered:
            self._told.popitem(last=False)
        return True


def is_own(message: Message | None) -> bool:
    """Return whether a message holds its sender's own words: neither forwarded nor sent through another bot."""
    return message is not None and not (message.forward_origin or message.is_automatic_forward or message.via_bot)


def is_addressed(message: Message, bot: Bot) -> bool:
    """Return whether a message is meant for the bot: any in private; in a group one that names or answers the bot."""
    if is_private(message) or addressed(message, bot):
        return True
    commands = message.parse_entities([MessageEntity.BOT_COMMAND]).values()
    return any(command.lower().endswith(f"@{bot.username.lower()}") for command in commands)


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return bool(member.is_member)
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _line(texts: Texts, id: str) -> str:
    return text(texts(id))
