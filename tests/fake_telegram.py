"""A Bot API server on 127.0.0.1, as strict as Telegram about HTML and lengths; it records all that is sent."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "123456:" + "AAE-fake_token_that_nobody_has_0123"
NAME = "quotewire_test_bot"

Json = dict[str, Any]

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
_ATTRIBUTES = {"a": re.compile(r' href="([^"<>]*)"'), "blockquote": re.compile(r"(?: expandable)?")}
_NONE = re.compile("")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#x27;": "'"}
_TOKENS = re.compile(r"<(/?)([a-z-]+)([^<>]*)>|(&[^;&<>\s]{1,8};)|([^<>&]+)|(.)", re.DOTALL)


class ApiError(Exception):
    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True)
class Entity:
    kind: str
    text: str
    attribute: str = ""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The text and the entities in the order of their ends; stricter than Telegram about what it lets pass."""
    text, entities = "", []
    opened: list[tuple[str, str, int]] = []
    for match in _TOKENS.finditer(markup):
        closing, name, attributes, escaped, plain, stray = match.groups()
        where = len(markup[: match.start()].encode())
        if stray:
            raise ApiError(f"Bad Request: can't parse entities: stray {stray!r} at byte offset {where}")
        if plain:
            text += plain
        elif escaped:
            if escaped not in _ENTITIES:
                raise ApiError(f"Bad Request: can't parse entities: unknown entity {escaped} at byte offset {where}")
            text += _ENTITIES[escaped]
        elif name not in _TAGS:
            raise ApiError(f'Bad Request: can\'t parse entities: Unsupported start tag "{name}" at byte offset {where}')
        elif not closing:
            if not _ATTRIBUTES.get(name, _NONE).fullmatch(attributes) or name in [tag[0] for tag in opened]:
                raise ApiError(f"Bad Request: can't parse entities: bad tag {match[0]!r} at byte offset {where}")
            opened.append((name, attributes, len(text)))
        elif not opened or opened[-1][0] != name or attributes:
            raise ApiError(f"Bad Request: can't parse entities: unexpected end tag at byte offset {where}")
        else:
            kind, attribute, start = opened.pop()
            entities.append(Entity(kind, text[start:], attribute))
    if opened:
        raise ApiError(
            f"Bad Request: can't parse entities: can't find end tag corresponding to start tag {opened[-1][0]}"
        )
    return text, entities


def check_message(text: str, parse_mode: str | None) -> tuple[str, list[Entity]]:
    """What Telegram makes of a message; raises ApiError as Telegram refuses it."""
    if len(text.encode()) > 1 << 15:
        raise ApiError("Bad Request: text is too long")
    plain, entities = parse_html(text) if parse_mode == "HTML" else (text, [])
    if re.search("[\x00-\x08\x0b-\x1f]", plain):
        raise ApiError("Bad Request: strings must not have control characters")
    if not plain.strip():
        raise ApiError("Bad Request: message text is empty")
    if units(plain.strip()) > 4096:
        raise ApiError("Bad Request: message is too long")
    if len(entities) > 100:
        raise ApiError("Bad Request: too many entities")
    return plain.strip(), entities


@dataclass(frozen=True)
class Sent:
    """A message that the bot sent."""

    chat: int
    text: str
    entities: list[Entity]
    reply_to: int | None
    raw: Json
    number: int = 0


@dataclass
class FakeTelegram:
    """Start it with `with`; what users send is put in with `say`, what the bot sends is read from `sent`."""

    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failures: dict[str, list[ApiError | None]] = field(default_factory=dict)  # None: the connection is dropped
    offset: int = 0  # all updates before it are confirmed

    def __post_init__(self) -> None:
        self._updates: list[Json] = []
        self._news = threading.Condition()
        self._numbers = iter(range(1000, 1_000_000))
        self._poll = 0
        self._open = True
        self._messages: set[tuple[int, int]] = set()
        fake = self

        class Handler(_Handler):
            server_for = fake

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeTelegram:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._open = False
            self._news.notify_all()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def say(self, text: str | None, chat: int = 7, kind: str = "private", **more: Any) -> int:
        """A user's message; returns its id. Commands get their entity, as Telegram finds them."""
        number = next(self._numbers)
        message: Json = {
            "message_id": number,
            "date": 1_650_000_000,
            "chat": {"id": chat, "type": kind, "title" if kind != "private" else "first_name": "Ann"},
            "from": {"id": abs(chat), "is_bot": False, "first_name": "Ann"},
        }
        if text is not None:
            message["text"] = text
            if command := re.match(r"/[A-Za-z0-9_]+(@\w+)?", text):
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command[0])}]
        self._messages.add((chat, number))
        self.put({"message": {**message, **more}})
        return number

    def put(self, update: Json) -> None:
        """An update as it is, with the next update id."""
        with self._news:
            self._updates.append({"update_id": next(self._numbers), **update})
            self._news.notify_all()

    def forget(self, chat: int, message: int) -> None:
        """The user deletes a message."""
        self._messages.remove((chat, message))

    def to(self, chat: int) -> list[str]:
        return [sent.text for sent in self.sent if sent.chat == chat]

    def wait(self, count: int, seconds: float = 10) -> list[Sent]:
        """What was sent, once it is that many messages."""
        return wait_for(lambda: self.sent[:] if len(self.sent) >= count else None, seconds) or self.sent

    def call(self, method: str, values: Json) -> Any:
        with self._news:
            self.calls.append((method, values))
            if self.failures.get(method):
                failure = self.failures[method].pop(0)
                if failure is None:
                    raise ConnectionAbortedError
                raise failure
        known = getattr(self, f"_{method}", None)
        if known is None:
            raise ApiError("Not Found", 404)
        return known(values)

    def _getMe(self, values: Json) -> Json:  # noqa: N802
        return {"id": 123456, "is_bot": True, "first_name": "Quotewire", "username": NAME}

    def _setWebhook(self, values: Json) -> bool:  # noqa: N802
        return True

    def _deleteWebhook(self, values: Json) -> bool:  # noqa: N802
        return True

    def _setMyCommands(self, values: Json) -> bool:  # noqa: N802
        for command in json.loads(values["commands"]):
            assert re.fullmatch("[a-z0-9_]{1,32}", command["command"])
            assert 1 <= len(command["description"]) <= 256
        return True

    def _sendChatAction(self, values: Json) -> bool:  # noqa: N802
        if values["action"] != "typing":
            raise ApiError("Bad Request: wrong parameter action in request")
        return True

    def _getUpdates(self, values: Json) -> list[Json]:  # noqa: N802
        end = time.monotonic() + float(values.get("timeout", 0))
        with self._news:
            self._poll += 1
            mine = self._poll
            self._news.notify_all()
            self.offset = max(self.offset, int(values.get("offset", 0)))
            while True:
                if mine != self._poll:
                    raise ApiError("Conflict: terminated by other getUpdates request", 409)
                self._updates = [update for update in self._updates if update["update_id"] >= self.offset]
                left = end - time.monotonic()
                if self._updates or left <= 0 or not self._open:
                    return self._updates[:100]
                self._news.wait(left)

    def _sendMessage(self, values: Json) -> Json:  # noqa: N802
        chat = int(values["chat_id"])
        try:
            text, entities = check_message(values.get("text", ""), values.get("parse_mode"))
            reply = json.loads(values.get("reply_parameters", "{}"))
            target = reply.get("message_id")
            if target and (chat, target) not in self._messages:
                if not reply.get("allow_sending_without_reply"):
                    raise ApiError("Bad Request: message to be replied not found")
                target = None
        except ApiError as error:
            self.refused.append(str(error))
            raise
        with self._news:
            number = next(self._numbers)
            self.sent.append(Sent(chat, text, entities, target, values, number))
        chat_type = "private" if chat > 0 else "group"
        return {"message_id": number, "date": 1_650_000_001, "chat": {"id": chat, "type": chat_type}}


class _Server(ThreadingHTTPServer):
    request_queue_size = 100

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that is killed leaves connections behind; anything else is a mistake here, and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_for: FakeTelegram

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        if len(body) < length:  # the bot gave it up half-way; what it sends is ASCII
            raise ConnectionAbortedError
        values = dict(parse_qsl(parts.query, keep_blank_values=True, errors="strict"))
        values |= dict(parse_qsl(body, keep_blank_values=True, errors="strict"))
        token, _, method = parts.path.removeprefix("/bot").partition("/")
        try:
            if token != TOKEN:
                raise ApiError("Unauthorized", 401)
            self._reply(200, {"ok": True, "result": self.server_for.call(method, values)})
        except ApiError as error:
            answer: Json = {"ok": False, "error_code": error.code, "description": str(error)}
            self._reply(error.code, answer | ({"parameters": error.parameters} if error.parameters else {}))
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815

    def _reply(self, code: int, answer: Json) -> None:
        payload = json.dumps(answer).encode()
        try:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
        except OSError:  # whoever asked is gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


def wait_for(condition: Any, seconds: float = 10) -> Any:
    """What the condition gives once that is true; fails after some seconds."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    return value
