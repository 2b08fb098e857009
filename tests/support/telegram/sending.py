"""The methods that send messages."""

from __future__ import annotations

import time
from typing import Any

from telegram.constants import ReactionEmoji

from tests.support.telegram.entities import Entity, Json
from tests.support.telegram.errors import ApiError, bad
from tests.support.telegram.keyboards import Keyboard, check_keyboard
from tests.support.telegram.text import check_caption, check_message
from tests.support.telegram.values import Upload, Values
from tests.support.telegram.world import Chat, Sent, World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send_message(world: World, values: Values) -> Json:
    chat, reply, thread, keyboard = _where(world, values)
    text, entities = read_text(values)
    check_preview(values)
    return _send(world, values, Sent(chat.id, text, entities, reply, values.given, keyboard=keyboard, thread=thread))


def send_document(world: World, values: Values) -> Json:
    chat, reply, thread, keyboard = _where(world, values)
    given = values.text("caption_entities") and values.decoded("caption_entities", "caption entities")
    text, entities = check_caption(values.text("caption"), values.text("parse_mode"), given)
    upload = _file(world, values, "document")
    sent = Sent(chat.id, text, entities, reply, values.given, keyboard=keyboard, thread=thread, document=upload)
    return _send(world, values, sent, "caption", document=world.keep_file(upload) | {"file_name": upload.name})


def copy_message(world: World, values: Values) -> Json:
    source = world.known_chat(values.text("from_chat_id"))
    copied = world.message(source.id, values.identifier("message_id", "message identifier"), "message to copy")
    chat, reply, thread, keyboard = _where(world, values)
    if not (text := copied.get("text")):
        raise bad("this server copies texts only")
    entities = world.posts[copied["message_id"]].entities if copied["message_id"] in world.posts else []
    sent = Sent(chat.id, text, entities, reply, values.given, keyboard=keyboard, thread=thread)
    return {"message_id": _send(world, values, sent)["message_id"]}


def send_chat_action(world: World, values: Values) -> bool:
    if values.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat = world.open_chat(values.text("chat_id"))
    _thread(chat, values)
    return True


def set_message_reaction(world: World, values: Values) -> bool:
    chat, number = world.open_chat(values.text("chat_id")), values.integer("message_id") or 0
    if world.messages.get(number, {}).get("chat", {}).get("id") != chat.id:
        raise bad("message to react not found")
    reactions = values.decoded("reaction", "reaction list") or []
    emoji = [reaction["emoji"] for reaction in reactions if reaction["type"] == "emoji"]
    if len(emoji) > 1 or len(emoji) < len(reactions) or not set(emoji) <= set(ReactionEmoji):
        raise bad("REACTION_INVALID")  # a bot has one, and no emoji of its own
    world.reactions[number] = "".join(emoji)
    return True


def _where(world: World, values: Values) -> tuple[Chat, int | None, int | None, Keyboard]:
    """The chat, the message to reply to, the topic and the keyboard."""
    chat = world.open_chat(values.text("chat_id"))
    keyboard = check_keyboard(values.decoded("reply_markup", "reply keyboard markup"))
    return chat, _reply(world, chat, values), _thread(chat, values), keyboard


def _thread(chat: Chat, values: Values) -> int | None:
    if not (thread := values.integer("message_thread_id")):
        return None
    if thread not in chat.topics:
        raise bad("message thread not found")
    return thread


def _reply(world: World, chat: Chat, values: Values) -> int | None:
    reply = values.decoded("reply_parameters", "reply parameters")
    if not reply:
        return None
    if not isinstance(reply, dict) or type(reply.get("message_id")) is not int:
        raise bad("object expected as reply parameters")
    place = int(reply.get("chat_id", chat.id))
    try:
        world.message(place, reply["message_id"], "message to be replied")
    except ApiError:
        if reply.get("allow_sending_without_reply"):
            return None
        raise
    return int(reply["message_id"])


def read_text(values: Values) -> tuple[str, list[Entity]]:
    given = values.decoded("entities", "entities")
    return check_message(values.text("text"), values.text("parse_mode"), given)


def check_preview(values: Values) -> None:
    options = values.decoded("link_preview_options", "link preview options")
    if options is not None and not isinstance(options, dict):
        raise bad("object expected as link preview options")


def _file(world: World, values: Values, name: str) -> Upload:
    given = values.text(name)
    upload = values.files.get(given.removeprefix("attach://") if given else name) or world.files.get(given)
    if upload is None:
        raise bad(f"there is no {name} in the request")
    if not upload.data:
        raise bad("file must be non-empty")
    return upload


def _send(world: World, values: Values, sent: Sent, field: str = "text", **more: Any) -> Json:
    if world.flood:
        world.flood.check(sent.chat, "send")
    sent.number, sent.time = next(world.numbers), time.monotonic()
    message = {
        "message_id": sent.number,
        "date": world.now() + 1,
        "chat": world.chats[sent.chat].json(),
        "from": world.me,
        **({field: sent.text} if sent.text else {}),
        **more,
    }
    if sent.thread:
        message |= {"message_thread_id": sent.thread, "is_topic_message": True}
    if sent.reply_to in world.messages:
        replied = world.messages[sent.reply_to]
        message["reply_to_message"] = {name: part for name, part in replied.items() if name != "reply_to_message"}
    message |= shown(sent, "entities" if field == "text" else "caption_entities")
    world.messages[sent.number], world.posts[sent.number] = message, sent
    world.record(sent)
    return message


def shown(sent: Sent, name: str = "entities") -> Json:
    shown: Json = {name: [entity.json() for entity in sent.entities]} if sent.entities else {}
    return shown | ({"reply_markup": {"inline_keyboard": sent.keyboard}} if sent.keyboard else {})
