"""The whole bot, in this process where that is enough, else in its own."""

import asyncio
import json
import logging
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.memory.database import open_database
from bot.messages import texts_for
from bot.settings import BotSettings, read_token
from bot.updates.inbox import Inbox
from index.errors import ConfigError, DamagedIndexError, NoIndexError
from tests.support.echo_bot import ANSWER_WITHIN, EchoAnswers, main, running_bot
from tests.support.processes import Child, Children
from tests.support.sample_updates import inline, message
from tests.support.telegram import TOKEN, ApiError, FakeTelegram, wait_for

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN = texts_for("en", "en")
# In these tests all is asked at the same second, in another year.
_PLENTY = {"questions_per_minute": "10000", "answer_within": str(ANSWER_WITHIN)}
SECRET = TOKEN.split(":")[1]


@pytest.fixture
def start(telegram: FakeTelegram, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    with Children(tmp_path) as children:

        def start(*words: str, state: str = "state", **settings: str) -> Child:
            return children.start(main, telegram.url, *words, state=tmp_path / state, **{**_PLENTY, **settings})

        yield start


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def test_a_process_answers_many_chats_each_in_order_and_stops_politely(
    telegram: FakeTelegram, start: Callable[..., Child]
) -> None:
    child = start("debug")
    for number in range(4):
        for chat in (1, 2, 3):
            telegram.say(f"q{number}", chat)
    telegram.say("fail", 4)
    telegram.say("<b>" + "&" * 4093, 5)
    telegram.put({"message": "no message"})
    telegram.wait(13)
    telegram.say("slow 0.5", 6)
    wait_for(lambda: ("sendChatAction", {"chat_id": "6", "action": "typing"}) in telegram.calls)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    for chat in (1, 2, 3):
        assert telegram.to(chat) == [f"{ABOVE}q{number}" for number in range(4)]
    assert telegram.to(5) == [EN("too-long", limit=1000)]
    assert telegram.to(6) == [f"{ABOVE}slow 0.5"]  # it was under way
    assert telegram.refused == []
    assert telegram.to(4) == []  # it was to be tried again, and will be
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


def test_an_update_that_telegram_does_not_repeat_is_answered_after_a_kill(
    telegram: FakeTelegram, start: Callable[..., Child]
) -> None:
    child = start()
    last = [telegram.say(text) for text in ("slow 1", "snow")][-1]
    wait_for(lambda: telegram.offset > last)  # all is confirmed
    child.stop(signal.SIGKILL)
    assert telegram.call("getUpdates", {}) == []
    child = start()
    telegram.wait(2)
    assert child.stop(signal.SIGTERM)[0] == 0
    assert telegram.to(7) == [f"{ABOVE}slow 1", f"{ABOVE}snow"]


def test_an_update_that_cannot_be_parsed_becomes_a_dead_letter(
    telegram: FakeTelegram, start: Callable[..., Child]
) -> None:
    child = start()
    telegram.chat(1)
    place = {"date": 1, "chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": False, "first_name": "Ann"}}
    for number in range(20):
        telegram.say(f"q{number}", number % 5 + 2)
        if number == 10:
            telegram.put({"message": {**place, "message_id": 1, "text": "who?", "entities": [{"no": "type"}]}})
    telegram.wait(21)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    [told] = telegram.to(1)
    assert re.fullmatch(r"Something went wrong \(id ([0-9a-f]{8})\)\. Please try again later\.", told)
    assert [line for line in log.splitlines() if told[25:33] in line and "an update becomes a dead letter" in line]
    assert sorted(sent.text for sent in telegram.sent if sent.chat != 1) == sorted(f"{ABOVE}q{n}" for n in range(20))


def test_people_beyond_the_backlog_are_turned_away(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    for chat in range(1, 41):
        telegram.say("who?", chat)
    child = start(backlog="10")
    telegram.wait(40)
    assert child.stop(signal.SIGTERM)[0] == 0
    said = [sent.text for sent in sorted(telegram.sent, key=lambda sent: sent.chat)]
    assert said == [f"{ABOVE}who?"] * 10 + [EN("busy")] * 30


def test_questions_that_waited_for_too_long_are_not_answered(
    telegram: FakeTelegram, start: Callable[..., Child], tmp_path: Path
) -> None:
    connection = open_database(tmp_path / "state" / "bot-123456.sqlite")
    telegram.chat(5)
    day_ago = time.time() - 24 * 3600
    Inbox(connection, 10, lambda: day_ago).add([message(1, 5, date=int(time.time())), inline(2, 5)])
    connection.close()
    telegram.date = int(day_ago)
    telegram.say("who, while the bot was down?", 6)
    telegram.date = None
    telegram.say("who?", 6)
    child = start(answer_within="12")
    telegram.wait(3)
    assert child.stop(signal.SIGTERM)[0] == 0
    assert (telegram.to(5), telegram.to(6)) == ([EN("too-late")], [EN("too-late"), f"{ABOVE}who?"])


def test_questions_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), running_bot() as telegram:
        telegram.say("a private matter")
        telegram.wait(1)
    assert "'event': 'answered'" in caplog.text
    assert "private matter" not in caplog.text


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
def test_it_stops_even_while_telegram_is_unreachable(
    telegram: FakeTelegram, start: Callable[..., Child], method: str
) -> None:
    telegram.failures[method] = [ApiError("Bad Gateway", 502)] * 99
    child = start()
    wait_for(lambda: method in [called for called, _ in telegram.calls])
    assert child.stop(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
def test_a_refused_token_is_one_line_and_2(telegram: FakeTelegram, start: Callable[..., Child], method: str) -> None:
    telegram.failures[method] = [ApiError("Unauthorized", 401)]
    code, log = start().end()
    said = "quotewire: error: Telegram refuses the bot token; ask @BotFather for the token of your bot"
    assert (code, log.splitlines()[-1]) == (2, said)
    assert SECRET not in log


def test_an_idle_bot_says_that_nothing_waits(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    start(admins="5")
    telegram.say("/status", 5)
    telegram.wait(1)
    assert "\nNo update is waiting\n" in telegram.to(5)[0]


def test_of_two_bots_on_different_machines_one_ends(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    first = start()
    wait_for(lambda: "getUpdates" in [method for method, _ in telegram.calls])
    second = start(state="elsewhere")
    wait_for(lambda: first.has_ended or second.has_ended, 30)
    ended, other = (first, second) if first.has_ended else (second, first)
    code, log = ended.end()
    assert code == 4
    assert (
        log.splitlines()[-1] == "quotewire: error: another process runs this bot; stop it, or use another bot's token"
    )
    telegram.say("who?")
    telegram.wait(1)
    assert other.stop(signal.SIGTERM)[0] == 0


def test_a_second_bot_on_the_same_machine_sends_nothing(
    telegram: FakeTelegram, start: Callable[..., Child], tmp_path: Path
) -> None:
    first = start()
    wait_for(lambda: "getUpdates" in [method for method, _ in telegram.calls])
    lock = tmp_path / "state" / "bot-123456.lock"
    line = f"another process on this machine runs this bot (it holds the lock {lock}); stop it first"
    assert start().end() == (4, f"quotewire: error: {line}\n")
    assert [method for method, _ in telegram.calls].count("getMe") == 1  # which is what a bot begins with
    assert first.stop(signal.SIGTERM)[0] == 0


def test_a_webhook_of_another_program_is_one_line(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    words = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    telegram.failures["getUpdates"] = [ApiError(words, 409)]
    code, log = start().end()
    assert code == 4
    assert "another program has set a webhook for this bot" in log.splitlines()[-1]


def test_webhooks(telegram: FakeTelegram, start: Callable[..., Child]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    url = f"http://{address}/hook"
    child = start(webhook_url=url, webhook_listen=address)
    [values] = wait_for(lambda: [values for method, values in telegram.calls if method == "setWebhook"])
    assert (values["url"], "callback_query" in json.loads(values["allowed_updates"])) == (url, True)
    for chat in (1, 2, 3):
        telegram.chat(chat)
    secret = {"X-Telegram-Bot-Api-Secret-Token": values["secret_token"]}
    statuses = [
        httpx.post(url, json=message(number, number, f"q{number}"), headers=headers, trust_env=False).status_code
        for number, headers in [(1, secret), (2, {}), (3, secret), (3, secret)]
    ]
    assert statuses == [200, 403, 200, 200]
    telegram.wait(2)
    code, log = child.stop(signal.SIGTERM)
    assert code == 0
    assert sorted(sent.text for sent in telegram.sent) == [f"{ABOVE}q1", f"{ABOVE}q3"]
    assert values["secret_token"] not in log
    assert {"getUpdates", "deleteWebhook"} & {method for method, _ in telegram.calls} == set()


def test_a_bot_whose_webhook_address_is_in_use_is_never_ready(
    telegram: FakeTelegram, start: Callable[..., Child]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        code, log = start(webhook_url=f"http://{address}/hook", webhook_listen=address).end()
    assert code == 2
    assert f"[bot] webhook_listen: cannot listen at {address} (Address already in use" in log
    assert len(log.splitlines()) == 1, "it was ready, or said more"
    assert telegram.calls == []


def test_a_slow_answer_does_not_hold_up_another_chat() -> None:
    with running_bot() as telegram:
        telegram.say("slow 1", 1)
        wait_for(lambda: "sendChatAction" in [method for method, _ in telegram.calls])
        telegram.say("/ask", 2)
        telegram.wait(2)
    assert [sent.chat for sent in telegram.sent] == [2, 1]


def test_it_answers_while_its_tasks_at_the_start_have_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr("bot.handlers.menus.Menus.keep", wait)
    monkeypatch.setattr("bot.admin.reindex.ReindexCommand.tell_cut_short", wait)
    with running_bot() as telegram:
        telegram.say("rain")
        telegram.wait(1)


def test_it_ends_even_if_a_notice_cannot_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()

    async def wait(*_: object) -> bool:
        began.set()
        await asyncio.sleep(3600)
        return False

    monkeypatch.setattr("bot.watch_scheduler.WatchScheduler.run_round", wait)
    with running_bot(last_notice=0.1):
        assert began.wait(10)


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
    told: list[Any] = [record.msg for record in caplog.records if record.name == "bot.answer_source"]
    assert [(line["event"], line.get("generation"), line.get("reason")) for line in told] == [
        ("answering from a newer generation", 2, None),
        ("still answering from an older generation", None, "generation 3 is damaged"),
    ]


def test_the_owner_is_told_once_that_the_published_index_is_refused(tmp_path: Path) -> None:
    def gone() -> int:
        raise NoIndexError("there is no index in data yet")

    answers = EchoAnswers()
    answers.newer += [gone] * 4
    with running_bot(answers, errors_to=5) as telegram:
        telegram.chat(5)
        for number in range(3):
            telegram.say("who?")
            wait_for(lambda number=number: len(telegram.to(7)) == number + 1)
        wait_for(lambda: telegram.to(5))
    assert telegram.to(7) == [f"{ABOVE}who?"] * 3
    assert telegram.to(5) == [EN("index-refused", reason="there is no index in data yet")]


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
        (None, None, "TELEGRAM_BOT_TOKEN is not set; to get a token, send /newbot to @BotFather"),
        ("", None, "TELEGRAM_BOT_TOKEN is not set; to get"),
        (f"{SECRET}", None, "TELEGRAM_BOT_TOKEN is not a bot token, which looks like"),
        (f"{TOKEN}\n{TOKEN}", None, "TELEGRAM_BOT_TOKEN is not a bot token"),
        (None, b"", "TELEGRAM_BOT_TOKEN_FILE: FILE is empty; to get"),
        (None, b"\xff\xfe\xff", "TELEGRAM_BOT_TOKEN_FILE: FILE: is not text"),
        (None, SECRET.encode(), "TELEGRAM_BOT_TOKEN_FILE: FILE is not a bot token"),
        (None, False, "TELEGRAM_BOT_TOKEN_FILE: FILE: cannot be read: No such file or directory"),
    ],
)
def test_a_missing_or_malformed_token(
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
def test_an_invalid_api_url_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    (tmp_path / "config.toml").write_text(f'[bot]\napi_url = "{url}"\n')
    with pytest.raises(ConfigError, match=r"\[bot\] api_url: "):
        BotSettings.load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("webhook_url", "", True),
        ("webhook_url", "https://bot.example.org/hook", True),
        ("webhook_url", "http://127.0.0.1:8443/", True),
        ("webhook_url", "http://[::1]:8443/", True),
        ("webhook_url", "http://localhost/x", True),
        ("webhook_url", "http://bot.example.org/hook", False),
        ("webhook_url", "http://127.0.0.1.example.org/hook", False),
        ("webhook_url", "https://u:p@x/", False),
        ("webhook_url", "bot.example.org", False),
        ("webhook_listen", "0.0.0.0:80", True),
        ("webhook_listen", "[::1]:8443", True),
        ("webhook_listen", "localhost:1", True),
        ("webhook_listen", "", False),
        ("webhook_listen", "8443", False),
        ("webhook_listen", ":8443", False),
        ("webhook_listen", "127.0.0.1", False),
        ("webhook_listen", "127.0.0.1:0", False),
        ("webhook_listen", "127.0.0.1:70000", False),
        ("webhook_listen", "::1:8443:x", False),
        ("webhook_listen", "http://127.0.0.1:8443", False),
        ("webhook_listen", "u@127.0.0.1:8443", False),
        ("webhook_listen", "a b:8443", False),
        ("webhook_listen", "127.0.0.1:8443/x", False),
        ("monitor", "", True),
        ("monitor", "127.0.0.1:9464", True),
        ("monitor", "9464", False),
    ],
)
def test_addresses(tmp_path: Path, key: str, value: str, fits: bool) -> None:
    (tmp_path / "config.toml").write_text(f'[bot]\n{key} = "{value}"\n')
    if fits:
        assert getattr(BotSettings.load(tmp_path / "config.toml"), key) == value
    else:
        with pytest.raises(ConfigError, match=rf"\[bot\] {key}: "):
            BotSettings.load(tmp_path / "config.toml")
