"""Access control: strangers are refused with one line, and only administrators are taken for such."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.handlers.access import Access
from bot.messages import texts_for
from tests.support.handler_bot import ADMIN, ANN, HandlerBot, handler_bot
from tests.support.telegram import NAME, ApiError

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
GROUP, STRANGER = -50, 99
CHANNEL = {"id": -1009, "type": "channel", "title": "Rain News"}


def run(folder: Path, scenario: Callable[[HandlerBot], Awaitable[None]], **settings: Any) -> None:
    async def whole() -> None:
        async with handler_bot(folder, **settings) as bot:
            await scenario(bot)

    asyncio.run(whole())


def test_an_empty_list_allows_everyone(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.say("who?", STRANGER)
        await bot.handle()
        assert (bot.reached, bot.shown(STRANGER)) == (["who?"], [])

    run(tmp_path, scenario)


@pytest.mark.parametrize(
    ("chat", "kind", "person"),
    [(ANN, "private", ANN), (ADMIN, "private", ADMIN), (GROUP, "supergroup", STRANGER), (-1, "supergroup", ANN)],
)
def test_who_may_use_it(tmp_path: Path, chat: int, kind: str, person: int) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.say("/ask who?", chat, kind, person=person)
        await bot.handle()
        assert bot.reached == ["/ask who?"]

    run(tmp_path, scenario, allowed=[ANN, GROUP])


def test_a_stranger_is_told_once_an_hour(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        now = [0.0]
        gate = Access(bot.settings, bot.tables.chats, bot.localizer, clock=lambda: now[0])
        bot.application.handlers[-1][0].callback = gate.gate
        for moment in (0.0, 10.0, 3599.0, 3600.0):
            now[0] = moment
            bot.telegram.say("who?", STRANGER, language="ru")
            await bot.handle()
        bot.telegram.say("who?", 98)
        await bot.handle()
        assert bot.shown(STRANGER) == [RU("stranger")] * 2
        assert bot.shown(98) == [EN("stranger")]
        assert bot.reached == []
        assert bot.tables.chats.count_by_kind() == {}

    run(tmp_path, scenario, allowed=[ANN])


def test_how_many_strangers_are_remembered_is_bounded(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        gate = Access(bot.settings, bot.tables.chats, bot.localizer, most_remembered=2)
        bot.application.handlers[-1][0].callback = gate.gate
        for person in (91, 92, 93, 91, 93):
            bot.telegram.say("who?", person)
        await bot.handle()
        assert [sent.chat for sent in bot.telegram.sent] == [91, 92, 93, 91]

    run(tmp_path, scenario, allowed=[ANN])


@pytest.mark.parametrize(
    ("text", "told"),
    [("/help", False), (f"/help@{NAME}", True), (f"hey @{NAME.upper()}, who?", True), ("who?", False)],
)
def test_in_groups_only_a_stranger_who_addresses_the_bot_is_told(tmp_path: Path, text: str, told: bool) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.privacy = False
        bot.telegram.say(text, GROUP, "supergroup", person=STRANGER)
        await bot.handle()
        assert bot.shown(GROUP) == [EN("stranger")] * told
        assert bot.reached == []

    run(tmp_path, scenario, allowed=[ANN])


def test_edits_of_a_stranger_are_ignored(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.edit(bot.telegram.say("who?", STRANGER), "when?")
        await bot.handle()
        assert (bot.shown(STRANGER), bot.reached) == ([EN("stranger")], [])

    run(tmp_path, scenario, allowed=[ANN])


def test_presses_guest_queries_and_inline_queries_of_a_stranger(
    tmp_path: Path,
) -> None:
    async def scenario(bot: HandlerBot) -> None:
        sent = await bot.application.bot.send_message(bot.telegram.chat(STRANGER).id, "old")
        query = bot.telegram.press(sent.message_id, "yes", STRANGER, forged=True)
        inline = bot.telegram.inline("who?", STRANGER)
        bot.telegram.guest(f"@{NAME} who?", STRANGER, language="ru")
        await bot.handle()
        assert bot.telegram.answers[query]["text"] == EN("stranger")
        assert bot.telegram.answers[query]["show_alert"] in (True, "true")
        assert bot.telegram.answers[inline]["results"] in ([], "[]")
        assert [sent.text for sent in bot.telegram.sent[1:]] == [RU("stranger")]
        assert bot.reached == []

    run(tmp_path, scenario, allowed=[ANN])


def test_the_gate_stays_closed_when_the_line_cannot_be_sent(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.failures["sendMessage"] = [ApiError("Forbidden: bot was blocked by the user", 403)]
        bot.telegram.say("who?", STRANGER)
        await bot.handle()
        assert bot.reached == []

    run(tmp_path, scenario, allowed=[ANN])


def test_chats_are_noted(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.say("who?", ANN, language="ru")
        bot.telegram.say("/ask who?", GROUP, "supergroup", person=8, language="de")
        bot.telegram.say("/ask who?", GROUP, "supergroup", person=1087968824, sender_chat=CHANNEL)
        await bot.handle()
        rows = bot.connection.execute("SELECT id, person, kind, language FROM chats ORDER BY id")
        assert [tuple(row) for row in rows] == [(GROUP, None, "supergroup", "de"), (ANN, ANN, "private", "ru")]

    run(tmp_path, scenario)


def test_blocking_and_unblocking_the_bot_is_noted(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.say("who?", ANN)
        bot.telegram.say("who?", 8)
        bot.telegram.block(ANN)
        bot.telegram.block(8)
        bot.telegram.unblock(8)
        await bot.handle()
        assert bot.tables.chats.private_chats() == [8]
        assert bot.telegram.sent == []

    run(tmp_path, scenario)


def test_a_group_hears_one_line_when_the_bot_is_added(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.kick(GROUP)
        bot.telegram.invite(GROUP)
        bot.telegram.invite(GROUP)  # from member to member, as when its rights change
        await bot.handle()
        assert bot.shown(GROUP) == [EN("in-groups")]
        assert bot.tables.chats.count_by_kind() == {"supergroup": 1}
        bot.telegram.kick(GROUP)
        await bot.handle()
        assert bot.tables.chats.count_by_kind() == {}

    run(tmp_path, scenario)


def test_a_group_of_strangers_hears_nothing(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.kick(GROUP)
        bot.telegram.invite(GROUP)
        await bot.handle()
        assert bot.telegram.sent == []
        assert bot.tables.chats.count_by_kind() == {}

    run(tmp_path, scenario, allowed=[ANN])


def message(**more: Any) -> dict[str, Any]:
    return {
        "message_id": 1,
        "date": 1,
        "chat": {"id": ADMIN, "type": "private"},
        "from": {"id": ADMIN, "is_bot": False, "first_name": "Ann"},
        "text": "/status",
        **more,
    }


ORIGIN = {"type": "user", "date": 1, "sender_user": {"id": ADMIN, "is_bot": False, "first_name": "Ann"}}


@pytest.mark.parametrize(
    ("update", "is_admin"),
    [
        ({"message": message()}, True),
        ({"message": message(**{"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}})}, False),
        ({"message": message(chat={"id": GROUP, "type": "supergroup", "title": "G"})}, False),
        ({"message": message(sender_chat={"id": GROUP, "type": "supergroup", "title": "G"})}, False),
        ({"message": message(sender_chat=CHANNEL, is_automatic_forward=True)}, False),
        ({"message": message(via_bot={"id": 3, "is_bot": True, "first_name": "B"})}, False),
        ({"message": message(forward_origin=ORIGIN)}, False),
        ({"edited_message": message(edit_date=2)}, False),
        ({"channel_post": message()}, False),
        ({"business_message": message(business_connection_id="b")}, False),
    ],
)  # fmt: skip
def test_who_is_an_administrator(tmp_path: Path, update: dict[str, Any], is_admin: bool) -> None:
    async def scenario(bot: HandlerBot) -> None:
        assert bot.access.is_admin(Update.de_json({"update_id": 1, **update}, bot.application.bot)) is is_admin

    run(tmp_path, scenario)
