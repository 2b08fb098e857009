"""Updates as Telegram sends them, and an inbox in memory with a clock that tests set."""

from __future__ import annotations

import sqlite3
from typing import Any

from bot.memory.schema import create_tables
from bot.updates.inbox import Inbox
from tests.support.virtual_time import Clock

Json = dict[str, Any]


def connect(content: bytes | None = None) -> sqlite3.Connection:
    """Return the bot's database in memory, either new or from the output of Connection.serialize."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    if content is None:
        create_tables(connection)
    else:
        connection.deserialize(content)
    return connection


def inbox_of(*updates: Any, backlog: int = 1000) -> tuple[Inbox, Clock]:
    clock = Clock()
    inbox = Inbox(connect(), backlog, clock)
    inbox.add(updates)
    return inbox, clock


def message(id: int, chat: int = 7, text: str = "who?", kind: str = "private", **more: Any) -> Json:
    person = {"id": abs(chat), "is_bot": False, "first_name": "Ann"}
    place = {"id": chat, "type": kind}
    return {
        "update_id": id,
        "message": {"message_id": id, "date": 1_700_000_000, "chat": place, "from": person, "text": text, **more},
    }


def callback(id: int, chat: int | None = 7, person: int = 7) -> Json:
    query: Json = {"id": str(id), "from": {"id": person, "is_bot": False, "first_name": "Ann"}, "data": "x"}
    query |= {"chat_instance": "1"} if chat is None else {"chat_instance": "1", "message": message(id, chat)["message"]}
    return {"update_id": id, "callback_query": query}


def inline(id: int, person: int = 7, query: str = "who") -> Json:
    return {"update_id": id, "inline_query": {"id": str(id), "from": {"id": person}, "query": query, "offset": ""}}
