"""Delivery after a crash: sent messages are not sent again, and all messages show one answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.telegram import ApiError
from tests.support.whole_bot import WholeBot, whole_bot

PAGES = [f"quotes {n} of generation 1." for n in (1, 2, 3)]


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


def shown(talk: WholeBot, chat: int = 7) -> list[str]:
    """Return the first sentences of the quotes that a chat shows."""
    return [quote for sent in talk.telegram.sent_to(chat) for quote in quotes(sent.text)]


def quotes(text: str) -> list[str]:
    return [f"{line.split('.')[0]}." for line in text.split("\n") if line.startswith("quotes ")]


@pytest.mark.parametrize(
    ("number", "done", "again"),
    [(1, False, []), (1, True, PAGES[:1]), (2, False, []), (2, True, PAGES[1:2]), (3, False, []), (3, True, PAGES[2:])],
)
def test_after_a_crash_only_the_interrupted_message_is_sent_again(
    talk: WholeBot, number: int, done: bool, again: list[str]
) -> None:
    talk.crash("sendMessage", number, done)
    talk.say("long 3 quotes")
    assert talk.crashes == 1
    assert sorted(shown(talk)) == sorted(PAGES + again)


def test_handling_a_delivered_answer_again_sends_nothing(talk: WholeBot) -> None:
    talk.telegram.say("long 5 quotes")
    update = talk.telegram.updates.first()
    talk.go()
    for question in ("/more", "/latest"):
        talk.telegram.say(question)
        again = talk.telegram.updates.first()
        talk.go()
        assert update
        assert again
        before = len(talk.telegram.sent), len(talk.answers.asked)
        for number, body in (update, again):
            talk.telegram.updates.put({**json.loads(body), "update_id": number})
        talk.answers.newer.append(lambda: talk.answers.generation + 1)
        talk.restart()
        talk.go()
        assert (len(talk.telegram.sent), len(talk.answers.asked)) == before


@pytest.mark.parametrize("number", [1, 2])
def test_after_a_crash_and_a_new_generation_all_messages_show_one_answer(talk: WholeBot, number: int) -> None:
    talk.crash("sendMessage", number, False)
    talk.answers.newer += [lambda: 1, lambda: 2]
    talk.say("long 3 quotes")
    assert shown(talk) == [f"quotes {n} of generation 2." for n in (1, 2, 3)]
    assert len(talk.telegram.sent) == 3


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
@pytest.mark.parametrize("done", [False, True])
def test_another_crash_while_messages_are_replaced(talk: WholeBot, method: str, done: bool) -> None:
    talk.crash("sendMessage", 2, False)
    talk.answers.newer += [lambda: 1, lambda: talk.crash(method, 1, done) or 2]  # type: ignore[func-returns-value]
    talk.say("long 3 quotes")
    assert talk.crashes == 2
    wanted = [f"quotes {n} of generation 2." for n in (1, 2, 3)]
    again = wanted[1:2] if (method, done) == ("sendMessage", True) else []
    assert sorted(shown(talk)) == sorted(wanted + again)
    assert [text for text in talk.telegram.refused if "not modified" not in text] == []
    talk.telegram.refused.clear()


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("done", [False, True])
def test_a_crash_while_an_answer_is_edited(talk: WholeBot, number: int, done: bool) -> None:
    talk.telegram.say("long 3 quotes about rain")
    question = talk.go()[0].reply_to
    talk.crash("editMessageText", number, done)
    talk.answers.newer.append(lambda: 2)
    talk.edit(question, "long 3 quotes about hail")
    assert talk.crashes == 1
    texts = [sent.text for sent in talk.telegram.sent_to(7)]
    assert len(texts) == 3
    assert all(f"quotes {n} of generation 2." in text for n, text in enumerate(texts, 1))
    talk.telegram.refused.clear()  # an edit that was done already


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("ask", ["/more", "button"])
@pytest.mark.parametrize("done", [False, True])
def test_a_crash_while_more_is_sent(talk: WholeBot, ask: str, number: int, done: bool) -> None:
    *_, last = talk.say("long 5 quotes")
    talk.crash("sendMessage", number, done)
    if ask == "/more":
        talk.say(ask)
    else:
        talk.press(last, "More quotes (2)")
    assert talk.crashes == 1
    wanted = [f"quotes {n} of generation 1." for n in (1, 2, 3, 4, 5)]
    assert sorted(shown(talk)) == sorted([*wanted, *([wanted[2 + number]] if done else [])])


def test_a_message_that_cannot_be_edited_is_sent_anew(talk: WholeBot) -> None:
    first, second = talk.say("long 2 quotes")
    talk.telegram.failures["editMessageText"] = [ApiError("Bad Request: message can't be edited", 400)]
    talk.answers.newer.append(lambda: 2)
    [third] = talk.edit(first.reply_to, "long 2 quotes about hail")
    assert "quotes 1 of generation 2." in third.text
    assert "quotes 2 of generation 2." in second.text
    talk.edit(first.reply_to, "who?")
    assert [sent.text.split("\n")[-1] for sent in (first, second)][1] == "who?"
    assert third.deleted


def test_a_message_that_cannot_be_deleted_is_left(talk: WholeBot) -> None:
    first, second = talk.say("long 2 quotes")
    talk.telegram.failures["deleteMessage"] = [ApiError("Bad Request: message can't be deleted for everyone", 400)]
    talk.edit(first.reply_to, "who?")
    talk.edit(first.reply_to, "why?")
    assert first.text.endswith("why?")
    assert not second.deleted
    assert [method for method, _ in talk.telegram.calls].count("deleteMessage") == 1


def test_sent_messages_are_counted(talk: WholeBot) -> None:
    talk.say("long 3 quotes")
    assert talk.metrics.sends._value.get() == len(PAGES)
