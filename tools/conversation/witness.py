"""The tests' Telegram server, which records what happens."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.support.telegram import FakeTelegram, Json, Sent, Upload
from tools.conversation.events import Event, Happened, Posted, Pressed, Said, Section, Told, Typed

_KINDS = {"photo": "a photo", "voice": "a voice message", "sticker": "a sticker"}


class Witness(FakeTelegram):
    """Records events in sections; what people do is recorded before the bot can receive it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sections: list[Section] = []
        self.names: dict[int, str] = {}  # names of people and groups, by their ids

    def section(self, title: str, about: str) -> None:
        """Start a section."""
        with self.updates.news:
            self.sections.append(Section(title, about))

    def note(self, event: Event) -> None:
        with self.updates.news:
            self.sections[-1].events.append(event)

    def remark(self, text: str, printed: str = "") -> None:
        self.note(Happened(text, printed))

    def say(self, text: str | None, chat: int = 7, kind: str = "private", **more: Any) -> int:
        with self.updates.news:
            number = super().say(text, chat, kind, **more)
            who, where = self._names(chat, more.get("person"), more.get("thread"))
            reply = more.get("reply_to")
            answered = reply.number if isinstance(reply, Sent) else reply
            words = text or more.get("caption") or ""
            self.note(Said(who, where, words, number, _attached(more), answered))
            return number

    def edit(self, number: int, text: str) -> None:
        with self.updates.news:
            message = self.messages[number]
            who, where = self._names(message["chat"]["id"], message["from"]["id"])
            self.note(Said(who, where, text, number, edited=True))
            super().edit(number, text)

    def press(self, message: Sent | int, button: str, person: int | None = None, **more: Any) -> str:
        with self.updates.news:
            sent = message if isinstance(message, Sent) else self.posts[message]
            who, where = self._names(sent.chat, person)
            self.note(Pressed(who, where, button, sent.number))
            return super().press(sent, button, person, **more)

    def guest(self, text: str, person: int = 7, chat: int = -77, **more: Any) -> str:
        with self.updates.news:
            number = super().guest(text, person, chat, **more)
            self.note(Said(self.names[person], self.names[chat], text, int(number)))
            return number

    def choose(self, query: str, result: str, chat: int = 7, person: int = 7) -> Sent:
        with self.updates.news:
            sent = super().choose(query, result, chat, person)
            self.note(replace(self._posted(sent, ""), whom=self.names[person], sent_on=True))
            return sent

    def perform(self, method: str, values: dict[str, Any], files: dict[str, Upload] | None = None) -> Any:
        with self.updates.news:
            inline = self.queries.get(values.get("inline_query_id", ""))
            result = super().perform(method, values, files)
            if method == "answerInlineQuery" and inline:
                asked = inline["inline_query"]
                self.note(_typed(self.names[asked["from"]["id"]], asked["query"], values))
            elif method == "answerCallbackQuery" and values.get("text"):
                self.note(Told(values["text"], values.get("show_alert") == "true"))
            elif method in ("sendMessage", "answerGuestQuery"):
                self.note(self._posted(self.sent[-1], ""))
            elif method.startswith("editMessage"):
                changed = "text" if method == "editMessageText" else "buttons"
                self.note(self._posted(self.posts[int(values["message_id"])], changed))
            return result

    def _posted(self, sent: Sent, edited: str) -> Posted:
        whom, where = self._names(sent.chat, None, sent.thread)
        buttons = tuple(tuple(button["text"] for button in row) for row in sent.keyboard)
        return Posted(
            *(whom, where, sent.number, sent.text, tuple(sent.entities)),
            *(buttons, None if edited else sent.reply_to, edited),
        )

    def _names(self, chat: int, person: int | None, thread: int | None = None) -> tuple[str, str]:
        """Return who acts, and in which group and topic."""
        place = self.names[chat] if chat < 0 else ""
        if thread:
            place += f", {self.chats[chat].topics[thread]['forum_topic_created']['name'].lower()}"
        return (self.names[person or chat] if chat > 0 or person else "", place)


def _attached(message: Json) -> str:
    for name, words in _KINDS.items():
        if name in message:
            return words
    if "document" in message:
        return f"the file {message['document']['file_name']}"
    if "forward_origin" in message:
        return f"forwarded from {message['forward_origin']['chat']['title']}"
    return ""


def _typed(who: str, query: str, values: Json) -> Typed:
    results, button = json.loads(values["results"]), json.loads(values.get("button") or "{}")
    offered = tuple((result["title"], result.get("description", "")) for result in results)
    return Typed(who, query, offered, button.get("text", ""))
