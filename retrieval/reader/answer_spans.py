"""Finds the answer within a sentence, from the log odds that each of its tokens belongs to the answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.text.word_count import UNSPACED
from index.types import Span


@dataclass(frozen=True, slots=True)
class Answered:
    """The words of a sentence that answer, as a span of the article's text, and the probability that they do."""

    span: Span
    probability: float


def most_likely(sentence: str, tokens: Sequence[tuple[int, int]], odds: NDArray[np.float32]) -> Answered | None:
    """Return the most likely answer, as a span of the sentence; None if each token is more likely outside of it.

    `tokens` are the spans of the tokens in the sentence, and `odds` their log odds, [tokens]. The answer is the run of
    tokens with positive log odds whose sum is highest, extended to whole words. A single other token between two of
    them, such as the point in "6.1", belongs to the run. Its probability is the mean of the tokens' probabilities.
    """
    likely = odds > 0
    likely[1:-1] |= likely[:-2] & likely[2:]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], likely, [False]]).astype(np.int8)))
    runs = [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    for run in sorted(runs, key=lambda run: -float(odds[run].sum())):
        span = _whole_words(sentence, tokens[run.start][0], tokens[run.stop - 1][1])
        if span.start < span.end:
            return Answered(span, float(np.mean(1 / (1 + np.exp(-odds[run])))))
    return None


def _whole_words(text: str, start: int, end: int) -> Span:
    """Return a span without the white space around it, extended to whole words."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        while start > 0 and _within_word(text[start - 1 : start + 1]):
            start -= 1
        while end < len(text) and _within_word(text[end - 1 : end + 1]):
            end += 1
    return Span(start, end)


def _within_word(pair: str) -> bool:
    """Return whether two characters belong to one word; in scripts without spaces, each token counts as a word."""
    return pair.isalnum() and not UNSPACED.search(pair)
