"""Clipping: where texts are cut, and at most how long they are."""

import pytest

from retrieval.presentation.clipping import clip, clip_start, cut


@pytest.mark.parametrize(
    ("text", "limit", "end"),
    [
        ("short", 5, 5),
        ("one two three", 10, 8),
        ('He said: "No." Then he left.', 20, 15),
        ("a long first line\nand more", 22, 18),
        ("雨が降った。雪も降った。", 8, 6),
        ("😀😀😀", 4, 2),
        ("😀😀😀", 5, 2),
        ("a" + "\u0301" * 9, 4, 4),  # one character that is too long for any message
    ],
)
def test_cut(text: str, limit: int, end: int) -> None:
    assert cut(text, limit) == end


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("one two three", 8, "…three"),
        ("one two three", 4, "…ree"),
        ("😀😀😀", 4, "…😀"),
        ("a 👩‍👩‍👧👩‍👩‍👧", 12, "…👩‍👩‍👧"),
        ("🇩🇪🇩🇪🇩🇪", 8, "…🇩🇪"),
    ],
)
def test_clip_start_keeps_the_end(text: str, limit: int, shown: str) -> None:
    assert clip_start(text, limit) == shown


def test_clip_keeps_what_fits() -> None:
    assert [clip("one two", 7), clip("one two three", 7)] == ["one two", "one…"]
