"""Every catalogue says the same things, each as its language does."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from fluent.syntax import ast, parse
from fluent.syntax.visitor import Visitor

import bot.texts
from bot.texts import Texts, languages, texts_for
from retrieval.query.small_talk import REPLIES

FOLDER = Path(str(files(bot.texts)))
EN, RU = texts_for("en", "en"), texts_for("ru", "en")


class Names(Visitor):
    """The variables that a message takes, and the messages that it refers to."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802
        self.messages.add(node.id.name)


def catalogue(language: str) -> dict[str, set[str]]:
    """The ids of a catalogue, with the variables of each; an id that is there twice fails."""
    found: dict[str, set[str]] = {}
    for entry in parse((FOLDER / f"{language}.ftl").read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            names = Names()
            names.visit(entry)
            assert entry.id.name not in found, f"{entry.id.name} is there twice in {language}.ftl"
            found[entry.id.name] = names.variables
            assert names.messages <= set(found), f"{entry.id.name} refers to what is not above it"
    return found


IDS = catalogue("en")


def filled(texts: Texts, id: str, number: int = 2) -> str:
    """A message with something in each of its variables."""
    days = {"day", "since", "until"}
    numbers = {"count", "limit", "seconds", "articles"} | ({"outlets"} if id == "sources-heading" else set())
    values: dict[str, str | int | date] = {
        name: date(2022, 4, 2) if name in days and id.startswith("day") else number if name in numbers else "<x>"
        for name in IDS[id]
    }
    return texts(id, **values)


def test_there_are_catalogues() -> None:
    assert set(languages()) >= {"en", "ru"}


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_has_the_same_messages_with_the_same_variables(language: str) -> None:
    assert catalogue(language) == IDS


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("id", IDS)
def test_every_message_can_be_said(language: str, id: str) -> None:
    for number in (0, 1, 2, 5, 21, 1200):
        words = filled(texts_for(language, "en"), id, number)
        assert words.strip()
        assert not re.search("[{}\u2066-\u2069]", words), words
    if id.startswith("command-"):
        assert 1 <= len(words) <= 256


@pytest.mark.parametrize(
    ("code", "default", "language"),
    [
        ("ru", "en", "ru"),
        ("ru-RU", "en", "ru"),
        ("RU_ru.UTF-8", "en", "ru"),
        ("en-GB", "ru", "en"),
        ("xx", "ru", "ru"),
        (None, "ru", "ru"),
        ("", "en", "en"),
        ("../ru", "en", "en"),
        ("xx", "yy", "en"),
    ],
)
def test_the_language_of_a_person(code: str | None, default: str, language: str) -> None:
    assert texts_for(code, default).language == language


@pytest.mark.parametrize(
    ("texts", "id", "values"),
    [(EN, "no-such-message", {}), (RU, "no-such-message", {}), (EN, "error", {}), (EN, "error", {"ID": "x"})],
)
def test_an_unknown_message_or_a_missing_value_is_a_key_error(texts: Texts, id: str, values: dict[str, str]) -> None:
    with pytest.raises(KeyError, match=id):
        texts(id, **values)


def test_a_broken_catalogue_is_named() -> None:
    with pytest.raises(ValueError, match=r"^en\.ftl: cannot be read: 'b = \{'$"):
        Texts("en", "a = A\nb = {\n")


@pytest.mark.parametrize(
    ("since", "until", "english", "russian"),
    [
        (date(2022, 4, 2), date(2022, 4, 2), "2 April 2022", "2 апреля 2022"),
        (date(2022, 3, 1), date(2022, 3, 31), "1–31 March 2022", "1–31 марта 2022"),
        (date(2022, 5, 31), date(2022, 6, 1), "31 May – 1 June 2022", "31 мая – 1 июня 2022"),
        (date(2021, 3, 1), date(2022, 3, 31), "1 March 2021 – 31 March 2022", "1 марта 2021 – 31 марта 2022"),
        (date(2022, 3, 5), None, "since 5 March 2022", "с 5 марта 2022"),
        (None, date(2022, 3, 5), "until 5 March 2022", "по 5 марта 2022"),
    ],
)
def test_days(since: date | None, until: date | None, english: str, russian: str) -> None:
    assert (EN.days(since, until), RU.days(since, until)) == (english, russian)


def test_a_period_has_a_day() -> None:
    with pytest.raises(ValueError, match="a period needs a day"):
        EN.days(None, None)


def test_a_day_and_a_number() -> None:
    assert (EN.day(date(2022, 4, 2)), RU.day(date(2022, 4, 2))) == ("2 April 2022", "2 апреля 2022")
    assert (EN.number(2205), RU.number(2205)) == ("2,205", "2\u00a0205")


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "and one more quote", "и ещё 1 цитата"),
        (2, "and 2 more quotes", "и ещё 2 цитаты"),
        (5, "and 5 more quotes", "и ещё 5 цитат"),
        (11, "and 11 more quotes", "и ещё 11 цитат"),
        (21, "and 21 more quotes", "и ещё 21 цитата"),
        (22, "and 22 more quotes", "и ещё 22 цитаты"),
        (1200, "and 1,200 more quotes", "и ещё 1\u00a0200 цитат"),
    ],
)
def test_plurals(count: int, english: str, russian: str) -> None:
    assert (EN("more-left", count=count), RU("more-left", count=count)) == (english, russian)


@pytest.mark.parametrize(
    ("put", "shown"),
    [
        ("rain { $x } <b>", "rain { $x } <b>"),
        ("a\nb\x1b[1m\u202ec\u200bd", "a b[1mcd"),
        ("\u200b", ""),
        ("word " * 1000, "word " * 198 + "word…"),
    ],
)
def test_what_is_put_into_a_message_becomes_one_harmless_line(put: str, shown: str) -> None:
    assert EN("understood", question=put) == f"understood as: {shown}"


def test_small_talk_is_answered_as_in_the_terminal() -> None:
    assert {kind: EN(f"talk-{kind}") for kind in REPLIES} == REPLIES


def test_a_third_language_is_a_file() -> None:
    source = 'day = { DAY($day, pattern: "d. MMMM y") }\nmore-left = noch { $count }\n'
    german = Texts("de", source)
    assert (german.day(date(2022, 3, 1)), german("more-left", count=1200)) == ("1. März 2022", "noch 1.200")
