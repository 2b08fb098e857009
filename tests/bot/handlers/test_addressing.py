"""Whether a message addresses the bot, and its words without the bot's name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, Update

from bot.handlers.addressing import addressed, followed_words, quoted_words, replied_words, without_mentions
from tests.support.telegram import BOT_ID, NAME, units
from tests.support.telegram.entities import found_in

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
def test_mentions_of_the_bot_are_removed(text: str, words: str, caption: bool) -> None:
    read = message(text, caption)
    assert addressed(read, BOT)
    assert without_mentions(read, BOT) == words


@pytest.mark.parametrize("text", ["who?", "@another who?", NAME, f"{AT}x", f"x{AT}", ""])
def test_other_words_are_kept(text: str) -> None:
    assert not addressed(message(text), BOT)
    assert without_mentions(message(f"  {text}, "), BOT) == f"{text},".strip()


def test_a_message_without_words_mentions_nobody() -> None:
    assert not addressed(message("", entities=[]), BOT)
    assert without_mentions(message("", True, []), BOT) == ""


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_only_the_mention_is_removed(before: str, after: str) -> None:
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
    quote = {"text": "uot", "position": 1}
    quoting = [message("/ask", reply_to_message=one, quote=quote) for one in (of_bot, of_ann)]
    assert [replied_words(one, BOT) for one in quoting] == ["", "uot"]
    assert [quoted_words(one) for one in quoting] == ["uot", "uot"]
    assert quoted_words(message("/ask", reply_to_message=of_ann)) == ""


def test_a_part_of_a_message_in_another_chat_is_quoted_too() -> None:
    channel = {"type": "channel", "date": 1, "chat": {"id": -9, "type": "channel", "title": "C"}, "message_id": 5}
    read = message("/ask", external_reply={"origin": channel}, quote={"text": "Oil was sold.", "position": 0})
    assert (quoted_words(read), replied_words(read, BOT), followed_words(read, BOT)) == (
        "Oil was sold.",
        "Oil was sold.",
        "",
    )
    without = message("/ask", external_reply={"origin": channel})
    assert (quoted_words(without), replied_words(without, BOT)) == ("", "")


def test_followed_words_are_those_of_others_or_a_single_quote_of_the_bot() -> None:
    group = {"id": -5, "type": "group", "title": "G"}
    ann = {"id": 9, "is_bot": False, "first_name": "Ann"}
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Q"}

    def followed(sender: dict[str, Any], *quotes: tuple[int, int], **written: Any) -> str:
        entities = [{"type": "blockquote", "offset": start, "length": length} for start, length in quotes]
        other = {"message_id": 2, "date": 1, "chat": group, "from": sender, "entities": entities, **written}
        return followed_words(message("when?", reply_to_message=other), BOT)

    assert followed(ann, text="Oil was sold.") == "Oil was sold."
    assert followed(ann, caption="Oil was sold.") == "Oil was sold."
    assert followed(bot, text="One moment, please.") == ""
    assert followed(bot, (5, 13), text="😀 H\nOil was sold.") == "Oil was sold."
    assert followed(bot, (0, 4), (5, 4), text="One.\nTwo.") == ""
    assert followed(bot, caption="A file.") == ""
    assert followed_words(message("when?"), BOT) == ""
