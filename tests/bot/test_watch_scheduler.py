"""News in a new generation is sent once to the people who watch for it, and nothing else is."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from index.build.builder import build_index
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.settings import RetrievalSettings
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader
from tests.support.telegram import ApiError, FakeTelegram, Lost, Sent
from tests.support.virtual_time import Clock
from tests.support.watch_bot import GenerationAnswers, WatchBot, watch_bot

HAIL = "Where did hail fall?"
BERGEN = "Hail fell on Bergen."


def notice(*sentences: str, question: str = HAIL) -> str:
    """Return a notice; each sentence, given as `article|sentence`, is the whole text of its article."""
    quotes = [f"{{number}}Of {name}\nTASS · 2 April 2022\n{text}" for name, text in (s.split("|") for s in sentences)]
    numbered = [
        quote.replace("{number}", f"{number}. " if len(quotes) > 1 else "") for number, quote in enumerate(quotes, 1)
    ]
    return "\n\n".join([f"New on your question: {question}", *numbered])


@pytest.fixture
def shelf() -> GenerationAnswers:
    shelf = GenerationAnswers()
    shelf.publish(oslo="Hail fell on Oslo. Kings sat.")
    return shelf


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


Story = Callable[[WatchBot], Awaitable[Any]]
Play = Callable[..., Any]


@pytest.fixture
def play(tmp_path: Path, shelf: GenerationAnswers, telegram: FakeTelegram) -> Play:
    """Return a function that runs a scenario with a bot; all scenarios of a test share one database."""

    def play(story: Story, answers: Any = shelf, clock: Clock | None = None, **settings: Any) -> Any:
        async def told() -> Any:
            async with watch_bot(tmp_path, answers, telegram, clock, **settings) as here:
                return await story(here)

        return asyncio.run(told())

    return play


def texts(sent: list[Sent]) -> list[str]:
    return [each.text for each in sent]


def test_news_is_sent_once_with_its_date_and_buttons(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        assert await here.run_round() == []
        shelf.publish(bread="Bread is dear.")
        assert await here.run_round() == []
        shelf.publish(bergen=BERGEN)
        [sent] = await here.run_round(3)
        assert sent.text == notice(f"bergen|{BERGEN}")
        assert (sent.chat, sent.reply_to, sent.thread) == (7, 1000, None)
        assert "Context" in " ".join(sent.buttons)
        given = here.tables.sent_answers.of_reply(7, sent.number)
        assert given is not None
        assert (given.person, given.question.text, given.generation, len(given.quotes)) == (7, HAIL, 4, 1)
        assert here.tables.watches.of_person(7)[0].checked_generation == 4
        shelf.publish(moss="Bread is dear.")
        assert await here.run_round() == []
        assert telegram.refused == []

    play(story)


def test_a_question_is_asked_as_of_now_with_its_filters_and_what_it_follows(
    play: Play, shelf: GenerationAnswers
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(HAIL)
        await here.say("/watch and today?")
        here.clock.now += 86400
        shelf.publish(bergen=BERGEN)
        [sent] = await here.run_round()
        assert sent.text == notice(f"bergen|{BERGEN}", question=f"{HAIL} … and today?")

    play(story)
    question, limit = shelf.asked[-1]
    assert (question.text, question.earlier, limit) == ("and today?", HAIL, 50)
    assert question.asked == datetime(2022, 4, 4, 12, tzinfo=UTC)


def test_news_is_not_sent_again_after_a_restart(play: Play, shelf: GenerationAnswers) -> None:
    async def first(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        assert len(await here.run_round()) == 1

    async def second(here: WatchBot) -> list[Sent]:
        return await here.run_round(2)

    play(first)
    assert play(second) == []
    shelf.publish(moss="Hail fell on Moss.")
    assert texts(play(second)) == [notice("moss|Hail fell on Moss.")]
    assert play(second) == []


def test_an_uncertain_answer_is_no_news(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        said = await here.say(f"/watch {HAIL}")
        assert said[0].text.splitlines()[1].startswith("One quote already answers it")
        shelf.perhaps = True
        shelf.publish(bergen=BERGEN)
        assert await here.run_round(2) == []
        assert here.tables.watches.of_person(7)[0].checked_generation == 3
        shelf.perhaps = False
        shelf.publish()
        assert texts(await here.run_round(2)) == [notice(f"bergen|{BERGEN}")]

    play(story)


def test_a_notice_without_the_reader_says_so(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.confidence = None
        shelf.publish(bergen=BERGEN)
        head, rest = notice(f"bergen|{BERGEN}").split("\n", 1)
        line = "found by search only, not checked against the question"
        assert texts(await here.run_round()) == [f"{head}\n{line}\n{rest}"]

    play(story)


def test_a_draft_and_its_full_generation_send_news_once(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        assert len(await here.run_round()) == 1
        shelf.publish()
        assert await here.run_round() == []
        assert here.tables.watches.of_person(7)[0].checked_generation == 4

    play(story)


def test_returning_to_an_older_generation_sends_nothing(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        shelf.publish(bergen=BERGEN)
        shelf.publish(bergen="Bread is dear.")
        await here.say(f"/watch {HAIL}")
        shelf.published = 3
        assert await here.run_round(2) == []
        assert here.tables.watches.of_person(7)[0].checked_generation == 3
        shelf.publish(moss="Hail fell on Moss.")
        assert texts(await here.run_round(2)) == [notice(f"bergen|{BERGEN}", "moss|Hail fell on Moss.")]
        shelf.published = 3
        assert await here.run_round() == []
        shelf.published = 5
        assert await here.run_round() == []

    play(story)


def test_watching_continues_after_the_index_is_rebuilt(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        for _ in range(5):
            shelf.publish()
        await here.say(f"/watch {HAIL}")
        shelf.generations = {1: shelf.generations[7]}
        shelf.published = 1
        assert await here.run_round() == []
        shelf.publish(bergen=BERGEN)
        assert texts(await here.run_round()) == [notice(f"bergen|{BERGEN}")]

    play(story)


def test_beyond_the_daily_limit_news_comes_the_next_day(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        for word in ("hail", "snow", "rain"):
            await here.say(f"/watch Where is {word}?")
        await here.say("/watch Where is rain?", 8)
        sounds = []
        shelf.publish(all="Hail fell. Snow fell. Rain fell.")
        first = await here.run_round(3)
        sounds += [(sent.chat, sent.raw["disable_notification"]) for sent in first]
        assert sounds == [(7, "false"), (7, "true"), (8, "false")]
        assert [sent.text.splitlines()[-1] for sent in first] == ["Hail fell.", "Snow fell.", "Rain fell."]
        here.clock.now += 12 * 3600 - 1
        assert await here.run_round(2) == []
        here.clock.now += 1
        [late] = await here.run_round(2)
        assert late.text.splitlines()[-1] == "Rain fell."
        assert late.raw["disable_notification"] == "false"

    play(story)


def test_many_new_quotes_make_several_notices_and_none_is_lost(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(many=" ".join(f"Hail fell on {number}." for number in range(12)))
        sent = [found for text in texts(await here.run_round(3)) for found in re.findall(r"Hail fell on \d+", text)]
        assert sent == [f"Hail fell on {number}" for number in range(10)]
        assert here.tables.watches.of_person(7)[0].checked_generation == 2
        here.clock.now += 86400
        [late] = await here.run_round(3)
        assert re.findall(r"Hail fell on \d+", late.text) == ["Hail fell on 10", "Hail fell on 11"]
        assert here.tables.watches.of_person(7)[0].checked_generation == 3

    play(story)


def test_a_hit_without_a_quote_is_new_once_it_is_quoted(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.hidden.add("moss")  # as in a draft
        shelf.publish(bergen=BERGEN, moss="Hail fell on Moss.")
        assert texts(await here.run_round(2)) == [notice(f"bergen|{BERGEN}")]
        shelf.hidden.clear()
        shelf.publish()
        assert texts(await here.run_round(2)) == [notice("moss|Hail fell on Moss.")]

    play(story)


def test_quotes_from_before_the_watch_are_never_new(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        shelf.hidden.add("oslo")
        await here.say(f"/watch {HAIL}")
        shelf.hidden.clear()
        shelf.publish()
        assert await here.run_round(2) == []

    play(story)


def test_a_notice_goes_to_the_topic_of_the_watch(play: Play, shelf: GenerationAnswers, telegram: FakeTelegram) -> None:
    async def story(here: WatchBot) -> None:
        thread = telegram.topic(-9)
        [asked] = await here.say(f"/watch {HAIL}", -9, "supergroup", person=5, thread=thread)
        shelf.publish(bergen=BERGEN)
        [sent] = await here.run_round()
        assert (sent.chat, sent.thread, sent.reply_to) == (-9, thread, asked.reply_to)

    play(story)


def test_a_notice_is_in_the_language_of_the_watch(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}", language="ru")
        shelf.publish(bergen=BERGEN)
        [sent] = await here.run_round()
        assert sent.text.startswith(f"Новое по вашему вопросу: {HAIL}\n\nOf bergen\nTASS · 2 апреля 2022")

    play(story)


@pytest.mark.parametrize("group", [False, True])
def test_all_watches_end_where_the_bot_may_not_write(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram, group: bool
) -> None:
    async def story(here: WatchBot) -> None:
        chat = -9 if group else 5
        for question in (HAIL, "Where is snow?"):
            await here.say(f"/watch {question}", chat, "supergroup" if group else "private", person=5)
        await here.say(f"/watch {HAIL}", 6)
        telegram.kick(chat) if group else telegram.block(chat)
        await here.hear()
        shelf.publish(bergen=BERGEN)
        assert [sent.chat for sent in await here.run_round()] == [6]
        assert here.tables.watches.count() == 1
        assert here.tables.chats.count_by_kind() == {"private": 1}

    play(story)


def test_a_deleted_topic_ends_only_its_own_watch(play: Play, shelf: GenerationAnswers, telegram: FakeTelegram) -> None:
    async def story(here: WatchBot) -> None:
        thread = telegram.topic(-9)
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=5, thread=thread)
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=5)
        del telegram.chats[-9].topics[thread]
        shelf.publish(bergen=BERGEN)
        assert [sent.thread for sent in await here.run_round()] == [None]
        assert [watch.thread for watch in here.tables.watches.of_person(5)] == [None]

    play(story)


@pytest.mark.parametrize(
    "words",
    [
        "not enough rights to send text messages to the chat",
        "have no rights to send a message",
        "CHAT_WRITE_FORBIDDEN",
    ],
)
def test_a_group_that_mutes_the_bot_gets_the_notice_later(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram, words: str
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}", -9, "supergroup", person=5)
        shelf.publish(bergen=BERGEN)
        telegram.failures["sendMessage"] = [ApiError(f"Bad Request: {words}")]
        assert await here.run_round(2) == []
        assert (here.reported, here.tables.watches.count()) == ([], 1)
        shelf.publish(bread="Bread is dear.")
        assert texts(await here.run_round(2)) == [notice(f"bergen|{BERGEN}")]

    play(story)


@pytest.mark.parametrize("words", ["chat not found", "user is deactivated", "group chat was deactivated"])
def test_a_deleted_chat_ends_its_watches(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram, words: str
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        telegram.failures["sendMessage"] = [ApiError(f"Bad Request: {words}")]
        assert await here.run_round(2) == []
        assert (here.reported, here.tables.watches.count(), here.tables.chats.count_by_kind()) == ([], 0, {})

    play(story)


def test_watches_follow_a_group_that_becomes_a_supergroup(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}", -9, "group", person=5)
        telegram.chat(-1009, "supergroup")
        moved = ApiError("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009)
        telegram.failures["sendMessage"] = [moved]
        shelf.publish(bergen=BERGEN)
        [sent] = await here.run_round(2)
        assert (sent.chat, sent.reply_to) == (-1009, None)
        given = here.tables.sent_answers.of_reply(-1009, sent.number)
        assert given is not None
        assert given.chat == -1009

    play(story)


def test_a_notice_that_cannot_be_sent_is_sent_later(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        await here.say(f"/watch {HAIL}", 8)
        shelf.publish(bergen=BERGEN)
        telegram.failures["sendMessage"] = [None]
        assert [sent.chat for sent in await here.run_round()] == [8]
        assert [sent.chat for sent in await here.run_round(2)] == [7]

    play(story)


def test_a_chat_that_has_to_wait_does_not_delay_others(
    play: Play, shelf: GenerationAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch_scheduler._TIMEOUT", 0.02)

    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        await here.say(f"/watch {HAIL}", 8)
        shelf.publish(bergen=BERGEN)
        send, flooded = here.scheduler._send, {7}

        async def wait(bot: Any, given: Any, *rest: Any) -> None:
            if given.chat in flooded:
                await asyncio.sleep(3600)
            await send(bot, given, *rest)

        here.scheduler._send = wait
        assert [sent.chat for sent in await here.run_round()] == [8]
        flooded.clear()
        assert [sent.chat for sent in await here.run_round(2)] == [7]
        assert here.reported == []

    play(story)


def test_an_interrupted_notice_of_two_messages_continues(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram
) -> None:
    long = f"Hail fell on {'very ' * 500}large fields."

    async def first(here: WatchBot) -> list[Sent]:
        await here.say(f"/watch {HAIL}")
        shelf.publish(one=long, two=long.replace("large", "small"))
        # The first page is sent but not the second, as if the bot were killed in between.
        telegram.faults.every("sendMessage", 2, None)
        sent = await here.run_round()
        telegram.faults.every("sendMessage", 0, None)
        return sent

    async def second(here: WatchBot) -> list[Sent]:
        return await here.run_round(2)

    begun, rest = play(first), play(second)
    assert [len(begun), len(rest)] == [1, 1]
    assert ("large" in begun[0].text, "small" in begun[0].text) == (True, False)
    assert ("large" in rest[0].text, "small" in rest[0].text) == (False, True)


def test_a_notice_whose_response_was_lost_comes_at_most_twice(
    play: Play, shelf: GenerationAnswers, telegram: FakeTelegram
) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        telegram.failures["sendMessage"] = [Lost()]
        assert len(await here.run_round(3)) == 2

    play(story)


def test_a_failing_watch_does_not_affect_others(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        bad = here.tables.watches.of_person(7)[0]
        await here.say(f"/watch {HAIL}", 8)
        here.tables.watches._connection.execute("UPDATE watches SET question = 'fail' WHERE id = ?", (bad.id,))
        shelf.publish(bergen=BERGEN)
        with structlog.testing.capture_logs() as log:
            assert [sent.chat for sent in await here.run_round(2)] == [8]
        [failure] = [line for line in log if line["log_level"] == "error"]
        assert (failure["event"], failure["watch"]) == ("watching failed", bad.id)
        assert re.fullmatch("[0-9a-f]{8}", failure["id"])
        assert [(id, str(error)) for id, error in here.reported] == [(failure["id"], "a bug")]
        here.tables.watches._connection.execute("UPDATE watches SET question = ? WHERE id = ?", (HAIL, bad.id))
        assert await here.run_round() == []
        shelf.publish()
        assert texts(await here.run_round()) == [notice(f"bergen|{BERGEN}")]

    play(story)


def test_no_question_is_in_the_log(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        with structlog.testing.capture_logs() as log:
            await here.run_round()
        assert [line["event"] for line in log] == ["answering from a newer generation", "sent a notice"]
        assert not re.search("hail|Bergen", json.dumps(log), re.IGNORECASE)

    play(story)


def test_people_who_may_not_use_the_bot_get_no_notices(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        here.banned.add(7)
        shelf.publish(bergen=BERGEN)
        assert await here.run_round(2) == []
        here.banned.clear()
        assert len(await here.run_round(2)) == 1

    play(story)


def test_a_watch_that_ends_during_its_check_sends_nothing(play: Play, shelf: GenerationAnswers) -> None:
    async def story(here: WatchBot) -> None:
        await here.say("/watch Where is hail?")
        shelf.publish(bergen=BERGEN)
        going = asyncio.create_task(here.run_round())
        while len(shelf.asked) < 2:
            await asyncio.sleep(0)
        here.tables.watches.forget(7)
        assert await going == []

    play(story)


def test_a_round_starts_when_a_question_meets_a_new_generation(
    play: Play, shelf: GenerationAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch_scheduler.LOOK_EVERY", 1e6)

    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        stop = asyncio.Event()
        watching = asyncio.create_task(here.scheduler.run(stop))
        while here.worker._turn.locked() or here.worker.moved.is_set():
            await asyncio.sleep(0)
        shelf.publish(bergen=BERGEN)
        asked = await here.say("Who ate fish?")
        while len(here.telegram.sent) < 3:
            await asyncio.sleep(0)
        stop.set()
        await watching
        assert len(asked) == 1
        assert here.telegram.sent[-1].text == notice(f"bergen|{BERGEN}")

    play(story)


def test_new_generations_are_noticed_without_questions(
    play: Play, shelf: GenerationAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch_scheduler.LOOK_EVERY", 0.01)

    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        stop = asyncio.Event()
        watching = asyncio.create_task(here.scheduler.run(stop))
        await asyncio.sleep(0.05)
        shelf.publish(bergen=BERGEN)
        while len(here.telegram.sent) < 2:
            await asyncio.sleep(0.01)
        stop.set()
        await watching

    play(story)


def test_a_failed_round_does_not_end_watching(
    play: Play, shelf: GenerationAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch_scheduler.LOOK_EVERY", 0.01)

    async def story(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")
        shelf.publish(bergen=BERGEN)
        failures = [RuntimeError("a bug")]

        def may_use(*_: int) -> bool:
            if failures:
                raise failures.pop()
            return True

        monkeypatch.setattr(here.scheduler, "_may_use", may_use)
        stop = asyncio.Event()
        watching = asyncio.create_task(here.scheduler.run(stop))
        while len(here.telegram.sent) < 2:
            await asyncio.sleep(0.01)
        stop.set()
        await watching
        assert [str(error) for _, error in here.reported] == ["a bug"]

    play(story)


@pytest.fixture
def publish(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answerer]:
    """Return a function that writes articles (None removes one), publishes a real index and returns its Answerer."""
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())

    def publish(**articles: str | None) -> Answerer:
        for name, text in articles.items():
            path = settings.sources[0] / f"{name}.txt"
            path.write_text(text, "utf-8") if text else path.unlink()
        build_index(settings)
        return Answerer.open(settings, RetrievalSettings())

    return publish


def test_with_a_real_index(play: Play, publish: Callable[..., Answerer]) -> None:
    copied = " ".join(f"The {at}th list of {at * 7} goods was read out in court." for at in range(20))
    told = "Hail as large as eggs fell on the town of Narvik on Monday morning."
    answerer = publish(oslo="Hail fell on Oslo.", kings="Kings were crowned.")

    async def watch(here: WatchBot) -> None:
        await here.say(f"/watch {HAIL}")

    async def news(here: WatchBot) -> list[str]:
        return texts(await here.run_round(2))

    play(watch, answerer)
    publish(bread="Bread is dear, and milk is not.")
    assert play(news, answerer) == []  # it does not answer the question
    publish(wire=f"Hail in the north\n\nNARVIK, April 2, 2022 (Reuters) - {told} {copied}")
    [sent] = play(news, answerer)
    assert sent.count("Hail as large as eggs fell on the town of Narvik") == 1
    assert "2 April 2022" in sent
    assert play(news, publish()) == []  # another generation of the same articles, in a new process
    publish(same=f"{told} {copied}")
    assert play(news, answerer) == []  # a copy
    publish(wire=None)
    assert play(news, answerer) == []  # one of the copies was deleted
    publish(bergen="Hail fell on Bergen in May.")
    [sent] = play(news, answerer)
    assert sent.splitlines()[-1] == "Hail fell on Bergen in May."
