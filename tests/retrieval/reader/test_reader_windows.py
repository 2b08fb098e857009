"""Windows that end at sentence ends, batches with little padding, and no sentence lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reader.reader_windows import Window, WindowLimits, in_batches, make_windows, padded

SMALL = WindowLimits(question_tokens=2, title_tokens=1, sentence_tokens=4, window=12)


def test_a_row() -> None:
    [window] = make_windows([10, 11], [20], [[30, 31], [40]], WindowLimits())
    assert window.tokens == (0, 10, 11, 2, 20, 2, 30, 31, 40, 2)
    assert window.segments == (-1, 0, 0, -1, -1, -1, 1, 1, 2, -1)
    assert (window.first, window.count) == (0, 2)


def test_no_headline() -> None:
    [window] = make_windows([10], [], [[30]], WindowLimits())
    assert window.tokens == (0, 10, 2, 2, 30, 2)
    assert window.segments == (-1, 0, -1, -1, 1, -1)


def test_windows_end_at_sentence_ends() -> None:
    """Of 12 tokens, 7 are special or of the question and headline: 5 are left for sentences."""
    windows = make_windows([10, 11], [20], [[30, 31, 32], [40, 41, 42], [50, 51], [60]], SMALL)
    head = (0, 10, 11, 2, 20, 2)
    assert [window.tokens for window in windows] == [
        (*head, 30, 31, 32, 2),
        (*head, 40, 41, 42, 50, 51, 2),
        (*head, 60, 2),
    ]
    assert [window.segments[6:] for window in windows] == [(1, 1, 1, -1), (1, 1, 1, 2, 2, -1), (1, -1)]
    assert [(window.first, window.count) for window in windows] == [(0, 1), (1, 2), (3, 1)]


def test_long_parts_are_cut() -> None:
    [window] = make_windows([10, 11, 12], [20, 21], [[30, 31, 32, 33, 34]], SMALL)
    assert window.tokens == (0, 10, 11, 2, 20, 2, 30, 31, 32, 33, 2)


def test_parts_without_tokens_get_the_unknown_token() -> None:
    [window] = make_windows([], [], [[], [40]], SMALL)
    assert window.tokens == (0, 3, 2, 2, 3, 40, 2)
    assert window.segments == (-1, 0, -1, -1, 1, 2, -1)


def test_an_earlier_question_comes_first_and_is_not_part_of_the_question_segment() -> None:
    [window] = make_windows([10], [20], [[30]], WindowLimits(2, 1, 4, 16), [40, 41, 42])
    assert window.tokens == (0, 40, 41, 2, 10, 2, 20, 2, 30, 2)
    assert window.segments == (-1, -1, -1, -1, 0, -1, -1, -1, 1, -1)


def test_an_earlier_question_is_left_out_without_room() -> None:
    [window] = make_windows([10, 11], [20], [[30]], SMALL, [40])
    assert window.tokens == (0, 10, 11, 2, 20, 2, 30, 2)


def test_without_sentences_there_are_no_windows() -> None:
    assert make_windows([10], [20], [], SMALL) == []


@pytest.mark.parametrize("sizes", [(2, 1, 5, 12 - 1), (0, 1, 4, 12), (8, 1, 4, 16)])
def test_limits_that_leave_no_room(sizes: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=f"a window of {sizes[3]} tokens has no room for "):
        WindowLimits(*sizes)


@given(
    st.lists(st.integers(10, 19), max_size=5),
    st.lists(st.integers(20, 29), max_size=3),
    st.lists(st.lists(st.integers(30, 39), max_size=6), max_size=12),
)
def test_each_sentence_is_read_once_and_whole(question: list[int], title: list[int], texts: list[list[int]]) -> None:
    windows = make_windows(question, title, texts, SMALL)
    read: list[list[int]] = []
    for window in windows:
        assert len(window.tokens) == len(window.segments) <= SMALL.window
        assert window.first == len(read)
        for number in range(1, window.count + 1):
            read.append([token for token, own in zip(window.tokens, window.segments, strict=True) if own == number])
    assert read == [text[:4] or [3] for text in texts]
    for one, following in pairwise(windows):
        next_sentence = following.segments.count(1)
        assert len(one.tokens) + next_sentence > SMALL.window, "a window ends only where the next sentence has no room"


def window_of(length: int, count: int = 1) -> Window:
    return Window(0, count, (7,) * length, (0,) * (length - count) + tuple(range(1, count + 1)))


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([10, 40, 30, 29, 22], [[1, 2], [3, 4], [0]]),  # 29 is less than three quarters of 40, 10 than of 29
        ([100] * 8, [list(range(7)), [7]]),  # 768 tokens at most
        ([3000, 3000], [[0], [1]]),
    ],
)
def test_batches(lengths: list[int], batches: list[list[int]]) -> None:
    assert in_batches([window_of(length) for length in lengths]) == batches


@given(st.lists(st.integers(1, 600), max_size=60))
def test_batches_contain_each_window_once_and_little_padding(lengths: list[int]) -> None:
    batches = in_batches([window_of(length) for length in lengths])
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = lengths[batch[0]]
        assert all(0.75 * longest <= lengths[at] <= longest for at in batch)
        assert longest * len(batch) <= max(768, longest)


def test_padding() -> None:
    tokens, inputs = padded([window_of(4, count=2), window_of(2)])
    assert tokens.tolist() == [[7, 7, 7, 7], [7, 7, 1, 1]]
    assert {name: value.tolist() for name, value in inputs.items()} == {
        "attention_mask": [[1, 1, 1, 1], [1, 1, 0, 0]],
        "segments": [[0, 0, 1, 2], [0, 1, -1, -1]],
        "places": [1, 2],
    }
    assert {value.dtype.name for value in (tokens, *inputs.values())} == {"int64"}
