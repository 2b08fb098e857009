"""Texts to vectors: what an encoder promises, and which of the two kinds a model gets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.console import say
from index.errors import ConfigError, ModelError
from index.models import Model

if TYPE_CHECKING:
    from index.settings import IndexSettings

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


def load_encoder(model: Model, settings: IndexSettings) -> Encoder:
    """Load a model that `find_model` found: without torch, from an export, where that gives the same vectors.

    The first time, the export is made. Raises ModelError where sentence-transformers cannot load the model, and where
    the settings want the ONNX runtime and it cannot run there; ConfigError for settings that contradict each other.
    """

    from index.export import OtherModulesError, UnfitError, load_export
    from index.reference import SentenceTransformerEncoder

    reference = cache(partial(SentenceTransformerEncoder, model, settings.threads))  # loaded once, or not at all
    if settings.runtime == "torch":
        if model.precision == "int8":
            raise ConfigError('[index] precision: "int8" needs the ONNX runtime; set [index] runtime to "auto"')
        return reference()
    try:
        return load_export(model, settings, reference)
    except UnfitError as unfit:
        if model.precision == "int8":
            raise ModelError(
                f'{model.name} cannot be converted to int8: {unfit}; set [index] precision to "fp32"'
            ) from None
        if settings.runtime == "onnx":
            raise ModelError(f'{model.name}: {unfit}; set [index] runtime to "auto", which takes torch then') from None
        if not isinstance(unfit, OtherModulesError):
            _say_once(f"{model.name} is run with torch: {unfit}")
        return reference()


@cache
def _say_once(line: str) -> None:
    say(line)
