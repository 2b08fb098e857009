"""/forget erases everything about the person who confirms it, and nothing about anybody else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.forget import ForgetCommand
from bot.memory.database import open_database
from bot.memory.forgetting import Erase, forget, is_erased
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.messages import texts_for
from bot.updates.inbox import Inbox
from retrieval.types import Question
from tests.support.handler_bot import ANN, HandlerBot, handler_bot
from tests.support.whole_bot import whole_bot

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
BOB, GROUP = 8, -50
ASKED = datetime(2022, 4, 3, tzinfo=UTC)


def keep(bot: HandlerBot, person: int, chat: int, key: str) -> None:
    question = Question("who?", ASKED)
    bot.tables.sent_answers.put(SentAnswer(key, chat, None, person, question, None, 1, True, ()))


def answers(bot: HandlerBot) -> list[int]:
    return [person for (person,) in bot.connection.execute("SELECT person FROM answers ORDER BY person")]


def run(folder: Path, scenario: Callable[[HandlerBot, list[int]], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with handler_bot(folder) as bot:
            asked: list[int] = []
            erase: dict[str, Erase] = {
                "answers": SentAnswers(bot.connection).forget,
                "feedback": lambda _: 1,
                "watches": lambda _: 0,
                "chats": bot.tables.chats.forget,
                "updates": lambda person: asked.append(person),
            }
            forgets = ForgetCommand(
                bot.localizer, partial(forget, bot.connection, erase), partial(is_erased, bot.connection)
            )
            bot.add_commands("forget", forget=forgets)
            forgets.add_to(bot.application)
            bot.after = lambda: forgets.tell(bot.application.bot)
            for number, (person, chat) in enumerate([(ANN, ANN), (ANN, GROUP), (BOB, BOB), (BOB, GROUP)]):
                keep(bot, person, chat, str(number))
            await scenario(bot, asked)

    asyncio.run(whole())


@pytest.mark.parametrize(("chat", "kind"), [(ANN, "private"), (GROUP, "supergroup")])
def test_confirming_erases_everything_about_one_person(tmp_path: Path, chat: int, kind: str) -> None:
    async def scenario(bot: HandlerBot, asked: list[int]) -> None:
        bot.telegram.say("hello", ANN)
        bot.telegram.say("/forget", chat, kind, person=ANN)
        await bot.handle()
        [question] = bot.telegram.sent
        assert (question.text, question.buttons) == (EN("forget-question"), ["Forget everything", "Cancel"])
        assert answers(bot) == [ANN, ANN, BOB, BOB]
        bot.telegram.press(question, "Forget everything", ANN)
        await bot.handle()
        done = "Done, I erased everything that I kept about you: 2 answers, one verdict, your language and filters."
        assert (question.text, question.buttons) == (done, [])
        assert (answers(bot), asked) == ([BOB, BOB], [ANN])
        assert (
            bot.connection.execute("SELECT count(*) FROM chats WHERE person = ? OR id = ?", (ANN, ANN)).fetchone()[0]
            == 0
        )
        assert bot.telegram.refused == []

    run(tmp_path, scenario)


def test_nothing_is_erased_without_confirmation(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, asked: list[int]) -> None:
        bot.telegram.say("/forget", ANN, language="ru")
        await bot.handle()
        bot.telegram.press(bot.telegram.sent[0], RU("button-cancel"), language="ru")
        await bot.handle()
        assert bot.shown(ANN) == [RU("forget-cancelled")]
        assert (answers(bot), asked) == ([ANN, ANN, BOB, BOB], [])

    run(tmp_path, scenario)


def test_nobody_can_confirm_for_another_person(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, asked: list[int]) -> None:
        bot.telegram.say("/forget", GROUP, "supergroup", person=ANN)
        await bot.handle()
        [question] = bot.telegram.sent
        query = bot.telegram.press(question, "Forget everything", BOB)
        forged = bot.telegram.press(question, f"forget:yes:{'9' * 20}", BOB, forged=True)
        await bot.handle()
        assert [bot.telegram.answers[each]["text"] for each in (query, forged)] == [EN("not-your-button")] * 2
        assert (answers(bot), asked, question.text) == ([ANN, ANN, BOB, BOB], [], EN("forget-question"))

    run(tmp_path, scenario)


def test_an_old_message_works_and_a_deleted_one_is_answered_anew(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, asked: list[int]) -> None:
        bot.telegram.say("/forget", ANN)
        await bot.handle()
        [question] = bot.telegram.sent
        bot.telegram.press(question, "Cancel", inaccessible=True)
        await bot.handle()
        assert question.text == "Nothing was erased."
        data = {"id": "1", "from": {"id": ANN, "is_bot": False, "first_name": "Ann"}, "chat_instance": "c"}
        message = {"message_id": 3, "date": 0, "chat": {"id": ANN, "type": "private"}}
        bot.telegram.put({"callback_query": {**data, "data": f"forget:yes:{ANN}", "message": message}})
        await bot.handle()
        assert bot.shown(ANN)[1].startswith("Done, I erased everything that I kept about you: 2 answers, ")
        assert asked == [ANN]

    run(tmp_path, scenario)


def test_a_person_without_entries_is_told_so(tmp_path: Path) -> None:
    async def whole() -> None:
        async with handler_bot(tmp_path) as bot:
            forgets = ForgetCommand(bot.localizer, lambda _: {"answers": 0, "updates": None}, lambda _: True)
            bot.add_commands("forget", forget=forgets)
            forgets.add_to(bot.application)
            bot.telegram.say("/forget", ANN)
            await bot.handle()
            bot.telegram.press(bot.telegram.sent[0], "Forget everything")
            await bot.handle()
            assert await forgets.tell(bot.application.bot)
            assert bot.shown(ANN) == ["I keep nothing about you."]

    asyncio.run(whole())


def test_a_channel_cannot_press_buttons(tmp_path: Path) -> None:
    async def scenario(bot: HandlerBot, _: list[int]) -> None:
        channel: Any = {"id": -1009, "type": "channel", "title": "Rain News"}
        bot.telegram.say("/forget", GROUP, "supergroup", sender_chat=channel)
        await bot.handle()
        assert bot.shown(GROUP) == [EN("forget-as-yourself")]
        assert bot.telegram.sent[0].buttons == []

    run(tmp_path, scenario)


def count_on_disk(folder: Path, *words: bytes) -> int:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return sum(content.count(word) for content in files for word in words)


ANN_AND_ID = (b"Zanzibar", b"Annabel", b"7301924")


def test_a_person_is_gone_only_when_no_file_holds_their_words(tmp_path: Path) -> None:
    """Not while another process reads the database, and not while an open update names them."""
    inbox_folder = tmp_path / "state"
    inbox_folder.mkdir()
    with closing(open_database(inbox_folder / "bot.sqlite")) as connection:
        inbox = Inbox(connection, 1000)
        given = SentAnswers(connection)
        who = {"id": 7301924, "is_bot": False, "first_name": "Annabel"}
        chat = {"id": 7301924, "type": "private", "first_name": "Annabel"}
        for number in range(1, 31):
            message = {"message_id": number, "date": 1, "chat": chat, "from": who, "text": f"Zanzibar {number}?"}
            inbox.add([{"update_id": number, "message": message}])
            question = Question(f"Zanzibar {number}?", ASKED)
            given.put(SentAnswer(str(number), 7301924, number, 7301924, question, question.text, 1, True, ()))
        quoting = {"message_id": 90, "date": 1, "chat": {"id": -5, "type": "group"}, "from": {"id": 8}, "text": "Why?"}
        inbox.add([{"update_id": 31, "message": {**quoting, "reply_to_message": {"message_id": 3, "from": who}}}])
        inbox.move_to_dead_letters(31, "e1")
        inbox.move_to_dead_letters(30, "e2")
        for number in range(1, 29):
            inbox.done(number)
        erase: dict[str, Erase] = {"answers": given.forget, "updates": inbox.forget}
        with closing(sqlite3.connect(inbox_folder / "bot.sqlite")) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM answers").fetchone() == (30,)
            assert forget(connection, erase, 7301924) == {"answers": 30, "updates": 2}
            assert not is_erased(connection, 7301924)  # update 29 is not handled
            inbox.done(29)
            assert not is_erased(connection, 7301924)  # somebody is reading
            assert count_on_disk(tmp_path, *ANN_AND_ID) > 0
        assert is_erased(connection, 7301924)
        assert count_on_disk(tmp_path, *ANN_AND_ID) == 0


def test_until_entries_are_off_the_disk_the_message_says_so(tmp_path: Path) -> None:
    gone = [False, False, True]

    async def whole() -> None:
        async with handler_bot(tmp_path) as bot:
            forgets = ForgetCommand(bot.localizer, lambda _: {"answers": 2}, lambda _: gone.pop(0))
            bot.add_commands("forget", forget=forgets)
            forgets.add_to(bot.application)
            bot.telegram.say("/forget", ANN)
            await bot.handle()
            bot.telegram.press(bot.telegram.sent[0], "Forget everything")
            await bot.handle()
            assert bot.shown(ANN) == [EN("forget-waiting")]
            assert not await forgets.tell(bot.application.bot)
            assert not await forgets.tell(bot.application.bot)
            assert bot.shown(ANN) == [EN("forget-waiting")]
            assert await forgets.tell(bot.application.bot)
            assert bot.shown(ANN)[0].startswith("Done, I erased everything that I kept about you: 2 answers")
            assert (await forgets.tell(bot.application.bot), gone) == (True, [])

    asyncio.run(whole())


def test_the_words_are_gone_from_the_disk(tmp_path: Path) -> None:
    def on_disk() -> int:
        return count_on_disk(tmp_path, b"Zanzibar")

    with whole_bot(tmp_path) as talk:
        for n in range(20):
            talk.say(f"What of Zanzibar, for the {n}th time?")
        assert on_disk() > 20
        [asked] = talk.say("/forget")
        talk.press(asked, EN("button-forget"))
        assert asked.text.startswith("Done")
        assert on_disk() == 0
