import logging
import re
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from structlog.testing import capture_logs

from bot import texts
from bot.handlers import messages as handlers
from bot.updates import lanes
from retrieval.rules.smalltalk import REPLIES
from tests.fake_telegram import NAME, TOKEN, ApiError, FakeTelegram, wait_for
from tests.fakes_bot import EchoAnswers, running_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.fixture(scope="module")
def bot() -> Iterator[FakeTelegram]:
    with running_bot() as telegram:
        yield telegram


def replies(bot: FakeTelegram, text: str | None, chat: int, kind: str = "private", **more: object) -> list[str]:
    """What the bot says to a message, and to nothing else in that chat; a last question shows that it is done."""
    bot.say(text, chat, kind, **more)
    bot.say("/ask the end", chat, kind)
    wait_for(lambda: any("the end" in sent for sent in bot.to(chat)))
    return bot.to(chat)[:-1]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Who is under sanctions?", f"{ABOVE}Who is under sanctions?"),
        ("/ask  who?", f"{ABOVE}who?"),
        ("/ask\nwho?", f"{ABOVE}who?"),
        (f"/ask@{NAME} who?", f"{ABOVE}who?"),
        ("/ASK who?", f"{ABOVE}who?"),
        ("/ask", texts.NO_QUESTION),
        ("/ask \n ", texts.NO_QUESTION),
        ("/start", f"{texts.HELP}\n\n{texts.IN_GROUPS}"),
        ("/start payload", f"{texts.HELP}\n\n{texts.IN_GROUPS}"),
        ("/help", f"{texts.HELP}\n\n{texts.IN_GROUPS}"),
        ("/nonsense who?", texts.UNKNOWN),
        ("/ask_me", texts.UNKNOWN),
        ("/", f"{ABOVE}/"),
        ("/ 5", f"{ABOVE}/ 5"),
        ("<b>&lt;</i>&", f"{ABOVE}<b>&lt;</i>&"),
        ("👩‍👩‍👧 🇩🇪\n\nx", f"{ABOVE}👩‍👩‍👧 🇩🇪\n\nx"),
        ("see /help", f"{ABOVE}see /help"),
    ],
)
def test_private_messages(bot: FakeTelegram, text: str, reply: str) -> None:
    assert replies(bot, text, chat=crc32(text.encode())) == [reply]
    assert bot.refused == []


def test_what_is_not_text_gets_a_kind_line(bot: FakeTelegram) -> None:
    assert replies(bot, None, 101, photo=PHOTO, caption="who?") == [texts.NOT_TEXT]
    assert replies(bot, None, 102, location={"latitude": 1.0, "longitude": 2.0}) == [texts.NOT_TEXT]


def test_service_messages_get_none(bot: FakeTelegram) -> None:
    assert replies(bot, None, 103, group_chat_created=True) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/ask who?", [f"{ABOVE}who?"]),
        (f"/help@{NAME}", [f"{texts.HELP}\n\n{texts.IN_GROUPS}"]),
        (f"/nonsense@{NAME.upper()}", [texts.UNKNOWN]),
        ("/help", []),
        ("/nonsense", []),
        ("/ask@another_bot who?", []),
        ("who is under sanctions?", []),
        (f"@{NAME} who?", []),
    ],
)
def test_groups_hear_of_the_bot_only_when_they_ask_it(bot: FakeTelegram, text: str, expected: list[str]) -> None:
    assert replies(bot, text, chat=-crc32(text.encode()), kind="supergroup") == expected


def test_edited_messages_and_channel_posts_are_left_alone(bot: FakeTelegram) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 104, "type": "private"}, "text": "who?"}
    bot.put({"edited_message": message})
    bot.put({"channel_post": {**message, "chat": {"id": 104, "type": "channel"}}})
    assert replies(bot, "/ask", 104) == [texts.NO_QUESTION]


def test_4096_characters(bot: FakeTelegram) -> None:
    for text in ("&" * 4096, "of" + "😀" * 2047, "word " * 819):
        before = len(bot.sent)
        bot.say(text, chat=105)
        wait_for(lambda n=before: len(bot.sent) == n + 2)
        quoted = [e.text for sent in bot.sent[before:] for e in sent.entities if e.kind == "blockquote"]
        assert "".join(quoted) == text.strip()
    assert bot.refused == []


def test_replies_are_threaded_and_have_no_preview(bot: FakeTelegram) -> None:
    number = bot.say("who?", chat=106)
    [sent] = wait_for(lambda: [sent for sent in bot.sent if sent.chat == 106])
    assert sent.reply_to == number
    assert sent.raw["link_preview_options"] == '{"is_disabled": true}'


def test_a_deleted_question_is_answered_all_the_same() -> None:
    with running_bot() as bot:
        number = bot.say("slow 0.3")
        bot.forget(7, number)
        [sent] = bot.wait(1)
    assert (sent.text, sent.reply_to) == (f"{ABOVE}slow 0.3", None)


def test_typing_is_shown_again_and_again_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_TYPING_EVERY", 0.1)
    with running_bot() as bot:
        bot.say("slow 0.5")
        bot.wait(1)
        shown = [values["action"] for method, values in bot.calls if method == "sendChatAction"]
        assert shown[:3] == ["typing"] * 3


def test_a_bug_gives_the_user_an_id_and_the_log_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_PAUSES", (0.0,) * 4)
    with capture_logs() as logs, running_bot() as bot:
        bot.say("fail")
        bot.say("who?")
        first, second = bot.wait(2)
    number = re.fullmatch(r"Something went wrong \(id ([0-9a-f]{8})\)\. Please try again later\.", first.text)
    assert number is not None
    [line] = [line for line in logs if line["event"] == "an update is set aside"]
    assert (line["id"], line["log_level"]) == (number[1], "error")
    assert str(line["exc_info"]) == f"a bug, with the token {TOKEN}"
    assert second.text == f"{ABOVE}who?"


def test_what_telegram_cannot_take_now_is_sent_once_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_PAUSES", (0.0,) * 4)
    monkeypatch.setattr(handlers, "_PAUSES", ())
    with running_bot() as bot:
        bot.failures["sendMessage"] = [ApiError("Internal Server Error", 500)] * 7
        bot.say("who?")
        bot.wait(1)
    assert bot.to(7) == [f"{ABOVE}who?"]


@pytest.mark.parametrize("words", ["Bad Request: chat not found", "Bad Request: message thread not found"])
def test_a_place_that_is_gone_is_no_error(words: str) -> None:
    with capture_logs() as logs, running_bot() as bot:
        bot.failures["sendMessage"] = [ApiError(words)]
        bot.say("who?", chat=8)
        wait_for(lambda: not bot.failures["sendMessage"])
        bot.say("who?", chat=9)
        bot.wait(1)
    assert bot.to(8) == []
    assert [line["event"] for line in logs if line["log_level"] in ("warning", "error")] == []
    assert [line["why"] for line in logs if line["event"] == "nobody to tell"] == [
        words.removeprefix("Bad Request: ").capitalize()
    ]


def test_a_lost_reply_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_PAUSES", (0.0, 0.0, 0.0))
    with running_bot() as bot:
        bot.failures["sendMessage"] = [ApiError("Internal Server Error", 500), None, ApiError("Bad Gateway", 502)]
        bot.say("who?")
        bot.wait(1)
    assert bot.to(7) == [f"{ABOVE}who?"]


def test_a_chat_that_blocked_the_bot_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    with running_bot() as bot:
        bot.failures["sendMessage"] = [ApiError("Forbidden: bot was blocked by the user", 403)]
        bot.say("who?", chat=8)
        wait_for(lambda: not bot.failures["sendMessage"])
        bot.say("who?", chat=9)
        bot.wait(1)
    assert bot.to(8) == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_telegram_is_waited_for_when_it_asks(caplog: pytest.LogCaptureFixture) -> None:
    with running_bot() as bot:
        bot.failures["sendMessage"] = [ApiError("Too Many Requests: retry after 1", 429, retry_after=1)]
        bot.say("one")
        bot.say("two")
        bot.wait(2)
    assert bot.to(7) == [f"{ABOVE}one", f"{ABOVE}two"]


def asked_with(answers: EchoAnswers, count: int) -> list[tuple[str, str | None]]:
    """What was asked, and what was taken for the question before it."""
    wait_for(lambda: len(answers.asked) == count)
    return [(question.text, question.earlier) for question in answers.asked]


def test_a_question_follows_up_the_last_one_of_its_chat_and_person() -> None:
    answers = EchoAnswers()
    ann: Any = {"from": {"id": 1, "is_bot": False, "first_name": "Ann"}}
    bob: Any = {"from": {"id": 2, "is_bot": False, "first_name": "Bob"}}
    with running_bot(answers) as bot:
        bot.say("/ask who sold grain?", -5, "group", **ann)
        bot.say("/ask who bought oil?", -5, "group", **bob)
        bot.say("/ask when?", -5, "group", **ann)
        bot.say("when?", 1, **ann)
        bot.wait(4)
        assert "understood as: who sold grain? … when?" in bot.to(-5)[2]
    assert sorted(asked_with(answers, 4), key=str) == [
        ("when?", "who sold grain?"),
        ("when?", None),
        ("who bought oil?", None),
        ("who sold grain?", None),
    ]


def test_small_talk_gets_its_line_and_leaves_the_question_before() -> None:
    answers = EchoAnswers()
    with running_bot(answers) as bot:
        bot.say("who sold grain?")
        bot.say("thanks!")
        bot.say("and when?")
        bot.wait(3)
    assert bot.to(7)[1] == REPLIES["thanks"]
    assert asked_with(answers, 3)[2] == ("and when?", "who sold grain?")


def test_a_reply_to_an_answer_follows_up_its_question() -> None:
    answers = EchoAnswers()
    with running_bot(answers) as bot:
        bot.say("who sold grain?")
        first, *_ = bot.wait(1)
        bot.say("who bought oil?")
        bot.wait(2)
        answered = {"message_id": first.number, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "…"}
        bot.say("when?", reply_to_message=answered)
        bot.say("why?", reply_to_message={**answered, "message_id": 1})
        bot.wait(4)
    assert asked_with(answers, 4)[2:] == [("when?", "who sold grain?"), ("why?", "who sold grain?\nwhen?")]


def test_what_a_group_or_channel_asks_in_its_own_name_is_kept_for_it() -> None:
    answers = EchoAnswers()
    with running_bot(answers) as bot:
        for text, channel in (("/ask who sold grain?", -11), ("/ask who bought oil?", -12), ("/ask when?", -11)):
            bot.say(text, -5, "supergroup", sender_chat={"id": channel, "type": "channel", "title": "C"})
        bot.wait(3)
    assert asked_with(answers, 3)[2] == ("when?", "who sold grain?")


def test_questions_come_with_the_time_they_were_asked_at() -> None:
    answers = EchoAnswers()
    with running_bot(answers) as bot:
        bot.say(" who? ")
        bot.wait(1)
    [question] = answers.asked
    assert (question.text, question.asked.isoformat()) == ("who?", "2022-04-15T05:20:00+00:00")
