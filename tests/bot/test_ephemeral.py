"""Ephemeral: which values are kept, and for how long."""

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


def test_expired_values_are_dropped_unless_in_use(kept: Ephemeral[str, list[str]], over: set[str]) -> None:
    with kept.use("a") as value:
        value.append("seen")
        over.add("a")
        for key in "bcd":
            with kept.use(key):
                pass
        assert len(kept) == 4
    with kept.use("a") as value:
        assert value == ["a", "seen"]  # expired, but not dropped yet
    for _ in range(2):  # checks b and c, then d and a
        with kept.use("b"):
            pass
    with kept.use("a") as value:
        assert value == ["a"]


def test_at_most_twice_the_unexpired_values_are_kept() -> None:
    now = 0
    kept: Ephemeral[int, int] = Ephemeral(lambda _: now + 100, lambda until: until <= now)
    most = 0
    for now in range(10_000):
        with kept.use(now):
            most = max(most, len(kept))
    assert most <= 2 * 100


def test_an_error_during_use_is_raised(kept: Ephemeral[str, list[str]], over: set[str]) -> None:
    with pytest.raises(ZeroDivisionError), kept.use("a"):
        raise ZeroDivisionError
    over.add("a")
    with kept.use("b"):
        assert len(kept) == 1
