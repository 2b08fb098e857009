"""Every catalogue has the same messages, each in its own language, and no more than are used."""

from __future__ import annotations

import ast as python
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import get_args

import pytest
from fluent.syntax import ast, parse
from fluent.syntax.visitor import Visitor

from bot.messages import languages, texts_for
from retrieval.presentation.texts import Texts
from retrieval.query.small_talk import Kind
from tests.support.paths import ROOT

FOLDERS = ("retrieval/presentation/texts", "bot/messages")


class Names(Visitor):
    """The variables that a message takes, and the messages that it refers to."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802
        self.messages.add(node.id.name)


@cache
def catalogue(folder: str, language: str) -> dict[str, Names]:
    """The ids of a catalogue, with what each message refers to; an id that is there twice fails."""
    found: dict[str, Names] = {}
    for entry in parse((ROOT / folder / f"{language}.ftl").read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            names = Names()
            names.visit(entry)
            assert entry.id.name not in found, f"{entry.id.name} is there twice in {folder}/{language}.ftl"
            found[entry.id.name] = names
    return found


def variables(folder: str, language: str) -> dict[str, set[str]]:
    return {id: names.variables for id, names in catalogue(folder, language).items()}


def references(language: str) -> set[str]:
    """The messages that other messages contain."""
    return {id for folder in FOLDERS for names in catalogue(folder, language).values() for id in names.messages}


IDS = {id: taken for folder in FOLDERS for id, taken in variables(folder, "en").items()}


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


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", languages())
def test_every_catalogue_has_the_same_messages_with_the_same_variables(language: str, folder: str) -> None:
    assert variables(folder, language) == variables(folder, "en")
    assert references(language) == references("en")


def test_every_kind_of_small_talk_has_a_reply() -> None:
    assert {id.removeprefix("talk-") for id in IDS if id.startswith("talk-")} == set(get_args(Kind))


def strings() -> Iterator[str]:
    """Every string of the program; of one that is put together, its beginning and an asterisk, as in "talk-*"."""
    for package in ("retrieval", "bot"):
        for path in (ROOT / package).rglob("*.py"):
            for node in python.walk(python.parse(path.read_text("utf-8"))):
                match node:
                    case python.JoinedStr(values=[python.Constant(value=str(start)), *_]):
                        yield f"{start}*"
                    case python.Constant(value=str(text)):
                        yield text


def test_every_message_is_used() -> None:
    found = set(strings())
    made = tuple(text.removesuffix("*") for text in found if re.fullmatch(r"[a-z]+(-[a-z]+)*-\*", text))
    assert "talk-" in made
    assert {id for id in IDS if not (id in found or id in references("en") or id.startswith(made))} == set()


def test_every_named_message_exists() -> None:
    named = set()
    for package in ("retrieval", "bot"):
        for path in (ROOT / package).rglob("*.py"):
            for node in python.walk(python.parse(path.read_text("utf-8"))):
                match node:
                    case python.Call(
                        func=python.Name(id="texts") | python.Attribute(attr="texts" | "_texts"),
                        args=[python.Constant(value=str(id))],
                    ):
                        named.add(id)
    assert len(named) > 100
    assert named - IDS.keys() == set()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("id", IDS)
def test_every_message_can_be_formatted(language: str, id: str) -> None:
    for number in (0, 1, 2, 5, 21, 1200):
        words = filled(texts_for(language, "en"), id, number)
        assert words.strip()
        assert not re.search("[{}\u2066-\u2069]", words), words
    if id.startswith("command-"):
        assert 1 <= len(words) <= 256
