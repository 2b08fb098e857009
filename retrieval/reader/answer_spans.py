"""The answer within a sentence, from the log odds that each of its tokens belongs to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.text.word_count import UNSPACED
from index.types import Span


@dataclass(frozen=True, slots=True)
class Answered:
    """What answers, as a span of the article's text, and the probability that it does."""

    span: Span
    probability: float


def most_likely(sentence: str, tokens: Sequence[tuple[int, int]], odds: NDArray[np.float32]) -> Answered | None:
    """Return the most likely answer, as a span of the sentence; None where no token is more likely in than out.

    It is the run of likely tokens whose log odds sum to most, in whole words; a single unlikely token between likely
    ones is part of the run, as the point in "6.1". Its probability is the mean of those of its tokens.
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
    """Widen a span to the ends of the words in it, after leaving out the white space around it."""
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
    """Whether two characters belong to one word; in scripts without spaces nothing tells, and tokens are words."""
    return pair.isalnum() and not UNSPACED.search(pair)
