"""The Bot API's methods that this server knows, by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.telegram import editing, profile, queries, sending
from tests.support.telegram.values import Values
from tests.support.telegram.world import World

METHODS: dict[str, Callable[[World, Values], Any]] = {
    "getMe": profile.get_me,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "getFile": profile.get_file,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    "leaveChat": profile.leave_chat,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "sendChatAction": sending.send_chat_action,
    "setMessageReaction": sending.set_message_reaction,
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "answerGuestQuery": queries.answer_guest_query,
    "setWebhook": lambda world, values: world.webhook.set(values),
    "deleteWebhook": lambda world, values: world.webhook.delete(values),
    "getWebhookInfo": lambda world, values: world.webhook.info(),
}
