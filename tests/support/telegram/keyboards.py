"""Reply markups: inline keyboards whose buttons each do one thing, and the rest by their shape only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.support.telegram.entities import Json, check_link
from tests.support.telegram.errors import ApiError, bad

_OTHERS = ("keyboard", "remove_keyboard", "force_reply")
_SWITCHES = ("switch_inline_query", "switch_inline_query_current_chat")
_ACTIONS = (
    "url", "callback_data", *_SWITCHES, "switch_inline_query_chosen_chat", "copy_text", "web_app", "login_url",
    "callback_game", "pay",
)  # fmt: skip
Keyboard = list[list[Json]]


def check_keyboard(markup: Any, inline_only: bool = False) -> Keyboard:
    """The rows of an inline keyboard; none for the markups that change the user's own keyboard. Raises ApiError."""
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only or not any(name in markup for name in _OTHERS):
            raise bad("inline keyboard expected")
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _check_button(button: Any) -> None:
    try:
        if not isinstance(button, dict):
            raise bad("InlineKeyboardButton must be an Object")
        if not isinstance(button.get("text"), str):
            raise bad('field "text" must be of type String')
    except ApiError as error:
        raise bad(f"can't parse inline keyboard button: {str(error).removeprefix('Bad Request: ')}") from None
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [
        name for name in _ACTIONS if button.get(name) not in (None, "") or (name in _SWITCHES and name in button)
    ]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"an inline keyboard button must have exactly one action, not {' and '.join(actions)}")
    if "callback_data" in actions and not (
        isinstance(button["callback_data"], str) and len(button["callback_data"].encode()) <= 64
    ):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in actions:
        try:
            check_link(button["url"])
            _check_address(button["url"])
        except (ApiError, TypeError, ValueError):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL") from None
    if "copy_text" in actions and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _check_address(url: str) -> None:
    """Raises ValueError as check_link_impl in LinkManager.cpp and parse_url in HttpUrl.cpp of tdlib/td do."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "tg" and (("." not in host and ":" not in host) or parts.port == 0):
        raise ValueError(url)
