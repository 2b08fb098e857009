"""bot.handlers.menus: each kind of chat, each administrator and each language has its commands."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.handlers.menus import set_menus
from bot.texts import texts_for
from tests.fakes_office import ADMIN, ANN, office
from tests.telegram import ApiError, FakeTelegram

EVERYBODY = [
    "ask",
    "more",
    "context",
    "sources",
    "latest",
    "since",
    "source",
    "reset",
    "watch",
    "watches",
    "forget",
    "help",
]
ADMINS = [*EVERYBODY, *["status", "reindex", "rollback", "add", "broadcast"]]


def menus(folder: Path, telegram: FakeTelegram, **settings: Any) -> dict[tuple[str, str], list[str]]:
    """The names of the commands, by scope and language."""

    async def whole() -> None:
        async with office(folder, telegram, **settings) as bot:
            await set_menus(bot.application.bot, bot.desk.settings)

    asyncio.run(whole())
    names: dict[tuple[str, str], list[str]] = {}
    for (scope, language), commands in telegram.commands.items():
        kind = json.loads(scope)
        names[str(kind.get("chat_id", kind["type"])), language] = [command["command"] for command in commands]
    return names


def test_every_scope_and_language(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.chat(ADMIN)
    shown = menus(tmp_path, telegram)
    scopes = {"all_private_chats": EVERYBODY, "all_group_chats": EVERYBODY, str(ADMIN): ADMINS}
    assert shown == {(scope, code): names for scope, names in scopes.items() for code in ("", "en", "ru")}
    [described] = {
        command["description"]
        for (scope, language), commands in telegram.commands.items()
        for command in commands
        if (command["command"], language, "private" in scope) == ("ask", "ru", True)
    }
    assert described == texts_for("ru", "en")("command-ask")


def test_without_watches_they_are_not_listed_and_the_default_language_is_the_owners(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    shown = menus(tmp_path, telegram, admins=[], watches=0, language="ru")
    assert shown["all_private_chats", ""] == [
        "ask",
        "more",
        "context",
        "sources",
        "latest",
        "since",
        "source",
        "reset",
        "forget",
        "help",
    ]
    [commands] = [each for (scope, code), each in telegram.commands.items() if "private" in scope and code == ""]
    assert commands[0]["description"] == texts_for("ru", "en")("command-ask")


def test_an_administrator_who_never_wrote_is_one_warning(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.chat(ANN)
    telegram.failures["setMyCommands"] = []
    with structlog.testing.capture_logs() as logs:
        shown = menus(tmp_path, telegram, admins=[ADMIN, 6, ANN])
    warnings = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [(entry["event"], entry["count"]) for entry in warnings] == [("some lists of commands could not be set", 2)]
    assert {scope for scope, _ in shown} == {"all_private_chats", "all_group_chats", str(ANN)}


@pytest.mark.parametrize("failure", [None, ApiError("Bad Gateway", 502)])
def test_bad_times_are_one_warning(tmp_path: Path, failure: Any) -> None:
    telegram = FakeTelegram()
    telegram.failures["setMyCommands"] = [failure] * 100
    with structlog.testing.capture_logs() as logs:
        assert menus(tmp_path, telegram) == {}
    assert [entry["event"] for entry in logs] == ["the lists of commands could not be set"]
