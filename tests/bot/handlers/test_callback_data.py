"""Callback data and the layout of buttons."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies
from telegram import InlineKeyboardMarkup

from bot.handlers.callback_data import Press, keyboard
from bot.memory.sent_answers import SentAnswer, SentAnswers
from bot.messages import texts_for
from retrieval.types import Question
from tests.support.telegram.keyboards import check_keyboard

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
ANSWER = SentAnswer(
    "KEY", 7, 1, 7, Question("Who?", datetime(2022, 4, 3, tzinfo=UTC)), None, 1, True, ("a", "b", "c"), more=4
)

number = strategies.integers(0, 999)


def laid_out(markup: InlineKeyboardMarkup | None) -> list[list[tuple[str, object]]]:
    assert markup
    return [[(button.text, button.callback_data or button.url) for button in row] for row in markup.inline_keyboard]


@given(
    strategies.sampled_from(["select", "context", "helpful", "unhelpful", "retract", "more"]), number, number, number
)
def test_callback_data_is_short_and_is_parsed_to_the_same_press(action: str, quote: int, first: int, last: int) -> None:
    press = Press(action, SentAnswers.new_key(), quote, first, last)  # type: ignore[arg-type]
    assert Press.parse(str(press)) == press
    assert len(str(press).encode()) <= 64


@pytest.mark.parametrize("data", [None, "", "c:KEY:1:1", "x:KEY:1:1:1", "c:KEY:1:1:1\n", "c:K Y:1:1:1", "c:KEY:٣:1:1"])
def test_other_data_is_parsed_to_none(data: str | None) -> None:
    assert Press.parse(data) is None


def test_the_buttons_of_several_quotes() -> None:
    shown = Press("select", "KEY", 2, 1, 3)
    assert laid_out(keyboard(ANSWER, shown, EN, "https://example.org/b", False)) == [
        [("1", "s:KEY:1:1:3"), ("· 2 ·", "s:KEY:2:1:3"), ("3", "s:KEY:3:1:3")],
        [("¶ 2. Context", "c:KEY:2:1:3"), ("↗ 2. Open article", "https://example.org/b")],
        [("👍 2. Helpful", "h:KEY:2:1:3"), ("✓ 👎 2. Not helpful", "r:KEY:2:1:3")],
        [("More quotes (4)", "m:KEY:2:1:3")],
    ]


@pytest.mark.parametrize(
    ("count", "rows"), [(2, [2]), (8, [8]), (9, [5, 4]), (16, [8, 8]), (17, [6, 6, 5]), (24, [8, 8, 8])]
)
def test_a_row_has_eight_numbers_at_most(count: int, rows: list[int]) -> None:
    many = replace(ANSWER, quotes=tuple(map(str, range(count))))
    numbers = laid_out(keyboard(many, Press("select", "KEY", 2, 1, count), EN, None))[: len(rows)]
    assert [len(row) for row in numbers] == rows
    assert [name.strip(" ·") for row in numbers for name, _ in row] == [str(n) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("action", "quote", "first", "last", "is_of"),
    [
        ("select", 1, 1, 3, True),
        ("more", 3, 3, 3, True),
        ("select", 0, 0, 3, False),
        ("select", 1, 2, 3, False),
        ("select", 3, 1, 2, False),
        ("select", 1, 1, 4, False),
    ],
)
def test_forged_presses_do_not_belong_to_an_answer(action: str, quote: int, first: int, last: int, is_of: bool) -> None:
    press = Press(action, "KEY", quote, first, last)  # type: ignore[arg-type]
    assert press.is_of(ANSWER) == is_of
    assert press.is_of(replace(ANSWER, answered=False)) == (is_of and action == "select")
    assert not press.is_of(replace(ANSWER, first=3, quotes=(*ANSWER.quotes, "d")))


def test_the_buttons_of_the_only_quote_need_no_number() -> None:
    one = replace(ANSWER, quotes=("a",))
    for texts, words in [
        (EN, ["¶ Context", "👍 Helpful", "👎 Not helpful", "More quotes (4)"]),
        (RU, ["¶ Контекст", "👍 Полезно", "👎 Не то", "Ещё цитаты (4)"]),
    ]:
        rows = laid_out(keyboard(one, Press("select", "KEY", 1, 1, 1), texts, None))
        assert [name for row in rows for name, _ in row] == words


def test_a_message_with_one_of_several_quotes_names_its_number() -> None:
    [of_quote, _, _] = laid_out(keyboard(ANSWER, Press("select", "KEY", 3, 3, 3), RU, "https://example.org/b"))
    assert [name for name, _ in of_quote] == ["¶ 3. Контекст", "↗ 3. Открыть статью"]


def test_the_buttons_of_a_quote_that_is_not_the_last_and_of_no_quote() -> None:
    closest = SentAnswer("KEY", 7, 1, 7, ANSWER.question, None, 1, False, ("a", "b"))
    assert laid_out(keyboard(closest, Press("select", "KEY", 1, 1, 1), EN, None)) == [[("¶ 1. Context", "c:KEY:1:1:1")]]
    assert keyboard(closest, Press("select", "KEY", 1, 1, 0), EN, None) is None


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://example.org/rain?a=1#b", True),
        ("http://example.org", True),
        ("http://пример.рф:8080/дождь", True),
        ("http://127.0.0.1:65535", True),
        ("http://example.org:65536/", False),
        ("http://example.org:0/", False),
        ("http://example.org:/", False),
        ("http://localhost/rain", False),
        ("http://intranet:8000/rain", False),
        ("http://example..org/", False),
        ("http://a@example.org/", False),
        ("http://example.org\\.evil.org/", False),
    ],
)
def test_a_url_that_telegram_refuses_has_no_button(url: str, is_there: bool) -> None:
    rows = laid_out(keyboard(ANSWER, Press("select", "KEY", 1, 1, 1), EN, url))
    assert (("↗ 1. Open article", url) in rows[0]) == is_there
    if is_there:
        check_keyboard({"inline_keyboard": [[{"text": "a", "url": url}]]})
