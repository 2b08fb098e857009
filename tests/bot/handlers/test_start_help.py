"""/start and /help, and what is neither a question nor a command that the bot knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.texts import texts_for
from retrieval.example_questions import Example
from tests.support.fakes_talk import Talk, talking
from tests.support.telegram import NAME

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
EXAMPLES = EN("examples").splitlines()
LISTED = "\n".join([EN("examples-heading"), *(f"• {example}" for example in EXAMPLES)])
HELP = f"{EN('help')}\n\n{LISTED}\n\n{EN('in-groups')}"
STARTED = f"{EN('about')}\n\n{EN('examples-heading')}"


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    with talking(tmp_path, admins=[5]) as talk:
        yield talk


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("/help", HELP),
        ("/help me", HELP),
        (f"/HELP@{NAME}", HELP),
        ("help", HELP),
        ("HELP!", HELP),
        ("Помощь", HELP),
        (f" /help@{NAME}", HELP),
        ("/start", STARTED),
        ("/start payload", STARTED),
        ("/nonsense who?", EN("unknown-command")),
        ("/ask_me", EN("unknown-command")),
        ("/ask@another_bot who?", EN("unknown-command")),
    ],
)
def test_commands_in_private(talk: Talk, text: str, reply: str) -> None:
    number = talk.telegram.say(text)
    [sent] = talk.go()
    assert (sent.text, sent.reply_to) == (reply, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"/help@{NAME}", [HELP]),
        ("/help", [HELP]),
        (f"/nonsense@{NAME.upper()}", [EN("unknown-command")]),
        ("/nonsense", []),
        ("/help@another_bot", []),
        ("/start", ["\n".join([STARTED, *(f"/ask {example}" for example in EXAMPLES)])]),
    ],
)
def test_commands_in_groups(talk: Talk, text: str, expected: list[str]) -> None:
    talk.telegram.privacy = False
    assert [sent.text for sent in talk.say(text, -5, "supergroup")] == expected


def test_who_asks_about_help_asks_a_question(talk: Talk) -> None:
    assert [talk.say(words)[0].text.split("\n")[-1] for words in ("help for whom?", "who called for help")] == [
        "help for whom?",
        "who called for help",
    ]
    talk.telegram.privacy = False
    assert talk.say("help", -5, "supergroup") == []


def test_examples_are_buttons_that_ask_them(talk: Talk) -> None:
    talk.desk.chosen[:] = [Example(words, "en") for words in ("Who fled?", "<b>&?", "When?")]
    [sent] = talk.say("/start")
    markup = json.loads(sent.raw["reply_markup"])
    pressed = [row[0]["text"] for row in markup["keyboard"]]
    assert pressed == ["Who fled?", "<b>&?", "When?"]
    assert sent.text == f"{EN('about')}\n\n{EN('start-examples')}"
    assert (markup["one_time_keyboard"], markup["resize_keyboard"]) == (True, True)
    for words in pressed:
        assert talk.say(words)[0].text.endswith(f"\n{words}")


def test_examples_in_the_readers_language_come_first_and_the_others_fill_up(talk: Talk) -> None:
    english = [Example(words, "en") for words in ("Who fled?", "When?", "Where?")]
    talk.desk.chosen[:] = [*english, Example("Кто бежал?", "ru")]
    offered = {}
    for language in ("en", "ru", "de"):
        markup = json.loads(talk.say("/start", language=language)[0].raw["reply_markup"])
        offered[language] = [row[0]["text"] for row in markup["keyboard"]]
    assert offered["en"] == offered["de"] == ["Who fled?", "When?", "Where?"]
    assert offered["ru"] == ["Кто бежал?", "Who fled?", "When?"]
    assert "• Кто бежал?\n• Who fled?\n• When?\n" in talk.say("/help", language="ru")[0].text
    assert "/ask Кто бежал?" in talk.say("/ask", language="ru")[0].text
    assert "/watch Кто бежал?" in talk.say("/watches", language="ru")[0].text


def test_help_names_the_examples_and_the_admins_commands_to_admins_in_private(talk: Talk) -> None:
    talk.desk.chosen[:] = [Example("Who fled?", "en")]
    assert "• Who fled?" in talk.say("/help")[0].text
    assert EN("help-admin") in talk.say("/help", 5)[0].text
    assert EN("help-admin") not in talk.say("/help", -5, "group", person=5)[0].text


def test_russians_are_helped_in_russian(talk: Talk) -> None:
    assert talk.say("/start", language="ru")[0].text == f"{RU('about')}\n\n{RU('examples-heading')}"
    assert talk.say("/help", language="ru")[0].text.startswith(RU("help"))
    assert talk.say("/nonsense", language="ru")[0].text == RU("unknown-command")
    assert talk.say(None, language="ru", dice={"emoji": "🎲", "value": 1})[0].text == RU("not-text-other")


PLACE = {"latitude": 1.0, "longitude": 2.0}
FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"location": PLACE}, "not-text-other"),
        ({"video_note": {**FILE, "length": 9, "duration": 3}}, "not-text-voice"),
        ({"audio": {**FILE, "duration": 3}}, "not-text-voice"),
        ({"dice": {"emoji": "🎲", "value": 1}}, "not-text-other"),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "not-text-other"),
        ({"photo": [{**FILE, "width": 1, "height": 1}], "caption": "/ask who?"}, "not-text-photo"),
    ],
)
def test_what_is_not_text_gets_a_kind_line(talk: Talk, content: dict[str, Any], line: str) -> None:
    assert [sent.text for sent in talk.say(None, **content)] == [EN(line)]
    assert talk.say(None, -5, "group", **content) == []


def test_pictures_voices_stickers_and_files(talk: Talk) -> None:
    talk.telegram.send_photo()
    talk.telegram.send_voice()
    talk.telegram.send_sticker()
    talk.telegram.send_document("news.txt", b"Rain fell.", "Is this of use?")
    lines = ["not-text-photo", "not-text-voice", "not-text-sticker", "file-not-allowed"]
    assert [sent.text for sent in talk.go()] == [EN(line) for line in lines]


def test_an_album_gets_one_line_or_one_answer(talk: Talk) -> None:
    for caption, album in ((None, "1"), (None, "1"), ("who?", "2"), (None, "2"), (None, "3")):
        talk.telegram.send_photo(caption, media_group_id=album)
    said = [sent.text.split("\n")[-1] for sent in talk.go()]
    assert said == [EN("not-text-photo"), "who?", EN("not-text-photo")]


@pytest.mark.parametrize("content", [{"group_chat_created": True}, {"pinned_message": {}}, {"left_chat_member": {}}])
def test_service_messages_get_nothing(talk: Talk, content: dict[str, Any]) -> None:
    if "pinned_message" in content:
        content = {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}}
    if "left_chat_member" in content:
        content = {"left_chat_member": talk.telegram.me}
    assert talk.say(None, **content) == []
