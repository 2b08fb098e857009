"""/start and /help, and replies to messages that are neither questions nor known commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.messages import texts_for
from tests.support.telegram import NAME
from tests.support.whole_bot import WholeBot, whole_bot

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
EXAMPLES = EN("examples").splitlines()
LISTED = "\n".join([EN("examples-heading"), *(f"• {example}" for example in EXAMPLES)])
COMMANDS = """Just write your question, or use a command:
/ask – ask a question
/more – more quotes for the last question
/context – the text around a quote: /context 2
/sources – the outlets I have, and the days of their articles
/latest – the newest articles
/since – only articles from a certain day on: /since 2022-03-01
/source – only articles from one outlet: /source TASS
/reset – all articles again
/watch – tell me when something new answers: /watch who is under sanctions?
/watches – the questions I watch for you
/forget – erase what I keep about you
/help – this message"""
ADMINS = """For administrators, in this chat only:
/status – how I am doing
/reindex – read the articles again
/rollback – go back to the previous index
/add – add an article: its text, a file or a forwarded post
/broadcast – write to everyone"""
HELP = "\n\n".join([EN("about"), COMMANDS, EN("follow-up"), LISTED, EN("in-groups")])
STARTED = f"{EN('about')}\n\n{EN('newest-headlines')}"
ASKED = ["Who fled?", "<b>&?", "When?"]


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path, admins=[5]) as talk:
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
def test_commands_in_private(talk: WholeBot, text: str, reply: str) -> None:
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
        ("/start", [STARTED]),
    ],
)
def test_commands_in_groups(talk: WholeBot, text: str, expected: list[str]) -> None:
    talk.telegram.privacy = False
    assert [sent.text for sent in talk.say(text, -5, "supergroup")] == expected


def test_a_question_about_help_is_a_question(talk: WholeBot) -> None:
    assert [talk.say(words)[0].text.split("\n")[-1] for words in ("help for whom?", "who called for help")] == [
        "help for whom?",
        "who called for help",
    ]
    talk.telegram.privacy = False
    assert talk.say("help", -5, "supergroup") == []


def test_the_newest_headlines_are_buttons_that_show_their_articles(talk: WholeBot) -> None:
    [sent] = talk.say("/start")
    assert (sent.text, sent.buttons) == (STARTED, ["Rain falls"])
    assert "text" not in talk.press(sent, "Rain falls")
    assert talk.telegram.sent[-1].text == "Rain falls\nTASS · 2 April 2022 · open article\nthe latest"
    assert talk.telegram.sent[-1].reply_to == sent.number


def test_pressing_the_headline_of_a_deleted_article(talk: WholeBot) -> None:
    [sent] = talk.say("/start")
    talk.answers.burn()
    assert talk.press(sent, "Rain falls")["text"] == EN("article-gone")
    assert talk.telegram.sent[-1] == sent


def test_pressing_headlines_counts_as_asking(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        [sent] = talk.say("/start")
        assert "text" not in talk.press(sent, "Rain falls")
        assert talk.press(sent, "Rain falls")["text"] == EN("too-many-questions", seconds=60)


def test_without_articles_the_examples_of_the_catalogue_are_buttons(talk: WholeBot) -> None:
    talk.answers.has_news = False
    [sent] = talk.say("/start")
    assert [row[0]["text"] for row in json.loads(sent.raw["reply_markup"])["keyboard"]] == EXAMPLES
    assert sent.text == f"{EN('about')}\n\n{EN('examples-heading')}"


def test_examples_of_the_configuration_are_buttons_that_ask_them(tmp_path: Path) -> None:
    with whole_bot(tmp_path, examples=ASKED) as talk:
        [sent] = talk.say("/start")
        markup = json.loads(sent.raw["reply_markup"])
        pressed = [row[0]["text"] for row in markup["keyboard"]]
        assert pressed == ASKED
        assert sent.text == f"{EN('about')}\n\n{EN('examples-heading')}"
        assert (markup["one_time_keyboard"], markup["resize_keyboard"]) == (True, True)
        for words in pressed:
            assert talk.say(words)[0].text.endswith(f"\n{words}")


def test_in_a_group_the_examples_of_the_configuration_are_commands(tmp_path: Path) -> None:
    with whole_bot(tmp_path, examples=ASKED) as talk:
        talk.telegram.privacy = False
        [sent] = talk.say("/start", -5, "supergroup")
        listed = [f"/ask {example}" for example in ASKED]
        assert sent.text == "\n".join([f"{EN('about')}\n\n{EN('examples-heading')}", *listed])


def test_examples_of_the_configuration_are_used_in_all_texts(tmp_path: Path) -> None:
    with whole_bot(tmp_path, examples=ASKED, admins=[5]) as talk:
        assert "• Who fled?\n• <b>&?\n• When?\n" in talk.say("/help")[0].text
        assert "/ask Who fled?" in talk.say("/ask")[0].text
        assert "/watch Who fled?" in talk.say("/watches")[0].text


def test_help_names_the_commands_of_admins_to_admins_in_private(talk: WholeBot) -> None:
    assert talk.say("/help", 5)[0].text == f"{HELP}\n\n{ADMINS}"
    assert talk.say("/help", -5, "group", person=5)[0].text == HELP


def test_help_is_in_the_language_of_the_person(talk: WholeBot) -> None:
    assert talk.say("/start", language="ru")[0].text == f"{RU('about')}\n\n{RU('newest-headlines')}"
    assert talk.say("/help", language="ru")[0].text.startswith(
        f"{RU('about')}\n\n{RU('commands-heading')}\n/ask – {RU('help-ask')}\n"
    )
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
def test_a_message_without_text_gets_a_friendly_line(talk: WholeBot, content: dict[str, Any], line: str) -> None:
    assert [sent.text for sent in talk.say(None, **content)] == [EN(line)]
    assert talk.say(None, -5, "group", **content) == []


def test_pictures_voices_stickers_and_files(talk: WholeBot) -> None:
    talk.telegram.send_photo()
    talk.telegram.send_voice()
    talk.telegram.send_sticker()
    talk.telegram.send_document("news.txt", b"Rain fell.", "Is this of use?")
    lines = ["not-text-photo", "not-text-voice", "not-text-sticker", "file-not-allowed"]
    assert [sent.text for sent in talk.go()] == [EN(line) for line in lines]


def test_an_album_gets_one_line_or_one_answer(talk: WholeBot) -> None:
    for caption, album in ((None, "1"), (None, "1"), ("who?", "2"), (None, "2"), (None, "3")):
        talk.telegram.send_photo(caption, media_group_id=album)
    said = [sent.text.split("\n")[-1] for sent in talk.go()]
    assert said == [EN("not-text-photo"), "who?", EN("not-text-photo")]


@pytest.mark.parametrize("content", [{"group_chat_created": True}, {"pinned_message": {}}, {"left_chat_member": {}}])
def test_service_messages_get_nothing(talk: WholeBot, content: dict[str, Any]) -> None:
    if "pinned_message" in content:
        content = {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}}
    if "left_chat_member" in content:
        content = {"left_chat_member": talk.telegram.me}
    assert talk.say(None, **content) == []
