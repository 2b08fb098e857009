"""The methods about the bot itself, its chats and its files."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support.telegram.entities import Json, units
from tests.support.telegram.errors import bad
from tests.support.telegram.values import Values
from tests.support.telegram.world import BOT_ID, Chat, World

_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_MAX_DOWNLOAD = 20 << 20  # bytes
_RIGHTS = (
    "can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip


def get_me(world: World, values: Values) -> Json:
    return world.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, values: Values) -> bool:
    commands = values.decoded("commands", "commands")
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
            raise bad("can't parse BotCommand: expected an Object")
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, values), _language(values)] = commands
    return True


def get_my_commands(world: World, values: Values) -> list[Json]:
    return world.commands.get((_scope(world, values), _language(values)), [])


def delete_my_commands(world: World, values: Values) -> bool:
    world.commands.pop((_scope(world, values), _language(values)), None)
    return True


def set_my_description(world: World, values: Values) -> bool:
    return _describe(world, values, "description", 512, "BOT_DESCRIPTION_TOO_LONG")


def set_my_short_description(world: World, values: Values) -> bool:
    return _describe(world, values, "short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG")


def get_my_description(world: World, values: Values) -> Json:
    return {"description": world.texts.get(("description", _language(values)), "")}


def get_my_short_description(world: World, values: Values) -> Json:
    return {"short_description": world.texts.get(("short_description", _language(values)), "")}


def get_file(world: World, values: Values) -> Json:
    number = values.text("file_id")
    if number not in world.files:
        raise bad("invalid file_id")
    if len(world.files[number].data) > _MAX_DOWNLOAD:
        raise bad("file is too big")
    size = len(world.files[number].data)
    return {"file_id": number, "file_unique_id": f"u{number}", "file_size": size, "file_path": f"documents/{number}"}


def get_chat(world: World, values: Values) -> Json:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return world.known_chat(values.text("chat_id")).json() | more


def get_chat_member(world: World, values: Values) -> Json:
    chat = world.known_chat(values.text("chat_id"))
    return member(chat, values.identifier("user_id", "user identifier"))


def leave_chat(world: World, values: Values) -> bool:
    chat = world.open_chat(values.text("chat_id"))
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.closed = f"bot is not a member of the {chat.kind} chat"
    return True


def member(chat: Chat, user: int) -> Json:
    """Someone in a chat; raises ApiError for those who never were in it."""
    status = chat.members.get(user)
    if status is None:
        raise bad("member not found")
    who = {"id": user, "is_bot": user == BOT_ID, "first_name": "Ann"}
    more: Json = {"administrator": dict.fromkeys((*_RIGHTS, "is_anonymous"), False), "creator": {"is_anonymous": False}}
    return {"user": who, "status": status, **more.get(status, {}), **({"until_date": 0} if status == "kicked" else {})}


def _describe(world: World, values: Values, name: str, most: int, problem: str) -> bool:
    if units(values.text(name)) > most:
        raise bad(problem)
    world.texts[name, _language(values)] = values.text(name)
    return True


def _language(values: Values) -> str:
    if not re.fullmatch("([a-z]{2})?", values.text("language_code")):
        raise bad("LANG_CODE_INVALID")
    return values.text("language_code")


def _scope(world: World, values: Values) -> str:
    scope: Any = values.decoded("scope", "BotCommandScope") or {"type": "default"}
    problem = "can't parse BotCommandScope: "
    if not isinstance(scope, dict):
        raise bad(f"{problem}BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _SCOPES | _CHAT_SCOPES:
        raise bad(f"{problem}unsupported type specified")
    if kind in _CHAT_SCOPES:
        world.known_chat(str(scope.get("chat_id", "")))
    if kind == "chat_member" and not int(scope.get("user_id", 0)) > 0:
        raise bad(f"{problem}invalid user_id specified")
    return json.dumps(scope, sort_keys=True, separators=(",", ":"))
