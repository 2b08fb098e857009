"""Forgetting removes a person's words from the follow-up questions of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.memory.database import open_database
from bot.memory.feedback import Feedback, Verdict
from bot.memory.forgetting import detach_follow_ups, forget
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.memory.watches import Watches
from bot.messages import texts_for
from retrieval.types import Question
from tests.support.whole_bot import whole_bot

EN = texts_for("en", "en")
NOW = datetime(2022, 4, 3, tzinfo=UTC)
ANN, BOB, EVE, GROUP = 7, 8, 9, -50


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "bot.sqlite")
    yield connection
    connection.close()


def ask(
    connection: sqlite3.Connection, person: int, words: str, earlier: str | None, subject: str, talk: bool = False
) -> None:
    given = SentAnswers(connection)
    question = Question(words, NOW, earlier=earlier)
    given.put(SentAnswer(given.new_key(), GROUP, None, person, question, subject, 1, True, (), small_talk=talk))


def kept(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    query = "SELECT person, question, earlier, subject FROM answers ORDER BY rowid"
    return [tuple(row) for row in connection.execute(query)]


def test_a_chain_of_follow_ups_is_detached_link_by_link(connection: sqlite3.Connection) -> None:
    ask(connection, ANN, "Zanzibar?", None, "Zanzibar?")
    ask(
        connection, EVE, "and why?", "Zanzibar? and when?", "Zanzibar? and why?"
    )  # follows up Bob's question, which is stored after it
    ask(connection, BOB, "and when?", "Zanzibar?", "Zanzibar? and when?")
    ask(connection, BOB, "thanks", "Zanzibar?", "Zanzibar?", talk=True)
    ask(connection, BOB, "Oslo?", None, "Oslo?")
    ask(connection, EVE, "and there?", "Oslo?", "Oslo? and there?")
    ask(connection, ANN, "and here?", "Oslo?", "Oslo? and here?")
    detach_follow_ups(connection, ANN)
    assert kept(connection) == [
        (ANN, "Zanzibar?", None, "Zanzibar?"),
        (EVE, "and why?", None, "and why?"),
        (BOB, "and when?", None, "and when?"),
        (BOB, "thanks", None, None),
        (BOB, "Oslo?", None, "Oslo?"),
        (EVE, "and there?", "Oslo?", "Oslo? and there?"),
        (ANN, "and here?", "Oslo?", "Oslo? and here?"),
    ]


def test_follow_ups_are_detached_even_if_the_answer_was_pruned(connection: sqlite3.Connection) -> None:
    watches, feedback = Watches(connection), Feedback(connection)
    for person, words, earlier in ((ANN, "Zanzibar?", None), (BOB, "and when?", "Zanzibar?"), (BOB, "Oslo?", "Moss?")):
        watches.add(person, GROUP, None, 1, Question(words, NOW, earlier=earlier), "en", 1, ())
        feedback.put(Verdict(person, Question(words, NOW, earlier=earlier), "q", "a", 0, 1, "R", True, 1, 1.0))
    detach_follow_ups(connection, ANN)
    for table in ("watches", "feedback"):
        rows = connection.execute(f"SELECT person, earlier FROM {table} ORDER BY rowid")
        assert [tuple(row) for row in rows] == [(ANN, None), (BOB, None), (BOB, "Moss?")]


def test_forgetting_is_atomic(connection: sqlite3.Connection) -> None:
    def fail(_: int) -> int:
        raise ValueError("a bug")

    ask(connection, ANN, "Zanzibar?", None, "Zanzibar?")
    ask(connection, BOB, "and when?", "Zanzibar?", "Zanzibar? and when?")
    before = kept(connection)
    with pytest.raises(ValueError, match="a bug"):
        forget(connection, {"answers": SentAnswers(connection).forget, "updates": fail}, ANN)
    assert kept(connection) == before


def test_in_a_group_no_words_of_a_forgotten_person_are_left_on_the_disk(tmp_path: Path) -> None:
    def on_disk() -> int:
        return sum(path.read_bytes().count(b"Zanzibar") for path in tmp_path.rglob("*") if path.is_file())

    with whole_bot(tmp_path) as talk:
        answer = talk.say("/ask 3 quotes of Zanzibar", GROUP, "supergroup", person=ANN)[0]
        for person in (BOB, EVE, BOB):
            replied = {
                "message_id": answer.number,
                "date": 1,
                "chat": {"id": GROUP, "type": "supergroup", "title": "G"},
            }
            sender = {"from": talk.telegram.me, **replied}
            answer = talk.say("5 quotes about it", GROUP, "supergroup", person=person, reply_to_message=sender)[0]
            talk.press(answer, "Helpful", person)
            talk.say("/watch", GROUP, "supergroup", person=person)
        assert on_disk() > 3
        [asked] = talk.say("/forget", ANN)
        talk.press(asked, EN("button-forget"))
        assert asked.text.startswith("Done")
        assert on_disk() == 0
