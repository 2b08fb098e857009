"""Questions and their answers, as people in Telegram ask and get them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, TimedOut

from bot.handlers import typing_action
from bot.handlers.target import Target
from bot.handlers.typing_action import typing
from bot.messages import texts_for
from bot.question_limits import QuestionLimits
from retrieval.types import Answer, Question
from tests.support.echo_bot import running_bot
from tests.support.sample_answers import quote_of
from tests.support.telegram import BOT_ID, NAME, ApiError, wait_for
from tests.support.telegram.people import who
from tests.support.whole_bot import WholeBot, whole_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN, RU = texts_for("en", "en"), texts_for("ru", "en")
NO_QUESTION = EN("no-question", example="Who is under sanctions?")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


def asked(talk: WholeBot) -> list[tuple[str, str | None]]:
    """Return each question that was asked, and what it was taken to follow up."""
    return [(question.text, question.earlier) for question in talk.answers.asked]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Who is under sanctions?", f"{ABOVE}Who is under sanctions?"),
        ("/ask  who?", f"{ABOVE}who?"),
        ("/ask\nwho?", f"{ABOVE}who?"),
        (f"/ask@{NAME} who?", f"{ABOVE}who?"),
        (f"/ask @{NAME} who?", f"{ABOVE}who?"),
        (f"@{NAME} who?", f"{ABOVE}who?"),
        ("/ASK who?", f"{ABOVE}who?"),
        ("/ask", NO_QUESTION),
        ("/ask \n ", NO_QUESTION),
        ("/", EN("talk-nothing")),
        ("/ 5", f"{ABOVE}/ 5"),
        ("<b>&lt;</i>&", f"{ABOVE}<b>&lt;</i>&"),
        ("👩‍👩‍👧 🇩🇪\n\nx", f"{ABOVE}👩‍👩‍👧 🇩🇪\n\nx"),
        ("see /help", f"{ABOVE}see /help"),
        ("x" * 1000, f"{ABOVE}{'x' * 1000}"),
        ("x" * 1001, EN("too-long", limit=1000)),
        ("😀" * 501, EN("too-long", limit=1000)),
        ("hello!", EN("talk-greeting")),
        ("0 closest", EN("refusal")),
    ],
)
def test_questions_in_private_are_answered(talk: WholeBot, text: str, reply: str) -> None:
    number = talk.telegram.say(text)
    [sent] = talk.go()
    assert (sent.text, sent.reply_to) == (reply, number)
    assert sent.raw["link_preview_options"] == '{"is_disabled": true}'


def test_several_quotes_are_numbered_and_closest_ones_too(talk: WholeBot) -> None:
    [several] = talk.say("5 quotes")
    [closest] = talk.say("2 closest")
    quoted = [entity.text for entity in several.entities if entity.kind == "blockquote"]
    assert quoted == [f"quotes {n} of generation 1." for n in (1, 2, 3)]
    assert [line for line in several.text.split("\n") if line.endswith("falls")] == [
        f"{n}. Rain falls" for n in (1, 2, 3)
    ]
    assert several.text.endswith("and 2 more quotes")
    assert closest.text.startswith(f"{EN('refusal')}\n\n{EN('closest')}\n\n1. Rain falls\n")


def test_an_answer_of_several_messages_is_threaded_and_whole(talk: WholeBot) -> None:
    number = talk.telegram.say("long 3 quotes")
    sent = talk.go()
    assert [(one.text[:2], one.reply_to) for one in sent] == [("1.", number), ("2.", number), ("3.", number)]


def test_answers_are_in_the_language_of_the_person(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes", language="ru")
    [too_long] = talk.say("x" * 1001, language="ru-RU")
    [refusal] = talk.say("0 closest", language="ru")
    [nothing] = talk.say("/ask", language="ru")
    assert "TASS · 2 апреля 2022 · открыть статью" in answer.text
    assert answer.text.endswith("и ещё 2 цитаты")
    assert answer.buttons[3:] == [
        "¶ 1. Контекст",
        "↗ 1. Открыть статью",
        "👍 1. Полезно",
        "👎 1. Не то",
        "Ещё цитаты (2)",
    ]
    assert too_long.text == RU("too-long", limit=1000)
    assert refusal.text == RU("refusal")
    assert nothing.text == RU("no-question", example="Кто под санкциями?")


def test_a_question_has_the_time_of_its_message_and_is_stripped(talk: WholeBot) -> None:
    talk.say(" who? ")
    [question] = talk.answers.asked
    assert (question.text, question.asked.isoformat()) == ("who?", "2022-04-15T05:20:00+00:00")


# What it follows up


def test_a_question_follows_up_the_last_one_of_its_chat_and_person(talk: WholeBot) -> None:
    talk.say("/ask who sold grain?", -5, "group", person=1)
    talk.say("/ask who bought oil?", -5, "group", person=2)
    [sent] = talk.say("/ask when?", -5, "group", person=1)
    talk.say("when?", 1)
    assert "understood as: who sold grain? … when?" in sent.text
    assert asked(talk)[2:] == [("when?", "who sold grain?"), ("when?", None)]


def test_a_reply_follows_up_the_replied_answer_even_after_a_restart(talk: WholeBot) -> None:
    [first] = talk.say("who sold grain?")
    talk.say("who bought oil?")
    talk.restart()
    talk.say("when?", reply_to=first)
    talk.say("/ask why?", reply_to=first)
    assert asked(talk)[2:] == [("when?", "who sold grain?"), ("why?", "who sold grain?")]


def test_a_quoted_part_is_followed_up_whoever_wrote_it(talk: WholeBot) -> None:
    talk.say("who sold grain?")
    [answer] = talk.say("who bought  oil\nin May?")
    other = talk.telegram.say("The mayor of Oslo fled. Nobody knows why.")
    talk.go()
    talk.say("when?", reply_to=answer, quote="oil\nin")
    talk.say("/ask when?", reply_to=other, quote="The mayor of Oslo fled.")
    talk.say("when?", reply_to=other, quote="Nobody")
    assert asked(talk)[3:] == [("when?", "oil in"), ("when?", "The mayor of Oslo fled."), ("when?", "Nobody")]
    channel = {"type": "channel", "date": 1, "chat": {"id": -9, "type": "channel", "title": "C"}, "message_id": 5}
    talk.say("when?", external_reply={"origin": channel}, quote="Snow fell.")
    assert asked(talk)[-1] == ("when?", "Snow fell.")


def test_a_reply_to_any_other_message_follows_up_its_words(talk: WholeBot) -> None:
    talk.telegram.privacy = False
    long = "Hail fell on the town of Narvik. " * 20
    [report, photo, nothing] = [
        talk.telegram.say(long, -5, "group", person=2),
        talk.telegram.send_photo("Rain in Moss.", -5, kind="group", person=2),
        talk.telegram.say("👍", -5, "group", person=2),
    ]
    assert talk.go() == []
    talk.say("/ask who sold grain?", -5, "group", person=1)
    for replied in (report, photo, nothing):
        talk.say(f"@{NAME} when?", -5, "group", person=1, reply_to=replied)
        talk.say("/ask who sold grain?", -5, "group", person=1)
    follow_ups = [earlier for text, earlier in asked(talk) if text == "when?"]
    assert follow_ups == [("Hail fell on the town of Narvik. " * 9).strip(), "Rain in Moss.", "who sold grain?"]


def test_a_reply_to_a_question_follows_up_that_as_it_was_understood(talk: WholeBot) -> None:
    talk.say("who sold grain?")
    [answer] = talk.say("and when?")
    talk.say("who bought oil?")
    talk.say("why?", reply_to=answer.reply_to)
    assert asked(talk)[-1] == ("why?", "who sold grain?\nand when?")


def test_a_reply_to_another_message_of_the_bot_follows_up_a_quote_in_it(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes")
    talk.press(answer, "Context")
    context = talk.telegram.sent[-1]
    [help] = talk.say("/help")
    talk.say("who sold grain?")
    talk.say("when?", reply_to=help)
    talk.say("when?", reply_to=context)
    assert asked(talk)[2:] == [("when?", "who sold grain?"), ("when?", "quotes 1 of generation 1.")]


def test_words_asked_by_a_bare_command_do_not_follow_themselves_up(talk: WholeBot) -> None:
    talk.say("who sold grain?")
    other = talk.telegram.say("The mayor fled. Why?", entities=[])
    talk.go()
    talk.say("/ask", reply_to=other)
    talk.say("/ask", reply_to=other, quote="Why?")
    assert asked(talk)[2:] == [("The mayor fled. Why?", "The mayor fled. Why?"), ("Why?", "The mayor fled. Why?")]


def test_a_watch_follows_up_what_its_message_quotes(talk: WholeBot) -> None:
    [answer] = talk.say("who sold grain and oil?")
    talk.say("/watch and when?", reply_to=answer, quote="oil")
    assert asked(talk)[-1] == ("and when?", "oil")


def test_an_edited_question_follows_up_the_same_question_as_before(talk: WholeBot) -> None:
    talk.say("who sold grain?")
    [answer] = talk.say("when?")
    talk.say("who fled?")
    talk.edit(answer.reply_to, "why?")
    assert asked(talk)[-1] == ("why?", "who sold grain?")


def test_small_talk_and_the_latest_keep_the_last_question(talk: WholeBot) -> None:
    talk.say("who sold grain?")
    talk.say("thanks!")
    talk.say("/latest")
    talk.say("and when?")
    assert asked(talk)[2:] == [("and when?", "who sold grain?")]


@pytest.mark.parametrize("words", ["?", "...", "—", "stop", "нет"])
def test_words_without_a_question_get_a_line_and_keep_the_last_question(talk: WholeBot, words: str) -> None:
    talk.say("who sold grain?")
    assert [sent.text for sent in talk.say(words)] == [EN("talk-nothing")]
    assert talk.say("/watch ?")[0].text == EN("talk-nothing")
    talk.say("and when?")
    assert asked(talk)[2:] == [("and when?", "who sold grain?")]


# Edited and deleted questions


def test_an_edited_question_gets_its_answer_edited(talk: WholeBot) -> None:
    [answer] = talk.say("who sold grain?")
    assert talk.edit(answer.reply_to, "who sold oil?") == []
    assert (answer.text, answer.history) == (f"{ABOVE}who sold oil?", [f"{ABOVE}who sold grain?"])
    talk.say("when?")
    assert asked(talk)[-1] == ("when?", "who sold oil?")


def test_an_answer_is_edited_from_one_message_to_several_and_back(talk: WholeBot) -> None:
    [first] = talk.say("who?")
    question = first.reply_to
    second, third = talk.edit(question, "long 3 quotes")
    assert [sent.text[:2] for sent in (first, second, third)] == ["1.", "2.", "3."]
    assert second.reply_to == third.reply_to == question
    talk.edit(question, "hello!")
    assert (first.text, first.buttons, second.deleted, third.deleted) == (EN("talk-greeting"), [], True, True)
    [fourth] = talk.edit(question, "long 2 quotes")
    assert [sent.text[:2] for sent in (first, fourth)] == ["1.", "2."]
    talk.edit(question, "5 quotes")
    assert talk.telegram.sent_to(7) == [first]
    assert first.buttons[-1] == "More quotes (2)"


def test_an_edit_of_something_else_about_a_question_changes_nothing(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes")
    talk.press(answer, "2")
    talk.answers.newer.append(lambda: 2)
    before = len(talk.telegram.calls)
    talk.edit(answer.reply_to, "5 quotes")
    assert talk.telegram.calls[before:] == []
    assert answer.buttons[1] == "· 2 ·"


def test_an_edited_question_whose_answer_is_gone_gets_a_new_one(talk: WholeBot) -> None:
    [answer] = talk.say("who?")
    talk.telegram.forget(7, answer.number)
    [again] = talk.edit(answer.reply_to, "why?")
    assert again.text == f"{ABOVE}why?"
    talk.telegram.refused.clear()


def test_a_message_that_is_edited_into_a_question_is_answered(talk: WholeBot) -> None:
    number = talk.telegram.say("x" * 1001)
    talk.go()
    [answer] = talk.edit(number, "who?")
    assert (answer.text, answer.reply_to) == (f"{ABOVE}who?", number)
    help = talk.telegram.say("/help")
    talk.go()
    assert talk.edit(help, "/sources") == []
    assert [sent.text for sent in talk.edit(help, "/ask who fled?")] == [f"{ABOVE}who fled?"]


@pytest.mark.parametrize(
    ("words", "line"),
    [("x" * 1001, EN("too-long", limit=1000)), ("/sources", EN("edited-to-command")), ("/f", EN("edited-to-command"))],
)
def test_an_answer_is_replaced_if_its_question_is_edited_away(talk: WholeBot, words: str, line: str) -> None:
    first, *_ = talk.say("long 5 quotes")
    assert talk.edit(first.reply_to, words) == []
    assert (talk.telegram.to(7), first.buttons) == ([line], [])
    assert talk.edit(first.reply_to, words) == []
    assert [sent.text for sent in talk.say("/more")] == [EN("nothing-asked")]
    talk.edit(first.reply_to, "who?")
    assert talk.telegram.to(7)[0] == f"{ABOVE}who?"


def test_an_edited_command_is_not_run_again(talk: WholeBot) -> None:
    [latest] = talk.say("/latest")
    before = latest.text
    assert talk.edit(latest.reply_to, "/sources") == []
    assert latest.text == before


def test_edits_in_groups_count_if_they_address_the_bot(talk: WholeBot) -> None:
    talk.telegram.privacy = False
    [answer] = talk.say(f"@{NAME} who?", -5, "supergroup")
    talk.edit(answer.reply_to, f"@{NAME} why?")
    assert answer.text == f"{ABOVE}why?"
    talk.edit(answer.reply_to, "never mind")
    assert answer.text == f"{ABOVE}why?"
    number = talk.telegram.say("who fled?", -5, "supergroup")
    assert talk.go() == []
    assert [sent.text for sent in talk.edit(number, f"who fled? @{NAME}")] == [f"{ABOVE}who fled?"]


def test_a_deleted_question_is_answered(talk: WholeBot) -> None:
    number = talk.telegram.say("who?")
    talk.telegram.forget(7, number)
    [sent] = talk.go()
    assert (sent.text, sent.reply_to) == (f"{ABOVE}who?", None)


def test_a_question_that_is_edited_while_it_is_answered_and_one_that_waits() -> None:
    with running_bot(questions_per_minute=10_000) as telegram:
        number = telegram.say("slow 0.3")
        telegram.edit(number, "who?")
        telegram.say("who fled?")
        first, second = telegram.wait(2)
        wait_for(lambda: first.history)
    assert (first.text, first.reply_to, first.history) == (f"{ABOVE}who?", number, [f"{ABOVE}slow 0.3"])
    assert second.text == f"{ABOVE}who fled?"


# More


def test_more_goes_on_until_there_is_nothing_left(talk: WholeBot) -> None:
    talk.say("7 quotes")
    more, most, nothing = (talk.say("/more")[0] for _ in range(3))
    assert [line[0] for line in more.text.split("\n") if line.endswith("falls")] == ["4", "5", "6"]
    assert more.text.endswith("and one more quote")
    assert most.text == f"7. {ABOVE}quotes 7 of generation 1."
    assert nothing.text == EN("nothing-more")


def test_more_of_a_replied_answer_even_after_a_restart(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes")
    talk.say("who?")
    talk.restart()
    [more] = talk.say("/more", reply_to=answer)
    assert more.text.startswith(f"4. {ABOVE}quotes 4")
    [last] = talk.say("/more", reply_to=more)
    assert last.text == EN("nothing-more")
    [again] = talk.say("/more", reply_to=answer)
    assert again.text == more.text


def test_more_after_small_talk_continues_the_last_question(talk: WholeBot) -> None:
    talk.say("5 quotes")
    talk.say("thanks!")
    assert talk.say("/more")[0].text.startswith(f"4. {ABOVE}")


@pytest.mark.parametrize(("before", "said"), [(None, "nothing-asked"), ("2 closest", "nothing-more")])
def test_more_of_nothing(talk: WholeBot, before: str | None, said: str) -> None:
    if before:
        talk.say(before)
    assert [sent.text for sent in talk.say("/more")] == [EN(said)]


def test_more_of_another_persons_answer_belongs_to_whoever_asked_for_it(talk: WholeBot) -> None:
    [answer] = talk.say("/ask 7 quotes", -5, "group", person=1)
    [more] = talk.say("/more", -5, "group", person=2, reply_to=answer)
    assert talk.press(more, "5", 1)["text"] == EN("not-your-button")
    assert "text" not in talk.press(more, "5", 2)
    [again] = talk.say("/more", -5, "group", person=2)
    assert again.text.startswith("7. ")


# Quotes of one article


def test_quotes_of_an_article_are_shown_numbered_and_kept_together(talk: WholeBot) -> None:
    whole, other = quote_of("Rain fell. It stopped."), quote_of("Snow fell.", title="Snow")
    first, second = replace(whole, end=10), replace(whole, start=11)
    for quote in (first, second, other):
        talk.answers._articles[quote.id] = quote.article

    def answer(question: Question, limit: int | None = None) -> Answer:
        return Answer(question, (first, other, second), (), 0.9, 1, 1.0, subject=question.text)

    talk.answers.answer = answer  # type: ignore[method-assign]
    [sent] = talk.say("who?")
    place = "TASS · 2 April 2022 · open article"
    assert sent.text == f"1. Rain falls\n{place}\nRain fell.\n2.\nIt stopped.\n\n3. Snow\n{place}\nSnow fell."
    given = talk.tables.sent_answers.of_reply(7, sent.number)
    assert given
    assert given.quotes == (first.id, second.id, other.id)
    [context] = talk.say("/context 2")
    assert [entity.text for entity in context.entities if entity.kind == "blockquote"] == ["It stopped."]
    talk.press(sent, "2")
    assert sent.buttons[3:] == ["¶ 2. Context", "↗ 2. Open article", "👍 2. Helpful", "👎 2. Not helpful"]
    talk.press(sent, "Helpful")
    assert [verdict.text for verdict in talk.tables.feedback.all()] == ["It stopped."]


# Perhaps


def test_a_doubtful_answer_is_shown_without_verdicts(talk: WholeBot) -> None:
    quote = quote_of("Rain fell. It stopped.", (11, 22))
    talk.answers._articles[quote.id] = quote.article

    def answer(question: Question, limit: int | None = None) -> Answer:
        return Answer(question, (), (quote,), 0.3, 1, 1.0, subject=question.text, perhaps=True)

    talk.answers.answer = answer  # type: ignore[method-assign]
    [sent] = talk.say("who?")
    assert sent.text == f"{EN('perhaps')}\n\n{ABOVE}Rain fell. It stopped."
    assert [entity.text for entity in sent.entities if entity.kind == "b"][2:] == ["It stopped."]
    assert sent.buttons == ["¶ Context", "↗ Open article"]
    assert talk.say("/more")[0].text == EN("nothing-more")
    assert talk.say("/context")[0].text == f"{ABOVE}Rain fell. It stopped."
    counted = talk.metrics.registry.get_sample_value
    assert counted("quotewire_questions_total", {"kind": "private", "status": "perhaps"}) == 1


# Groups


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/ask who?", [f"{ABOVE}who?"]),
        (f"@{NAME} who?", [f"{ABOVE}who?"]),
        (f"who, @{NAME.upper()}, is it?", [f"{ABOVE}who,, is it?"]),
        (f"who is it @{NAME}?", [f"{ABOVE}who is it?"]),
        (f"@{NAME}: who @{NAME}2 is", [f"{ABOVE}who @{NAME}2 is"]),
        (f"😀 @{NAME} who?", [f"{ABOVE}😀 who?"]),
        (f"@{NAME}", [NO_QUESTION]),
        ("/ask@another_bot who?", []),
        ("who is under sanctions?", []),
        ("@another_bot who?", []),
        (f"{NAME} who?", []),
    ],
)
@pytest.mark.parametrize("privacy", [True, False])
def test_in_groups_only_messages_that_address_the_bot_are_answered(
    talk: WholeBot, text: str, expected: list[str], privacy: bool
) -> None:
    talk.telegram.privacy = privacy
    assert [sent.text for sent in talk.say(text, -5, "supergroup", person=1)] == expected


def test_replies_to_the_bot_address_it_and_replies_to_others_do_not(talk: WholeBot) -> None:
    talk.telegram.privacy = False
    [answer] = talk.say("/ask who?", -5, "group", person=1)
    other = talk.telegram.say("I see.", -5, "group", person=2)
    assert [sent.text for sent in talk.say("who fled?", -5, "group", person=2, reply_to=answer)] == [
        f"{ABOVE}who fled?"
    ]
    assert talk.say("who fled?", -5, "group", person=1, reply_to=other) == []


@pytest.mark.parametrize("text", ["/ask", f"@{NAME}"])
def test_a_mention_or_command_alone_asks_the_replied_message(talk: WholeBot, text: str) -> None:
    talk.telegram.privacy = False
    question = talk.telegram.say("who fled?", -5, "group", person=2)
    [answer] = talk.say(text, -5, "group", person=1, reply_to=question)
    assert answer.text == f"{ABOVE}who fled?"
    assert [sent.text for sent in talk.say(text, -5, "group", person=1, reply_to=answer)] == [NO_QUESTION]


def test_a_text_mention_addresses_the_bot(talk: WholeBot) -> None:
    talk.telegram.privacy = False
    mention = {"type": "text_mention", "offset": 3, "length": 4, "user": talk.telegram.me}
    other = {**mention, "user": who(9)}
    assert talk.say("😀 Wire, what is Wire?", -5, "group", entities=[mention])[0].text == f"{ABOVE}😀, what is Wire?"
    assert talk.say("😀 Wire, what is Wire?", -5, "group", entities=[other]) == []


def test_answers_stay_in_their_topic(talk: WholeBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk._bot._registry._commands.questions, "_typing_after", 0)
    topic = talk.telegram.topic(-5)
    [answer] = talk.say("/ask slow 0.1", -5, "supergroup", thread=topic)
    [general] = talk.say("/ask slow 0.1", -5, "supergroup")
    talk.press(answer, "Context")
    assert [sent.thread for sent in talk.telegram.sent_to(-5)] == [topic, None, topic]
    typing = [values for method, values in talk.telegram.calls if method == "sendChatAction"]
    assert [values.get("message_thread_id") for values in typing] == [str(topic), None]
    assert general.thread is None


def test_groups_and_channels_have_their_own_questions_and_open_buttons(talk: WholeBot) -> None:
    anonymous = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}}
    group = {**anonymous, "sender_chat": {"id": -5, "type": "supergroup", "title": "G"}}
    channel = {**anonymous, "sender_chat": {"id": -11, "type": "channel", "title": "C"}}
    [answer] = talk.say("/ask who sold grain?", -5, "supergroup", **group)
    talk.say("/ask who bought oil?", -5, "supergroup", **channel)
    talk.say("/ask when?", -5, "supergroup", **group)
    assert asked(talk)[2] == ("when?", "who sold grain?")
    assert talk.press(answer, "Not helpful", 3)["text"] == EN("feedback-thanks")
    assert [verdict.person for verdict in talk.tables.feedback.all()] == [3]


def test_channel_posts_and_picked_inline_results_get_no_answer(talk: WholeBot) -> None:
    post = {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel", "title": "C"}, "text": "/ask who?"}
    talk.telegram.updates.put({"channel_post": post})
    assert talk.go() == []
    assert talk.say("Rain fell.", via_bot=talk.telegram.me) == []
    assert talk.say("Rain fell.", via_bot={**talk.telegram.me, "id": BOT_ID + 1})[0].text == f"{ABOVE}Rain fell."


# Captions


def test_a_caption_is_a_question(talk: WholeBot) -> None:
    talk.telegram.send_photo("who?")
    [answer] = talk.go()
    assert answer.text == f"{ABOVE}who?"
    talk.telegram.send_photo(f"@{NAME} who?", -5, kind="group")
    talk.telegram.send_photo("who?", -5, kind="group")
    assert [sent.text for sent in talk.go()] == [f"{ABOVE}who?"]


# How long


def test_the_time_that_a_person_waits_is_measured(talk: WholeBot) -> None:
    talk.say("slow 0.1")  # which says of itself that it took a millisecond
    talk.inline("slow 0.1")
    metrics = talk.metrics
    assert metrics.registry.get_sample_value("quotewire_answer_seconds_count") == 2
    assert (metrics.registry.get_sample_value("quotewire_answer_seconds_sum") or 0) >= 0.2


# How often


def test_in_private_a_person_who_asks_too_often_waits_and_is_told_once(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=3) as talk:
        for number in range(6):
            talk.telegram.say(f"question {number}")
        said = [sent.text for sent in talk.go()]
        later = talk.say("question 7"), talk.say("question 8")
        held_up, turned_away = talk.metrics.held_up._value.get(), talk.metrics.turned_away._value.get()
    answers = [f"{ABOVE}question {number}" for number in range(6)]
    assert said == [*answers[:3], EN("one-moment", seconds=20), *answers[3:]]
    assert talk.waits == [20, 20, 20, 20, 20]
    assert [[sent.text for sent in one] for one in later] == [
        [EN("one-moment", seconds=20), f"{ABOVE}question 7"],
        [EN("one-moment", seconds=20), f"{ABOVE}question 8"],
    ]
    assert (held_up, turned_away) == (5, 0)


def test_a_command_that_is_held_back_is_answered_later(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        talk.say("8 quotes")
        moment, more = talk.say("/more")
        again, watch = talk.say("/watch rain")
    assert [moment.text, again.text] == [EN("one-moment", seconds=60)] * 2
    assert more.text.startswith(f"4. {ABOVE}")
    assert watch.text.startswith(EN("watch-set", question="rain"))


def test_in_a_group_a_person_who_asks_too_often_is_told_and_then_gets_reactions(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=3) as talk:
        asked = [talk.telegram.say("/ask who?", -5, "group") for _ in range(6)]
        talk.telegram.failures["setMessageReaction"] = [ApiError("Bad Request: REACTION_INVALID", 400)]
        said = talk.go()
        other = talk.say("/ask who?", -5, "group", person=8)
        talk.telegram.date = 1_650_000_020
        later = talk.say("/ask who?", -5, "group")
        turned_away = talk.metrics.turned_away._value.get()
        talk.telegram.refused.clear()
    words = EN("too-many-questions", seconds=20)
    assert [sent.text for sent in said] == [*[f"{ABOVE}who?"] * 3, words, words]
    assert talk.telegram.reactions == {asked[5]: "🤷"}
    assert [sent.text for sent in [*other, *later]] == [f"{ABOVE}who?"] * 2
    assert turned_away == len(asked) - 3


def test_a_question_that_is_retried_counts_once(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        talk.telegram.failures["sendMessage"] = [ApiError("Bad Request: strange", 400)]
        talk.telegram.say("who?")
        with pytest.raises(BadRequest, match="trange"):
            talk.go()
        assert [sent.text for sent in talk.go()] == [f"{ABOVE}who?"]


def test_a_notice_of_a_wait_that_failed_is_sent_later(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        talk.say("who?")
        talk.telegram.failures["sendMessage"] = [ApiError("Bad Request: strange", 400)]
        talk.telegram.say("who?")
        with pytest.raises(BadRequest, match="trange"):
            talk.go()
        assert [sent.text for sent in talk.go()] == [EN("one-moment", seconds=60), f"{ABOVE}who?"]


def test_people_do_not_wait_for_one_another_and_a_person_has_one_turn_at_a_time() -> None:
    limits = QuestionLimits(10_000)

    async def both() -> list[str]:
        order = []

        async def ask(person: int, name: str) -> None:
            async with limits.turn(person):
                order.append(f"{name} begins")
                await asyncio.sleep(0.01)
                order.append(f"{name} ends")

        await asyncio.gather(ask(1, "a"), ask(1, "b"), ask(2, "c"))
        return order

    order = asyncio.run(both())
    assert order.index("a ends") < order.index("b begins")
    assert order.index("c begins") < order.index("a ends")


# Typing


class Bot:
    """Records the chat actions that a bot shows, and fails if it has an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self._error = error

    async def send_chat_action(self, chat: int, action: str, message_thread_id: int | None) -> bool:
        self.shown.append((chat, action, message_thread_id))
        if self._error:
            raise self._error
        return False  # as the rate limiter says it, if it is not shown


@pytest.mark.parametrize("error", [None, Forbidden("blocked"), BadRequest("gone"), TimedOut()])
def test_typing_is_shown_repeatedly_until_the_answer_is_there(
    error: Exception | None,
) -> None:
    bot = Bot(error)

    async def work() -> int:
        async with typing(bot, Target(7, 1, 3), after=0.01, every=0.01):  # type: ignore[arg-type]
            while len(bot.shown) < 3:
                await asyncio.sleep(0)
        shown = len(bot.shown)
        await asyncio.sleep(0.03)
        return shown

    assert asyncio.run(work()) == len(bot.shown)
    assert set(bot.shown) == {(7, "typing", 3)}


def test_typing_is_not_shown_for_a_quick_answer() -> None:
    bot = Bot()

    async def work() -> None:
        async with typing(bot, Target(7)):  # type: ignore[arg-type]
            await asyncio.sleep(0)
        await asyncio.sleep(typing_action.AFTER + 0.05)

    asyncio.run(work())
    assert bot.shown == []


def test_a_call_that_shows_typing_is_never_cancelled() -> None:
    said = []

    class Slow(Bot):
        async def send_chat_action(self, chat: int, action: str, message_thread_id: int | None) -> bool:
            said.append("begun")
            await asyncio.sleep(0.02)
            said.append("ended")
            return True

    async def work() -> None:
        async with typing(Slow(), Target(7), after=0):  # type: ignore[arg-type]
            while not said:
                await asyncio.sleep(0)
        await asyncio.sleep(0.05)

    asyncio.run(work())
    assert said == ["begun", "ended"]
