"""Who may use the bot, and who administers it: what anybody else sends goes no further than here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import structlog
from telegram import Bot, CallbackQuery, Chat, ChatMember, ChatMemberRestricted, Message, MessageEntity, Update
from telegram.ext import ApplicationHandlerStop, ChatMemberHandler, TypeHandler

from bot.handlers.addressing import addressed
from bot.handlers.desk import App, Context, Desk, Target, is_private, person_of
from bot.handlers.inline_mode import plain_result
from bot.render import text
from bot.texts import Texts

log = structlog.get_logger(__name__)

_TOLD_AGAIN = 3600.0  # seconds
_MOST_TOLD = 10_000  # people who are remembered as told


class Access:
    """The gate in front of all handlers."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], float] = time.monotonic,
        heard: Callable[[int], object] = lambda _: None,
    ) -> None:
        """`heard` is called with whoever writes in private, and may use the bot."""
        self._desk = desk
        self._heard = heard
        self._clock = clock
        self._admins = frozenset(desk.settings.admins)
        self._told: OrderedDict[int, float] = OrderedDict()  # who is a stranger, and when they were told

    def add_to(self, application: App) -> None:
        """Register the gate before every other handler, and what notes where the bot may write."""
        application.add_handler(TypeHandler(Update, self.gate), group=-1)
        application.add_handler(ChatMemberHandler(self.membership, ChatMemberHandler.MY_CHAT_MEMBER))

    def is_allowed(self, *ids: int) -> bool:
        """Whether somebody with one of these ids, their own or their chat's, may use the bot."""
        allowed = self._desk.settings.allowed
        return not allowed or any(id in allowed or id in self._admins for id in ids)

    def may_use(self, update: Update) -> bool:
        """Whether whoever caused an update may use the bot where they did."""
        sender, chat = update.effective_sender, update.effective_chat
        return self.is_allowed(*(one.id for one in (sender, chat) if one))

    def is_admin(self, update: Update) -> bool:
        """Whether an update is a new message that an administrator wrote, in their own name and in private."""
        return is_own(update.message) and self.is_from_admin(update)

    def is_admin_elsewhere(self, update: Update) -> bool:
        """Whether an update is a new message that an administrator wrote, in their own name and in a group."""
        message = update.message
        if message is None or not is_own(message) or is_private(message) or message.sender_chat:
            return False
        return message.from_user is not None and message.from_user.id in self._admins

    def is_from_admin(self, update: Update) -> bool:
        """Whether an update is a new message that an administrator sent in private, perhaps another's words."""
        message = update.message  # an edited one, or a channel's, is in another field
        if message is None or not is_private(message) or message.sender_chat or not message.from_user:
            return False
        return message.from_user.id in self._admins

    def is_pressed_by_admin(self, query: CallbackQuery) -> bool:
        """Whether an administrator pressed a button in private."""
        return bool(query.message and query.message.chat.type == Chat.PRIVATE and query.from_user.id in self._admins)

    async def gate(self, update: Update, context: Context) -> None:
        """Note the chat of whoever may use the bot; tell others, and let nothing of theirs through."""
        if update.my_chat_member:  # that the bot was blocked or removed counts from anybody
            return
        if self.may_use(update):
            if update.message:
                self._note(update.message)
            return
        try:
            await self._refuse(update, context.bot)
        except Exception as error:  # whatever it is, the gate stays closed
            log.info("a stranger could not be told", error=type(error).__name__)
        raise ApplicationHandlerStop

    async def membership(self, update: Update, context: Context) -> None:
        """Note where the bot may write, and say in a group that it was added to how it is asked."""
        change = update.my_chat_member
        if change is None or change.chat.type == Chat.CHANNEL:
            return
        chat, person = change.chat, change.from_user
        if not _is_in(change.new_chat_member):
            self._desk.chats.gone(chat.id)
        elif self.is_allowed(person.id, chat.id):
            self._desk.chats.seen(chat.id, person.id, chat.type, person.language_code)
            if chat.type != Chat.PRIVATE and not _is_in(change.old_chat_member):
                await Target(chat.id).send(context.bot, _line(self._desk.texts(update), "in-groups"))

    def _note(self, message: Message) -> None:
        person = None if message.sender_chat else message.from_user
        language = person.language_code if person else None
        self._desk.chats.seen(message.chat.id, person.id if person else None, message.chat.type, language)
        if is_private(message):
            self._heard(message.chat.id)

    async def _refuse(self, update: Update, bot: Bot) -> None:
        texts = self._desk.texts(update)
        if update.callback_query:
            await update.callback_query.answer(texts("stranger"), show_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], is_personal=True)
        elif update.guest_message and update.guest_message.guest_query_id:
            result = plain_result(texts("stranger"), texts)
            await bot.answer_guest_query(update.guest_message.guest_query_id, result)
        elif (message := update.message) and is_addressed(message, bot) and self._is_to_be_told(person_of(message)):
            await Target.of(message).send(bot, _line(texts, "stranger"))

    def _is_to_be_told(self, person: int) -> bool:
        """Whether somebody was not told within the hour; they are now."""
        now = self._clock()
        if now - self._told.get(person, -_TOLD_AGAIN) < _TOLD_AGAIN:
            return False
        self._told[person] = now
        self._told.move_to_end(person)
        while len(self._told) > _MOST_TOLD:
            self._told.popitem(last=False)
        return True


def is_own(message: Message | None) -> bool:
    """Whether a message holds its sender's own words: not forwarded, and not by way of another bot."""
    return message is not None and not (message.forward_origin or message.is_automatic_forward or message.via_bot)


def is_addressed(message: Message, bot: Bot) -> bool:
    """Whether a message is for the bot: all are in private; elsewhere it replies to the bot or names it."""
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
