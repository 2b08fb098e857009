"""Measure the bot while 50 people ask at once: answers per second, latency, CPU, memory, and a cold start.

    python -m benchmarks.bot_load questions.jsonl --config news.toml [--people 50] [--each 10] [--rounds 3]

This process runs the fake Telegram server of the tests and plays the people; the bot is `quotewire bot` in a process of
its own, with a state folder of its own. The given number of people wait for an answer at any time: whenever one gets
an answer, another one asks, so that Telegram's limits per chat delay nobody; its limit over all chats is lifted.
Latency is the time from sending a question to the first message of its answer. All questions are asked today, whatever
the dates of the articles. The row "echo" shows a bot that answers each question with the question itself: all costs
except for answering. With one person at a time, the figures show what a question takes when nobody else asks. All
figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from benchmarks.measure import percentiles, show
from bot.memory.database import open_database
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.updates.inbox import Inbox
from index.console import say
from retrieval.evaluation.labelled import read_labelled
from retrieval.types import Question
from tests.support.sample_updates import message
from tests.support.telegram import TOKEN, FakeTelegram, Sent

Figures: TypeAlias = dict[str, float]

REAL = [sys.executable, "-m", "bot", "bot"]
ECHO = [sys.executable, "-m", "tests.support.echo_bot"]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Town(FakeTelegram):
    """People who ask one question after another, each as soon as the one before has been answered."""

    latencies: list[float] = field(default_factory=list)  # seconds
    done: threading.Event = field(default_factory=threading.Event)

    def ask(self, questions: Sequence[str], people: int) -> None:
        """Ask all questions, with the given number of people asking at a time."""
        with self.updates.news:
            self.latencies.clear()
            self.done.clear()
            self._left, self._count = list(reversed(questions)), len(questions)
            self._put: dict[int, float] = {}  # when each waiting person asked
            for _ in range(people):
                self._next()

    def record(self, sent: Sent) -> None:
        """Note a message of the bot: the first of an answer, or a further one."""
        super().record(sent)
        if put := self._put.pop(sent.chat, None):
            self.latencies.append(time.monotonic() - put)
            self._next()
            if len(self.latencies) == self._count:
                self.done.set()

    def _next(self) -> None:
        if self._left:
            person = len(self.chats) + 1
            self._put[person] = time.monotonic()
            self.say(self._left.pop(), person)


@contextmanager
def process(command: Sequence[str], url: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a bot and stop it; its log goes to a file, as with a service."""
    with TemporaryDirectory() as state, (Path(state) / "log").open("wb") as log:
        settings = {
            "STATE": state,
            "API_URL": url,
            "MONITOR": "",
            "REFINE": "false",
            "MESSAGES_PER_SECOND": "1000",
            "QUESTIONS_PER_MINUTE": "10000",
        }
        variables = {f"QUOTEWIRE_BOT_{name}": value for name, value in settings.items()}
        variables |= {"TELEGRAM_BOT_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1", **environment}
        child = subprocess.Popen(command, stderr=log, env={**os.environ, **variables})
        try:
            yield child
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(30)


def round_of(command: list[str], questions: list[str], people: int, config: Path | None) -> Figures:
    """Measure a cold start, and then all questions, asked by the given number of people."""
    environment = {"QUOTEWIRE_CONFIG": str(config)} if config else {}
    town = Town(date=None)
    with town:
        town.ask(questions[-1:], 1)
        started = time.monotonic()
        with process([*command, town.url] if command == ECHO else command, town.url, environment) as child:
            assert town.done.wait(60)
            return {"first answer s": time.monotonic() - started} | load(town, child, questions, people)


def load(town: Town, child: subprocess.Popen[bytes], questions: list[str], people: int) -> Figures:
    began, before, own = time.monotonic(), processor(child.pid), processor(os.getpid())
    town.ask(questions, people)
    assert town.done.wait(600)
    wall = time.monotonic() - began
    used, beside = processor(child.pid) - before, processor(os.getpid()) - own
    return {
        "answers/s": len(questions) / wall,
        **{f"{name} ms": value for name, value in percentiles([1000 * each for each in town.latencies]).items()},
        "bot cores": used / wall,
        "fake server cores": beside / wall,
        "bot ms an answer": 1000 * used / len(questions),
        "MB": megabytes(child.pid, "VmRSS"),
        "peak MB": megabytes(child.pid, "VmHWM"),
    }


def processor(pid: int) -> float:
    """Return the CPU time of a process in seconds, user and system together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def megabytes(pid: int, of: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{of}:")).split()[1]) / 1024


def of_the_inbox(count: int = 1000) -> Figures:
    """Return the milliseconds of an update in the inbox: added alone, added with 99 others, and handled."""
    with TemporaryDirectory() as folder, closing(open_database(Path(folder) / "bot.sqlite")) as connection:
        inbox, given = Inbox(connection, 1_000_000), SentAnswers(connection)
        updates = [message(number, number) for number in range(1, 2 * count + 1)]
        question = Question("who?", datetime(2022, 4, 2, tzinfo=UTC))

        def handle(number: int) -> None:
            answer = SentAnswer(str(number), number, 1, number, question, "who?", 1, True, ("q",) * 5)
            inbox.get(number)
            with inbox.computing(number):
                pass
            given.put(answer)
            given.add_reply(answer, number, "shown")
            given.mark_delivered(answer)
            inbox.done(number)

        seconds = {
            "alone": timed(lambda: [inbox.add([update]) for update in updates[:count]]),
            "with 99 others": timed(lambda: [inbox.add(updates[at : at + 100]) for at in range(count, 2 * count, 100)]),
            "handled": timed(lambda: repeat(handle, count)),
        }
    return {name: 1000 * value / count for name, value in seconds.items()}


def repeat(call: Callable[[int], object], count: int) -> None:
    for number in range(1, count + 1):
        call(number)


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    labelled = [row.question for row in read_labelled(options.questions, lambda problem: say(f"warning: {problem}"))]
    questions = [question.text for question in labelled] * options.people
    rows = []
    for name, command, people in (("real", REAL, 1), ("real", REAL, options.people), ("echo", ECHO, options.people)):
        some = questions[: options.people * options.each if people > 1 else 100]
        rounds = [round_of(command, some, people, options.config) for _ in range(options.rounds)]
        medians = {key: round(statistics.median(each[key] for each in rounds), 2) for key in rounds[0]}
        rows.append({"bot": name, "people": people} | medians)
    show(rows, options.json)
    print()
    show([{f"{name} ms": round(value, 3) for name, value in of_the_inbox().items()}], None)


if __name__ == "__main__":
    main()
