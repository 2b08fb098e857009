"""What the bot promises, shown with real processes: nothing that anybody asks is lost, whatever happens to it.

Each promise has a short version, and the whole one, which is marked `slow`.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from tests.fakes_bot import main
from tests.processes import Child, Children
from tests.telegram import ApiError, FakeTelegram, Hang, Late, Lost, wait_for
from tests.telegram.faults import Fault

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.date = None  # of messages: now, as the limit on a person's questions goes by it
        yield server


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    with Children(tmp_path) as children:
        yield children


def start(children: Children, telegram: FakeTelegram, **settings: object) -> Child:
    """A bot that answers each question with the question, of which everybody may ask as many as they like."""
    return children.start(main, telegram.url, **{"questions_per_minute": 10_000, **settings})


class Crowd:
    """People who ask, each of whom should get each answer, in order."""

    def __init__(self, telegram: FakeTelegram, people: int) -> None:
        self._telegram = telegram
        self._people = people
        self._asked: dict[int, list[str]] = {chat: [] for chat in range(1, people + 1)}

    def ask(self, count: int = 1) -> None:
        """So many questions, of one person after the other."""
        for _ in range(count):
            number = sum(map(len, self._asked.values()))
            chat = number % self._people + 1
            self._asked[chat].append(f"question {number}")
            self._telegram.say(f"question {number}", chat)

    @property
    def has_its_answers(self) -> bool:
        return all(len(set(self._telegram.to(chat))) >= len(asked) for chat, asked in self._asked.items())

    def check(self) -> None:
        """Everybody was answered, in order; what came twice came twice in a row."""
        for chat, asked in self._asked.items():
            assert [text for text, _ in groupby(self._telegram.to(chat))] == [f"{ABOVE}{text}" for text in asked]

    def repeated(self) -> list[tuple[float, float]]:
        """When what came twice came first, and again."""
        sent = [self._telegram.sent_to(chat) for chat in self._asked]
        return [(one.time, two.time) for each in sent for one, two in pairwise(each) if one.text == two.text]


SEEDS = [(4, 1), *(pytest.param(20, seed, marks=pytest.mark.slow) for seed in range(1, 6))]


@dataclass
class Killed:
    """A bot that is killed at random moments, and started again at once."""

    start: Callable[[], Child]
    chance: random.Random
    lives: list[float] = field(default_factory=list)  # when each began

    def live(self, longest: float, meanwhile: Callable[[], object], times: int) -> None:
        """One life of at most so many seconds, in which something is done so many times."""
        self.lives.append(time.monotonic())
        child = self.start()
        end = self.lives[-1] + self.chance.uniform(0, longest)
        for moment in sorted(self.chance.uniform(self.lives[-1], end) for _ in range(times)):
            sleep_until(moment)
            meanwhile()
        sleep_until(end)
        child.kill()

    def live_on(self, until: Callable[[], object]) -> None:
        """The last life, which ends politely."""
        self.lives.append(time.monotonic())
        child = self.start()
        wait_for(until, 120)
        assert child.stop(signal.SIGTERM)[0] == 0

    def life_of(self, moment: float) -> int:
        """Which life a moment is in, or after: what was sent before a kill may still be on its way."""
        return sum(began <= moment for began in self.lives) - 1

    def deaths_between(self, repeated: list[tuple[float, float]]) -> Counter[int]:
        """The lives at whose ends something was sent of which the next one did not know, and how often."""
        for first, second in repeated:
            assert self.life_of(first) < self.life_of(second), "it was sent twice without any need"
        return Counter(self.life_of(first) for first, _ in repeated)


@pytest.mark.parametrize("fault", [None, Late(0.1), Hang(0.1), ApiError("Bad Gateway", 502)], ids=str)
@pytest.mark.parametrize(("kills", "seed"), SEEDS)
def test_whoever_asks_is_answered_though_the_bot_is_killed_and_twice_at_most_once_a_kill(
    telegram: FakeTelegram, children: Children, kills: int, seed: int, fault: Fault
) -> None:
    """Ten questions in each of its lives, by 20 people; the fault is that of every third message."""
    crowd, killed = Crowd(telegram, 20), Killed(lambda: start(children, telegram), random.Random(seed))
    telegram.faults.every("sendMessage", 3 if fault else 0, fault)
    for _ in range(kills):
        killed.live(1.5, crowd.ask, 10)
    killed.live_on(lambda: crowd.has_its_answers)
    crowd.check()
    deaths = killed.deaths_between(crowd.repeated())
    assert max(deaths.values(), default=0) <= 1, f"seed {seed}: {deaths}"


@pytest.mark.parametrize(("kills", "seed"), SEEDS)
def test_a_burst_is_answered_though_the_bot_is_killed_before_and_while_it_begins_to(
    telegram: FakeTelegram, children: Children, kills: int, seed: int
) -> None:
    crowd, killed = Crowd(telegram, 20), Killed(lambda: start(children, telegram), random.Random(seed))
    crowd.ask(10 * kills)
    for _ in range(kills):
        killed.live(0.4, crowd.ask, 0)
    killed.live_on(lambda: crowd.has_its_answers)
    crowd.check()
    deaths = killed.deaths_between(crowd.repeated())
    assert max(deaths.values(), default=0) <= 1, f"seed {seed}: {deaths}"


@pytest.mark.parametrize(("kills", "seed"), SEEDS)
def test_what_is_lost_on_the_way_is_rather_sent_twice_than_never(
    telegram: FakeTelegram, children: Children, kills: int, seed: int
) -> None:
    """Telegram's word that it has sent a message is lost for every tenth of them, and the bot is killed."""
    crowd, killed = Crowd(telegram, 20), Killed(lambda: start(children, telegram), random.Random(seed))
    telegram.faults.every("sendMessage", 10, Lost())
    for _ in range(kills):
        killed.live(1.5, crowd.ask, 10)
    killed.live_on(lambda: crowd.has_its_answers)
    crowd.check()
    lost = sum(method == "sendMessage" for method, _ in telegram.calls) // 10
    assert 0 < len(crowd.repeated()) <= kills + lost, f"seed {seed}"


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
