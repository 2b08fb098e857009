"""Sent answers are found by key, message, reply and person, also by another process."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.memory.database import open_database
from bot.memory.sent_answers import SentAnswer, SentAnswers
from retrieval.types import Question

ASKED = datetime(2022, 4, 3, 12, 30, tzinfo=UTC)
QUESTION = Question("Who?", ASKED, since=date(2022, 4, 1), source="TASS", earlier="Rain?")
GIVEN = SentAnswer("k1", 7, 100, 5, QUESTION, "Rain?\nWho?", 3, True, ("q1", "q2"), 0, 4)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answers(tmp_path: Path, clock: Clock) -> SentAnswers:
    return SentAnswers(open_database(tmp_path / "bot.sqlite"), clock)


def test_an_answer_is_found_as_it_was(answers: SentAnswers, tmp_path: Path) -> None:
    answers.put(GIVEN)
    answers.add_reply(GIVEN, 201, "b")
    answers.add_reply(GIVEN, 200, "a")
    for other in (answers, SentAnswers(open_database(tmp_path / "bot.sqlite"))):
        assert other.get("k1") == other.of_message(7, 100) == other.of_reply(7, 201) == other.last(5, 7) == GIVEN
        assert other.replies(GIVEN) == [(200, "a"), (201, "b")]
    for nothing in (answers.get("k2"), answers.of_message(8, 100), answers.of_reply(8, 201), answers.last(5, 8)):
        assert nothing is None


def test_an_answer_replaces_one_with_its_key_and_keeps_its_messages(answers: SentAnswers) -> None:
    answers.put(GIVEN)
    answers.add_reply(GIVEN, 200, "a")
    answers.add_reply(GIVEN, 201, "b")
    edited = replace(GIVEN, question=Question("When?", ASKED), quotes=("q1", "q3", "q4"), first=1, more=0)
    answers.put(edited)
    answers.remove_reply(edited, 200)
    assert answers.of_message(7, 100) == edited
    assert answers.replies(edited) == [(201, "b")]
    assert edited.own == ("q3", "q4")


def test_marks_on_an_answer(answers: SentAnswers) -> None:
    answers.put(GIVEN)
    answers.put(replace(GIVEN, key="k2", message=101))
    answers.mark_exhausted(GIVEN)
    assert (answers.get("k1"), answers.last(5, 7)) == (replace(GIVEN, more=0), replace(GIVEN, key="k2", message=101))
    answers.mark_delivered(GIVEN)
    assert answers.get("k1") == replace(GIVEN, more=0, delivered=True)
    answers.add_reply(GIVEN, 200, "a")
    answers.add_reply(GIVEN, 200, "b")
    assert answers.replies(GIVEN) == [(200, "b")]


def test_small_talk_is_not_the_last_answer(answers: SentAnswers) -> None:
    answers.put(GIVEN)
    answers.put(replace(GIVEN, key="k2", message=101))
    answers.put(replace(GIVEN, key="k3", message=102, small_talk=True, subject=None))
    assert [answer and answer.key for answer in (answers.last(5, 7), answers.last(5, 7, but="k2"))] == ["k2", "k1"]
    assert answers.subject(5, 7) == "Rain?\nWho?"


def test_a_subject_is_forgotten_after_half_an_hour(answers: SentAnswers, clock: Clock) -> None:
    answers.put(GIVEN)
    answers.put(replace(GIVEN, key="k2", message=None, subject="When?"))
    clock.now += 1798
    assert answers.subject(5, 7) == "When?"
    assert answers.subject(5, 8) is None
    assert answers.subject(5, 7) is None  # another second later


def test_old_answers_and_a_persons_are_deleted_with_their_messages(answers: SentAnswers, clock: Clock) -> None:
    answers.put(GIVEN)
    clock.now += 86400
    answers.put(replace(GIVEN, key="k2", message=101))
    answers.add_reply(GIVEN, 200, "a")
    answers.prune(1)
    assert answers.get("k1") is None
    assert answers.of_reply(7, 200) is None
    answers.put(replace(GIVEN, key="k3", message=102, person=6))
    assert answers.forget(5) == 1
    assert answers.get("k2") is None
    assert answers.get("k3") is not None


def test_keys_are_short_and_unique() -> None:
    keys = {SentAnswers.new_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert {len(key) for key in keys} == {11}


def test_a_reply_to_a_deleted_answer_is_not_stored(answers: SentAnswers) -> None:
    answers.put(GIVEN)
    answers.forget(GIVEN.person)
    answers.add_reply(GIVEN, 200, "a")
    answers.mark_delivered(GIVEN)
    assert (answers.replies(GIVEN), answers.get("k1")) == ([], None)
