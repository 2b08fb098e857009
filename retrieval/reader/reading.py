"""The Reader protocol: a question and passages to the log odds that each sentence answers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import Article, Passage, Span
from retrieval.reader.answer_spans import Answered
from retrieval.reader.calibration import Calibration

CARD = "reader.json"  # what tells a folder with a reader of this kind
REMEMBERED = 2000  # readings, of some 2 KB each


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage read against a question."""

    passage: Passage
    sentences: tuple[Span, ...]  # of the article's text, as index.text.passages.passage_sentences gives them
    scores: NDArray[np.float32]  # of each sentence: the log odds that it answers
    answers: tuple[Answered | None, ...]  # of each sentence: the words in it that answer, if they probably do


class Reader(Protocol):
    """What reads passages. Without a `calibration` it orders and marks, and nothing tells which scores are enough."""

    calibration: Calibration | None

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage against the question."""


class CachingReader:
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
