"""QuestionLimits: how often a person may ask, and one question at a time."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question_limits import QuestionLimits
from tests.support.virtual_time import now, run


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_and_then_one_per_interval(clock: Clock) -> None:
    limits = QuestionLimits(12, clock)
    assert [limits.admit(1) for _ in range(6)] == [0, 0, 0, 0, 5, 5]  # refused questions do not count
    clock.now = 4
    assert limits.admit(1) == 1
    clock.now = 5
    assert [limits.admit(1), limits.admit(1)] == [0, 5]
    clock.now = 15
    assert [limits.admit(1) for _ in range(3)] == [0, 0, 5]
    clock.now = 1000
    assert [limits.admit(1) for _ in range(5)] == [0, 0, 0, 0, 5]


@pytest.mark.parametrize(("per_minute", "burst"), [(1, 1), (2, 2), (3, 3), (11, 3), (12, 4), (30, 10), (10_000, 3333)])
def test_the_burst_is_a_third_and_at_least_three(clock: Clock, per_minute: int, burst: int) -> None:
    limits = QuestionLimits(per_minute, clock)
    assert [limits.admit(1) for _ in range(burst)] == [0] * burst
    assert limits.admit(1) == pytest.approx(60 / per_minute)


def test_people_do_not_wait_for_one_another(clock: Clock) -> None:
    limits = QuestionLimits(1, clock)
    assert [limits.admit(person) for person in (1, 2, 1, -3, 2)] == [0, 0, 60, 0, 60]


def is_to_be_told(limits: QuestionLimits, asked: float | None = None) -> bool:
    knew = limits.was_told(1, asked)
    limits.mark_told(1)
    return not knew


def test_a_person_is_told_once_per_wait(clock: Clock) -> None:
    limits = QuestionLimits(3, clock)
    told = []
    for clock.now in (0, 0, 0, 0, 10, 19, 20, 20, 39, 40, 60, 60):
        refused = limits.admit(1) > 0
        told.append((clock.now, refused and is_to_be_told(limits)))
    assert [moment for moment, is_told in told if is_told] == [0, 20, 60]
    assert limits.admit(2) == 0


def test_a_waiting_person_is_not_told_again(clock: Clock) -> None:
    limits = QuestionLimits(3, clock)
    told = []
    for clock.now, asked in ((0, 0), (0, 0), (0, 0), (0, 0), (20, 0), (20, 1), (40, 1), (40, 39), (60, 39), (61, 61)):
        refused = limits.admit(1, asked) > 0
        told.append(refused and is_to_be_told(limits, asked))
    assert told == [False, False, False, True, False, False, False, False, False, True]


def test_time_since_the_question_was_asked_counts(clock: Clock) -> None:
    limits = QuestionLimits(3, clock)
    clock.now = 100
    assert [limits.admit(1, moment) for moment in (100, 40, 100, 40)] == [0, 0, 0, 20]
    clock.now = 119.96  # timers may fire early
    assert [limits.admit(1, 40), limits.admit(1, 40)] == [0, pytest.approx(20.04)]
    assert limits.admit(2, 130) == 0  # Telegram's clock is ahead


@given(st.integers(1, 60), st.lists(st.integers(0, 90), max_size=60))
def test_no_minute_holds_more_than_the_burst_and_the_rate(per_minute: int, pauses: list[int]) -> None:
    clock, admitted = Clock(), []
    limits = QuestionLimits(per_minute, clock)
    for pause in pauses:
        clock.now += pause
        for _ in range(3):
            wait = limits.admit(1)
            if wait == 0:
                admitted.append(clock.now)
            assert wait <= 60 / per_minute + 1e-9
    burst = min(per_minute, max(3, per_minute // 3))
    for start in admitted:
        assert sum(start <= moment <= start + 60 for moment in admitted) <= burst + per_minute


def test_one_question_at_a_time_for_each_person() -> None:
    answered: list[tuple[float, int, str]] = []

    async def main() -> None:
        limits = QuestionLimits(12)

        async def answer(person: int, question: str) -> None:
            async with limits.turn(person):
                await asyncio.sleep(2)
                answered.append((now(), person, question))

        asking = [asyncio.create_task(answer(person, text)) for text in "abcd" for person in (1, 2)]
        await asyncio.sleep(1)
        asking[0].cancel()  # question a of person 1, being answered
        asking[3].cancel()  # question b of person 2, waiting
        await asyncio.gather(*asking, return_exceptions=True)
        await answer(1, "e")

    run(main())
    assert answered == [(2, 2, "a"), (3, 1, "b"), (4, 2, "c"), (5, 1, "c"), (6, 2, "d"), (7, 1, "d"), (9, 1, "e")]


def test_a_failed_question_releases_its_turn() -> None:
    async def main() -> None:
        limits = QuestionLimits(12)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with limits.turn(1):
                    raise ZeroDivisionError

    run(main())


def test_memory_of_10000_people_is_released(clock: Clock) -> None:
    limits = QuestionLimits(12, clock)
    for person in range(10_000):
        limits.admit(person)
    assert len(limits._buckets) == 10_000
    clock.now = 60
    for _ in range(5000):
        limits.admit(1)
    assert len(limits._buckets) == 1


def test_a_person_waiting_for_a_turn_is_kept(clock: Clock) -> None:
    async def main() -> None:
        limits = QuestionLimits(12, clock)
        async with limits.turn(1):
            second = asyncio.create_task(limits.turn(1).__aenter__())
            for person in range(100):
                async with limits.turn(person + 2):
                    assert not second.done()
        await second

    run(main())


def test_questions_asked_while_the_bot_was_down_count_at_their_own_times(clock: Clock) -> None:
    clock.now = 10_000
    limits = QuestionLimits(12, clock)  # a burst of 4
    assert [limits.admit(1, 5000.0 + 5 * n) for n in range(20)] == [0.0] * 20  # one every five seconds
    assert [limits.admit(2, 5000.0) for _ in range(20)] == [0.0] * 20  # all at once, and long ago
    assert [limits.admit(3, 9990.0) for _ in range(8)] == [0.0] * 6 + [5.0, 5.0]


def test_a_person_who_was_not_told(clock: Clock) -> None:
    limits = QuestionLimits(1, clock)
    assert [limits.admit(1), limits.admit(1), limits.was_told(1), limits.was_told(1)] == [0, 60, False, False]
    limits.mark_told(1)
    assert limits.was_told(1)
    clock.now = 60
    assert not limits.was_told(1)
