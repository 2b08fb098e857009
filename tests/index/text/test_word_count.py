"""Words are counted in scripts with and without spaces."""

from __future__ import annotations

import pytest

from index.text.word_count import word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), (" \n", 0), ("It rained.", 2), ("下雨了。", 2), ("下雨了", 2), ("雨 in Tokyo 雨", 3), ("แม่น้ำ", 3)],
)
def test_word_count(text: str, words: int) -> None:
    assert word_count(text) == words
