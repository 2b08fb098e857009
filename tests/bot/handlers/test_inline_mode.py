"""Inline mode and guest mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram.error import BadRequest

from bot.messages import texts_for
from tests.support.sample_answers import answer_of, quote_of
from tests.support.telegram import NAME, ApiError, Json
from tests.support.whole_bot import WholeBot, whole_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN, RU = texts_for("en", "en"), texts_for("ru", "en")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


def hint(answer: Json) -> tuple[str, str]:
    button = json.loads(answer["button"])
    return button["text"], button["start_parameter"]


def test_quotes_are_offered_and_sent_with_their_source(talk: WholeBot) -> None:
    offered = talk.inline("12 quotes")
    assert [(one["title"], one["description"], one["url"]) for one in offered["results"]] == [
        ("Rain falls", f"2 April 2022 · TASS · quotes {n} of generation 1.", "https://example.org/rain")
        for n in range(1, 11)
    ]
    assert (offered["cache_time"], offered["is_personal"]) == ("60", "true")
    assert hint(offered) == (EN("inline-button"), "inline")
    query = talk.telegram.inline("12 quotes")
    talk.go()
    sent = talk.telegram.choose(query, offered["results"][1]["id"], -5)
    assert sent.text == f"{ABOVE}quotes 2 of generation 1."
    assert [entity.kind for entity in sent.entities] == ["b", "a", "blockquote"]
    assert sent.raw["input_message_content"]["link_preview_options"] == {"is_disabled": True}
    assert talk.go() == []  # the bot is told what was chosen


@pytest.mark.parametrize("words", ["", "  ", "wh", "wh ", "😀"])
def test_a_query_that_is_still_being_typed_gets_a_hint(talk: WholeBot, words: str) -> None:
    offered = talk.inline(words)
    assert (offered["results"], hint(offered)) == ([], (EN("inline-button"), "inline"))
    assert talk.answers.asked == []


def test_inline_queries_have_an_allowance_of_their_own(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:  # three inline queries a minute
        letters = [talk.inline("who?" + "x" * n) for n in range(5)]
        assert [len(one["results"]) for one in letters] == [1, 1, 1, 0, 0]
        assert hint(letters[3])[0] == EN("too-many-questions", seconds=20)
        assert (letters[2]["cache_time"], letters[3]["cache_time"]) == ("60", "0")
        assert len(talk.answers.asked) == 3
        assert talk.say("Who?")  # which they have not used up
        assert talk.waits == []
        assert talk.inline("wh")["results"] == []  # costs nothing


@pytest.mark.parametrize("words", ["2 closest", "hello!"])
def test_a_query_without_an_answer(talk: WholeBot, words: str) -> None:
    offered = talk.inline(words)
    assert (offered["results"], hint(offered)) == ([], (EN("inline-empty"), "inline"))


def test_results_are_in_the_language_of_the_person(talk: WholeBot) -> None:
    offered = talk.inline("who?", language="ru")
    assert hint(offered)[0] == RU("inline-button")
    [result] = offered["results"]
    assert result["description"] == "2 апреля 2022 · TASS · who?"
    assert "открыть статью" in result["input_message_content"]["message_text"]


def test_the_button_of_the_hint_starts_a_chat(talk: WholeBot) -> None:
    [sent] = talk.say("/start inline")
    assert sent.text.startswith(EN("about"))


def test_any_text_is_offered_as_telegram_takes_it(talk: WholeBot) -> None:
    for words in ("<b>&lt;</i>&", "👩‍👩‍👧 🇩🇪\n\nx", "long 5 quotes", "x" * 256):
        assert talk.inline(words)["results"]


def test_a_query_that_is_too_old_is_no_error_and_a_refused_answer_is_one(talk: WholeBot) -> None:
    query = talk.telegram.inline("who?")
    talk.telegram.expire(query)
    talk.go()
    assert "query is too old" in talk.telegram.refused.pop()
    talk.telegram.failures["answerInlineQuery"] = [ApiError("Bad Request: RESULT_ID_DUPLICATE", 400)]
    with pytest.raises(BadRequest, match=r"(?i)result_id_duplicate"):
        talk.inline("who?")


# Guest mode


def guest(talk: WholeBot, words: str, **more: object) -> str:
    """Return what the bot posts in a chat that it is not a member of."""
    talk.telegram.guest(words, **more)  # type: ignore[arg-type]
    [sent] = talk.go()
    assert sent.inline
    return sent.text


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        (f"@{NAME} who?", f"{ABOVE}who?"),
        (f"who @{NAME}?", f"{ABOVE}who?"),
        (f"@{NAME} 5 quotes", f"{ABOVE}quotes 1 of generation 1."),
        (f"@{NAME} 2 closest", EN("refusal")),
        (f"@{NAME} thanks!", EN("talk-thanks")),
        (f"@{NAME}", EN("about")),
        (f"@{NAME} {'x' * 1001}", EN("too-long", limit=1000)),
    ],
)
def test_in_guest_mode_the_best_quote_is_the_answer(talk: WholeBot, words: str, reply: str) -> None:
    assert guest(talk, words) == reply


def test_in_guest_mode_a_mention_alone_asks_the_replied_message(talk: WholeBot) -> None:
    replied = {"message_id": 1, "date": 1, "chat": {"id": -77, "type": "supergroup", "title": "E"}, "text": "who fled?"}
    assert guest(talk, f"@{NAME}", reply_to=replied) == f"{ABOVE}who fled?"


def test_in_guest_mode_a_reply_follows_up_the_replied_message(talk: WholeBot) -> None:
    replied = {"message_id": 1, "date": 1, "chat": {"id": -77, "type": "supergroup", "title": "E"}, "text": "Ann fled."}
    assert guest(talk, f"@{NAME} and when?", reply_to=replied) == (
        f"{EN('understood', question='Ann fled. … and when?')}\n\n{ABOVE}and when?"
    )
    guest(talk, f"@{NAME}", reply_to=replied)
    assert [(question.text, question.earlier) for question in talk.answers.asked] == [
        ("and when?", "Ann fled."),
        ("Ann fled.", None),
    ]


def test_in_guest_mode_doubtful_and_unchecked_answers_say_so(talk: WholeBot) -> None:
    quote = quote_of("Rain fell.")
    made = iter([answer_of(closest=(quote,), perhaps=True), answer_of(quote, more=3, confidence=None)])
    talk.answers.answer = lambda question, limit=None: next(made)  # type: ignore[method-assign]
    assert guest(talk, f"@{NAME} who?") == f"{EN('perhaps')}\n\n{ABOVE}Rain fell."
    assert guest(talk, f"@{NAME} who?") == f"{EN('unread')}\n\n{ABOVE}Rain fell."


def test_doubtful_answers_are_not_offered_inline(talk: WholeBot) -> None:
    answer = answer_of(closest=(quote_of("Rain fell."),), perhaps=True)
    talk.answers.answer = lambda question, limit=None: answer  # type: ignore[method-assign]
    offered = talk.inline("who?")
    assert (offered["results"], hint(offered)) == ([], (EN("inline-empty"), "inline"))


def test_guest_mode_uses_the_callers_language_and_is_limited(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        assert guest(talk, f"@{NAME} 2 closest", language="ru") == RU("refusal")
        assert guest(talk, f"@{NAME} who?", language="ru") == RU("too-many-questions", seconds=60)
        assert guest(talk, f"@{NAME} who?", person=8) == f"{ABOVE}who?"


def test_a_guest_query_that_is_too_old_is_no_error(talk: WholeBot) -> None:
    query = talk.telegram.guest(f"@{NAME} who?")
    talk.telegram.expire(query)
    assert talk.go() == []
    assert "query is too old" in talk.telegram.refused.pop()
