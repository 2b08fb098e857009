"""The fake Bot API server refuses what Telegram refuses, in its words, and shows the bot what Telegram shows."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.support.telegram import (
    NAME,
    TOKEN,
    ApiError,
    FakeTelegram,
    Flood,
    Hang,
    InProcessRequest,
    Json,
    Late,
    Lost,
    units,
    wait_for,
)
from tests.support.telegram.entities import found_in
from tests.support.telegram.webhook import HEADER

BOLD = {"type": "bold", "offset": 0, "length": 2}
BUTTON = {"text": "More", "callback_data": "more"}


@pytest.fixture
def fake() -> FakeTelegram:
    """A server without its HTTP, to which one person has written."""
    fake = FakeTelegram()
    fake.chat(7)
    return fake


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        fake.chat(7)
        yield fake


def bot_at(url: str, token: str = TOKEN) -> Bot:
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )


def in_process(fake: FakeTelegram) -> Bot:
    return Bot(TOKEN, request=InProcessRequest(fake), get_updates_request=InProcessRequest(fake))


def send(fake: FakeTelegram, text: str = "Hi", **values: Any) -> Any:
    return fake.call("sendMessage", {"chat_id": 7, "text": text, **values})


def keyboard(*buttons: Any) -> Json:
    return {"inline_keyboard": [list(buttons)]}


def refusal(fake: FakeTelegram, method: str, values: Json) -> str:
    with pytest.raises(ApiError) as caught:
        fake.call(method, values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "я" * 16385}, "text is too long"),
        ({"text": "a\x07"}, "strings must not have control characters"),
        ({"text": "a\ud800"}, "strings must be encoded in UTF-8"),
        ({"parse_mode": "HTLM"}, "unsupported parse_mode"),
        ({"parse_mode": "MarkdownV2"}, "this server reads no Markdown"),
        ({"text": "<b>a</b>" * 101, "parse_mode": "HTML"}, "too many entities"),
        ({"chat_id": 8}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"message_thread_id": 5}, "message thread not found"),
        ({"reply_parameters": {"message_id": 5}}, "message to be replied not found"),
        ({"reply_parameters": "x"}, "can't parse reply parameters JSON object"),
        ({"reply_parameters": [1]}, "object expected as reply parameters"),
        ({"link_preview_options": True}, "object expected as link preview options"),
    ],
)
def test_messages_that_are_refused(fake: FakeTelegram, values: Json, reason: str) -> None:
    assert refusal(fake, "sendMessage", {"chat_id": 7, "text": "Hi", **values}) == f"Bad Request: {reason}"
    assert fake.refused == [f"Bad Request: {reason}"]
    assert fake.sent == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<b>a", 'can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "unexpected end tag at byte offset 1"),
        ("я<br>", 'unsupported start tag "br" at byte offset 2'),
        ("<b class='x'>a</b>", "bad tag \"<b class='x'>\" at byte offset 0"),
        ("<a>a</a>", "bad tag '<a>' at byte offset 0"),
        ("1 < 2", "stray '<' at byte offset 2"),
        ("R&D", "stray '&' at byte offset 1"),
        ("&nbsp;", "unknown entity &nbsp; at byte offset 0"),
        ("<b><b>a</b></b>", "b within b at byte offset 3"),
        ("<code><b>a</b></code>", "b within code at byte offset 6"),
        ('<a href="https://a.b/?c&d">a</a>', "unknown entity & in a link"),
    ],
)
def test_broken_html_is_refused(fake: FakeTelegram, markup: str, reason: str) -> None:
    values = {"chat_id": 7, "text": markup, "parse_mode": "HTML"}
    assert refusal(fake, "sendMessage", values) == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://a.b", "//a.b", "", "https://a b"])
def test_what_is_no_link_is_refused(fake: FakeTelegram, link: str) -> None:
    wrong = f"Bad Request: Wrong HTTP URL specified: {link!r}"
    markup, entity = f'<a href="{link}">a</a>', {"type": "text_link", "offset": 0, "length": 1, "url": link}
    assert refusal(fake, "sendMessage", {"chat_id": 7, "text": markup, "parse_mode": "HTML"}) == wrong
    assert refusal(fake, "sendMessage", {"chat_id": 7, "text": "a", "entities": [entity]}) == wrong


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"offset": -1}, "receive an entity with incorrect offset -1"),
        ({"length": 0}, "receive an entity with incorrect length 0"),
        ({"offset": 5}, "entity begins after the end of the text at UTF-16 offset 5"),
        ({"length": 6}, "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 6"),
        ({"offset": 3}, "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 3"),
        ({"length": 3}, "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        ({"type": "blink"}, "can't parse MessageEntity: unsupported type specified"),
        ({"offset": "0"}, 'can\'t parse MessageEntity: field "offset" must be of type int'),
    ],
)
def test_entities_that_are_refused(fake: FakeTelegram, entity: Json, reason: str) -> None:
    values = {"chat_id": 7, "text": "ab😀c", "entities": [{**BOLD, **entity}]}
    assert refusal(fake, "sendMessage", values) == f"Bad Request: {reason}"


def test_entities_must_nest(fake: FakeTelegram) -> None:
    def values(*entities: Json) -> Json:
        return {"chat_id": 7, "text": "abcd", "entities": list(entities)}

    crossing = {"type": "italic", "offset": 1, "length": 3}
    assert refusal(fake, "sendMessage", values(BOLD, crossing)) == "Bad Request: entities cross at UTF-16 offset 1"
    within = refusal(fake, "sendMessage", values({**BOLD, "type": "code"}, {**BOLD, "length": 1}))
    assert within == "Bad Request: entities are nested that can't be: b within code"
    given = refusal(fake, "sendMessage", {**values(BOLD), "parse_mode": "HTML"})
    assert given == "Bad Request: parse_mode and entities are both given"
    fake.call("sendMessage", values(BOLD, {"type": "italic", "offset": 0, "length": 1}, {**BOLD, "offset": 2}))
    assert [(e.kind, e.text, e.offset) for e in fake.sent[0].entities] == [
        ("b", "ab", 0),
        ("i", "a", 0),
        ("b", "cd", 2),
    ]


def test_both_ways_to_mark_a_text_come_to_the_same(fake: FakeTelegram) -> None:
    send(
        fake,
        '😀 <b>a&amp;</b><blockquote expandable>q</blockquote><a href="https://a.b/?c&amp;d">l</a>',
        parse_mode="HTML",
    )
    link = {"type": "text_link", "url": "https://a.b/?c&d", "offset": 6, "length": 1}
    marks = [{**BOLD, "offset": 3}, {"type": "expandable_blockquote", "offset": 5, "length": 1}, link]
    shown = send(fake, "😀 a&ql", entities=marks)
    first, second = fake.sent
    assert first.text == second.text == "😀 a&ql"
    assert [(e.kind, e.text, e.offset) for e in first.entities] == [(e.kind, e.text, e.offset) for e in second.entities]
    assert shown["entities"] == marks


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ([], "object expected as reply markup"),
        ({}, "inline keyboard expected"),
        ({"inline_keyboard": [BUTTON]}, 'field "inline_keyboard" must be an Array of Arrays'),
        (keyboard("More"), "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (keyboard({"url": "https://a.b"}), 'can\'t parse inline keyboard button: field "text" must be of type String'),
        (keyboard({**BUTTON, "text": " "}), "inline keyboard button text must be non-empty"),
        (
            keyboard({"text": "More"}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard({"text": "More", "callback_data": ""}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (keyboard({"text": "More", "callback_data": "я" * 32 + "a"}), "BUTTON_DATA_INVALID"),
        (
            keyboard({**BUTTON, "url": "https://a.b"}),
            "an inline keyboard button must have exactly one action, not url and callback_data",
        ),
        (
            keyboard({"text": "More", "url": "http://localhost:8000/"}),
            "inline keyboard button URL 'http://localhost:8000/' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard({"text": "More", "url": "http://a.b:70000/"}),
            "inline keyboard button URL 'http://a.b:70000/' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard({"text": "More", "url": "ftp://a.b"}),
            "inline keyboard button URL 'ftp://a.b' is invalid: Wrong HTTP URL",
        ),
        (keyboard(*[BUTTON] * 101), "reply markup is too long"),
    ],
)
def test_keyboards_that_are_refused(fake: FakeTelegram, markup: Any, reason: str) -> None:
    values = {"chat_id": 7, "text": "Hi", "reply_markup": json.dumps(markup)}
    assert refusal(fake, "sendMessage", values) == f"Bad Request: {reason}"


def test_what_is_just_within_the_limits_is_taken(fake: FakeTelegram) -> None:
    send(fake, "😀" * 2048, reply_markup=keyboard(*[{"text": "a", "callback_data": "я" * 32}] * 100))
    send(fake, "<b>a</b>" * 100, parse_mode="html")
    send(
        fake, "a", reply_markup=keyboard({"text": "a", "url": "https://a.b"}, {"text": "b", "switch_inline_query": ""})
    )
    send(fake, "a", reply_parameters={"message_id": 5, "allow_sending_without_reply": True})
    assert [units(sent.text) for sent in fake.sent] == [4096, 100, 1, 1]
    assert fake.sent[2].buttons == ["a", "b"]
    assert fake.refused == []


def test_a_message_is_edited_and_deleted(fake: FakeTelegram) -> None:
    asked = fake.say("Who?")
    number = send(fake, "Wait", reply_parameters={"message_id": asked}, reply_markup=keyboard(BUTTON))["message_id"]
    edit = {"chat_id": 7, "message_id": number}
    same = refusal(fake, "editMessageText", {**edit, "text": "Wait", "reply_markup": keyboard(BUTTON)})
    assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup")
    message = fake.call("editMessageText", {**edit, "text": "<b>Ann</b>", "parse_mode": "HTML"})
    assert message["text"] == "Ann"
    assert message["entities"] == [{**BOLD, "length": 3}]
    assert message["reply_to_message"]["message_id"] == asked
    assert "reply_markup" not in message  # an edit without a keyboard takes it away
    fake.call("editMessageReplyMarkup", {**edit, "reply_markup": keyboard(BUTTON)})
    [sent] = fake.sent
    assert (sent.text, sent.history, sent.buttons, sent.reply_to) == ("Ann", ["Wait"], ["More"], asked)
    others = refusal(fake, "editMessageText", {"chat_id": 7, "message_id": asked, "text": "No"})
    assert others == "Bad Request: message can't be edited"
    missing = {"chat_id": 7, "message_id": 1}
    assert refusal(fake, "editMessageText", {**missing, "text": "No"}) == "Bad Request: message to edit not found"
    assert fake.call("deleteMessage", edit) is True
    assert fake.to(7) == []
    assert refusal(fake, "editMessageText", {**edit, "text": "No"}) == "Bad Request: message to edit not found"
    assert refusal(fake, "deleteMessage", edit) == "Bad Request: message to delete not found"
    fake.call("deleteMessages", {"chat_id": 7, "message_ids": [asked, 1]})
    assert fake.messages == {}


@pytest.mark.parametrize(
    ("method", "values", "reason"),
    [
        ("deleteMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": [1] * 101}, "too many message identifiers specified"),
        ("editMessageText", {"text": "a"}, "message identifier is not specified"),
        ("editMessageText", {"text": "a", "inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action in request"),
        ("sendDocument", {}, "there is no document in the request"),
        ("copyMessage", {"from_chat_id": 7, "message_id": 3}, "message to copy not found"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
        ("getChat", {"chat_id": 9}, "chat not found"),
        ("getChatMember", {"user_id": 9}, "member not found"),
        ("leaveChat", {}, "chat member status can't be changed in private chats"),
        ("setMyCommands", {"commands": [{"command": "Ask", "description": "a"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "ask", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [], "language_code": "ru-RU"}, "LANG_CODE_INVALID"),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "all"}},
            "can't parse BotCommandScope: unsupported type specified",
        ),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 9}}, "chat not found"),
        ("setMyDescription", {"description": "a" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
        ("setMyShortDescription", {"short_description": "a" * 121}, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
        ("setWebhook", {"url": "127.0.0.1"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "http://a/b", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ("setWebhook", {"url": "http://a/b", "secret_token": "a" * 257}, "secret token is too long"),
        ("getUpdates", {"allowed_updates": ["massage"]}, "unknown kinds of updates: massage"),
    ],
)
def test_other_calls_that_are_refused(fake: FakeTelegram, method: str, values: Json, reason: str) -> None:
    assert refusal(fake, method, {"chat_id": 7, **values}) == f"Bad Request: {reason}"


def test_a_method_that_is_not_known(fake: FakeTelegram) -> None:
    assert refusal(fake, "sendMassage", {}) == "Not Found"


def test_commands_are_kept_for_each_scope_and_language(fake: FakeTelegram) -> None:
    ask, help_ = ({"command": name, "description": name} for name in ("ask", "help"))
    private = {"scope": {"type": "all_private_chats"}, "language_code": "ru"}
    fake.call("setMyCommands", {"commands": [ask]})
    fake.call("setMyCommands", {"commands": [help_], **private})
    assert fake.call("getMyCommands", {}) == [ask]
    assert fake.call("getMyCommands", private) == [help_]
    assert fake.commands == {('{"type":"default"}', ""): [ask], ('{"type":"all_private_chats"}', "ru"): [help_]}
    fake.call("deleteMyCommands", private)
    assert fake.call("getMyCommands", private) == []


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def test_updates_come_until_they_are_confirmed(fake: FakeTelegram) -> None:
    for number in range(150):
        fake.say(str(number))
    first = fake.call("getUpdates", {})
    assert texts(first) == [str(n) for n in range(100)]  # at most 100
    assert texts(fake.call("getUpdates", {"limit": 2})) == ["0", "1"]  # nothing is confirmed
    assert texts(fake.call("getUpdates", {"offset": first[-1]["update_id"] + 1})) == [str(n) for n in range(100, 150)]
    assert texts(fake.call("getUpdates", {"offset": -1})) == ["149"]  # and forgets the rest
    assert texts(fake.call("getUpdates", {})) == ["149"]


def test_what_is_put_comes_as_it_is(fake: FakeTelegram) -> None:
    for update in ({"message": "no message"}, {"update_id": 600_000, "strange": 1}, {"update_id": "x"}, [1], None):
        fake.put(update)
    assert fake.call("getUpdates", {}) == [
        {"update_id": 500_000, "message": "no message"},
        {"update_id": 600_000, "strange": 1},
        {"update_id": "x"},
        [1],
        None,
    ]


def test_kinds_that_are_not_asked_for_do_not_come(fake: FakeTelegram) -> None:
    number = fake.say("one")
    fake.call("getUpdates", {"allowed_updates": ["edited_message"]})
    fake.say("two")
    fake.edit(number, "three")
    kinds = [update.keys() - {"update_id"} for update in fake.call("getUpdates", {})]
    assert kinds == [{"message"}, {"edited_message"}]  # what came before it was asked for is there
    fake.call("getUpdates", {"allowed_updates": [], "offset": 600_000})
    fake.put({"message_reaction": {}})  # which comes only if it is asked for
    fake.say("four")
    assert texts(fake.call("getUpdates", {})) == ["four"]


def test_a_long_poll_waits_for_news_and_is_ended_by_another(fake: FakeTelegram) -> None:
    got: list[Any] = []

    def poll() -> None:
        try:
            got.append(fake.call("getUpdates", {"timeout": 10}))
        except ApiError as error:
            got.append((error.code, str(error)))

    def polling() -> threading.Thread:
        asked = len(fake.calls)
        thread = threading.Thread(target=poll)
        thread.start()
        wait_for(lambda: len(fake.calls) > asked and fake.updates._poll)
        return thread

    waiting = polling()
    fake.say("news")
    waiting.join(5)
    assert texts(got[0]) == ["news"]
    fake.call("getUpdates", {"offset": 500_001})
    ends: list[tuple[Callable[[], object], str]] = [
        (lambda: fake.call("getUpdates", {}), "terminated by other getUpdates request; make sure that only one bot"),
        (lambda: fake.call("setWebhook", {"url": "http://127.0.0.1:9/"}), "terminated by setWebhook request"),
    ]
    for end, problem in ends:
        fake.updates._poll = None
        waiting = polling()
        end()
        waiting.join(5)
        code, text = got.pop()
        assert code == 409
        assert text.startswith(f"Conflict: {problem}")
    active = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert refusal(fake, "getUpdates", {}) == active
    fake.call("deleteWebhook", {})
    assert fake.call("getUpdates", {}) == []
    fake.stop()


class Hook(HTTPServer):
    """A webhook that answers with the statuses that are planned, else 200."""

    def __init__(self, *planned: int) -> None:
        self.planned = list(planned)
        self.got: list[Any] = []
        self.secrets: list[str | None] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                hook.secrets.append(self.headers[HEADER])
                self.send_response(hook.planned.pop(0) if hook.planned else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


def test_a_webhook_gets_each_update_in_order_until_it_takes_it(server: FakeTelegram) -> None:
    hook = Hook(500, 200, 503)
    server.say("one")
    server.call("setWebhook", {"url": hook.url, "secret_token": "s3cret", "max_connections": 1})
    server.say("two")
    server.say("three")
    wait_for(lambda: server.call("getWebhookInfo", {})["pending_update_count"] == 0)
    assert texts(hook.got) == ["one", "one", "two", "two", "three"]
    assert set(hook.secrets) == {"s3cret"}
    info = server.call("getWebhookInfo", {})
    assert info["last_error_message"] == "Wrong response from the webhook: 503"
    assert (info["url"], info["max_connections"]) == (hook.url, 1)
    assert server.webhook.post(b"{}") == 200
    assert server.webhook.post(b"{}", "wrong") == 200
    assert hook.secrets[-2:] == [None, "wrong"]
    server.call("deleteWebhook", {})
    server.say("four")
    assert texts(server.call("getUpdates", {})) == ["four"]
    hook.shutdown()
    hook.server_close()


def test_a_button_is_pressed_and_answered_once(fake: FakeTelegram) -> None:
    send(fake, reply_markup=keyboard(BUTTON))
    [sent] = fake.sent
    first, second = fake.press(sent, "More"), fake.press(sent, "more", person=8, language="ru")
    fake.press(sent, "forged!", forged=True)
    fake.press(sent, "More", inaccessible=True)
    queries = [update["callback_query"] for update in fake.call("getUpdates", {})]
    assert [query["data"] for query in queries] == ["more", "more", "forged!", "more"]
    assert queries[0]["message"]["reply_markup"] == keyboard(BUTTON)
    assert queries[1]["from"] == {"id": 8, "is_bot": False, "first_name": "Ann", "language_code": "ru"}
    assert queries[3]["message"]["date"] == 0
    too_long = refusal(fake, "answerCallbackQuery", {"callback_query_id": first, "text": "a" * 201})
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    assert fake.call("answerCallbackQuery", {"callback_query_id": first, "text": "a" * 200}) is True
    assert fake.answers[first]["text"] == "a" * 200
    fake.expire(second)
    for number in (first, second, "none"):
        assert refusal(fake, "answerCallbackQuery", {"callback_query_id": number}) == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    with pytest.raises(AssertionError, match=r"there is no button 'Less' among \['More'\]"):
        fake.press(sent, "Less")


def article(number: str = "1", **more: Any) -> Json:
    return {"type": "article", "id": number, "title": "T", "input_message_content": {"message_text": "A"}, **more}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"results": {}}, "expected an Array of inline query results"),
        ({"results": [article(str(n)) for n in range(51)]}, "too many inline query results specified"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("")]}, "RESULT_ID_INVALID"),
        ({"results": [article("я" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [article(title="")]}, "RESULT_TITLE_EMPTY"),
        ({"results": [article(type="photo")]}, "this server reads inline query results of type article only"),
        ({"results": [article(input_message_content={})]}, "input message content is not specified"),
        (
            {"results": [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})]},
            "can't parse inline query result: can't parse entities:"
            ' can\'t find end tag corresponding to start tag "b"',
        ),
        (
            {"results": [article(reply_markup=keyboard({"text": "a", "callback_data": "a" * 65}))]},
            "can't parse inline query result: BUTTON_DATA_INVALID",
        ),
        ({"results": [article(thumbnail_url="ftp://a")]}, "WEBDOCUMENT_URL_INVALID"),
        ({"cache_time": -1}, "cache_time must be a non-negative Number"),
        ({"next_offset": "a" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "a"}}, "InlineQueryResultsButton must have exactly one optional field"),
        ({"button": {"text": "a", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
    ],
)
def test_answers_to_inline_queries_that_are_refused(fake: FakeTelegram, values: Json, reason: str) -> None:
    number = fake.inline("who?")
    answer = {"inline_query_id": number, "results": [article()], **values}
    assert refusal(fake, "answerInlineQuery", answer) == f"Bad Request: {reason}"


def test_an_inline_query_is_answered_and_a_result_sent_and_edited(fake: FakeTelegram) -> None:
    number = fake.inline("who?", 8, language="ru")
    [update] = fake.call("getUpdates", {})
    assert (update["inline_query"]["query"], update["inline_query"]["from"]["id"]) == ("who?", 8)
    button = {"text": "More in the chat", "start_parameter": "a-b_1"}
    results = [article("a" * 64, reply_markup=keyboard(BUTTON)), article("2")]
    fake.call("answerInlineQuery", {"inline_query_id": number, "results": results, "cache_time": 0, "button": button})
    sent = fake.choose(number, "a" * 64, chat=-5)
    fake.press(sent, "More", person=8)
    _, chosen, pressed = fake.call("getUpdates", {})
    assert chosen["chosen_inline_result"]["inline_message_id"] == pressed["callback_query"]["inline_message_id"]
    fake.call("editMessageText", {"inline_message_id": sent.inline, "text": "B"})
    assert (fake.to(-5), sent.history) == (["B"], ["A"])


def test_a_guest_is_asked_and_answers_where_it_is_not(fake: FakeTelegram) -> None:
    number = fake.guest(f"@{NAME} who?", person=8, chat=-77)
    [update] = fake.call("getUpdates", {})
    assert update["guest_message"]["guest_query_id"] == number
    assert refusal(fake, "sendMessage", {"chat_id": -77, "text": "A"}) == "Bad Request: chat not found"
    assert refusal(fake, "answerGuestQuery", {"guest_query_id": number}) == "Bad Request: result isn't specified"
    answer = fake.call("answerGuestQuery", {"guest_query_id": number, "result": article()})
    assert fake.inline_posts[answer["inline_message_id"]].text == "A"
    assert fake.to(-77) == ["A"]
    again = refusal(fake, "answerGuestQuery", {"guest_query_id": number, "result": article()})
    assert again == "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize(
    ("text", "more", "heard"),
    [
        ("who?", {}, False),
        ("/ask who?", {}, True),
        (f"/ask@{NAME} who?", {}, True),
        ("/ask@another_bot who?", {}, False),
        (f"so @{NAME.upper()}, who?", {}, True),
        ("so @another_bot, who?", {}, False),
        (f"mail me@{NAME}", {}, False),
        (None, {"photo": [], "caption": "who?"}, False),
        (None, {"group_chat_created": True}, True),
    ],
)
def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    fake: FakeTelegram, text: str | None, more: Json, heard: bool
) -> None:
    fake.say(text, -5, "supergroup", **more)
    assert bool(fake.call("getUpdates", {})) == heard


def test_the_bot_hears_replies_to_itself_and_as_administrator_all(fake: FakeTelegram) -> None:
    other = fake.say("who?", -5, "group")
    fake.call("sendMessage", {"chat_id": -5, "text": "Ann"})
    fake.say("why?", -5, "group", reply_to=other)
    reply = fake.say("when?", -5, "group", reply_to=fake.sent[0])
    fake.edit(other, "whom?")
    fake.edit(reply, "where?")
    heard = [
        next(update[kind]["text"] for kind in update if kind != "update_id") for update in fake.call("getUpdates", {})
    ]
    assert heard == ["when?", "where?"]
    fake.invite(-5, "group", "administrator")
    fake.say("all", -5, "group")
    assert texts(fake.call("getUpdates", {})[-1:]) == ["all"]


def test_topics(fake: FakeTelegram) -> None:
    thread = fake.topic(-5)
    number = fake.say("/ask who?", -5, "supergroup", thread=thread, person=8)
    [update] = fake.call("getUpdates", {})
    message = update["message"]
    assert (message["message_thread_id"], message["is_topic_message"], message["chat"]["is_forum"]) == (
        thread,
        True,
        True,
    )
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Topic"  # as of any first message of a topic
    answer = {"chat_id": -5, "text": "Ann", "reply_parameters": {"message_id": number}}
    fake.call("sendMessage", {**answer, "message_thread_id": thread})
    assert (fake.sent[0].thread, fake.sent[0].reply_to) == (thread, number)
    for wrong in (thread + 1, 1):
        gone = refusal(fake, "sendMessage", {**answer, "message_thread_id": wrong})
        assert gone == "Bad Request: message thread not found"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask who?", [("bot_command", 0, 4)]),
        ("😀 /ask@some_bot, @ann", [("bot_command", 3, 13), ("mention", 18, 4)]),
        ("/ 5 a/b //c /d/ <x>/e me@ann @a /я", []),
        ("/ask@ab", []),
        ("(/ask)", [("bot_command", 1, 4)]),
    ],
)
def test_telegram_finds_commands_and_mentions(text: str, found: list[tuple[str, int, int]]) -> None:
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found_in(text)] == found


def test_who_blocks_the_bot_gets_nothing(fake: FakeTelegram) -> None:
    fake.block(7)
    fake.kick(-5)
    for chat, reason in ((7, "bot was blocked by the user"), (-5, "bot was kicked from the supergroup chat")):
        with pytest.raises(ApiError, match=f"^Forbidden: {reason}$") as caught:
            fake.call("sendMessage", {"chat_id": chat, "text": "Hi"})
        assert caught.value.code == 403
    fake.unblock(7)
    send(fake)
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in fake.call("getUpdates", {})]
    assert statuses == ["kicked", "kicked", "member"]
    fake.invite(-5)
    fake.call("leaveChat", {"chat_id": -5})
    with pytest.raises(ApiError, match=r"^Forbidden: bot is not a member of the supergroup chat$"):
        fake.call("sendMessage", {"chat_id": -5, "text": "Hi"})


def test_faults_come_when_they_are_planned(fake: FakeTelegram) -> None:
    fake.failures["sendMessage"] = [ApiError("Bad Gateway", 502), None, Lost()]
    assert refusal(fake, "sendMessage", {"chat_id": 7, "text": "1"}) == "Bad Gateway"
    for text in ("2", "3"):
        with pytest.raises(ConnectionAbortedError):
            send(fake, text)
    assert fake.to(7) == ["3"]  # it was sent, though nobody was told
    fake.faults.every("*", 3, ApiError("Internal Server Error", 500))
    failed = []
    for number in range(9):
        fake.call("getUpdates", {})
        try:
            send(fake, f"a{number}")
        except ApiError:
            failed.append(number)
    assert failed == [2, 5, 8]
    fake.faults.every("*", 0, None)
    fake.outage()
    for method in ("getUpdates", "getMe"):
        with pytest.raises(ConnectionAbortedError):
            fake.call(method, {})
    fake.restore()
    assert fake.call("getMe", {})["username"] == NAME


def test_flood_limits_name_the_time_to_wait_and_remember_who_does_not(fake: FakeTelegram) -> None:
    now = 100.0
    flood = fake.flood = Flood(chat_burst=2, clock=lambda: now)
    send(fake)
    send(fake)
    with pytest.raises(ApiError, match=r"^Too Many Requests: retry after 1$") as caught:
        send(fake)
    assert (caught.value.code, caught.value.parameters) == (429, {"retry_after": 1})
    assert flood.violations == []
    now += 0.75
    with pytest.raises(ApiError):
        send(fake)
    assert [(violation.chat, violation.early) for violation in flood.violations] == [(7, 0.25)]
    now += 0.25
    send(fake)
    assert (len(fake.sent), flood.refusals) == (3, 2)


@pytest.mark.parametrize(
    ("calls", "taken", "wait"),
    [
        ([(-5, float(second)) for second in range(21)], 20, 40),  # a group, once a second
        ([(chat, 0.0) for chat in range(1, 32)], 30, 1),  # many chats at once
        ([(7, 0.0)] * 6, 5, 1),  # one chat at once
    ],
)
def test_flood_limits(calls: list[tuple[int, float]], taken: int, wait: int) -> None:
    times = iter([now for _, now in calls])
    flood = Flood(clock=lambda: next(times))
    for chat, _ in calls[:taken]:
        flood.check(chat, "send")
    with pytest.raises(ApiError, match=f"retry after {wait}$"):
        flood.check(calls[taken][0], "send")


def test_python_telegram_bot_over_http(server: FakeTelegram) -> None:
    data = bytes(range(256)) * 300 + b"\r\n--\n\r"

    async def talk() -> None:
        async with bot_at(server.url) as bot:
            assert bot.bot.username == NAME
            assert bot.bot.supports_guest_queries
            number = server.send_document("статья.txt", data, "Store it")
            [update] = await bot.get_updates(timeout=5)
            assert update.message
            assert update.message.document
            file = await bot.get_file(update.message.document)
            assert bytes(await file.download_as_bytearray()) == data
            await bot.send_document(7, data, caption="<i>Вот</i>", parse_mode="HTML", filename="копия.txt")
            more = InlineKeyboardMarkup.from_button(InlineKeyboardButton("More", callback_data="more"))
            sent = await bot.send_message(7, "A", reply_to_message_id=number, reply_markup=more)
            assert (await bot.copy_message(7, 7, sent.message_id)).message_id > sent.message_id
            assert (await bot.get_chat(7)).type == "private"
            assert (await bot.get_chat_member(7, 7)).status == "member"
            assert (await bot.get_webhook_info()).url == ""
            with pytest.raises(BadRequest, match="Message text is empty"):
                await bot.send_message(7, " ")
            server.block(7)
            with pytest.raises(Forbidden, match="bot was blocked by the user"):
                await bot.send_message(7, "A")

    asyncio.run(talk())
    document, message, copy = server.sent
    assert document.document
    assert (document.document.name, document.document.data, document.text) == ("копия.txt", data, "Вот")
    assert (message.buttons, copy.text) == (["More"], "A")


@pytest.mark.parametrize("over", [lambda server: bot_at(server.url), in_process])
def test_what_goes_wrong_is_what_python_telegram_bot_knows(
    server: FakeTelegram, over: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    faults: list[tuple[Any, type[TelegramError]]] = [
        (ApiError("Too Many Requests: retry after 3", 429, retry_after=3), RetryAfter),
        (ApiError("Internal Server Error", 500), NetworkError),
        (ApiError("Conflict", 409), Conflict),
        (ApiError("Unauthorized", 401), InvalidToken),
        (None, NetworkError),
        (Lost(), NetworkError),
        (Hang(0.4), TimedOut),
        (Late(0.4), TimedOut),
    ]

    async def talk() -> None:
        async with over(server) as bot:
            for fault, error in faults:
                server.failures["sendMessage"] = [fault]
                with pytest.raises(error) as caught:
                    await bot.send_message(7, "A", read_timeout=0.2)
                assert caught.type is error
            server.outage()
            with pytest.raises(NetworkError):
                await bot.get_me()

    asyncio.run(talk())
    assert server.to(7) == ["A"] * 2  # by Lost and Late


def test_another_token_is_refused(server: FakeTelegram) -> None:
    async def talk() -> None:
        async with bot_at(server.url, "123456:wrong"):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(talk())


def test_an_application_runs_over_the_in_process_request() -> None:
    fake = FakeTelegram()
    data = b"\x00\xff"

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        more = InlineKeyboardMarkup.from_button(InlineKeyboardButton("More", callback_data="more"))
        await update.message.reply_text(f"You said {update.message.text}", reply_markup=more)

    async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Yes")
        await context.bot.send_document(7, data, filename="a.bin")

    async def talk() -> None:
        requests = InProcessRequest(fake), InProcessRequest(fake)
        application = Application.builder().token(TOKEN).request(requests[0]).get_updates_request(requests[1]).build()
        application.add_handler(MessageHandler(filters.TEXT, answer))
        application.add_handler(CallbackQueryHandler(press))
        async with application:
            await application.start()
            assert application.updater
            await application.updater.start_polling()
            fake.say("one")
            await asyncio.to_thread(fake.wait, 1)
            number = fake.press(fake.sent[0], "More")
            await asyncio.to_thread(fake.wait, 2)
            assert fake.answers[number]["text"] == "Yes"
            await application.updater.stop()
            await application.stop()

    asyncio.run(talk())
    assert [sent.text for sent in fake.sent] == ["You said one", ""]
    assert fake.sent[1].document
    assert fake.sent[1].document.data == data


def test_ten_thousand_updates_and_answers_are_kept_in_linear_time(fake: FakeTelegram) -> None:
    for number in range(10_000):
        fake.say(str(number), chat=number % 500 + 1)
    offset, seen = 0, 0
    while updates := fake.call("getUpdates", {"offset": offset}):
        for update in updates:
            chat = update["message"]["chat"]["id"]
            reply = {"message_id": update["message"]["message_id"]}
            fake.call("sendMessage", {"chat_id": chat, "text": "A", "reply_parameters": reply})
        offset, seen = updates[-1]["update_id"] + 1, seen + len(updates)
    assert seen == len(fake.sent) == 10_000
    assert [len(fake.to(chat)) for chat in range(1, 501)] == [20] * 500
    assert len(fake.updates) == 0


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "tests.support.telegram", "--port", "0"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdin
        assert process.stdout
        url = process.stdout.readline().strip()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def call(method: str) -> Any:
            with opener.open(f"{url}/bot{TOKEN}/{method}", timeout=5) as response:
                return json.load(response)["result"]

        process.stdin.write('{"do": "say", "text": "Who?", "chat": 8}\n')
        process.stdin.flush()
        number = json.loads(process.stdout.readline())
        assert call("getUpdates")[0]["message"]["message_id"] == number
        call("sendMessage?chat_id=8&text=Ann")
        process.stdin.write('{"do": "sent"}\n')
        process.stdin.flush()
        [sent] = json.loads(process.stdout.readline())
        assert (sent["chat"], sent["text"]) == (8, "Ann")
        process.stdin.close()
        assert process.wait(5) == 0
