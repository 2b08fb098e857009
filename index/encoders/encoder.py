"""The Encoder protocol: texts to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into unit vectors, questions and documents told apart."""

    dimension: int
    window: int  # tokens; what is beyond them is not seen

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32, shape (len(texts), dimension), rows of length 1."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Encode passages: float32, shape (len(texts), dimension), rows of length 1."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the window each text would take."""

    def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Encode token ids, special ones included: float32, shape (len(rows), dimension), pooled and not normalised."""

    def tokenizer_json(self) -> str:
        """The tokenizer as the tokenizers library writes it; raises ModelError where the model has none such."""


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """The vectors with rows of length 1; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
