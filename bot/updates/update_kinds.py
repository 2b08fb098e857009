"""What an update tells of itself before it is parsed: whose it is, and after which others its turn comes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]  # an update as Telegram wrote it, which may be anything

ALLOWED = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "guest_message",
    "my_chat_member",
    "chosen_inline_result",
)
INLINE = "inline:"  # how the lanes begin in which only the newest update counts

_LARGEST = 2**63  # what SQLite can hold
_TELLING = ("id", "message_id", "message_thread_id", "is_topic_message", "date", "chat", "from", "chat_instance")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an update comes from. Those of one lane are handled in order."""

    lane: str
    person: int | None
    chat: int | None


def id_of(raw: object) -> int | None:
    """The update's id; None if it has none that Telegram could have given."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 < number < _LARGEST else None


def kind_of(raw: Raw) -> str:
    """The name of the field that an update has beside its id."""
    return _body(raw)[0]


def origin_of(raw: Raw) -> Origin:
    """The lane, person and chat of an update, as far as it tells them."""
    kind, body = _body(raw)
    person = _number(body, "from", "id")
    chat = _number(body, "chat", "id")
    if kind == "callback_query":
        chat = _number(body, "message", "chat", "id")
    if kind == "inline_query":
        return Origin(f"{INLINE}{person}", person, None)
    if kind == "guest_message" or chat is None:  # the bot is not in a guest message's chat
        return Origin(f"person:{person}", person, None)
    return Origin(f"chat:{chat}", person, chat)


def written(raw: Raw) -> float | None:
    """When the message of an update was written, or edited, in seconds since 1970; None if it does not say."""
    _, body = _body(raw)
    return _number(body, "edit_date") or _number(body, "date")


def asks(raw: Raw, bot: int, name: str) -> bool:
    """Whether somebody waits for the bot in a chat that it can write to: in a group, because the bot is addressed.

    That is by a reply to it, by its name, or by a command, unless that is another bot's.
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


def without_words(raw: Raw) -> Raw:
    """What of an update is needed to tell its person something, without what was written."""
    kind, body = _body(raw)
    kept = {key: body[key] for key in _TELLING if key in body}
    if type(kept.get("date", 0)) is not int:  # which nobody needs to be told
        kept["date"] = 0
    if kind == "callback_query" and isinstance(body.get("message"), dict):
        kept["message"] = {key: body["message"][key] for key in _TELLING if key in body["message"]}
    return {"update_id": raw["update_id"], kind: kept}


def _names(entity: Any, text: Any, bot: int, name: str) -> bool:
    """Whether what is marked in a text names the bot, or is a command that may be its own."""
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
