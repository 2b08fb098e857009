"""What Telegram knows: chats and who is in them, messages, files, and what the bot has sent and said of itself."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.support.telegram.entities import Entity, Json
from tests.support.telegram.errors import ApiError, bad
from tests.support.telegram.flood import Flood
from tests.support.telegram.keyboards import Keyboard
from tests.support.telegram.updates import Updates
from tests.support.telegram.values import Upload
from tests.support.telegram.webhook import Webhook

BOT_ID = 123456
TOKEN = f"{BOT_ID}:" + "AAE-fake_token_that_nobody_has_0123"
NAME = "quotewire_test_bot"


@dataclass
class Sent:
    """A message of the bot, as it is shown now; `raw` are the values of the call that sent it."""

    chat: int
    text: str
    entities: list[Entity]
    reply_to: int | None
    raw: Json
    number: int = 0
    keyboard: Keyboard = field(default_factory=list)
    thread: int | None = None
    time: float = 0.0  # when it was sent, by the monotonic clock
    history: list[str] = field(default_factory=list)  # the texts that it had before, oldest first
    document: Upload | None = None
    deleted: bool = False
    inline: str | None = None  # its inline_message_id, if it stands in a chat that the bot need not be in

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]


@dataclass
class Chat:
    id: int
    kind: str = "private"
    title: str = "Ann"
    members: dict[int, str] = field(default_factory=dict)  # their status
    topics: dict[int, Json] = field(default_factory=dict)  # the message that opened each
    closed: str | None = None  # why the bot can't write there

    def json(self) -> Json:
        """As it stands in a message."""
        shown: Json = {
            "id": self.id,
            "type": self.kind,
            "title" if self.kind != "private" else "first_name": self.title,
        }
        return shown | ({"is_forum": True} if self.topics and self.kind == "supergroup" else {})


@dataclass
class World:
    """The state behind the server; whoever changes it holds `updates.news`."""

    sent: list[Sent] = field(default_factory=list)
    date: int | None = 1_650_000_000  # of messages, in seconds since 1970; None: now
    privacy: bool = True  # whether the bot hears in groups only what is meant for it
    flood: Flood | None = None  # Telegram's limits, if a test switches them on

    def __post_init__(self) -> None:
        self.updates = Updates()
        self.webhook = Webhook(self.updates)
        self.chats: dict[int, Chat] = {}
        self.sent_in: dict[int, list[Sent]] = {}  # the same, by chat
        self.messages: dict[int, Json] = {}  # by their ids, which are unique here
        self.posts: dict[int, Sent] = {}  # the bot's own among them
        self.inline_posts: dict[str, Sent] = {}
        self.reactions: dict[int, str] = {}  # of the bot to messages
        self.files: dict[str, Upload] = {}
        self.queries: dict[str, Json] = {}  # that can be answered: the updates that asked
        self.answers: dict[str, Json] = {}  # of the bot to queries
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope (as compact JSON) and language
        self.texts: dict[tuple[str, str], str] = {}  # descriptions, by the method that set them and language
        self.numbers = itertools.count(1000)

    @property
    def me(self) -> Json:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Quotewire", "username": NAME}

    def now(self) -> int:
        return int(time.time()) if self.date is None else self.date

    def open_chat(self, value: str) -> Chat:
        """A chat that the bot can write to, by its id as it is sent; raises ApiError."""
        chat = self.known_chat(value)
        if chat.closed:
            raise ApiError(f"Forbidden: {chat.closed}", 403)
        return chat

    def known_chat(self, value: str) -> Chat:
        if not value:
            raise bad("chat_id is empty")
        try:
            return self.chats[int(value)]
        except (KeyError, ValueError):
            raise bad("chat not found") from None

    def message(self, chat: int, number: int, what: str) -> Json:
        """A message of a chat; raises ApiError."""
        message = self.messages.get(number)
        if message is None or message["chat"]["id"] != chat:
            raise bad(f"{what} not found")
        return message

    def record(self, sent: Sent) -> None:
        self.sent.append(sent)
        self.sent_in.setdefault(sent.chat, []).append(sent)

    def keep_file(self, upload: Upload) -> Json:
        """A file to be downloaded; returns how a message names it."""
        number = f"file{next(self.numbers)}"
        self.files[number] = upload
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(upload.data)}

    def answer_query(self, number: str, values: Any) -> Json:
        """Keep the bot's answer to a query; returns the query. Each is answered once; raises ApiError."""
        if number not in self.queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.answers[number] = values
        return self.queries.pop(number)
