"""The methods that answer buttons, inline queries and guest messages."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.support.telegram.entities import Json
from tests.support.telegram.errors import ApiError, bad
from tests.support.telegram.keyboards import check_keyboard
from tests.support.telegram.text import check_message
from tests.support.telegram.values import Values
from tests.support.telegram.world import Sent, World


def answer_callback_query(world: World, values: Values) -> bool:
    if len(values.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    if values.text("url") and not re.match(r"https?://|tg://", values.text("url")):
        raise bad("URL_INVALID")
    world.answer_query(values.text("callback_query_id"), values.given)
    return True


def answer_inline_query(world: World, values: Values) -> bool:
    results = values.decoded("results", "JSON encoded inline query results")
    if not isinstance(results, list):
        raise bad("expected an Array of inline query results")
    if len(results) > 50:
        raise bad("too many inline query results specified")
    for result in results:
        check_result(result)
    if len({result["id"] for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    if len(values.text("next_offset").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    if values.text("cache_time") and not values.text("cache_time").isdecimal():
        raise bad("cache_time must be a non-negative Number")
    _check_button(values.decoded("button", "inline query results button"))
    world.answer_query(values.text("inline_query_id"), {**values.given, "results": results})
    return True


def answer_guest_query(world: World, values: Values) -> Json:
    result = values.decoded("result", "JSON encoded web view query results")
    if result is None:
        raise bad("result isn't specified")
    check_result(result)
    message = world.answer_query(values.text("guest_query_id"), result)["guest_message"]
    return {"inline_message_id": post_result(world, result, message["chat"]["id"], message["message_id"]).inline}


def post_result(world: World, result: Json, chat: int, reply_to: int | None = None) -> Sent:
    """The message that a result makes in a chat, without the bot in it."""
    content = result["input_message_content"]
    text, entities = check_message(content["message_text"], content.get("parse_mode"), content.get("entities"))
    keyboard = check_keyboard(result.get("reply_markup"), inline_only=True)
    number = next(world.numbers)
    sent = Sent(chat, text, entities, reply_to, result, number, keyboard, time=time.monotonic(), inline=f"i{number}")
    world.inline_posts[f"i{number}"] = sent
    world.record(sent)
    return sent


def check_result(result: Any) -> None:
    """One result of an inline query; only articles are read here. Raises ApiError."""
    if not isinstance(result, dict):
        raise bad("inline query result must be an object")
    if result.get("type") != "article":
        raise bad("this server reads inline query results of type article only")
    if not isinstance(result.get("id"), str) or not 1 <= len(result["id"].encode()) <= 64:
        raise bad("RESULT_ID_INVALID")
    if not result.get("title"):
        raise bad("RESULT_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not isinstance(content.get("message_text"), str):
        raise bad("input message content is not specified")
    try:
        check_message(content["message_text"], content.get("parse_mode"), content.get("entities"))
        check_keyboard(result.get("reply_markup"), inline_only=True)
    except ApiError as error:
        raise bad(f"can't parse inline query result: {str(error).removeprefix('Bad Request: ')}") from None
    for name in ("url", "thumbnail_url"):
        if result.get(name) and not re.match("https?://", result[name]):
            raise bad("WEBDOCUMENT_URL_INVALID")


def _check_button(button: Any) -> None:
    if button is None:
        return
    if not isinstance(button, dict):
        raise bad("InlineQueryResultsButton must be an Object")
    if ("start_parameter" in button) == ("web_app" in button):
        raise bad("InlineQueryResultsButton must have exactly one optional field")
    if not button.get("text"):
        raise bad("SWITCH_PM_TEXT_EMPTY")
    if not re.fullmatch("[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "a")):
        raise bad("START_PARAM_INVALID")
