"""Answers come one at a time, in the order of asking, each from one generation."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.answer_worker import AnswerWorker
from index.errors import DamagedIndexError
from retrieval.types import Question
from tests.support.fakes_bot import EchoAnswers


def ask(answering: AnswerWorker, text: str) -> Any:
    return answering.answer(Question(text, datetime(2022, 4, 3, tzinfo=UTC)))


def test_the_first_come_is_first_served_and_turns_are_told() -> None:
    echo, log = EchoAnswers(), []

    @contextmanager
    def working() -> Iterator[None]:
        log.append(("began", threading.current_thread().name, len(echo.asked)))
        yield
        log.append(("ended", threading.current_thread().name, len(echo.asked)))

    async def run() -> list[str]:
        answering = AnswerWorker(echo, working)
        found = await asyncio.gather(*(ask(answering, text) for text in ("slow 0.05", "b", "c")))
        answering.close()
        return [answer.quotes[0].text for answer in found]

    assert asyncio.run(run()) == ["slow 0.05", "b", "c"]
    assert [question.text for question in echo.asked] == ["slow 0.05", "b", "c"]
    assert log == [(word, "MainThread", n + (word == "ended")) for n in range(3) for word in ("began", "ended")]


def test_what_stays_behind_lets_people_go_first() -> None:
    echo = EchoAnswers()

    async def run() -> None:
        answering = AnswerWorker(echo)
        first = asyncio.create_task(ask(answering, "slow 0.1"))
        await asyncio.sleep(0.02)
        behind = asyncio.create_task(
            answering.run(lambda answers: answers.answer(Question("watch", datetime.now(UTC))), behind=True)
        )
        await asyncio.sleep(0.02)
        last = asyncio.create_task(ask(answering, "late"))
        await asyncio.gather(first, behind, last)
        answering.close()

    asyncio.run(run())
    assert [question.text for question in echo.asked] == ["slow 0.1", "late", "watch"]


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.answer_worker._BEHIND", 0.01)
    echo, over = EchoAnswers(), asyncio.Event()

    async def people(answering: AnswerWorker) -> None:  # somebody always waits
        while not over.is_set() and len(echo.asked) < 1000:
            await ask(answering, "slow 0.01")

    async def run() -> None:
        answering = AnswerWorker(echo)
        asking = [asyncio.create_task(people(answering)) for _ in range(2)]
        await asyncio.sleep(0)
        await answering.run(lambda _: None, behind=True)
        over.set()
        await asyncio.gather(*asking)
        answering.close()

    asyncio.run(run())
    assert len(echo.asked) < 1000


@pytest.mark.parametrize("fails", [False, True])
def test_a_new_generation_is_told(fails: bool) -> None:
    echo = EchoAnswers()

    async def run() -> list[bool]:
        answering = AnswerWorker(echo)
        await ask(answering, "a")
        before = answering.moved.is_set()
        echo.newer.append(lambda: 2)
        with pytest.raises(RuntimeError) if fails else nullcontext():
            await ask(answering, "fail" if fails else "b")
        answering.close()
        return [before, answering.moved.is_set()]

    assert asyncio.run(run()) == [False, True]


def test_why_the_published_index_does_not_answer_is_known_and_new_once() -> None:
    echo = EchoAnswers()

    def refuse(reason: str, kind: type[Exception] = DamagedIndexError) -> Callable[[], int]:
        def raising() -> int:
            raise kind(reason)

        return raising

    async def run() -> list[tuple[int, str | None, bool]]:
        answering, seen = AnswerWorker(echo), []
        for _ in range(6):
            await ask(answering, "who?")
            seen.append((answering.generation, answering.refusal, answering.refused.is_set()))
            answering.refused.clear()
        answering.close()
        return seen

    echo.newer = [lambda: 2, refuse("a"), refuse("a"), refuse("b", PermissionError), lambda: 3, refuse("b")]
    assert asyncio.run(run()) == [
        (2, None, False),
        (2, "a", True),
        (2, "a", False),
        (2, "b", True),
        (3, None, False),
        (3, "b", True),
    ]
