"""The webhook accepts requests with its secret, once their update is on disk, and no others."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest, InvalidToken

from bot.updates.inbox import Inbox
from bot.updates.raw_updates import ALLOWED_UPDATES
from bot.updates.webhook import Webhook
from index.errors import ConfigError, QuotewireError
from tests.support.sample_updates import connect, inbox_of, message
from tests.support.virtual_time import Clock

HEADER = "X-Telegram-Bot-Api-Secret-Token"
URL = "https://bot.example.org/hook+1"


@pytest.fixture(autouse=True)
def logs() -> Iterator[Any]:
    with capture_logs() as logs:
        yield logs


class Bot:
    """Stands in for telegram.Bot, for one method."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def set_webhook(self, url: str, **values: Any) -> bool:
        self.asked.append((url, values))
        if self.answers:
            raise self.answers.pop(0)
        return True


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


Play = Callable[[httpx.AsyncClient, dict[str, str], list[list[int]]], Awaitable[None]]


def serving(inbox: Inbox, play: Play, most: int = 100, failed: Callable[[sqlite3.Error], None] = print) -> None:
    """Run a webhook while `play` runs, which gets a client, Telegram's header, and the list of ids passed to `wake`."""
    port = free_port()
    woken: list[list[int]] = []

    async def serve() -> None:
        bot, stop = Bot(), asyncio.Event()
        webhook = Webhook(URL, f"127.0.0.1:{port}", inbox, most, woken.append, failed)
        webhook.listen()
        running = asyncio.create_task(webhook.run(bot, stop))  # type: ignore[arg-type]
        while not bot.asked and not running.done():
            await asyncio.sleep(0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await play(client, {HEADER: bot.asked[0][1]["secret_token"]}, woken)
            stop.set()
            await running
            with pytest.raises(httpx.ConnectError):
                await client.post("/hook+1")

    asyncio.run(serve())


def test_updates_answered_with_200_are_in_the_inbox() -> None:
    inbox, _ = inbox_of()

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        for update in (message(5), message(6), message(5), ["no update"]):
            answer = await client.post("/hook+1", json=update, headers=header)
            assert (answer.status_code, answer.content) == (200, b"")
        assert woken == [[5], [6], [], []]

    serving(inbox, play)
    assert (inbox.depth(), inbox.dead_letter_count()) == (2, 1)


@pytest.mark.parametrize("secret", [None, "", "wrong", "ключ", "EMPTY"])
def test_requests_without_the_secret_are_refused(logs: list[Any], secret: str | None) -> None:
    inbox, _ = inbox_of()

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        shown = header[HEADER][:-1] if secret == "EMPTY" else secret
        headers = {} if shown is None else {HEADER.encode(): shown.encode()}
        answer = await client.post("/hook+1", json=message(5), headers=headers)
        assert (answer.status_code, answer.content, woken) == (403, b"", [])

    serving(inbox, play)
    assert inbox.open() == 0
    assert [line["event"] for line in logs] == ["refused a request without the webhook's secret"]


async def sent(port: int, raw: bytes) -> bytes:
    """Send bytes, and return the response up to the end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def head(secret: str, length: int) -> bytes:
    return f"POST /hook+1 HTTP/1.1\r\nHost: x\r\n{HEADER}: {secret}\r\nContent-Length: {length}\r\n\r\n".encode()


def test_without_the_secret_no_body_is_read() -> None:
    """The response is sent before the body, which is never sent."""

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        answer = await sent(client.base_url.port or 0, head("wrong", 2_000_000) + b"x" * 1000)
        assert answer.startswith(b"HTTP/1.1 403 ")

    serving(inbox_of()[0], play)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_incomplete_requests_are_closed(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.http_server._TIMEOUT", 0.2)

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        raw = head(header[HEADER], 100)
        await sent(
            client.base_url.port or 0, raw[:30] if part == "headers" else raw + b"{"
        )  # returns when the connection is closed
        assert (await client.post("/hook+1", json=message(5), headers=header)).status_code == 200

    serving(inbox_of()[0], play)


def test_the_oldest_of_too_many_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.http_server.CONNECTIONS", 5)

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        port = client.base_url.port or 0
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(9)]
        for _, writer in half:
            writer.write(head(header[HEADER], 100)[:30])
        assert (await client.post("/hook+1", json=message(5), headers=header)).status_code == 200
        for reader, _ in half[:5]:
            assert await reader.read() == b""  # closed
        for _, writer in half:
            writer.close()

    serving(inbox_of()[0], play)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/hook+1", b"", 400),
        ("POST", "/hook+1", b"update_id=5", 400),
        ("POST", "/hook+1", b"\xff", 400),
        ("POST", "/hook+1", b"[" * 100_000, 400),
        ("POST", "/hook+1", b'"' + b"x" * (1 << 20) + b'"', 400),
        ("POST", "/hook+1", b'"' + b"x" * ((1 << 20) - 2) + b'"', 200),
        ("POST", "/", b"{}", 404),
        ("POST", "/hook 1", b"{}", 404),
        ("POST", "/hookk1", b"{}", 404),
        ("GET", "/hook+1", None, 405),
        ("PUT", "/hook+1", b"{}", 405),
        ("HEAD", "/hook+1", None, 405),
    ],
)
def test_invalid_requests(method: str, path: str, body: bytes | None, status: int) -> None:
    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        answer = await client.request(method, path, content=body, headers=header)
        assert answer.status_code == status

    serving(inbox_of()[0], play)


def test_a_full_inbox_makes_telegram_retry() -> None:
    inbox, _ = inbox_of(message(1))

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        answer = await client.post("/hook+1", json=message(5), headers=header)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        inbox.done(1)
        assert (await client.post("/hook+1", json=message(5), headers=header)).status_code == 200

    serving(inbox, play, most=1)
    assert inbox.depth() == 1


def test_updates_that_could_not_be_stored_are_not_confirmed(caplog: pytest.LogCaptureFixture) -> None:
    connection, failed = connect(), list[sqlite3.Error]()
    inbox = Inbox(connection, 10, Clock())
    update = message(5, text="x" * 9000)

    async def play(client: httpx.AsyncClient, header: dict[str, str], woken: list[list[int]]) -> None:
        connection.execute("PRAGMA max_page_count = 1")
        assert (await client.post("/hook+1", json=update, headers=header)).status_code == 503
        connection.execute("PRAGMA max_page_count = 1000000")
        assert (await client.post("/hook+1", json=update, headers=header)).status_code == 200

    serving(inbox, play, failed=failed.append)
    assert [str(error) for error in failed] == ["database or disk is full"]
    assert caplog.text == ""


def register(bot: Bot, listen: str | None = None) -> None:
    async def once() -> None:
        stop = asyncio.Event()
        webhook = Webhook(URL, listen or f"127.0.0.1:{free_port()}", inbox_of()[0], 100, print, print)
        webhook.listen()
        running = asyncio.create_task(webhook.run(bot, stop))  # type: ignore[arg-type]
        while not bot.asked and not running.done():
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        stop.set()
        await running

    asyncio.run(once())


def test_the_registration_has_a_new_secret_each_time() -> None:
    secrets = set()
    for _ in range(3):
        bot = Bot()
        register(bot)
        [(url, values)] = bot.asked
        secrets.add(values.pop("secret_token"))
        assert (url, values) == (URL, {"allowed_updates": ALLOWED_UPDATES, "max_connections": 10})
    assert len(secrets) == 3
    assert {len(secret) for secret in secrets} == {43}
    assert json.dumps(ALLOWED_UPDATES)


def test_an_address_that_telegram_refuses() -> None:
    refusal = BadRequest("Bad webhook: failed to resolve host")
    line = r"\[bot\] webhook_url: Telegram refuses https://bot.example.org/hook\+1: Bad webhook: failed to resolve host"
    with pytest.raises(ConfigError, match=line):
        register(Bot(refusal))
    with pytest.raises(QuotewireError, match="Telegram refuses the bot token"):
        register(Bot(InvalidToken("123:secret")))


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"\[bot\] webhook_listen: cannot listen at 127.0.0.1:{port}"):
            register(Bot(), f"127.0.0.1:{port}")
