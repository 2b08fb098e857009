"""What people do: they write, edit, press buttons, ask inline, add and block the bot."""

from __future__ import annotations

from typing import Any

from tests.support.telegram.entities import Json, found_in, units
from tests.support.telegram.privacy import heard
from tests.support.telegram.queries import post_result
from tests.support.telegram.values import Upload
from tests.support.telegram.world import BOT_ID, Chat, Sent, World

_CHANNEL: Json = {"id": -1009, "type": "channel", "title": "Rain News"}
_FORUM_TOPIC = {"name": "Topic", "icon_color": 7322096}


class People(World):
    """Each method makes the update that the bot gets, and in groups only if Telegram's privacy mode lets it through."""

    def say(
        self,
        text: str | None,
        chat: int = 7,
        kind: str = "private",
        *,
        thread: int | None = None,
        person: int | None = None,
        language: str | None = None,
        reply_to: int | Sent | None = None,
        quote: str | None = None,
        **more: Any,
    ) -> int:
        """A message of a person, by default of the one whose chat it is; returns its id.

        It may quote a part of the message that it replies to, which is not here if it is an `external_reply`.
        """
        with self.updates.news:
            place = self.chat(chat, kind)
            sender = more.get("from") or who(abs(chat) if person is None else person, language)
            place.members.setdefault(sender["id"], "member")
            message: Json = {
                "message_id": next(self.numbers),
                "date": self.now(),
                "chat": place.json(),
                "from": sender,
                **self._written(text),
                **self._within(place, thread, reply_to),
                **more,
            }
            if quote is not None:
                message["quote"] = _part(message.get("reply_to_message"), quote)
            self.messages[message["message_id"]] = message
            if heard(self, message):
                self.put({"message": message})
            return int(message["message_id"])

    def edit(self, number: int, text: str) -> None:
        """A person changes the text of a message."""
        with self.updates.news:
            gone = ("text", "entities")
            message = {name: part for name, part in self.messages[number].items() if name not in gone}
            message |= {**self._written(text), "edit_date": self.now() + (0 if self.date is None else 60)}
            self.messages[number] = message
            if heard(self, message):
                self.put({"edited_message": message})

    def press(
        self, message: Sent | int, button: str, person: int | None = None, *, language: str | None = None,
        forged: bool = False, inaccessible: bool = False,
    ) -> str:  # fmt: skip
        """A person presses a button, named by its text or data; returns the id of the query.

        `forged`: `button` is sent as data, though there is no such button, as a changed client can; `inaccessible`:
        the message is so old that Telegram shows only its id.
        """
        with self.updates.news:
            sent = message if isinstance(message, Sent) else self.posts[message]
            data = button if forged else self._data(sent, button)
            query: Json = {"from": who(abs(sent.chat) if person is None else person, language), "data": data}
            query["chat_instance"] = f"c{sent.chat}"
            if sent.inline:
                query["inline_message_id"] = sent.inline
            elif inaccessible:
                query["message"] = {"message_id": sent.number, "date": 0, "chat": self.chats[sent.chat].json()}
            else:
                query["message"] = self.messages[sent.number]
            return self._ask("callback_query", query)

    def inline(self, query: str, person: int = 7, *, language: str | None = None, offset: str = "") -> str:
        """A person writes @bot and a question in any chat; returns the id of the query."""
        asked: Json = {"from": who(person, language), "query": query[:256], "offset": offset, "chat_type": "sender"}
        return self._ask("inline_query", asked)

    def choose(self, query: str, result: str, chat: int = 7, person: int = 7) -> Sent:
        """A person sends a result of an inline query to a chat, and Telegram tells the bot."""
        with self.updates.news:
            [chosen] = [each for each in self.answers[query]["results"] if each["id"] == result]
            sent = post_result(self, chosen, chat)
            told: Json = {"result_id": result, "from": who(person), "query": "", "inline_message_id": sent.inline}
            self.put({"chosen_inline_result": told})
            return sent

    def guest(
        self, text: str, person: int = 7, chat: int = -77, *, language: str | None = None, reply_to: Json | None = None
    ) -> str:
        """A person mentions the bot in a chat that it is not in; returns the id of the query."""
        with self.updates.news:
            number = next(self.numbers)
            message: Json = {
                "message_id": number,
                "date": self.now(),
                "chat": {"id": chat, "type": "supergroup", "title": "Elsewhere"},
                "from": who(person, language),
                **self._written(text),
                "guest_query_id": str(number),
                **({"reply_to_message": reply_to} if reply_to else {}),
            }
            self.queries[str(number)] = {"guest_message": message}
            self.put({"guest_message": message})
            return str(number)

    def forward(self, text: str, chat: int = 7, origin: Json | None = None, **more: Any) -> int:
        """A person forwards a message, by default one of a channel."""
        channel = {"type": "channel", "date": 1_649_000_000, "chat": _CHANNEL, "message_id": 5}
        return self.say(text, chat, **{"forward_origin": origin or channel, **more})

    def send_document(
        self, name: str, data: bytes, caption: str | None = None, chat: int = 7, mime_type: str = "text/plain",
        **more: Any,
    ) -> int:  # fmt: skip
        """A person sends a file."""
        with self.updates.news:
            file = self.keep_file(Upload(name, data)) | {"file_name": name, "mime_type": mime_type}
        return self.say(None, chat, **{"document": file, **_below(caption), **more})

    def send_photo(self, caption: str | None = None, chat: int = 7, **more: Any) -> int:
        sizes = [
            {"file_id": f"f{side}", "file_unique_id": f"u{side}", "width": side, "height": side} for side in (90, 320)
        ]
        return self.say(None, chat, **{"photo": sizes, **_below(caption), **more})

    def send_voice(self, chat: int = 7, **more: Any) -> int:
        voice = {"file_id": "f", "file_unique_id": "u", "duration": 3, "mime_type": "audio/ogg"}
        return self.say(None, chat, **{"voice": voice, **more})

    def send_sticker(self, chat: int = 7, **more: Any) -> int:
        size = {"file_id": "f", "file_unique_id": "u", "width": 512, "height": 512}
        return self.say(
            None, chat, **{"sticker": size | {"is_animated": False, "is_video": False, "type": "regular"}, **more}
        )

    def forget(self, chat: int, message: int) -> None:
        """A person deletes a message, of which the bot is not told."""
        with self.updates.news:
            assert self.messages.pop(message)["chat"]["id"] == chat
            if sent := self.posts.pop(message, None):
                sent.deleted = True

    def block(self, chat: int) -> None:
        """A person blocks the bot."""
        self._move(chat, "private", "kicked", "bot was blocked by the user")

    def unblock(self, chat: int) -> None:
        self._move(chat, "private", "member", None)

    def kick(self, chat: int, kind: str = "supergroup") -> None:
        """The bot is removed from a group."""
        self._move(chat, kind, "kicked", f"bot was kicked from the {kind} chat")

    def invite(self, chat: int, kind: str = "supergroup", status: str = "member") -> None:
        """The bot is added to a group, as a member or as an administrator, who hears all."""
        self._move(chat, kind, status, None)

    def topic(self, chat: int, person: int = 5) -> int:
        """A person opens a topic in a supergroup; returns its thread id."""
        with self.updates.news:
            place, number = self.chat(chat, "supergroup"), next(self.numbers)
            place.topics[number] = {
                "message_id": number,
                "date": self.now(),
                "chat": {**place.json(), "is_forum": True},
                "from": who(person),
                "message_thread_id": number,
                "is_topic_message": True,
                "forum_topic_created": _FORUM_TOPIC,
            }
            self.messages[number] = place.topics[number]
            return number

    def expire(self, query: str) -> None:
        """Telegram gives up waiting for the answer to a query."""
        with self.updates.news:
            del self.queries[query]

    def put(self, update: Any) -> None:
        """An update as it is, be it well formed or not, with the next update id if it has none."""
        self.updates.put(update)

    def chat(self, number: int, kind: str = "private", title: str = "Ann") -> Chat:
        """A chat, which the bot knows from now on."""
        with self.updates.news:
            if number not in self.chats:
                self.chats[number] = Chat(number, kind, title, {BOT_ID: "member"})
            return self.chats[number]

    @staticmethod
    def _written(text: str | None) -> Json:
        if text is None:
            return {}
        entities = found_in(text)
        return {"text": text, **({"entities": entities} if entities else {})}

    def _within(self, chat: Chat, thread: int | None, reply_to: int | Sent | None) -> Json:
        """The topic of a message and what it replies to; the first message of its topic, if nothing else."""
        shown: Json = {}
        if thread is not None:
            shown = {"message_thread_id": thread, "is_topic_message": True, "reply_to_message": chat.topics[thread]}
        if reply_to is not None:
            replied = self.messages[reply_to.number if isinstance(reply_to, Sent) else reply_to]
            shown["reply_to_message"] = {name: part for name, part in replied.items() if name != "reply_to_message"}
        return shown

    @staticmethod
    def _data(sent: Sent, button: str) -> str:
        for each in (each for row in sent.keyboard for each in row):
            if button in (each["text"], each.get("callback_data")):
                return str(each["callback_data"])
        raise AssertionError(f"there is no button {button!r} among {sent.buttons}")

    def _ask(self, kind: str, query: Json) -> str:
        with self.updates.news:
            number = str(next(self.numbers))
            self.queries[number] = {kind: {"id": number, **query}}
            self.put(self.queries[number])
            return number

    def _move(self, chat: int, kind: str, status: str, closed: str | None) -> None:
        """The bot's place in a chat changes."""
        with self.updates.news:
            place = self.chat(chat, kind)
            old, place.members[BOT_ID], place.closed = place.members[BOT_ID], status, closed
            until = {"until_date": 0}
            self.put(
                {
                    "my_chat_member": {
                        "chat": place.json(),
                        "from": who(abs(chat)),
                        "date": self.now(),
                        "old_chat_member": {"user": self.me, "status": old} | (until if old == "kicked" else {}),
                        "new_chat_member": {"user": self.me, "status": status} | (until if status == "kicked" else {}),
                    }
                }
            )


def who(person: int, language: str | None = None) -> Json:
    """A user as a message names them."""
    user: Json = {"id": person, "is_bot": False, "first_name": "Ann"}
    return user | ({"language_code": language} if language else {})


def _part(message: Json | None, quote: str) -> Json:
    """A part of a message as another one quotes it; where that message is not known, its beginning."""
    whole = quote if message is None else str(message.get("text", message.get("caption", "")))
    before, found, _ = whole.partition(quote)
    assert found, f"{quote!r} is not in the message that is replied to"
    return {"text": quote, "position": units(before), "is_manual": True}


def _below(caption: str | None) -> Json:
    if caption is None:
        return {}
    entities = found_in(caption)
    return {"caption": caption, **({"caption_entities": entities} if entities else {})}
