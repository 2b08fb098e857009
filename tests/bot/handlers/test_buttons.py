"""Presses of the buttons under answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messages import texts_for
from tests.support.telegram import Sent
from tests.support.whole_bot import WholeBot, whole_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN, RU = texts_for("en", "en"), texts_for("ru", "en")
BELOW = ["¶ Context", "↗ Open article", "👍 Helpful", "👎 Not helpful"]  # the only quote of an answer


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


@pytest.fixture
def answer(talk: WholeBot) -> Sent:
    [answer] = talk.say("5 quotes")
    return answer


def below(number: int) -> list[str]:
    """Return the labels of the buttons for one of several quotes."""
    return [f"¶ {number}. Context", f"↗ {number}. Open article", f"👍 {number}. Helpful", f"👎 {number}. Not helpful"]


def key_of(sent: Sent) -> str:
    return str(sent.keyboard[0][0]["callback_data"]).split(":")[1]


def test_a_quote_is_chosen(talk: WholeBot, answer: Sent) -> None:
    assert answer.buttons == ["· 1 ·", "2", "3", *below(1), "More quotes (2)"]
    assert "text" not in talk.press(answer, "2")
    assert answer.buttons == ["1", "· 2 ·", "3", *below(2), "More quotes (2)"]
    assert talk.telegram.sent == [answer]


def test_the_article_is_opened_by_its_link(answer: Sent) -> None:
    assert [button["url"] for row in answer.keyboard for button in row if "url" in button] == [
        "https://example.org/rain"
    ]


def test_the_context_of_the_chosen_quote_is_a_reply(talk: WholeBot, answer: Sent) -> None:
    talk.press(answer, "2")
    assert "text" not in talk.press(answer, "Context")
    [_, context] = talk.telegram.sent
    assert (context.text, context.reply_to) == (f"{ABOVE}quotes 2 of generation 1.", answer.number)
    assert [entity.text for entity in context.entities if entity.kind == "blockquote"] == ["quotes 2 of generation 1."]


def test_verdicts_are_kept_and_marked_and_can_be_changed(talk: WholeBot, answer: Sent) -> None:
    said = talk.press(answer, "Helpful")
    assert (said["text"], said["show_alert"]) == (EN("feedback-thanks"), "false")
    assert answer.buttons[5:7] == ["✓ 👍 1. Helpful", "👎 1. Not helpful"]
    talk.press(answer, "Not helpful")
    assert answer.buttons[5:7] == ["👍 1. Helpful", "✓ 👎 1. Not helpful"]
    talk.press(answer, "3")
    assert answer.buttons[5:7] == ["👍 3. Helpful", "👎 3. Not helpful"]
    talk.press(answer, "Helpful")
    found = [
        (verdict.person, verdict.question.text, verdict.text, verdict.helpful, verdict.generation)
        for verdict in talk.tables.feedback.all()
    ]
    assert found == [
        (7, "5 quotes", "quotes 1 of generation 1.", False, 1),
        (7, "5 quotes", "quotes 3 of generation 1.", True, 1),
    ]


def test_pressing_a_chosen_verdict_again_retracts_it(talk: WholeBot, answer: Sent) -> None:
    talk.press(answer, "Not helpful")
    presses = [talk.telegram.press(answer, "✓ 👎 1. Not helpful") for _ in range(2)]
    talk.go()
    assert [talk.telegram.answers[press]["text"] for press in presses] == [EN("feedback-retracted")] * 2
    assert answer.buttons[5:7] == ["👍 1. Helpful", "👎 1. Not helpful"]
    assert list(talk.tables.feedback.all()) == []
    assert [text for text in talk.telegram.refused if "not modified" not in text] == []
    talk.telegram.refused.clear()
    talk.press(answer, "Helpful")
    talk.answers.burn()
    assert talk.press(answer, "Helpful")["text"] == EN("feedback-retracted")
    assert list(talk.tables.feedback.all()) == []


def test_nobody_retracts_the_verdict_of_another_person(talk: WholeBot, answer: Sent) -> None:
    talk.press(answer, "Helpful")
    assert talk.press(answer, "Helpful", 8)["text"] == EN("not-your-button")
    assert len(list(talk.tables.feedback.all())) == 1


def test_more_quotes_are_sent_once_with_buttons_of_their_own(talk: WholeBot, answer: Sent) -> None:
    number = "More quotes (2)"
    assert "text" not in talk.press(answer, number)
    [_, more] = talk.telegram.sent
    assert more.text == f"4. {ABOVE}quotes 4 of generation 1.\n\n5. {ABOVE}quotes 5 of generation 1."
    assert (more.reply_to, more.buttons) == (answer.number, ["· 4 ·", "5", *below(4)])
    assert answer.buttons == ["· 1 ·", "2", "3", *below(1)]
    talk.press(more, "5")
    talk.press(more, "Context")
    assert talk.telegram.sent[-1].text == f"{ABOVE}quotes 5 of generation 1."
    assert talk.say("/more")[0].text == EN("nothing-more")


def test_two_presses_on_one_button(talk: WholeBot, answer: Sent) -> None:
    more = str(answer.keyboard[-1][0]["callback_data"])
    helpful = "👍 1. Helpful"
    presses = [
        talk.telegram.press(answer, button) for button in (more, more, helpful, helpful, "2", "2", "¶ 1. Context")
    ]
    talk.go()
    assert len(talk.telegram.sent) == 3
    assert [talk.telegram.answers[press].get("text") for press in presses] == [
        *[None] * 2,
        *[EN("feedback-thanks")] * 2,
        *[None] * 3,
    ]
    assert [text for text in talk.telegram.refused if "not modified" not in text] == []
    talk.telegram.refused.clear()


def test_the_more_button_after_the_command_sends_nothing_twice(talk: WholeBot, answer: Sent) -> None:
    talk.say("/more")
    talk.press(answer, "More quotes (2)")
    assert len(talk.telegram.sent) == 2
    assert answer.buttons == ["· 1 ·", "2", "3", *below(1)]


def test_more_of_an_old_answer_does_not_make_it_the_last(talk: WholeBot, answer: Sent) -> None:
    talk.say("8 quotes about grain")
    talk.press(answer, "More quotes (2)")
    assert talk.say("/more")[0].text == EN("nothing-more")  # of those just seen


def test_more_quotes_that_no_longer_exist(talk: WholeBot, answer: Sent) -> None:
    talk.answers.more = lambda question, seen, limit=None: talk.answers.answer(  # type: ignore[method-assign]
        question.__class__("0 closest", question.asked)
    )
    assert talk.press(answer, "More quotes (2)")["text"] == EN("nothing-more")
    assert answer.buttons == ["· 1 ·", "2", "3", *below(1)]


@pytest.mark.parametrize("inaccessible", [False, True])
@pytest.mark.parametrize(
    ("button", "reply"), [("Context", f"{ABOVE}quotes 1 of generation 1."), ("More quotes (2)", f"4. {ABOVE}quotes 4")]
)
def test_buttons_work_after_a_restart_and_on_old_messages(
    talk: WholeBot, answer: Sent, button: str, reply: str, inaccessible: bool
) -> None:
    talk.restart()
    assert "text" not in talk.press(answer, button, inaccessible=inaccessible)
    [_, sent] = talk.telegram.sent
    assert sent.text.startswith(reply)
    assert sent.reply_to == answer.number
    talk.press(answer, "Helpful", inaccessible=inaccessible)
    assert answer.buttons[5] == "✓ 👍 1. Helpful"


def test_a_press_that_is_too_old_to_be_answered_has_its_effect(talk: WholeBot, answer: Sent) -> None:
    for button in ("👍 1. Helpful", "More quotes (2)", "¶ 1. Context"):
        query = talk.telegram.press(answer, button)
        talk.telegram.expire(query)
    talk.go()
    assert answer.buttons == [
        "· 1 ·",
        "2",
        "3",
        "¶ 1. Context",
        "↗ 1. Open article",
        "✓ 👍 1. Helpful",
        "👎 1. Not helpful",
    ]
    assert len(talk.telegram.sent) == 3
    assert all("query is too old" in text for text in talk.telegram.refused)
    talk.telegram.refused.clear()


@pytest.mark.parametrize("button", ["2", "Context", "Helpful", "More quotes (2)"])
def test_another_person_is_told_in_their_language(talk: WholeBot, answer: Sent, button: str) -> None:
    said = talk.press(answer, button, 8, language="ru")
    assert (said["text"], said["show_alert"]) == (RU("not-your-button"), "true")
    assert talk.telegram.sent == [answer]
    assert list(talk.tables.feedback.all()) == []


@pytest.mark.parametrize(
    "data",
    [
        "c:AAAAAAAAAAA:1:1:3", "c:KEY:0:1:3", "c:KEY:4:1:3", "c:KEY:1:2:3", "s:KEY:1:1:999", "s:KEY:1:0:3",
        "h:KEY:9:9:9", "x:KEY:1:1:3", "nonsense", "w:1", "broadcast:yes:1", "forget:yes:8", "\0", "😀" * 16,
        "c:KEY:1:1:3'; DROP TABLE answers",
    ],
)  # fmt: skip
def test_forged_callback_data_does_nothing(talk: WholeBot, answer: Sent, data: str) -> None:
    before = answer.buttons
    said = talk.press(answer, data.replace("KEY", key_of(answer)), forged=True)
    assert len(said.get("text", "")) <= 200
    assert (talk.telegram.sent, answer.buttons) == ([answer], before)
    assert talk.say("who fled?")[0].text == f"{ABOVE}who fled?"


def test_closest_passages_have_context_but_no_verdicts(talk: WholeBot) -> None:
    [closest] = talk.say("2 closest")
    assert closest.buttons == ["· 1 ·", "2", "¶ 1. Context", "↗ 1. Open article"]
    talk.press(closest, "2")
    assert closest.buttons[1] == "· 2 ·"
    for action in "hum":
        said = talk.press(closest, f"{action}:{key_of(closest)}:1:1:2", forged=True)
        assert said["text"] == EN("answer-gone")
    assert list(talk.tables.feedback.all()) == []


@pytest.mark.parametrize("button", ["2", "Context", "Helpful"])
def test_an_article_that_is_gone(talk: WholeBot, answer: Sent, button: str) -> None:
    talk.answers.burn()
    said = talk.press(answer, button)
    assert (said["text"], said["show_alert"]) == (EN("article-gone"), "true")
    assert talk.telegram.sent == [answer]


@pytest.mark.parametrize("button", ["Helpful", "Not helpful"])
def test_changed_words_are_not_judged_and_their_place_is_shown(talk: WholeBot, answer: Sent, button: str) -> None:
    for quote, article in talk.answers._articles.items():
        talk.answers._articles[quote] = article.__class__("a1", "Other words now.", "a.txt", "Rain falls")
    assert talk.press(answer, button)["text"] == EN("article-changed")
    assert list(talk.tables.feedback.all()) == []
    talk.press(answer, "Context")
    assert EN("article-changed-now") in talk.telegram.sent[-1].text


@pytest.mark.parametrize("button", ["2", "Context", "Helpful", "More quotes (2)"])
def test_an_answer_that_was_pruned_or_forgotten(talk: WholeBot, answer: Sent, button: str) -> None:
    talk.tables.sent_answers.forget(7)
    assert talk.press(answer, button)["text"] == EN("answer-gone")


def test_a_press_under_a_deleted_message(talk: WholeBot, answer: Sent) -> None:
    query = talk.telegram.press(answer, "👍 1. Helpful")
    talk.telegram.forget(7, answer.number)
    talk.go()
    assert talk.telegram.answers[query]["text"] == EN("feedback-thanks")
    assert len(list(talk.tables.feedback.all())) == 1
    talk.telegram.refused.clear()


def test_an_answer_that_was_edited_has_the_buttons_of_the_new_one(talk: WholeBot, answer: Sent) -> None:
    old = str(answer.keyboard[0][2]["callback_data"])
    talk.edit(answer.reply_to, "1 quotes")
    assert answer.buttons == BELOW
    assert talk.press(answer, old, forged=True)["text"] == EN("answer-gone")
    talk.press(answer, "Helpful")
    [verdict] = talk.tables.feedback.all()
    assert verdict.question.text == "1 quotes"


def test_pages_have_the_buttons_of_their_own_quotes(talk: WholeBot) -> None:
    first, second, third = talk.say("long 5 quotes")
    assert [first.buttons, second.buttons, third.buttons] == [below(1), below(2), [*below(3), "More quotes (2)"]]
    talk.press(second, "Context")
    *_, context = talk.telegram.sent
    assert context.text.startswith(f"{ABOVE}quotes 2 of generation 1.")
    assert context.reply_to == second.number


def test_more_is_limited_too(tmp_path: Path) -> None:
    with whole_bot(tmp_path, questions_per_minute=1) as talk:
        [answer] = talk.say("8 quotes")
        talk.telegram.date = 1_650_000_060
        talk.press(answer, "More quotes (5)")
        [_, more] = talk.telegram.sent
        assert talk.press(more, "More quotes (2)")["text"] == EN("too-many-questions", seconds=60)
        assert len(talk.telegram.sent) == 2


def test_buttons_are_in_the_language_of_the_person(talk: WholeBot) -> None:
    [answer] = talk.say("5 quotes", language="ru")
    assert talk.press(answer, "Полезно", language="ru")["text"] == RU("feedback-thanks")
    assert answer.buttons[5] == "✓ 👍 1. Полезно"
    talk.press(answer, "Контекст", language="ru")
    talk.press(answer, "Ещё цитаты (2)", language="ru")
    assert [sent.text.split("\n")[1] for sent in talk.telegram.sent[1:]] == [
        "TASS · 2 апреля 2022 · открыть статью"
    ] * 2
    talk.answers.burn()
    assert talk.press(answer, "2", language="ru")["text"] == RU("article-gone")
