"""Texts to vectors. The only place that imports sentence_transformers, and that normalises."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models import Model

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


class SentenceTransformerEncoder:
    """An Encoder over a sentence-transformers model, prompts, pooling and all."""

    def __init__(self, model: Model, threads: int = 0) -> None:
        # Set before the import: nothing asks the hub for what is in the folder, and no bars but our own.
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        if threads:
            torch.set_num_threads(threads)
        given = {"query": model.query_prompt, "document": model.document_prompt}
        try:
            self._model = SentenceTransformer(str(model.folder), local_files_only=True)
        except Exception as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ModelError(f"{model.folder} cannot be loaded as a sentence-transformers model: {reason}") from None
        own = self._model.prompts
        # The library prefers "document" to the other names of the role, even when it is empty, as it is unless set.
        own["document"] = own.get("document") or own.get("passage") or own.get("corpus") or ""
        own.update({role: prompt for role, prompt in given.items() if prompt is not None})
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        window = self._model.max_seq_length or 512
        self.window = sys.maxsize if window == math.inf else int(window)  # a static model sees everything

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        vectors = self._model.encode_query(list(texts), batch_size=max(1, len(texts)), show_progress_bar=False)
        return _unit(vectors.reshape(-1, self.dimension))

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""
        vectors = self._model.encode_document(list(texts), batch_size=max(1, len(texts)), show_progress_bar=False)
        return _unit(vectors.reshape(-1, self.dimension))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the window each text would take."""
        tokenizer = self._model.tokenizer
        if callable(tokenizer):  # of transformers
            return [len(ids) for ids in tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]
        return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]  # of a static model


def _unit(vectors: NDArray[np.floating]) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def load_encoder(model: Model, threads: int = 0) -> Encoder:
    """Load a model that `find_model` found; raises ModelError where sentence-transformers cannot."""
    return SentenceTransformerEncoder(model, threads)
