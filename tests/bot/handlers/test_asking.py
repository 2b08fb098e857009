"""Who may ask now, and to which update the computing of an answer is charged."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from telegram import Update

from bot.answer_worker import AnswerWorker
from bot.handlers.asking import Asking, Wait
from bot.monitor.metrics import Metrics
from bot.question_limits import QuestionLimits
from tests.support.echo_bot import EchoAnswers
from tests.support.sample_updates import message
from tests.support.telegram import NAME
from tests.support.whole_bot import WholeBot, whole_bot

NOW = 1_700_000_000.0


def asking(metrics: Metrics) -> tuple[Asking, QuestionLimits]:
    """Return a decider that allows one question a minute, and its limits."""
    limits = QuestionLimits(1, clock=lambda: NOW)
    return Asking(AnswerWorker(EchoAnswers()), limits, metrics), limits


def update(number: int, chat: int = 7, kind: str = "private") -> Update:
    return Update.de_json(message(number, chat, kind=kind), None)


def test_in_private_a_question_is_held_back_until_it_may_be_asked() -> None:
    metrics = Metrics()
    decider, limits = asking(metrics)
    assert decider.must_wait(update(1)) is None
    assert decider.must_wait(update(2)) == Wait(60.0, is_refused=False, is_known=False)
    limits.mark_told(7)
    assert decider.must_wait(update(2)) == Wait(60.0, is_refused=False, is_known=True)
    assert decider.must_wait(update(1)) is None  # what was allowed once stays so
    assert (metrics.held_up._value.get(), metrics.turned_away._value.get()) == (1, 0)


def test_in_a_group_it_is_refused() -> None:
    metrics = Metrics()
    decider, _ = asking(metrics)
    assert decider.must_wait(update(1, -7, "group")) is None
    assert decider.must_wait(update(2, -7, "group")) == Wait(60.0, is_refused=True, is_known=False)
    assert decider.must_wait(update(3, -8, "group")) is None
    assert (metrics.held_up._value.get(), metrics.turned_away._value.get()) == (0, 1)


def test_without_a_message_people_are_refused_and_counted() -> None:
    metrics = Metrics()
    decider, _ = asking(metrics)
    assert [decider.seconds_to_wait(7), decider.seconds_to_wait(7), decider.seconds_to_wait(8)] == [0.0, 60.0, 0.0]
    assert metrics.turned_away._value.get() == 1


def press(button: str) -> Callable[[WholeBot], object]:
    return lambda talk: talk.telegram.press(talk.telegram.sent[-1], talk._named(talk.telegram.sent[-1], button))


def say(text: str) -> Callable[[WholeBot], object]:
    return lambda talk: talk.telegram.say(text)


@pytest.mark.parametrize(
    ("act", "times"),
    [
        (say("/start"), 1),
        (say("who?"), 1),
        (say("/ask who?"), 1),
        (say("/more"), 1),
        (say("/context"), 1),
        (say("/sources"), 1),
        (say("/latest"), 1),
        (say("/source TASS"), 1),
        (say("/watch who?"), 1),
        (say("/help"), 0),
        (press("2"), 1),
        (press("Context"), 1),
        (press("Helpful"), 1),
        (press("More"), 2),
        (lambda talk: talk.telegram.inline("who?"), 1),
        (lambda talk: talk.telegram.guest(f"@{NAME} who?", 7), 1),
    ],
)
def test_computing_is_charged_to_the_update_that_it_answers(
    tmp_path: Path, act: Callable[[WholeBot], object], times: int
) -> None:
    charged: list[int | None] = []

    def computing(update: int | None) -> nullcontext[None]:
        charged.append(update)
        return nullcontext()

    with whole_bot(tmp_path) as talk:
        talk.say("5 quotes")
        talk._bot._worker._computing = computing
        act(talk)
        [waiting] = [json.loads(body) for _, body in [talk.telegram.updates.first() or (0, b"{}")]]
        talk.go()
    assert charged == [waiting["update_id"]] * times
