"""/watch and /watches: replies, what is kept, and who may end a watch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.memory.chats import ChatFilters
from tests.support.telegram import FakeTelegram
from tests.support.watch_bot import GenerationAnswers, WatchBot, watch_bot

HAIL = "Where did hail fall?"
EXAMPLE = "Who is under sanctions?"
SET = f"I will write to you when something new answers this: {HAIL}"
ONE = "One quote already answers it; ask me to see it. I will only send new ones."
NONE = "No article answers it yet."
LISTED = "I am watching these questions for you:"
NOTHING = f"I am not watching any question for you. To have one watched, write: /watch {EXAMPLE}"


@pytest.fixture
def shelf() -> GenerationAnswers:
    shelf = GenerationAnswers()
    shelf.publish(oslo="Hail fell on Oslo. Kings sat.")
    return shelf


Story = Callable[[WatchBot], Awaitable[Any]]
Play = Callable[..., Any]


@pytest.fixture
def play(tmp_path: Path, shelf: GenerationAnswers) -> Play:
    """Play a story with a bot; return what it returns."""

    def play(story: Story, **settings: Any) -> Any:
        async def told() -> Any:
            async with watch_bot(tmp_path, shelf, FakeTelegram(), **settings) as here:
                result = await story(here)
                assert here.telegram.refused == []
                return result

        return asyncio.run(told())

    return play


async def texts(here: WatchBot, *said: str, chat: int = 7, kind: str = "private", **more: Any) -> list[str]:
    """Return the bot's replies to each message."""
    return [sent.text for words in said for sent in await here.say(words, chat, kind, **more)]


def test_a_question_is_watched_and_its_present_answers_are_not_sent(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        [sent] = await here.say(f"/watch  {HAIL}")
        assert (sent.text, sent.reply_to, sent.buttons) == (f"{SET}\n{ONE}", 1000, [])
        [watch] = here.tables.watches.of_person(7)
        assert (watch.question, watch.earlier, watch.chat, watch.message) == (HAIL, None, 7, 1000)
        assert (watch.since, watch.source, watch.language, watch.checked_generation) == (None, None, "en", 2)
        assert len(here.tables.watches.marks(watch.id)) == 3  # the article and its sentences
        assert here.tables.sent_answers.last(7, 7) is None  # it was no answer

    play(story)
    [(question, limit)] = shelf.asked
    assert (question.text, limit) == (HAIL, 100)


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("/watch", f"Which question shall I watch? Put it after the command, for example: /watch {EXAMPLE}"),
        ("/watch \n", f"Which question shall I watch? Put it after the command, for example: /watch {EXAMPLE}"),
        ("/watch thanks!", "Glad to help. Ask again whenever you like."),
        (f"/watch {'x' * 1001}", "That is a long question! Please put it in 1,000 characters or fewer."),
        (f"/watch {'😀' * 501}", "That is a long question! Please put it in 1,000 characters or fewer."),
        ("/watch Who ate fish?", f"{SET.replace(HAIL, 'Who ate fish?')}\n{NONE}"),
        ("/watch@quotewire_test_bot <b>hail</b>", f"{SET.replace(HAIL, '<b>hail</b>')}\n{ONE}"),
        ("/watches", NOTHING),
    ],
)
def test_what_is_said(play: Play, said: str, reply: str) -> None:
    assert play(lambda here: texts(here, said)) == [reply]


def test_in_russian(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        said = await texts(here, f"/watch {HAIL}", "/watches", language="ru")
        assert here.tables.watches.of_person(7)[0].language == "ru"
        return said

    first, second = play(story)
    assert first.startswith(
        f"Я напишу вам, когда появится новый ответ на вопрос: {HAIL}\nНа него уже отвечает 1 цитата"
    )
    assert second == f"Я слежу для вас за вопросами:\n1. {HAIL}"


def test_watch_without_a_question_watches_the_last_one_with_its_filters(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        await here.say("hello")
        here.tables.chats.set_filters(7, ChatFilters(date(2022, 3, 1), "TASS"))
        await here.say(HAIL)
        here.tables.chats.set_filters(7, ChatFilters())
        said = await texts(here, "/watch", "/watches")
        [watch] = here.tables.watches.of_person(7)
        assert (watch.question, watch.filters) == (HAIL, ChatFilters(date(2022, 3, 1), "TASS"))
        return said

    limited = "only TASS, since 1 March 2022"
    assert play(story) == [f"{SET}\n{limited}\n{ONE}", f"{LISTED}\n1. {HAIL} ({limited})"]


def test_the_filters_of_the_chat_are_those_of_the_watch(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        await here.say("hello")
        here.tables.chats.set_filters(7, ChatFilters(source="TASS"))
        return await texts(here, f"/watch {HAIL}")

    assert play(story) == [f"{SET}\nonly TASS\n{ONE}"]


def test_watch_in_reply_to_an_answer_watches_its_question(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        [first] = await here.say("Who are the kings?")
        await here.say(HAIL)
        await here.say("/watch", reply_to=first)
        await here.say("/watch and when?", reply_to=first)
        return [watch.wording for watch in here.tables.watches.of_person(7)]

    assert play(story) == ["Who are the kings?", "Who are the kings? … and when?"]


def test_a_follow_up_is_watched_with_what_it_follows(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        await here.say(HAIL)
        said = await texts(here, "/watch and when?", "/watch Who ate fish?", "and how?", "/watch")
        assert [(watch.question, watch.earlier) for watch in here.tables.watches.of_person(7)] == [
            ("and when?", HAIL),
            ("Who ate fish?", None),
            ("and how?", HAIL),
        ]
        return said

    said = play(story)
    assert said[0].splitlines()[0] == f"{SET} … and when?"
    assert said[3].splitlines()[0] == f"{SET} … and how?"


def test_the_same_question_twice_is_one_watch(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen="Hail fell on Bergen.")
        assert await texts(here, f"/watch {HAIL.upper()}") == [f"I am already watching this question for you: {HAIL}"]
        assert len(here.tables.watches.of_person(7)) == 1
        assert len(await here.run_round()) == 1  # what has come in between is still new

    play(story)


@pytest.mark.parametrize(
    ("limit", "reply"),
    [
        (0, "I do not watch questions here."),
        (1, "I can watch only one question for you, and I already do. With /watches you can end it."),
        (2, "I can watch 2 questions for you, and I already do. With /watches you can end some."),
    ],
)
def test_the_number_of_watches_is_limited_per_person(play: Play, limit: int, reply: str) -> None:
    async def story(here: WatchBot) -> list[str]:
        for number in range(limit):
            await here.say(f"/watch What about hail {number}?", -9 - number, "supergroup", person=7)
        return await texts(here, f"/watch {HAIL}", f"/watch {HAIL}")

    assert play(story, watches=limit) == [reply, reply]


def test_a_button_ends_a_watch_and_the_list_is_shown_without_it(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        await here.say("/watch Who ate fish?")
        await here.say(f"/watch {HAIL}")
        [shown] = await here.say("/watches")
        assert shown.text == f"{LISTED}\n1. Who ate fish?\n2. {HAIL}"
        assert shown.buttons == ["✕ 1. Who ate fish?", f"✕ 2. {HAIL}"]
        assert [row[0]["callback_data"] for row in shown.keyboard] == ["w:1", "w:2"]
        here.telegram.press(shown, "w:1")
        await here.hear()
        assert (shown.text, shown.buttons) == (f"{LISTED}\n1. {HAIL}", [f"✕ 1. {HAIL}"])
        here.telegram.press(shown, "w:1", forged=True)
        await here.hear()
        here.telegram.press(shown, "w:2")
        await here.hear()
        assert (shown.text, shown.buttons) == (NOTHING, [])
        assert here.popups() == [
            "Done, I no longer watch this question: Who ate fish?",
            "I no longer watch this question.",
            f"Done, I no longer watch this question: {HAIL}",
        ]
        assert here.tables.watches.count() == 0

    play(story)


def test_an_old_list_ends_only_what_it_shows(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        [old], [new] = await here.say("/watches"), await here.say("/watches")
        here.telegram.press(new, "w:1")
        await here.hear()
        await here.say("/watch Who ate fish?")
        here.telegram.press(old, "w:1")
        await here.hear()
        assert [watch.question for watch in here.tables.watches.of_person(7)] == ["Who ate fish?"]

    play(story)


@pytest.mark.parametrize("data", ["w:", "w:x", "w:-1", "w:1 ", "w:1\n", "w:" + "9" * 16])
def test_a_forged_press_ends_nothing(play: Play, data: str) -> None:
    async def story(here: WatchBot) -> list[str]:
        await here.say(f"/watch {HAIL}")
        [shown] = await here.say("/watches")
        here.telegram.press(shown, data, forged=True)
        await here.hear()
        assert here.tables.watches.count() == 1
        return here.popups()

    assert play(story) == []  # it is for the handler that takes every other button


def test_nobody_ends_the_watch_of_another_person(play: Play) -> None:
    async def story(here: WatchBot) -> list[str]:
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=5)
        [shown] = await here.say("/watches", -9, "supergroup", person=5)
        here.telegram.press(shown, "w:1", person=6)
        await here.hear()
        [own] = await here.say("/watches", 6)
        assert own.text == NOTHING
        here.telegram.press(own, "w:1", forged=True)
        await here.hear()
        assert here.tables.watches.count() == 1
        return here.popups()

    assert (
        play(story) == ["These buttons are for the person who asked. Ask me yourself, and you will get your own."] * 2
    )


def test_a_group_sees_only_what_is_watched_there_in_the_topic_that_asked(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        thread = here.telegram.topic(-9)
        await here.say("/watch Who ate fish?", 5)
        [sent] = await here.say(f"/watch {HAIL}", -9, "supergroup", person=5, thread=thread)
        assert sent.thread == thread
        assert [(watch.chat, watch.thread) for watch in here.tables.watches.of_person(5)] == [(5, None), (-9, thread)]
        assert await texts(here, "/watches", chat=-9, kind="supergroup", person=5) == [f"{LISTED}\n1. {HAIL}"]
        assert await texts(here, "/watches", chat=-9, kind="supergroup", person=6) == [NOTHING]
        assert await texts(here, "/watches", chat=5) == [f"{LISTED}\n1. Who ate fish?\n2. {HAIL}"]
        [shown] = await here.say("/watches", -9, "supergroup", person=5)
        here.telegram.press(shown, "w:2", person=5)
        await here.hear()
        assert shown.text == NOTHING
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=5)
        [shown] = await here.say("/watches", 5)
        here.telegram.press(shown, "w:1")
        await here.hear()
        assert shown.text == f"{LISTED}\n1. {HAIL}"

    play(story)


def test_the_watch_of_a_group_can_be_ended_by_its_members(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        group = {"sender_chat": {"id": -9, "type": "supergroup", "title": "Ann"}}
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=1087968824, **group)
        [shown] = await here.say("/watches", -9, "supergroup", person=1087968824, **group)
        assert here.tables.watches.of_person(-9)[0].question == HAIL
        [own] = await here.say("/watches", 6)
        here.telegram.press(own, "w:1", forged=True)
        await here.hear()
        assert here.tables.watches.count() == 1
        here.telegram.press(shown, "w:1", person=6)
        await here.hear()
        assert here.tables.watches.count() == 0

    play(story)


def test_a_long_list_fits(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        for number in range(30):
            await here.say(f"/watch {number} {'😀 ' * 200}?")
        [shown] = await here.say("/watches")
        assert shown.text.splitlines()[-1] == "and 5 more"
        assert len(shown.buttons) == 25
        assert all(len(button.encode("utf-16-le")) // 2 <= 46 for button in shown.buttons)

    play(story, watches=100)


def test_a_list_that_was_deleted_is_no_error(play: Play) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        [shown] = await here.say("/watches")
        here.telegram.press(shown, "w:1", inaccessible=True)
        here.telegram.forget(7, shown.number)
        await here.hear()
        assert here.tables.watches.count() == 0
        assert here.telegram.refused == ["Bad Request: message to edit not found"]
        here.telegram.refused.clear()

    play(story)
