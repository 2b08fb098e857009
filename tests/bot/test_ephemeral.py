"""Ephemeral: what is kept, and for how long."""

from __future__ import annotations

import pytest

from bot.ephemeral import Ephemeral


@pytest.fixture
def over() -> set[str]:
    return set()


@pytest.fixture
def kept(over: set[str]) -> Ephemeral[str, list[str]]:
    return Ephemeral(lambda key: [key], lambda value: value[0] in over)


def test_a_key_has_one_value(kept: Ephemeral[str, list[str]]) -> None:
    with kept.use("a") as first, kept.use("a") as second:
        assert first is second
        first.append("seen")
    with kept.use("a") as third:
        assert third == ["a", "seen"]
    assert len(kept) == 1


def test_what_is_expired_is_dropped_unless_it_is_used(kept: Ephemeral[str, list[str]], over: set[str]) -> None:
    with kept.use("a") as value:
        value.append("seen")
        over.add("a")
        for key in "bcd":
            with kept.use(key):
                pass
        assert len(kept) == 4
    with kept.use("a") as value:
        assert value == ["a", "seen"]  # nobody had come by to drop it
    for _ in range(2):  # b and c are looked at, then d and a
        with kept.use("b"):
            pass
    with kept.use("a") as value:
        assert value == ["a"]


def test_no_more_than_twice_what_is_not_over_is_kept() -> None:
    now = 0
    kept: Ephemeral[int, int] = Ephemeral(lambda _: now + 100, lambda until: until <= now)
    most = 0
    for now in range(10_000):
        with kept.use(now):
            most = max(most, len(kept))
    assert most <= 2 * 100


def test_an_error_in_use_is_the_users_own(kept: Ephemeral[str, list[str]], over: set[str]) -> None:
    with pytest.raises(ZeroDivisionError), kept.use("a"):
        raise ZeroDivisionError
    over.add("a")
    with kept.use("b"):
        assert len(kept) == 1
