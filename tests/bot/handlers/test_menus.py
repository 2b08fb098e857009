"""The menus for each kind of chat, each administrator and each language."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.command_table import COMMANDS
from bot.handlers.access import Access
from bot.handlers.menus import Menus
from bot.messages import texts_for
from tests.support.handler_bot import ADMIN, ANN, handler_bot
from tests.support.telegram import ApiError, FakeTelegram

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
    """Return the names of the commands in each menu, by scope and language."""

    async def whole() -> None:
        async with handler_bot(folder, telegram, **settings) as bot:
            await Menus(bot.settings, COMMANDS).set_all(bot.application.bot)

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


def test_commands_of_watches_are_listed_only_if_allowed(tmp_path: Path) -> None:
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


def test_an_administrator_gets_their_menu_once_they_write(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.chat(ANN)

    async def until(count: int) -> None:
        async with asyncio.timeout(5):
            while len(telegram.commands) < count:
                await asyncio.sleep(0.005)

    def scopes() -> set[str]:
        return {str(json.loads(scope).get("chat_id", "all")) for scope, _ in telegram.commands}

    async def whole() -> None:
        async with handler_bot(tmp_path, telegram, admins=[ADMIN, 6, ANN]) as bot:
            menus = Menus(bot.settings, COMMANDS)
            bot.application.handlers[-1][0].callback = Access(
                bot.settings, bot.tables.chats, bot.localizer, menus.heard
            ).gate
            keeping = asyncio.create_task(menus.keep(bot.application.bot))
            await until(9)
            assert scopes() == {"all", str(ANN)}
            telegram.say("/status", -50, "supergroup", person=ADMIN)
            telegram.say("hello", ADMIN)
            telegram.say("hello", ADMIN)
            await bot.handle()
            await until(12)
            assert scopes() == {"all", str(ANN), str(ADMIN)}
            assert bot.reached == ["/status", "hello", "hello"]
            keeping.cancel()

    with structlog.testing.capture_logs() as logs:
        asyncio.run(whole())
    assert [(entry["log_level"], entry.get("count")) for entry in logs] == [("info", 2)]
    assert [method for method, _ in telegram.calls].count("setMyCommands") == 6 + 2 + 3 + 3


@pytest.mark.parametrize("failure", [None, ApiError("Bad Gateway", 502)])
def test_bad_times_are_one_warning(tmp_path: Path, failure: Any) -> None:
    telegram = FakeTelegram()
    telegram.failures["setMyCommands"] = [failure] * 100
    with structlog.testing.capture_logs() as logs:
        assert menus(tmp_path, telegram) == {}
    assert [entry["event"] for entry in logs] == ["the menus of commands could not be set"]
