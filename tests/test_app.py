"""The bot from end to end: in this process where that is enough, else in its own."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut

from bot.fetch import patiently
from bot.inbox import Inbox
from bot.settings import BotSettings, read_token
from index.errors import ConfigError, DamagedIndexError
from tests.fakes_bot import EchoAnswers, running_bot
from tests.telegram import TOKEN, ApiError, FakeTelegram, wait_for

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
SECRET = TOKEN.split(":")[1]


@dataclass
class Child:
    """A bot in a process of its own."""

    process: subprocess.Popen[bytes]
    stderr: Path

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal; returns the exit code and all that it logged."""
        self.process.send_signal(number)
        return self.end()

    def end(self) -> tuple[int, str]:
        return self.process.wait(10), self.stderr.read_text()


@pytest.fixture
def start(telegram: FakeTelegram, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    children: list[Child] = []

    def start(*words: str) -> Child:
        stderr = tmp_path / f"stderr{len(children)}"
        command = [sys.executable, "-m", "tests.fakes_bot", telegram.url, *words]
        with stderr.open("wb") as file:
            process = subprocess.Popen(command, stderr=file, env={**os.environ, "NO_PROXY": "127.0.0.1"})
        children.append(Child(process, stderr))
        return children[-1]

    yield start
    for child in children:
        child.process.kill()
        child.process.wait()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def test_a_process_answers_many_chats_each_in_order_and_stops_politely(
    telegram: FakeTelegram, start: Callable[..., Child]
) -> None:
    child = start("debug")
    for number in range(8):
        for chat in (1, 2, 3):
            telegram.say(f"q{number}", chat)
    telegram.say("fail", 4)
    telegram.say("<b>" + "&" * 4093, 5)
    telegram.put({"message": "no message"})
    telegram.wait(27)
    telegram.say("slow 0.5", 6)
    wait_for(lambda: ("sendChatAction", {"chat_id": "6", "action": "typing"}) in telegram.calls)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    for chat in (1, 2, 3):
        assert telegram.to(chat) == [f"{ABOVE}q{number}" for number in range(8)]
    assert len(telegram.to(5)) == 2
    assert telegram.to(6) == [f"{ABOVE}slow 0.5"]  # it was under way
    assert telegram.refused == []
    assert telegram.call("getUpdates", {}) == []  # all is confirmed
    assert "/bot<token>/getUpdates" in log  # it is the whole log
    assert "a bug, with the token <token>" in log
    assert SECRET not in log


def test_a_killed_process_has_lost_nothing(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    child = start()
    telegram.say("before")
    telegram.wait(1)
    asked = len(telegram.calls)
    telegram.say("slow 1")
    telegram.say("snow")
    wait_for(lambda: "sendChatAction" in [method for method, _ in telegram.calls[asked:]])
    child.stop(signal.SIGKILL)
    child = start()
    telegram.wait(3)
    assert child.stop(signal.SIGINT)[0] == 0
    assert telegram.to(7) == [f"{ABOVE}before", f"{ABOVE}slow 1", f"{ABOVE}snow"]


def test_questions_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), running_bot() as telegram:
        telegram.say("a private matter")
        telegram.wait(1)
    assert "answered with 1 quotes" in caplog.text
    assert "private matter" not in caplog.text


def test_a_refused_token_is_one_line(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    telegram.failures["getMe"] = [ApiError("Unauthorized", 401)]
    assert start().end() == (
        1,
        "quotewire: error: Telegram refuses the bot token; ask @BotFather for the token of your bot\n",
    )


def test_a_second_bot_ends_the_first_with_one_line(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    child = start()
    wait_for(lambda: "getUpdates" in [method for method, _ in telegram.calls])
    telegram.call("getUpdates", {})
    code, log = child.end()
    assert code == 1
    assert log.splitlines()[1:] == [
        "quotewire: error: another process runs this bot; stop it, or use another bot's token"
    ]


def test_a_slow_answer_does_not_hold_up_another_chat() -> None:
    with running_bot() as telegram:
        telegram.say("slow 1", 1)
        wait_for(lambda: "sendChatAction" in [method for method, _ in telegram.calls])
        telegram.say("/ask", 2)
        telegram.wait(2)
    assert [sent.chat for sent in telegram.sent] == [2, 1]


def test_bad_times_are_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    problems: list[TelegramError] = [NetworkError("down")] * 6 + [RetryAfter(7), TimedOut()]
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def call() -> str:
        if problems:
            raise problems.pop(0)
        return "up"

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert asyncio.run(patiently(call)) == "up"
    assert pauses == [1, 2, 4, 8, 16, 30, 7, 7]


def test_polling_goes_on_after_a_lost_connection() -> None:
    with running_bot() as telegram:
        telegram.failures["getUpdates"] = [None]
        telegram.say("who?")
        telegram.wait(1)
    assert telegram.to(7) == [f"{ABOVE}who?"]


def test_a_new_generation_answers_the_next_question(caplog: pytest.LogCaptureFixture) -> None:
    answers = EchoAnswers()

    def damaged() -> int:
        raise DamagedIndexError("generation 3 is damaged")

    with caplog.at_level(logging.INFO), running_bot(answers) as telegram:
        for newer in (lambda: 2, damaged):
            answers.newer.append(newer)
            count = len(telegram.sent)
            telegram.say("who?")
            telegram.wait(count + 1)
            assert answers.generation == 2
    assert telegram.to(7) == [f"{ABOVE}who?"] * 2
    told: list[Any] = [record.msg for record in caplog.records if record.name == "bot.answers"]
    assert [(line["event"], line["generation"], line.get("reason")) for line in told] == [
        ("answering from a newer generation", 2, None),
        ("still answering from an older generation", 2, "generation 3 is damaged"),
    ]


def test_the_inbox_bounds_what_is_under_way_and_confirms_only_what_is_handled() -> None:
    updates = [{"update_id": n, "message": {"chat": {"id": n % 200}}} for n in range(300)]
    under_way: set[int] = set()
    done: list[int] = []
    most = 0
    stop = asyncio.Event()

    async def fetch(offset: int, wait: int) -> list[dict[str, Any]]:
        assert set(range(offset)) <= set(done)
        if len(done) == len(updates):
            stop.set()
        return updates[offset : offset + 100]

    async def handle(update: dict[str, Any]) -> None:
        nonlocal most
        under_way.add(update["update_id"])
        most = max(most, len(under_way))
        await asyncio.sleep(0.05 if update["update_id"] % 7 == 0 else 0)
        under_way.remove(update["update_id"])
        done.append(update["update_id"])
        if update["update_id"] % 10 == 0:
            raise ValueError("a bug")

    asyncio.run(Inbox(fetch, handle).run(stop))
    assert sorted(done) == list(range(300))  # each once
    assert all(done.index(n) < done.index(n + 200) for n in range(100))  # in order for each chat
    assert 10 < most <= 100


def test_read_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(file))
    assert read_token() == TOKEN
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f" 999{TOKEN} ")
    assert read_token() == f"999{TOKEN}"


@pytest.mark.parametrize(
    ("token", "file", "message"),
    [
        (None, None, "TELEGRAM_BOT_TOKEN is not set; for a token message @BotFather"),
        ("", None, "TELEGRAM_BOT_TOKEN is not set; for"),
        (f"{SECRET}", None, "TELEGRAM_BOT_TOKEN is not a bot token, which looks like"),
        (f"{TOKEN}\n{TOKEN}", None, "TELEGRAM_BOT_TOKEN is not a bot token"),
        (None, b"", "TELEGRAM_BOT_TOKEN_FILE: FILE is empty; for"),
        (None, b"\xff\xfe\xff", "TELEGRAM_BOT_TOKEN_FILE: FILE: is not text"),
        (None, SECRET.encode(), "TELEGRAM_BOT_TOKEN_FILE: FILE is not a bot token"),
        (None, False, "TELEGRAM_BOT_TOKEN_FILE: FILE: cannot be read: No such file or directory"),
    ],
)
def test_no_token_or_none_that_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str | None, file: bytes | bool | None, message: str
) -> None:
    path = tmp_path / "token"
    if isinstance(file, bytes):
        path.write_bytes(file)
    for name, value in (("", token), ("_FILE", None if file is None else str(path))):
        monkeypatch.delenv(f"TELEGRAM_BOT_TOKEN{name}", raising=False)
        if value is not None:
            monkeypatch.setenv(f"TELEGRAM_BOT_TOKEN{name}", value)
    with pytest.raises(ConfigError) as caught:
        read_token()
    assert str(caught.value).startswith(message.replace(": FILE", f": {path}"))
    assert SECRET not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081", "https://bot.example.org/api/"])
def test_api_url(url: str) -> None:
    assert BotSettings(api_url=url).api_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["", "api.telegram.org", "ftp://x", "https://", "https://u:p@x", "https://x/{token}", "https://x:y", "https://x?y"],
)
def test_what_is_no_api_url_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    (tmp_path / "config.toml").write_text(f'[bot]\napi_url = "{url}"\n')
    with pytest.raises(ConfigError, match=r"\[bot\] api_url: "):
        BotSettings.load(tmp_path / "config.toml")
