"""/broadcast reaches everybody once, even after failures and restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.admin.broadcast import BroadcastCommand
from bot.memory.broadcasts import Broadcast, Broadcasts
from bot.memory.database import open_database
from bot.messages import texts_for
from tests.support.handler_bot import ADMIN, ANN, HandlerBot, handler_bot
from tests.support.telegram import ApiError, Sent

EN = texts_for("en", "en")
PEOPLE = (ADMIN, ANN, 8, 9)
WORDS = "<b>The bot</b> rests & sleeps\non Sunday."


def command_of(bot: HandlerBot) -> BroadcastCommand:
    """Return a handler of /broadcast with short pauses."""
    return BroadcastCommand(
        bot.localizer, bot.access, bot.tables.chats, bot.tables.broadcasts, pause=0.01, interval=0.005
    )


def test_what_the_tables_keep(tmp_path: Path) -> None:
    now = [0.0]
    table = Broadcasts(open_database(tmp_path / "bot"), lambda: now[0])
    first, second = table.add(ADMIN, "one"), table.add(ADMIN, "two")
    assert table.get(first) == Broadcast(first, ADMIN, "one", None, 0, 0, 0)
    assert (table.confirm(first, ANN, 3, [7]), table.cancel(first, ANN)) == (False, False)
    assert (table.confirm(first, ADMIN, 3, [9, 7, 8]), table.confirm(first, ADMIN, 3, [7])) == (True, False)
    assert table.cancel(first, ADMIN) is False
    assert (table.confirmed_ids(), table.remaining_chats(first)) == ([first], [7, 8, 9])
    table.record_delivery(first, 7)
    table.record_delivery(first, 8, failed=True)
    assert table.get(first) == Broadcast(first, ADMIN, "one", 3, 1, 1, 1)
    assert (table.forget(ADMIN), table.get(second)) == (1, None)
    assert (table.forget(9), table.remaining_chats(first)) == (0, [])
    table.finish(first)
    assert (table.get(first), table.confirmed_ids()) == (None, [])
    third = table.add(ADMIN, "three")
    assert table.cancel(third, ADMIN) is True
    fourth, now[0] = table.add(ADMIN, "four"), 86401.0
    table.add(ADMIN, "five")
    assert table.get(fourth) is None


def run(folder: Path, scenario: Callable[[HandlerBot, BroadcastCommand], Awaitable[None]], **settings: Any) -> None:
    async def whole() -> None:
        async with handler_bot(folder, **settings) as bot:
            broadcasting = command_of(bot)
            bot.add_commands("broadcast", broadcast=broadcasting)
            broadcasting.add_to(bot.application)
            for person in PEOPLE:
                bot.telegram.chat(person)
                bot.tables.chats.record(person, person, "private", "en")
            await scenario(bot, broadcasting)
            await broadcasting.close()

    asyncio.run(whole())


async def previewed(bot: HandlerBot, words: str = WORDS) -> Sent:
    """Let the administrator send a broadcast; return the message with its buttons."""
    bot.telegram.say(f"/broadcast {words}", ADMIN)
    await bot.handle()
    return bot.telegram.sent[-1]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)


def rows(bot: HandlerBot) -> list[int]:
    return [
        bot.connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("broadcasts", "broadcast_targets")
    ]


def test_a_broadcast_is_previewed_and_sent_once(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        assert bot.shown(ADMIN) == [WORDS, "Send this to 4 people?"]
        assert question.buttons == ["Send", "Cancel"]
        assert len(bot.telegram.sent) == 2
        bot.telegram.press(question, "Send")
        bot.telegram.press(question, "Send")
        await bot.handle()
        await until(lambda: question.text == "Sent to 4, failed for 0.")
        assert [bot.shown(chat) for chat in PEOPLE[1:]] == [[WORDS]] * 3
        assert bot.shown(ADMIN) == [WORDS, "Sent to 4, failed for 0.", WORDS]
        assert question.buttons == []
        await until(lambda: rows(bot) == [0, 0])  # forgotten once its end is told
        assert bot.telegram.refused == []

    run(tmp_path, scenario)


def test_progress_is_edited_into_the_question(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        gate = asyncio.Event()
        send = bot.application.bot.send_message

        async def slowly(chat: int, *args: Any, **more: Any) -> Any:
            if chat == 8:
                await gate.wait()
            return await send(chat, *args, **more)

        bot.telegram.press(question, "Send")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(bot.application.bot), "send_message", lambda _, *args, **more: slowly(*args, **more))
            await bot.handle()
            await until(lambda: question.text == "Sent to 2, failed for 0, 2 to go …")
            gate.set()
            await until(lambda: question.text == "Sent to 4, failed for 0.")

    run(tmp_path, scenario)


def test_people_who_blocked_the_bot_are_counted_and_not_written_to_again(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        bot.telegram.chats[8].closed = "bot was blocked by the user"
        bot.telegram.chats.pop(9)
        bot.telegram.press(question, "Send")
        await bot.handle()
        await until(lambda: question.text == "Sent to 2, failed for 2.")
        assert bot.tables.chats.private_chats() == [ADMIN, ANN, 9]

    run(tmp_path, scenario)


def test_failed_sends_are_retried_and_finally_counted(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        bot.telegram.failures["sendMessage"] = [None, ApiError("Bad Gateway", 502)]
        bot.telegram.press(question, "Send")
        await bot.handle()
        await until(lambda: question.text == "Sent to 4, failed for 0.")
        assert sorted(sent.chat for sent in bot.telegram.sent[2:]) == sorted(PEOPLE)

        question = await previewed(bot)
        bot.telegram.failures["sendMessage"] = [ApiError("Bad Gateway", 502)] * 20
        bot.telegram.press(question, "Send")
        await bot.handle()
        await until(lambda: question.text == "Sent to 0, failed for 4.")
        await until(lambda: rows(bot) == [0, 0])

    run(tmp_path, scenario)


def test_after_a_restart_only_the_remaining_people_are_written_to(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        table = bot.tables.broadcasts
        [id] = [int(button["callback_data"].split(":")[2]) for button in question.keyboard[0][:1]]
        assert table.confirm(id, ADMIN, question.number, PEOPLE)
        table.record_delivery(id, ADMIN)
        table.record_delivery(id, ANN)  # and here it was killed
        again = command_of(bot)
        again.resume(bot.application.bot)
        await until(lambda: question.text == "Sent to 4, failed for 0.")
        assert [sent.chat for sent in bot.telegram.sent[2:]] == [8, 9]
        await again.close()

    run(tmp_path, scenario)


def test_the_end_of_the_bot_leaves_the_rest_for_the_next_start(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, broadcasting: BroadcastCommand) -> None:
        question = await previewed(bot)
        bot.telegram.press(question, "Send")
        await bot.handle()
        await until(lambda: len(bot.telegram.sent) > 2)
        await broadcasting.close()
        sent = len(bot.telegram.sent) - 2
        assert (sent < 4, rows(bot)) == (True, [1, 4 - sent])
        again = command_of(bot)
        again.resume(bot.application.bot)
        await until(lambda: question.text == "Sent to 4, failed for 0.")
        assert [sent.chat for sent in bot.telegram.sent[2:]] == [*PEOPLE]
        await again.close()

    run(tmp_path, scenario)


def test_a_cancelled_broadcast_cannot_be_sent(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        for button in ("Cancel", "Send"):
            if button in question.buttons:
                bot.telegram.press(question, button)
        await bot.handle()
        await asyncio.sleep(0.02)
        assert bot.shown(ADMIN) == [WORDS, "Nothing was sent."]
        assert (question.buttons, rows(bot), len(bot.telegram.sent)) == ([], [0, 0], 2)

    run(tmp_path, scenario)


def test_only_the_author_can_send_a_broadcast(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        send = question.keyboard[0][0]["callback_data"]
        for chat in (ANN, 6):
            offer = await bot.application.bot.send_message(bot.telegram.chat(chat).id, "other")
            bot.telegram.press(offer.message_id, send, forged=True)
        bot.telegram.press(question, send, person=6)
        await bot.handle()
        await asyncio.sleep(0.02)
        assert bot.shown(8) == []
        assert rows(bot) == [1, 0]

    run(tmp_path, scenario, admins=[ADMIN, 6])


@pytest.mark.parametrize("number", ["9" * 20, "9" * 19, str(2**63), "4" + "9" * 18])
def test_a_forged_number_does_nothing(tmp_path: Path, number: str) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        question = await previewed(bot)
        for verb in ("send", "cancel"):
            bot.telegram.press(question, f"broadcast:{verb}:{number}", forged=True)
        await bot.handle()
        assert rows(bot) == [1, 0]

    run(tmp_path, scenario)


def test_only_people_who_may_use_the_bot_are_written_to(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        await previewed(bot)
        assert bot.shown(ADMIN)[-1] == "Send this to 2 people?"

    run(tmp_path, scenario, allowed=[ANN])


def test_bad_input_gets_one_line_and_others_none(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: BroadcastCommand) -> None:
        bot.telegram.say("/broadcast", ADMIN)
        bot.telegram.say(f"/broadcast {'😀' * 2001}", ADMIN)
        bot.telegram.say("/broadcast hello", ANN)
        await bot.handle()
        assert bot.shown(ADMIN) == [EN("broadcast-usage"), "That is too long: I can send 4,000 characters."]
        assert (bot.shown(ANN), bot.reached, rows(bot)) == ([], ["/broadcast hello"], [0, 0])

    run(tmp_path, scenario)
