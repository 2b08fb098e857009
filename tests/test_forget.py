"""bot.handlers.forget: everything goes, for whoever asked, and nothing of anybody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.forget import Forget
from bot.memory.answers import Given, GivenAnswers
from bot.memory.forgetting import Erase, forget
from bot.texts import texts_for
from retrieval.types import Question
from tests.fakes_office import ANN, Office, office
from tests.fakes_talk import talking

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
BOB, GROUP = 8, -50
ASKED = datetime(2022, 4, 3, tzinfo=UTC)


def keep(bot: Office, person: int, chat: int, key: str) -> None:
    question = Question("who?", ASKED)
    bot.desk.given.put(Given(key, chat, None, person, question, None, 1, True, ()))


def answers(bot: Office) -> list[int]:
    return [person for (person,) in bot.connection.execute("SELECT person FROM answers ORDER BY person")]


def run(folder: Path, scenario: Callable[[Office, list[int]], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with office(folder) as bot:
            asked: list[int] = []
            erase: dict[str, Erase] = {
                "answers": GivenAnswers(bot.connection).forget,
                "feedback": lambda _: 1,
                "watches": lambda _: 0,
                "chats": bot.desk.chats.forget,
                "updates": lambda person: asked.append(person),
            }
            Forget(bot.desk, partial(forget, bot.connection, erase)).add_to(bot.application)
            for number, (person, chat) in enumerate([(ANN, ANN), (ANN, GROUP), (BOB, BOB), (BOB, GROUP)]):
                keep(bot, person, chat, str(number))
            await scenario(bot, asked)

    asyncio.run(whole())


@pytest.mark.parametrize(("chat", "kind"), [(ANN, "private"), (GROUP, "supergroup")])
def test_one_press_erases_everything_of_one_person(tmp_path: Path, chat: int, kind: str) -> None:
    async def scenario(bot: Office, asked: list[int]) -> None:
        bot.telegram.say("hello", ANN)
        bot.telegram.say("/forget", chat, kind, person=ANN)
        await bot.handle()
        [question] = bot.telegram.sent
        assert (question.text, question.buttons) == (EN("forget-question"), ["Forget everything", "Cancel"])
        assert answers(bot) == [ANN, ANN, BOB, BOB]
        bot.telegram.press(question, "Forget everything", ANN)
        await bot.handle()
        done = "Done, I erased all that I kept about you: 2 answers, one verdict, your language and filters."
        assert (question.text, question.buttons) == (done, [])
        assert (answers(bot), asked) == ([BOB, BOB], [ANN])
        assert (
            bot.connection.execute("SELECT count(*) FROM chats WHERE person = ? OR id = ?", (ANN, ANN)).fetchone()[0]
            == 0
        )
        assert bot.telegram.refused == []

    run(tmp_path, scenario)


def test_nothing_is_erased_without_it(tmp_path: Path) -> None:
    async def scenario(bot: Office, asked: list[int]) -> None:
        bot.telegram.say("/forget", ANN, language="ru")
        await bot.handle()
        bot.telegram.press(bot.telegram.sent[0], RU("button-cancel"), language="ru")
        await bot.handle()
        assert bot.shown(ANN) == [RU("forget-cancelled")]
        assert (answers(bot), asked) == ([ANN, ANN, BOB, BOB], [])

    run(tmp_path, scenario)


def test_nobody_can_press_it_for_another(tmp_path: Path) -> None:
    async def scenario(bot: Office, asked: list[int]) -> None:
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
    async def scenario(bot: Office, asked: list[int]) -> None:
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
        assert bot.shown(ANN)[1].startswith("Done, I erased all that I kept about you: 2 answers, ")
        assert asked == [ANN]

    run(tmp_path, scenario)


def test_who_has_nothing_kept_hears_so(tmp_path: Path) -> None:
    async def whole() -> None:
        async with office(tmp_path) as bot:
            Forget(bot.desk, lambda _: {"answers": 0, "updates": None}).add_to(bot.application)
            bot.telegram.say("/forget", ANN)
            await bot.handle()
            bot.telegram.press(bot.telegram.sent[0], "Forget everything")
            await bot.handle()
            assert bot.shown(ANN) == ["I keep nothing about you."]

    asyncio.run(whole())


def test_a_channel_cannot_press_buttons(tmp_path: Path) -> None:
    async def scenario(bot: Office, _: list[int]) -> None:
        channel: Any = {"id": -1009, "type": "channel", "title": "Rain News"}
        bot.telegram.say("/forget", GROUP, "supergroup", sender_chat=channel)
        await bot.handle()
        assert bot.shown(GROUP) == [EN("forget-as-yourself")]
        assert bot.telegram.sent[0].buttons == []

    run(tmp_path, scenario)


def test_the_words_are_gone_from_the_disk(tmp_path: Path) -> None:
    def on_disk() -> int:
        return sum(path.read_bytes().count(b"Zanzibar") for path in tmp_path.rglob("*") if path.is_file())

    with talking(tmp_path) as talk:
        for n in range(20):
            talk.say(f"What of Zanzibar, for the {n}th time?")
        assert on_disk() > 20
        [asked] = talk.say("/forget")
        talk.press(asked, EN("button-forget"))
        assert asked.text.startswith("Done")
        assert on_disk() == 0
