"""Whether a message speaks to the bot, and what is left of it without the bot's name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, Update

from bot.handlers.asked import addressed, replied_words, without_mentions
from tests.telegram import BOT_ID, NAME, units
from tests.telegram.entities import found_in

BOT: Any = SimpleNamespace(id=BOT_ID, username=NAME)
AT = f"@{NAME}"


def message(text: str, caption: bool = False, entities: Any = None, **more: Any) -> Message:
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    written = {names[0]: text, names[1]: found_in(text) if entities is None else entities}
    raw = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "G"}, **written, **more}
    read = Update.de_json({"update_id": 1, "message": raw}, None).message
    assert read
    return read


@pytest.mark.parametrize("caption", [False, True])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{AT} who?", "who?"),
        (f"{AT}, who?", "who?"),
        (f"who {AT} is", "who is"),
        (f"who is it {AT}?", "who is it?"),
        (f'tell {AT} "who"', 'tell "who"'),
        (f"who?\n{AT}", "who?"),
        (f"{AT}\nwho?\nwhen?", "who?\nwhen?"),
        (f"{AT} {AT} who?", "who?"),
        (f"😀{AT.upper()} who?", "😀 who?"),
        (f"{AT} who is {AT}x and x{AT}?", f"who is {AT}x and x{AT}?"),
        (AT, ""),
    ],
)
def test_the_bots_name_is_taken_out(text: str, words: str, caption: bool) -> None:
    read = message(text, caption)
    assert addressed(read, BOT)
    assert without_mentions(read, BOT) == words


@pytest.mark.parametrize("text", ["who?", "@another who?", NAME, f"{AT}x", f"x{AT}", ""])
def test_what_does_not_name_it_stays(text: str) -> None:
    assert not addressed(message(text), BOT)
    assert without_mentions(message(f"  {text}, "), BOT) == f"{text},".strip()


def test_what_has_no_words_names_nobody() -> None:
    assert not addressed(message("", entities=[]), BOT)
    assert without_mentions(message("", True, []), BOT) == ""


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_else_is_taken_out(before: str, after: str) -> None:
    mention = {"type": "text_mention", "offset": units(before), "length": units("Wire"),
               "user": {"id": BOT_ID, "is_bot": True, "first_name": "Wire"}}  # fmt: skip
    words = without_mentions(message(f"{before}Wire{after}", entities=[mention]), BOT)
    blanks = " ,:;\n\t"
    assert [c for c in words if c not in blanks] == [c for c in before + after if c not in blanks]


def test_replies() -> None:
    own = {"message_id": 2, "date": 1, "chat": {"id": -5, "type": "group", "title": "G"}, "text": "quote"}
    of_bot = {**own, "from": {"id": BOT_ID, "is_bot": True, "first_name": "Q"}}
    of_ann = {**own, "from": {"id": 9, "is_bot": False, "first_name": "Ann"}}
    assert [addressed(message("who?", reply_to_message=one), BOT) for one in (of_bot, of_ann, own)] == [
        True,
        False,
        False,
    ]
    assert [replied_words(message("/ask", reply_to_message=one), BOT) for one in (of_bot, of_ann)] == ["", "quote"]
    assert replied_words(message("/ask"), BOT) == ""
