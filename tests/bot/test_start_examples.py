"""The questions that /start offers are those of the articles that answer, chosen once."""

import asyncio
from pathlib import Path

import pytest

from bot import start_examples as examples
from bot.start_examples import examples_of, keep_examples
from retrieval.example_questions import Example, read_examples, write_examples
from tests.support.fakes_bot import EchoAnswers

FELL, ROSE = Example("Who fell?", "en"), Example("Кто встал?", "ru")


class Desk:
    """What of a desk is used."""

    def __init__(self, answers: EchoAnswers) -> None:
        from bot.answer_worker import AnswerWorker

        self.answering = AnswerWorker(answers)
        self.chosen: list[Example] = []


def test_what_was_chosen_at_the_build_is_taken(tmp_path: Path) -> None:
    answers = EchoAnswers()
    write_examples(tmp_path, answers.manifest.content, [FELL])
    assert examples_of(answers, tmp_path) == (FELL,)
    assert answers.asked == []


def test_what_was_not_is_chosen_now_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "choose_examples", lambda _: (ROSE,))
    answers = EchoAnswers()
    write_examples(tmp_path, "of other articles", [FELL])
    assert examples_of(answers, tmp_path) == (ROSE,)
    assert read_examples(tmp_path, answers.manifest.content) == (ROSE,)
    assert examples_of(answers, tmp_path / "nowhere") == (ROSE,)


def test_a_bug_in_choosing_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "_LOOK_EVERY", 0.01)
    answers, calls = EchoAnswers(), []

    def choose(_: object) -> tuple[Example, ...]:
        calls.append(answers.generation)
        if len(calls) == 1:
            raise RuntimeError("a bug")
        return (Example(f"Who, in {answers.generation}?", "en"),)

    monkeypatch.setattr(examples, "choose_examples", choose)

    async def run() -> list[Example]:
        desk, stop = Desk(answers), asyncio.Event()
        keeping = asyncio.create_task(keep_examples(desk, tmp_path, stop))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        assert desk.chosen == []
        answers.generation = 2
        while not desk.chosen:
            await asyncio.sleep(0.01)
        stop.set()
        await keeping
        desk.answering.close()
        return desk.chosen

    assert asyncio.run(run()) == [Example("Who, in 2?", "en")]
    assert calls == [1, 2]
