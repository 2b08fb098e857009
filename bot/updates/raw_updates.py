"""What can be read from an update before it is parsed: its id, kind, author and chat queue. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]  # an update as JSON, not validated

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "guest_message",
    "my_chat_member",
    "chosen_inline_result",
)
INLINE_PREFIX = "inline:"  # of the queues in which only the newest update counts

_LARGEST = 2**63  # the bound of SQLite's integers
_ADDRESS = ("id", "message_id", "message_thread_id", "is_topic_message", "date", "chat", "from", "chat_instance")


@dataclass(frozen=True, slots=True)
class UpdateOrigin:
    """Where an update comes from; updates of the same queue are handled in order."""

    queue: str
    person: int | None
    chat: int | None


def update_id_of(raw: object) -> int | None:
    """Return the id of an update; None if it has no valid one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 < number < _LARGEST else None


def kind_of(raw: Raw) -> str:
    """Return the kind of an update: the name of the field next to its id, such as "message"."""
    return _body(raw)[0]


def origin_of(raw: Raw) -> UpdateOrigin:
    """Return the queue of an update, and its person and chat where it has them."""
    kind, body = _body(raw)
    person = _number(body, "from", "id")
    chat = _number(body, "chat", "id")
    if kind == "callback_query":
        chat = _number(body, "message", "chat", "id")
    if kind == "inline_query":
        return UpdateOrigin(f"{INLINE_PREFIX}{person}", person, None)
    if kind == "guest_message" or chat is None:  # the bot is not in a guest message's chat
        return UpdateOrigin(f"person:{person}", person, None)
    return UpdateOrigin(f"chat:{chat}", person, chat)


def written_at(raw: Raw) -> float | None:
    """Return when a message was written or last edited, in seconds since 1970; None if the update does not say."""
    _, body = _body(raw)
    return _number(body, "edit_date") or _number(body, "date")


def expects_reply(raw: Raw, bot: int, name: str) -> bool:
    """Return whether the author of an update waits for the bot, in a chat in which the bot can write.

    In a group that requires a reply to the bot, a mention of it, or a command that is not addressed to another bot.
    """
    kind, body = _body(raw)
    if kind == "callback_query":
        return _number(body, "message", "chat", "id") is not None
    if kind not in ("message", "edited_message"):
        return False
    if _get(body, "chat", "type") == "private" or _number(body, "reply_to_message", "from", "id") == bot:
        return True
    marked = ((body.get("text"), "entities"), (body.get("caption"), "caption_entities"))
    return any(_names(entity, text, bot, f"@{name.lower()}") for text, key in marked for entity in _list(body, key))


def without_text(raw: Raw) -> Raw:
    """Return only the fields of an update that are needed to reply to its author, without its text."""
    kind, body = _body(raw)
    kept = {key: body[key] for key in _ADDRESS if key in body}
    if type(kept.get("date", 0)) is not int:  # invalid, but the library needs one
        kept["date"] = 0
    if kind == "callback_query" and isinstance(body.get("message"), dict):
        kept["message"] = {key: body["message"][key] for key in _ADDRESS if key in body["message"]}
    return {"update_id": raw["update_id"], kind: kept}


def _names(entity: Any, text: Any, bot: int, name: str) -> bool:
    """Return whether an entity of a text mentions the bot, or is a command that may be meant for it."""
    kind, start, length = _get(entity, "type"), _number(entity, "offset"), _number(entity, "length")
    if kind == "text_mention":
        return _number(entity, "user", "id") == bot
    if kind not in ("mention", "bot_command") or not isinstance(text, str) or start is None or length is None:
        return False
    units = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * (start + length)]
    words = units.decode("utf-16-le", "replace").lower()
    return words.endswith(name) or (kind == "bot_command" and "@" not in words)


def _body(raw: Raw) -> tuple[str, Raw]:
    for kind, body in raw.items():
        if kind != "update_id" and isinstance(body, dict):
            return kind, body
    return "", {}


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _number(value: Any, *keys: str) -> int | None:
    found = _get(value, *keys)
    return found if type(found) is int and abs(found) < _LARGEST else None


def _list(value: Raw, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []
