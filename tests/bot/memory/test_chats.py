"""Chats and their filters."""

from datetime import date
from pathlib import Path

import pytest

from bot.memory.chats import ChatFilters, Chats
from bot.memory.database import open_database


@pytest.fixture
def chats(tmp_path: Path) -> Chats:
    return Chats(open_database(tmp_path / "bot.sqlite"))


def test_filters_are_kept_until_they_are_cleared(chats: Chats) -> None:
    assert chats.filters(7) == ChatFilters()
    chats.record(7, 7, "private", "ru")
    chats.set_filters(7, ChatFilters(date(2022, 3, 1), "TASS"))
    chats.record(7, 7, "private", None)
    assert chats.filters(7) == ChatFilters(date(2022, 3, 1), "TASS")
    assert chats.language(7) == "ru"
    assert chats.language(8) is None
    chats.set_filters(7, ChatFilters())
    assert not chats.filters(7)


def test_filters_of_an_unknown_chat(chats: Chats) -> None:
    chats.set_filters(7, ChatFilters(source="TASS"))
    chats.set_filters(-5, ChatFilters(since=date(2022, 3, 1)))
    assert (chats.filters(7), chats.filters(-5)) == (ChatFilters(source="TASS"), ChatFilters(since=date(2022, 3, 1)))
    chats.record(-5, 1, "supergroup", "ru")
    assert chats.count_by_kind() == {"private": 1, "supergroup": 1}
    assert chats.filters(-5) == ChatFilters(since=date(2022, 3, 1))


def test_private_chats_exclude_those_that_are_gone(chats: Chats) -> None:
    for chat, kind in ((3, "private"), (1, "private"), (-9, "supergroup")):
        chats.record(chat, 1, kind, "en")
    assert chats.private_chats() == [1, 3]
    chats.mark_gone(3)
    assert chats.private_chats() == [1]
    assert chats.count_by_kind() == {"private": 1, "supergroup": 1}
    chats.record(3, 3, "private", "en")
    assert chats.private_chats() == [1, 3]


def test_a_person_is_forgotten(chats: Chats) -> None:
    chats.record(1, 1, "private", "en")
    chats.record(-9, 1, "group", "en")
    assert chats.forget(1) == 1
    assert chats.private_chats() == []
    assert chats.language(-9) is None
