"""/since, /source and /reset, and days in words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.handlers.filter_commands import read_day
from bot.messages import texts_for
from tests.support.whole_bot import WholeBot, whole_bot

ABOVE = "Rain falls\nTASS · 2 April 2022 · open article\n"
EN, RU = texts_for("en", "en"), texts_for("ru", "en")
NOW = datetime(2022, 4, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2022-03-01", date(2022, 3, 1)),
        ("5 March 2022", date(2022, 3, 5)),
        ("March 2022", date(2022, 3, 1)),
        ("yesterday", date(2022, 4, 2)),
        ("last week", date(2022, 3, 21)),
        ("5 марта 2022", date(2022, 3, 5)),
        ("вчера", date(2022, 4, 2)),
        ("", None),
        ("2022-13-01", None),
        ("the flood", None),
    ],
)
def test_a_day_is_read(words: str, day: date | None) -> None:
    assert read_day(words, NOW) == day


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


def test_filters_are_shown_survive_a_restart_and_are_reset(talk: WholeBot) -> None:
    said = [talk.say(words)[0].text for words in ("/since 1 April 2022", "/source reuters", "who?")]
    talk.restart()
    said += [talk.say(words)[0].text for words in ("who?", "/since 2 April 2022", "who?", "/reset", "/reset", "who?")]
    assert said == [
        EN("filter-since-set", day="1 April 2022"),
        EN("filter-source-set", source="Reuters"),
        *[f"only since 1 April 2022, Reuters (/reset for all)\n\n{ABOVE}who?"] * 2,
        EN("filter-since-set", day="2 April 2022"),
        f"only since 2 April 2022, Reuters (/reset for all)\n\n{ABOVE}who?",
        EN("filters-cleared"),
        EN("no-filters"),
        f"{ABOVE}who?",
    ]
    asked = [(question.since, question.source) for question in talk.answers.asked]
    first, second = (date(2022, 4, 1), "Reuters"), (date(2022, 4, 2), "Reuters")
    assert asked == [first, first, second, (None, None)]


def test_filters_apply_to_everybody_in_the_chat(talk: WholeBot) -> None:
    talk.say("/source TASS", -5, "group", person=1)
    assert talk.say("/ask who?", -5, "group", person=2)[0].text == f"only TASS (/reset for all)\n\n{ABOVE}who?"
    assert talk.say("who?", 1)[0].text == f"{ABOVE}who?"


def test_more_and_edits_keep_the_filters_of_their_questions(talk: WholeBot) -> None:
    talk.say("/source TASS")
    [answer] = talk.say("5 quotes")
    talk.say("/reset")
    talk.press(answer, "More quotes (2)")
    talk.edit(answer.reply_to, "6 quotes")
    assert [question.source for question in talk.answers.asked] == ["TASS", None]
    assert not answer.text.startswith("only")


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("/since", EN("bad-date")),
        ("/since the flood", EN("bad-date")),
        ("/since 2022-02-30", EN("bad-date")),
        ("/since 2022-04-17", EN("filter-since-future", day="17 April 2022")),
        ("/since 2022-04-15", EN("filter-since-set", day="15 April 2022")),
        ("/source", EN("bad-source", example="TASS")),
        ("/source  tASS ", EN("filter-source-set", source="TASS")),
        ("/source Tas", "I have no articles from Tas. Did you mean TASS?"),
        ("/source Xinhua", EN("filter-unknown-source", source="Xinhua")),
        ("/source <b>&", EN("filter-unknown-source", source="<b>&")),
    ],
)
def test_what_is_said(talk: WholeBot, words: str, reply: str) -> None:
    assert [sent.text for sent in talk.say(words)] == [reply]


def test_a_future_day_changes_no_filter(talk: WholeBot) -> None:
    for words in ("/since 1 April 2022", "/since 2100-01-01"):
        talk.say(words)
    assert talk.say("who?")[0].text.startswith("only since 1 April 2022 ")


def test_a_refusal_under_filters_says_how_to_widen_them(talk: WholeBot) -> None:
    assert "/reset" not in talk.say("2 closest")[0].text
    talk.say("/source TASS")
    above, *_ = talk.say("2 closest")[0].text.split("\n\nClosest passages:")
    assert above == f"only TASS (/reset for all)\n\n{EN('refusal')}"


def test_a_long_name_of_an_unknown_outlet_is_clipped(talk: WholeBot) -> None:
    [sent] = talk.say(f"/source {'x' * 4000}")
    assert sent.text == EN("filter-unknown-source", source="x" * 999 + "…")


def test_in_russian(talk: WholeBot) -> None:
    said = [talk.say(words, language="ru")[0].text for words in ("/since вчера", "/source Тасс", "/reset")]
    assert said == [
        RU("filter-since-set", day="14 апреля 2022"),
        RU("filter-unknown-source", source="Тасс"),
        RU("filters-cleared"),
    ]
