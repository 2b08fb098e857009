"""The methods that edit and delete messages."""

from __future__ import annotations

from tests.support.telegram.entities import Entity, Json
from tests.support.telegram.errors import bad
from tests.support.telegram.keyboards import check_keyboard
from tests.support.telegram.sending import check_preview, read_text, shown
from tests.support.telegram.values import Values
from tests.support.telegram.world import Sent, World

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


def edit_message_text(world: World, values: Values) -> Json | bool:
    sent = _own(world, values, "message to edit")
    if sent.document:
        raise bad("there is no text in the message to edit")
    text, entities = read_text(values)
    check_preview(values)
    return _edit(world, values, sent, text, entities)


def edit_message_reply_markup(world: World, values: Values) -> Json | bool:
    sent = _own(world, values, "message to edit")
    return _edit(world, values, sent, sent.text, sent.entities)


def delete_message(world: World, values: Values) -> bool:
    chat = world.known_chat(values.text("chat_id"))
    number = values.identifier("message_id", "message identifier")
    world.message(chat.id, number, "message to delete")
    may = number in world.posts or chat.kind == "private" or chat.members.get(world.me["id"]) == "administrator"
    if not may:
        raise bad("message can't be deleted")
    _delete(world, number)
    return True


def delete_messages(world: World, values: Values) -> bool:
    chat = world.known_chat(values.text("chat_id"))
    numbers = values.decoded("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad("too many message identifiers specified")
    for number in numbers:
        if world.messages.get(number, {}).get("chat", {}).get("id") == chat.id:
            _delete(world, number)
    return True


def _own(world: World, values: Values, what: str) -> Sent:
    """The bot's own message that a call names."""
    if inline := values.text("inline_message_id"):
        if inline not in world.inline_posts:
            raise bad("MESSAGE_ID_INVALID")
        return world.inline_posts[inline]
    chat = world.open_chat(values.text("chat_id"))
    number = values.identifier("message_id", "message identifier")
    world.message(chat.id, number, what)
    if number not in world.posts:
        raise bad("message can't be edited")
    return world.posts[number]


def _edit(world: World, values: Values, sent: Sent, text: str, entities: list[Entity]) -> Json | bool:
    """A message without a keyboard in its edit loses the one that it had."""
    keyboard = check_keyboard(values.decoded("reply_markup", "reply keyboard markup"), inline_only=True)
    if (text, entities, keyboard) == (sent.text, sent.entities, sent.keyboard):
        raise bad(_SAME)
    if world.flood:
        world.flood.check(sent.chat, "edit")
    if text != sent.text:
        sent.history.append(sent.text)
    sent.text, sent.entities, sent.keyboard = text, entities, keyboard
    if sent.inline:
        return True
    field, marks = ("caption", "caption_entities") if sent.document else ("text", "entities")
    gone = ("text", "caption", "entities", "caption_entities", "reply_markup")
    kept = {name: part for name, part in world.messages[sent.number].items() if name not in gone}
    message = {**kept, field: text, "edit_date": world.now() + 2, **shown(sent, marks)}
    world.messages[sent.number] = message
    return message


def _delete(world: World, number: int) -> None:
    del world.messages[number]
    if sent := world.posts.pop(number, None):
        sent.deleted = True
