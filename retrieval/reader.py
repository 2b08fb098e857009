"""Reading: what a model says of each sentence of a passage, given the question, and which model that is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models import READER, expanded, find_folder, module_types
from index.reference import prepare
from index.types import Article, Passage, Span
from retrieval.answer_spans import Answered
from retrieval.calibration import CALIBRATION, Calibration, read_calibration
from retrieval.settings import BUILT_IN

WEIGHTS = Path(__file__).parent / "weights"  # of the built-in reader
CARD = "reader.json"  # what tells a folder with a reader of this kind
REMEMBERED = 2000  # readings, of some 2 KB each


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage read against a question."""

    passage: Passage
    sentences: tuple[Span, ...]  # of the article's text, as index.passages.passage_sentences gives them
    scores: NDArray[np.float32]  # of each sentence: the log odds that it answers
    answers: tuple[Answered | None, ...]  # of each sentence: the words in it that answer, if they probably do


class Reader(Protocol):
    """What reads passages. Without a `calibration` it orders and marks, and nothing tells which scores are enough."""

    calibration: Calibration | None

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage against the question."""


class ReadOnce:
    """A Reader that remembers what it read last: follow-ups, further quotes and watches find many passages again.

    It keeps numbers and digests: no question, and no text of an article.
    """

    def __init__(self, reader: Reader, most: int = REMEMBERED) -> None:
        """Read with another reader, and remember `most` readings."""
        self.calibration = reader.calibration
        self._reader = reader
        self._most = most
        self._read: dict[bytes, Reading] = {}  # without their passages, the oldest first

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage against the question, unless it is remembered."""
        keys = [_digest(question, passage) for passage in passages]
        found = {key: self._read[key] for key in keys if key in self._read}
        new = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in found}
        if new:
            found |= zip(new, self._reader.read(question, list(new.values())), strict=True)
            self._read |= {key: replace(found[key], passage=_NO_PASSAGE) for key in new}
            for oldest in list(self._read)[: -self._most]:
                del self._read[oldest]
        return [replace(found[key], passage=passage) for key, passage in zip(keys, passages, strict=True)]


def _digest(question: str, passage: Passage) -> bytes:
    article = passage.article
    parts = (question, article.id, article.title, article.language, passage.start, passage.text)
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


_NO_PASSAGE = Passage(Article("-", " ", "-"), 0, 1)


def load_reader(name: str, threads: int = 0) -> Reader | None:
    """Load the built-in reader, or another by its folder or its name on the model hub; none for "".

    A folder holds what the built-in reader's holds, an extractive question-answering model or a cross-encoder; the
    hub is asked only for what is not here. Raises ModelError where there is no such model, or it cannot be loaded.
    """
    if not name:
        return None
    folder = folder_of(name)
    if folder == WEIGHTS or (folder / CARD).is_file():
        from retrieval.onnx_reader import OnnxReader

        return OnnxReader(folder, threads)
    head = _head(folder)
    if head is None:
        raise ModelError(
            f"{name} is neither a question-answering model nor a cross-encoder; name one in {READER.setting}, "
            f"or {READER.instead}"
        )
    calibration = read_calibration(folder / CALIBRATION)
    prepare(threads)
    if head == "answers":
        from retrieval.extractive_reader import ExtractiveReader

        return ExtractiveReader(folder, calibration)
    from retrieval.passage_reader import PassageReader

    return PassageReader(folder, calibration)


def folder_of(name: str) -> Path:
    """Return the folder that holds a reader; raises ModelError where there is none."""
    if name == BUILT_IN:
        return WEIGHTS
    folder = expanded(name)
    return folder if (folder / CARD).is_file() else find_folder(name, READER)


def _head(folder: Path) -> str | None:
    """What a model gives by its folder's own files: to another model a library would add a head of random weights."""
    if module_types(folder):  # saved by sentence-transformers
        kind = _read(folder / "config_sentence_transformers.json").get("model_type")
        return "passages" if kind == "CrossEncoder" else None
    named = _read(folder / "config.json").get("architectures")
    head = named[0] if isinstance(named, list) and named else ""
    if str(head).endswith("ForQuestionAnswering"):
        return "answers"
    return "passages" if str(head).endswith(("ForSequenceClassification", "ForCausalLM")) else None


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError):  # none, or none that can be read
        return {}
    return values if isinstance(values, dict) else {}
