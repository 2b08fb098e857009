"""Polling confirms updates only once they are on disk, retries during outages, and detects a second process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.updates.inbox import Inbox
from bot.updates.polling import Fetcher, Polling, retry_while_unreachable
from bot.updates.process_lock import ConflictError, single_process
from index.errors import QuotewireError
from tests.support.sample_updates import inbox_of, message
from tests.support.virtual_time import Clock

OTHER = Conflict("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")


@pytest.fixture(autouse=True)
def logs() -> Iterator[Any]:
    with capture_logs() as logs:
        yield logs


class Script:
    """Stands in for Telegram: returns the given results of getUpdates in turn, then stops the bot."""

    def __init__(self, inbox: Inbox, *answers: Any) -> None:
        self.inbox = inbox
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.clock = Clock(0)
        self.pauses: list[float] = []
        self.opened: list[list[int]] = []
        self.stop = asyncio.Event()

    async def __call__(self, offset: int | None, wait: int) -> list[object]:
        self.offsets.append(offset)
        assert wait == 50
        if not self.answers:
            self.stop.set()
            await asyncio.sleep(60)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.now += seconds

    def run(self, most: int = 100) -> None:
        polling = Polling(self, self.inbox, most, self.opened.append, self.clock, self.sleep)
        asyncio.run(polling.run(self.stop))


def test_confirmed_updates_are_in_the_inbox() -> None:
    inbox, _ = inbox_of()
    script = Script(inbox, [message(5), message(6)], [], [message(6), message(7)])
    script.run()
    assert script.offsets == [None, 7, 7, 8]
    assert script.opened == [[5, 6], [7]]
    assert script.pauses == []


def test_updates_that_cannot_be_confirmed_are_polled_with_pauses() -> None:
    inbox, _ = inbox_of()
    script = Script(inbox, ["x"], ["x"], ["x", message(5)])
    script.run()
    assert script.offsets == [None, None, None, 6]
    assert script.pauses == [5, 5]
    assert inbox.dead_letter_count() == 1


def test_polling_pauses_while_the_inbox_is_full() -> None:
    inbox, _ = inbox_of()
    script = Script(inbox, [message(1), message(2)], [message(3)])

    async def sleep(seconds: float) -> None:
        script.pauses.append(seconds)
        if len(script.pauses) in (3, 4):
            inbox.done(len(script.pauses) - 2)

    script.sleep = sleep  # type: ignore[method-assign]
    script.run(most=2)
    assert (script.offsets, script.opened) == ([None, 3, 4], [[1, 2], [3]])
    assert script.pauses == [1, 1, 1, 1]


def test_the_second_conflict_means_another_process() -> None:
    inbox, _ = inbox_of()
    script = Script(inbox, OTHER, [message(1)], OTHER, [message(2)])
    with pytest.raises(ConflictError, match="another process runs this bot; stop it, or use another bot's token") as e:
        script.run()
    assert e.value.exit_code == 4
    assert (script.pauses, inbox.depth()) == ([3], 1)


def test_two_conflicts_far_apart_are_tolerated() -> None:
    inbox, _ = inbox_of()
    script = Script(inbox, OTHER, [message(1)], OTHER, [message(2)])
    add = inbox.add

    def later(updates: Any) -> list[int]:
        script.clock.now += 60
        return add(updates)

    inbox.add = later  # type: ignore[method-assign]
    script.run()
    assert (script.pauses, inbox.depth()) == ([3, 3], 2)


@pytest.mark.parametrize(
    "words",
    [
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        "Conflict: terminated by setWebhook request",
    ],
)
def test_a_conflict_with_a_webhook_is_reported_as_such(words: str) -> None:
    with pytest.raises(ConflictError, match="another program has set a webhook for this bot"):
        Script(inbox_of()[0], Conflict(words)).run()


@pytest.mark.parametrize("problem", [NetworkError("down"), TimedOut()])
def test_outages_and_flood_waits_are_retried(monkeypatch: pytest.MonkeyPatch, problem: TelegramError) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    problems: list[TelegramError] = [problem] * 6 + [RetryAfter(7), TimedOut()]
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def call() -> str:
        if problems:
            raise problems.pop(0)
        return "up"

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert asyncio.run(retry_while_unreachable(call)) == "up"
    assert pauses == [1, 2, 4, 8, 16, 30, 7, 7]


def test_a_refused_token_is_neither_retried_nor_shown() -> None:
    async def call() -> None:
        raise InvalidToken("123:secret")

    with pytest.raises(QuotewireError, match=r"^Telegram refuses the bot token; ask @BotFather") as error:
        asyncio.run(retry_while_unreachable(call))
    assert "secret" not in str(error.value)


class Request:
    """Stands in for HTTPXRequest, for one method."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []

    async def retrieve(self, url: str, read_timeout: float) -> bytes:
        self.asked.append((url, read_timeout))
        return self.answers.pop(0)


@pytest.mark.parametrize("offset", [None, 7])
def test_the_request_to_telegram(offset: int | None) -> None:
    request = Request(b'{"ok": true, "result": [{"update_id": 8}, "x"]}')
    found = asyncio.run(Fetcher(request, "https://x/botT")(offset, 50))  # type: ignore[arg-type]
    assert found == [{"update_id": 8}, "x"]
    [(url, timeout)] = request.asked
    query = parse_qs(urlsplit(url).query)
    kinds = json.loads(query.pop("allowed_updates")[0])
    assert query == {"timeout": ["50"]} | ({"offset": ["7"]} if offset else {})
    assert sorted(kinds) == [
        "callback_query",
        "chosen_inline_result",
        "edited_message",
        "guest_message",
        "inline_query",
        "message",
        "my_chat_member",
    ]
    assert (url.split("?")[0], timeout) == ("https://x/botT/getUpdates", 60)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"result": 5}', b"\xff", b"[" * 100_000])
def test_an_invalid_response_is_retried(monkeypatch: pytest.MonkeyPatch, logs: list[Any], body: bytes) -> None:
    async def sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr(asyncio, "sleep", sleep)
    fetch = Fetcher(Request(body, b'{"result": []}'), "https://x/botT")  # type: ignore[arg-type]
    assert asyncio.run(fetch(None, 50)) == []
    assert [line["why"] for line in logs] == [
        "the response is not a list of updates; is [bot] api_url a Bot API server?"
    ]


def test_only_one_process_on_this_machine(tmp_path: Path) -> None:
    with single_process(tmp_path / "state", 5), single_process(tmp_path / "state", 6):
        again = single_process(tmp_path / "state", 5)
        with (
            pytest.raises(ConflictError, match=r"another process on this machine .* holds the lock .*bot-5.lock") as e,
            again,
        ):
            pytest.fail("two at a time")
        assert e.value.exit_code == 4
    with single_process(tmp_path / "state", 5):
        pass
