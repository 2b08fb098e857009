"""The Reader protocol: the log odds that each sentence of some passages answers a question; and a cache of readings."""

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

CARD = "reader.json"  # the file by which the folder of a built-in kind of reader is recognised
CACHED = 2000  # readings, of about 2 KB each


@dataclass(frozen=True, slots=True)
class Reading:
    """The scores of a passage's sentences for one question."""

    passage: Passage
    sentences: tuple[Span, ...]  # of the article's text, by index.text.passages.passage_sentences
    scores: NDArray[np.float32]  # the log odds that each sentence answers, [sentences]
    answers: tuple[Answered | None, ...]  # the words that answer in each sentence, if they probably do


class Reader(Protocol):
    """A model that reads passages.

    Without a `calibration`, its scores only order sentences: they give no confidence, so nothing is refused.

    A question may have two lines: the first is the question before it in the conversation.
    """

    calibration: Calibration | None

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a Reading of each passage for the question, in the order of the passages."""


class CachingReader:
    """A Reader that caches its latest readings, since follow-ups, further quotes and watches read many passages again.

    The cache holds numbers and digests only, no text of questions or articles.
    """

    def __init__(self, reader: Reader, most: int = CACHED) -> None:
        """Wrap a reader, and cache at most `most` readings."""
        self.calibration = reader.calibration
        self._reader = reader
        self._most = most
        self._read: dict[bytes, Reading] = {}  # without passages, oldest first

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a Reading of each passage, from the cache if it is there."""
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
