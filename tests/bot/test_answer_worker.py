"""The worker answers one call at a time, in order, each from one generation."""

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
from tests.support.echo_bot import EchoAnswers


def ask(worker: AnswerWorker, text: str) -> Any:
    question = Question(text, datetime(2022, 4, 3, tzinfo=UTC))
    return worker.run(lambda answers: answers.answer(question), update=len(text))


def test_calls_run_in_order_and_each_is_charged_to_its_update() -> None:
    echo, log = EchoAnswers(), []

    @contextmanager
    def computing(update: int | None) -> Iterator[None]:
        log.append(("began", update, threading.current_thread().name, len(echo.asked)))
        yield
        log.append(("ended", update, threading.current_thread().name, len(echo.asked)))

    async def run() -> list[str]:
        worker = AnswerWorker(echo, computing)
        found = await asyncio.gather(*(ask(worker, text) for text in ("slow 0.05", "b", "c")))
        worker.close()
        return [answer.quotes[0].text for answer in found]

    assert asyncio.run(run()) == ["slow 0.05", "b", "c"]
    assert [question.text for question in echo.asked] == ["slow 0.05", "b", "c"]
    assert log == [
        (word, update, "MainThread", n + (word == "ended"))
        for n, update in enumerate([len("slow 0.05"), 1, 1])
        for word in ("began", "ended")
    ]


def test_a_background_call_lets_people_go_first() -> None:
    echo = EchoAnswers()

    async def run() -> None:
        worker = AnswerWorker(echo)
        first = asyncio.create_task(ask(worker, "slow 0.1"))
        await asyncio.sleep(0.02)
        background = asyncio.create_task(
            worker.run(lambda answers: answers.answer(Question("watch", datetime.now(UTC))), in_background=True)
        )
        await asyncio.sleep(0.02)
        last = asyncio.create_task(ask(worker, "late"))
        await asyncio.gather(first, background, last)
        worker.close()

    asyncio.run(run())
    assert [question.text for question in echo.asked] == ["slow 0.1", "late", "watch"]


def test_a_background_call_does_not_wait_for_ever() -> None:
    echo, over = EchoAnswers(), asyncio.Event()

    async def people(worker: AnswerWorker) -> None:  # somebody always waits
        while not over.is_set() and len(echo.asked) < 1000:
            await ask(worker, "slow 0.01")

    async def run() -> None:
        worker = AnswerWorker(echo, patience=0.01)
        asking = [asyncio.create_task(people(worker)) for _ in range(2)]
        await asyncio.sleep(0)
        await worker.run(lambda _: None, in_background=True)
        over.set()
        await asyncio.gather(*asking)
        worker.close()

    asyncio.run(run())
    assert len(echo.asked) < 1000


@pytest.mark.parametrize("fails", [False, True])
def test_the_first_call_of_a_new_generation_sets_moved(fails: bool) -> None:
    echo = EchoAnswers()

    async def run() -> list[bool]:
        worker = AnswerWorker(echo)
        await ask(worker, "a")
        before = worker.moved.is_set()
        echo.newer.append(lambda: 2)
        with pytest.raises(RuntimeError) if fails else nullcontext():
            await ask(worker, "fail" if fails else "b")
        worker.close()
        return [before, worker.moved.is_set()]

    assert asyncio.run(run()) == [False, True]


def test_each_reason_for_refusing_the_published_index_is_signalled_once() -> None:
    echo = EchoAnswers()

    def refuse(reason: str, kind: type[Exception] = DamagedIndexError) -> Callable[[], int]:
        def raising() -> int:
            raise kind(reason)

        return raising

    async def run() -> list[tuple[int, str | None, bool]]:
        worker, seen = AnswerWorker(echo), []
        for _ in range(6):
            await ask(worker, "who?")
            seen.append((worker.generation, worker.refusal, worker.refused.is_set()))
            worker.refused.clear()
        worker.close()
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
