"""/context, /sources and /latest, as people in Telegram see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.messages import texts_for
from retrieval.types import Answer
from tests.support.whole_bot import WholeBot, whole_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN, RU = texts_for("en", "en"), texts_for("ru", "en")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


@pytest.mark.parametrize("command", ["/context", "/sources", "/latest"])
def test_browsing_counts_as_a_question(tmp_path: Path, command: str) -> None:
    with whole_bot(tmp_path, questions_per_minute=3) as talk:
        talk.say("5 quotes")
        for _ in range(3):
            talk.say(command)
        assert talk.waits == [20.0]
        for _ in range(3):
            talk.say(command)
        assert talk.waits == [20.0] * 4


def test_the_context_button_counts_as_a_question(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=3) as talk:
        [answer] = talk.say("5 quotes")
        pressed = [talk.press(answer, EN("button-context")) for _ in range(3)]
        assert [bool(one.get("text")) for one in pressed] == [False, False, True]
        assert pressed[2]["text"] == EN("too-many-questions", seconds=20)


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("/context", f"{ABOVE}quotes 1 of generation 1."),
        ("/context 3", f"{ABOVE}quotes 3 of generation 1."),
        ("/context ٢", f"{ABOVE}quotes 2 of generation 1."),
        ("/context 0", EN("context-which", count=3)),
        ("/context 4", EN("context-which", count=3)),
        ("/context -1", EN("context-which", count=3)),
        ("/context ²", EN("context-which", count=3)),
        ("/context two", EN("context-which", count=3)),
        ("/context 1 2", EN("context-which", count=3)),
        (f"/context {'9' * 4000}", EN("context-which", count=3)),
    ],
)
def test_context_by_number(talk: WholeBot, words: str, reply: str) -> None:
    talk.say("5 quotes")
    number = talk.telegram.say(words)
    [sent] = talk.go()
    assert (sent.text, sent.reply_to) == (reply, number)


def test_context_numbers_continue_after_more_and_include_earlier_quotes(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes")
    talk.say("/more")
    assert talk.say("/context")[0].text == f"{ABOVE}quotes 4 of generation 1."
    assert talk.say("/context 2")[0].text == f"{ABOVE}quotes 2 of generation 1."
    assert talk.say("/context 6")[0].text == EN("context-which", count=5)
    assert talk.say("/context 4", reply_to=answer)[0].text == EN("context-which", count=3)


def test_context_of_a_replied_answer_of_the_last_one_and_of_none(talk: WholeBot) -> None:
    assert talk.say("/context")[0].text == EN("nothing-asked")
    [first] = talk.say("who?")
    talk.say("2 closest")
    talk.say("thanks!")
    talk.restart()
    assert talk.say("/context 2")[0].text == f"{ABOVE}closest 2 of generation 1."
    assert talk.say("/context", reply_to=first)[0].text == f"{ABOVE}who?"
    talk.say("0 closest")
    assert talk.say("/context")[0].text == EN("nothing-asked")
    assert talk.say("/context", 8)[0].text == EN("nothing-asked")


def test_context_of_an_article_that_is_gone(talk: WholeBot) -> None:
    talk.say("who?", language="ru")
    talk.answers.burn()
    assert talk.say("/context", language="ru")[0].text == RU("article-gone")


def test_sources(talk: WholeBot) -> None:
    [english] = talk.say("/sources")
    [russian] = talk.say("/sources", language="ru")
    assert english.text == ("3 articles from 2 outlets\n1–2 April 2022\none article has no date\n\nTASS: 2\nReuters: 1")
    assert russian.text == "3 статьи из 2 изданий\n1–2 апреля 2022\n1 статья без даты\n\nTASS: 2\nReuters: 1"


def test_the_latest_keeps_to_the_filters_of_the_chat_and_has_context(talk: WholeBot) -> None:
    asked: list[Any] = []
    latest = talk.answers.latest

    def heard(*args: Any, **more: Any) -> Answer:
        asked.append(args[1:])
        return latest(*args, **more)

    talk.answers.latest = heard  # type: ignore[method-assign]
    [sent] = talk.say("/latest")
    assert sent.text == f"The latest:\n\n{ABOVE}the latest"
    assert sent.buttons == ["¶ Context", "↗ Open article", "More quotes (1)"]
    talk.press(sent, "Context")
    assert talk.telegram.sent[-1].text == f"{ABOVE}the latest"
    talk.say("/since 2022-04-01")
    talk.say("/source tass")
    assert talk.say("/latest")[0].text == (
        f"only since 1 April 2022, TASS (/reset for all)\n\nThe latest:\n\n{ABOVE}the latest"
    )
    assert asked == [(None, None), (date(2022, 4, 1), "TASS")]


@pytest.mark.parametrize("ask", ["/more", "button"])
def test_more_of_the_latest(talk: WholeBot, ask: str) -> None:
    [latest] = talk.say("/latest")
    if ask == "/more":
        talk.say(ask)
    else:
        talk.press(latest, "More quotes (1)")
        talk.press(latest, f"m:{str(latest.keyboard[0][0]['callback_data'])[2:]}", forged=True)  # once more
        assert "message is not modified" in talk.telegram.refused.pop()
    [_, more] = talk.telegram.sent
    assert (more.text, more.buttons) == (f"2. {ABOVE}the latest but one", ["¶ 2. Context", "↗ 2. Open article"])
    assert talk.say("/context")[0].text == f"{ABOVE}the latest but one"
    assert talk.say("/more")[0].text == EN("nothing-more")


def test_the_latest_counts_as_a_question(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        talk.say("/latest")
        moment, _ = talk.say("/latest")
        assert (moment.text, talk.waits) == (EN("one-moment", seconds=60), [60])


@pytest.mark.parametrize("command", ["/sources", "/latest", "/context"])
def test_in_groups_and_topics(talk: WholeBot, command: str) -> None:
    topic = talk.telegram.topic(-5)
    [sent] = talk.say(command, -5, "supergroup", thread=topic)
    assert sent.thread == topic
    assert talk.say(f"{command}@another_bot", -5, "supergroup", thread=topic) == []
