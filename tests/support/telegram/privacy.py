"""Privacy mode: which messages of a group Telegram shows a bot."""

from __future__ import annotations

from tests.support.telegram.entities import Json
from tests.support.telegram.world import BOT_ID, NAME, World

_CONTENTS = ("text", "photo", "voice", "sticker", "document", "video", "audio", "location", "poll")


def heard(world: World, message: Json) -> bool:
    """Whether the bot gets a message: in groups what is meant for it, as an administrator all but others' commands."""
    chat = world.chats[message["chat"]["id"]]
    if chat.closed:
        return False
    if chat.kind not in ("group", "supergroup"):
        return True
    names = _names(message)
    whose = names[0].partition("@")[2] if names and names[0].startswith("/") else ""
    if whose not in ("", NAME):
        return False
    if not world.privacy or chat.members[BOT_ID] == "administrator":
        return True
    if not any(name in message for name in _CONTENTS):
        return True  # a service message
    replied = message.get("reply_to_message", {})
    meant = any(name.startswith("/") or name == f"@{NAME}" for name in names)
    return meant or replied.get("from", {}).get("id") == BOT_ID


def _names(message: Json) -> list[str]:
    """The commands and mentions of a message, in lower case."""
    text = (message.get("text") or message.get("caption", "")).encode("utf-16-le")
    entities = message.get("entities", []) + message.get("caption_entities", [])
    return [
        text[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le").lower()
        for entity in entities
        if entity["type"] in ("mention", "bot_command")
    ]
