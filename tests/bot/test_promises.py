"""The bot's promises, tested with real processes: no question is lost, whatever happens.

Each promise has a short test, and a full one that is marked `slow`.
"""

from __future__ import annotations

import random
import re
import resource
import signal
import socket
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.messages import texts_for
from tests.support.echo_bot import main
from tests.support.editions import SUBJECTS, publish
from tests.support.editions import main as main_of_editions
from tests.support.processes import Child, Children
from tests.support.telegram import ApiError, FakeTelegram, Flood, Hang, Late, Lost, Sent, wait_for
from tests.support.telegram.faults import Fault

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN = texts_for("en", "en")


SEEDS = [(4, 1), *(pytest.param(20, seed, marks=pytest.mark.slow) for seed in (1, 2, 3))]


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.date = None  # date messages with the present time, on which the rate limit depends
        yield server


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    with Children(tmp_path) as children:
        yield children


def start(children: Children, telegram: FakeTelegram, **settings: object) -> Child:
    """Start a bot that answers each question by repeating it, without a rate limit."""
    return children.start(main, telegram.url, **{"questions_per_minute": 10_000, **settings})


class Crowd:
    """People who ask questions and expect all answers, in order."""

    def __init__(self, telegram: FakeTelegram, people: int) -> None:
        self._telegram = telegram
        self._people = people
        self._asked: dict[int, list[str]] = {chat: [] for chat in range(1, people + 1)}

    def ask(self, count: int = 1) -> None:
        """Ask so many questions, each by the next person."""
        for _ in range(count):
            number = sum(map(len, self._asked.values()))
            chat = number % self._people + 1
            self._asked[chat].append(f"question {number}")
            self._telegram.say(f"question {number}", chat)

    @property
    def has_its_answers(self) -> bool:
        return all(len(set(self._telegram.to(chat))) >= len(asked) for chat, asked in self._asked.items())

    def check(self) -> None:
        """Assert that everybody was answered in order; repeated answers follow one another directly."""
        for chat, asked in self._asked.items():
            assert [text for text, _ in groupby(self._telegram.to(chat))] == [f"{ABOVE}{text}" for text in asked]

    def repeated(self) -> list[tuple[float, float]]:
        """Return the times of the first and the second delivery of repeated answers."""
        sent = [self._telegram.sent_to(chat) for chat in self._asked]
        return [(one.time, two.time) for each in sent for one, two in pairwise(each) if one.text == two.text]


@dataclass
class Killed:
    """A bot that is killed at random times and restarted at once."""

    telegram: FakeTelegram
    start: Callable[[], Child]
    chance: random.Random

    def live(self, longest: float, meanwhile: Callable[[], object], times: int) -> None:
        """Run the bot for a random time up to `longest` seconds, call `meanwhile` so many times, then kill it."""
        began, child = time.monotonic(), self.start()
        end = began + self.chance.uniform(0, longest)
        for moment in sorted(self.chance.uniform(began, end) for _ in range(times)):
            sleep_until(moment)
            meanwhile()
        sleep_until(end)
        child.kill()

    def live_on(self, crowd: Crowd) -> None:
        """Run the bot until everybody is answered, then stop it with SIGTERM."""
        child = self.start()
        crowd.ask(10)
        wait_for(lambda: crowd.has_its_answers, 120)
        assert child.stop(signal.SIGTERM)[0] == 0

    def life_of(self, moment: float) -> int:
        """Return the life a time belongs to, which begins with a call of getMe; calls may arrive after a kill."""
        calls = zip(self.telegram.calls, self.telegram.times, strict=True)
        return sum(method == "getMe" and time <= moment for (method, _), time in calls)

    def check(self, crowd: Crowd) -> None:
        """Assert that all is answered, and that each kill repeated at most one message."""
        crowd.check()
        lives = [(self.life_of(first), self.life_of(second)) for first, second in crowd.repeated()]
        assert all(first < second for first, second in lives), "repeated without a kill in between"
        assert len({first for first, _ in lives}) == len(lives), f"more than one repeated per kill: {lives}"


_FAULTS = [(None, 0), (Late(0.1), 1), (Hang(0.1), 3), (ApiError("Bad Gateway", 502), 3)]


@pytest.mark.parametrize(
    ("kills", "seed", "fault", "every"),
    [
        *((4, 1, *fault) for fault in _FAULTS[:2]),
        *(pytest.param(20, seed, *fault, marks=pytest.mark.slow) for seed in (1, 2, 3) for fault in _FAULTS),
    ],
    ids=str,
)
def test_every_question_is_answered_despite_kills_and_repeated_at_most_once_per_kill(
    telegram: FakeTelegram, children: Children, kills: int, seed: int, fault: Fault, every: int
) -> None:
    """20 people ask ten questions in each life of the bot; every so many messages, the fault occurs."""
    crowd, killed = Crowd(telegram, 20), Killed(telegram, lambda: start(children, telegram), random.Random(seed))
    telegram.faults.every("sendMessage", every, fault)
    for _ in range(kills):
        killed.live(1.5, crowd.ask, 10)
    killed.live_on(crowd)
    killed.check(crowd)


@pytest.mark.parametrize(("kills", "seed"), SEEDS)
def test_a_burst_is_answered_despite_early_kills(
    telegram: FakeTelegram, children: Children, kills: int, seed: int
) -> None:
    crowd, killed = Crowd(telegram, 20), Killed(telegram, lambda: start(children, telegram), random.Random(seed))
    crowd.ask(10 * kills)
    for _ in range(kills):
        killed.live(0.4, crowd.ask, 0)
    killed.live_on(crowd)
    killed.check(crowd)


@pytest.mark.parametrize(("kills", "seed"), SEEDS)
def test_messages_with_lost_responses_are_sent_twice_rather_than_never(
    telegram: FakeTelegram, children: Children, kills: int, seed: int
) -> None:
    """Every tenth response to a sent message is lost, and the bot is killed."""
    crowd, killed = Crowd(telegram, 20), Killed(telegram, lambda: start(children, telegram), random.Random(seed))
    telegram.faults.every("sendMessage", 10, Lost())
    for _ in range(kills):
        killed.live(1.5, crowd.ask, 10)
    killed.live_on(crowd)
    crowd.check()
    lost = sum(method == "sendMessage" for method, _ in telegram.calls) // 10
    assert 0 < len(crowd.repeated()) <= kills + lost, f"seed {seed}"


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


BROKEN = {"message_id": 1, "date": 1, "from": {"id": 21, "is_bot": False, "first_name": "Ann"}, "text": "who?"}


def test_an_unreadable_update_among_a_hundred_is_a_dead_letter(
    telegram: FakeTelegram, children: Children, tmp_path: Path
) -> None:
    crowd, monitor = Crowd(telegram, 20), free_address()
    crowd.ask(49)
    broken = {**BROKEN, "chat": {"id": 21, "type": "private"}, "entities": [{"no": "type"}]}
    telegram.put({"message": broken})
    telegram.say("And I?", 21)
    crowd.ask(49)
    child = start(children, telegram, monitor=monitor)
    wait_for(lambda: crowd.has_its_answers and len(telegram.to(21)) == 2, 30)
    assert "quotewire_updates_set_aside_total 1.0\n" in metrics_at(monitor)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    crowd.check()
    check_dead_letter(telegram, tmp_path, log, ["And I?"])


def test_an_update_that_kills_the_process_five_times_is_a_dead_letter(
    telegram: FakeTelegram, children: Children, tmp_path: Path
) -> None:
    crowd, monitor = Crowd(telegram, 20), free_address()
    crowd.ask(49)
    telegram.say("die", 21)
    telegram.say("And I?", 21)
    crowd.ask(49)
    for _ in range(5):
        assert start(children, telegram).end()[0] == 70
    child = start(children, telegram, monitor=monitor)
    wait_for(lambda: crowd.has_its_answers and len(telegram.to(21)) == 2, 30)
    assert "quotewire_updates_set_aside_total 1.0\n" in metrics_at(monitor)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    crowd.check()
    check_dead_letter(telegram, tmp_path, log, ["And I?"])


def check_dead_letter(telegram: FakeTelegram, folder: Path, log: str, then: list[str]) -> None:
    """Assert that person 21 got the error id, which is also in the log and the database, and the other answers."""
    told, *answers = telegram.to(21)
    assert answers == [f"{ABOVE}{text}" for text in then]
    found = re.fullmatch(r"Something went wrong \(id ([0-9a-f]{8})\)\. Please try again later\.", told)
    assert found is not None
    assert [line for line in log.splitlines() if found[1] in line and "an update becomes a dead letter" in line]
    [[error, chat]] = in_state(folder, "SELECT error, chat FROM updates WHERE state = 'dead'")
    assert (error, chat) == (found[1], 21)


@pytest.mark.parametrize(("questions", "outage"), [(12, 1), pytest.param(200, 30, marks=pytest.mark.slow)])
def test_all_answers_are_delivered_despite_floods_an_outage_and_failures(
    telegram: FakeTelegram, children: Children, questions: int, outage: float
) -> None:
    """A fifth of the messages get a flood wait of one to three seconds, and every third call fails with status 500."""
    chance, crowd, storms = random.Random(1), Crowd(telegram, 6), list[int]()

    def storm() -> int:
        storms.append(chance.randint(1, 3) if chance.random() < 0.2 else 0)
        return storms[-1]

    telegram.flood = flood = Flood(storm=storm)
    telegram.faults.every("*", 3, ApiError("Internal Server Error", 500))
    child = start(children, telegram)
    crowd.ask(questions // 2)
    telegram.wait(questions // 4, 60)
    telegram.outage(outage)
    crowd.ask(questions - questions // 2)
    began = time.monotonic()
    wait_for(lambda: crowd.has_its_answers, 300)
    assert child.stop(signal.SIGTERM)[0] == 0
    crowd.check()
    assert crowd.repeated() == []
    assert not [sent for sent in telegram.sent if began < sent.time < began + outage - 0.1]
    assert flood.violations == [], "calls during a flood wait"
    assert flood.refusals == sum(seconds > 0 for seconds in storms) > 0, "more calls than Telegram's limits allow"


@pytest.mark.parametrize(
    ("updates", "people", "backlog"),
    [
        (1000, 200, 100),
        pytest.param(10_000, 2000, 1000, marks=pytest.mark.slow),
        pytest.param(10_000, 1, 1000, marks=pytest.mark.slow),
    ],
)
def test_under_overload_memory_is_bounded_and_everybody_gets_a_reply(
    telegram: FakeTelegram, children: Children, tmp_path: Path, updates: int, people: int, backlog: int
) -> None:
    """The default rate limits apply, except Telegram's 30 messages a second, with which the test would take minutes."""
    child = start(
        children, telegram, questions_per_minute=20 if people > 1 else 600, messages_per_second=1000, backlog=backlog
    )
    telegram.say("first", people + 1)
    telegram.wait(1)
    before = child.megabytes()
    with telegram.updates.news:  # hold the lock so that all arrive at once
        for number in range(updates):
            telegram.say(f"question {number}", number % people + 1)
    wait_for(lambda: not len(telegram.updates) and not left_in(tmp_path), 300)
    grown = child.megabytes("VmHWM") - before
    assert child.stop(signal.SIGTERM)[0] == 0
    told = Counter[str]()
    for person in range(1, people + 1):
        asked = [f"{ABOVE}question {number}" for number in range(person - 1, updates, people)]
        answers = [text for text in telegram.to(person) if text.startswith(ABOVE)]
        lines = [text for text in telegram.to(person) if not text.startswith(ABOVE)]
        assert answers == [text for text in asked if text in answers], "not in order, or repeated"
        assert answers or lines, "silence"
        assert len(answers) == len(asked) or lines, "some unanswered without a notice"
        told.update(line[:12] for line in lines)
    print(f"{updates} updates of {people}: from {before:.0f} MB to {grown:.0f} MB more; told: {told}")
    assert set(told) <= {EN("busy")[:12], EN("one-moment", seconds=1)[:12]}
    assert grown < 40, "megabytes"


@pytest.mark.parametrize("publishes", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_no_answer_mixes_two_generations_while_new_ones_are_published(
    telegram: FakeTelegram, children: Children, tmp_path: Path, publishes: int
) -> None:
    """Meanwhile people ask, ask for more and edit their questions; each sentence names its edition."""
    chance, asked = random.Random(1), dict[int, float]()  # when each message was last written
    settings = {"questions_per_minute": 10_000, "messages_per_second": 1000}
    assert children.start(publish, tmp_path, 1, 1).end()[0] == 0
    bot = children.start(main_of_editions, telegram.url, tmp_path, **settings)
    publishing = children.start(publish, tmp_path, 2, publishes)

    def ask(person: int) -> None:
        subject, answers = chance.choice(SUBJECTS), telegram.sent_to(person)
        kind = chance.random()
        if not answers or kind < 0.5:
            asked[telegram.say(f"Where did {subject} fall?", person)] = time.monotonic()
        elif kind < 0.7:
            asked[telegram.say("/more", person)] = time.monotonic()
        elif (first := answers[-1].reply_to) and telegram.messages[first]["text"] != "/more":
            asked[first] = time.monotonic()
            telegram.edit(first, f"Where did {subject} fall, {len(asked)} people ask?")

    person = 0
    while not publishing.has_ended:
        person += 1
        ask(person % 100 + 1)
        time.sleep(0.02)
    assert publishing.end()[0] == 0
    wait_for(lambda: {sent.reply_to for sent in telegram.sent} == set(asked) and not left_in(tmp_path), 60)
    code, log = bot.stop(signal.SIGTERM)
    assert code == 0
    assert [line for line in log.splitlines() if "level=info" not in line] == []
    current = editions_in(tmp_path)
    pages = defaultdict[int, list[Sent]](list)
    for sent in telegram.sent:
        assert sent.reply_to is not None
        pages[sent.reply_to] += [] if sent.deleted else [sent]
        for text in (sent.text, *sent.history):
            assert len(editions_of(text)) <= 1, "two editions in one message"
    seen = set[int]()
    for number, sents in pages.items():
        editions = editions_of(*(sent.text for sent in sents))
        if sents[0].text != EN("nothing-more"):
            [edition] = editions
            since, until = current[edition]
            assert asked[number] <= until, "the edition was outdated when the question was asked"
            assert since <= sents[0].time or sents[0].history, "the edition was not published yet"
            seen.add(edition)
    print(f"{len(telegram.sent)} messages with {len(seen)} of {publishes + 1} editions")
    assert len(seen) > publishes / 3
    assert max(map(len, pages.values())) > 1


def editions_of(*texts: str) -> set[int]:
    return {int(number) for text in texts for number in re.findall(r"edition (\d+)", text)}


def editions_in(folder: Path) -> dict[int, tuple[float, float]]:
    """Return the times between which each edition may have been the current one."""
    rows = [line.split() for line in (folder / "published.log").read_text().splitlines()]
    ends = [float(row[2]) for row in rows[1:]] + [float("inf")]
    return {int(row[0]): (float(row[1]), end) for row, end in zip(rows, ends, strict=True)}


def test_the_bot_survives_a_full_disk(telegram: FakeTelegram, children: Children, tmp_path: Path) -> None:
    """Limit the size of the bot's files twice; the second time, stop the bot under the limit."""
    crowd, monitor = Crowd(telegram, 20), free_address()
    child = start(children, telegram, monitor=monitor)
    crowd.ask(40)
    wait_for(lambda: crowd.has_its_answers, 30)
    for is_last in (False, True):
        room = child.stderr.stat().st_size + 50_000  # the log still needs space
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        crowd.ask(60)
        wait_for(lambda: "the database cannot be written: " in healthz_at(monitor), 30)
        time.sleep(3)
        assert not child.has_ended
        assert not crowd.has_its_answers
        if not is_last:
            resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            wait_for(lambda: crowd.has_its_answers, 60)
            assert '"ok"' in healthz_at(monitor)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0, log
    events = re.findall("the database can[a-z ]*", log)
    assert events == ["the database cannot be written", "the database can be written again", events[0]]
    assert "Traceback" not in log
    assert "never retrieved" not in log
    child = start(children, telegram)
    wait_for(lambda: crowd.has_its_answers, 60)
    assert child.stop(signal.SIGTERM)[0] == 0
    crowd.check()


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def metrics_at(address: str) -> str:
    return httpx.get(f"http://{address}/metrics", trust_env=False).text


def left_in(folder: Path) -> bool:
    """Return whether any update is open."""
    return in_state(folder, "SELECT count(*) FROM updates WHERE state IN ('waiting', 'busy')") != [(0,)]


def healthz_at(address: str) -> str:
    return httpx.get(f"http://{address}/healthz", trust_env=False).text


def in_state(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Return the result of a query on the bot's database."""
    with closing(sqlite3.connect(folder / "state" / "bot-123456.sqlite")) as connection:
        return connection.execute(query).fetchall()
