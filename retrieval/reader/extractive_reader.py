"""A reader that runs an extractive question-answering model, such as those trained on SQuAD, in PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders.sentence_transformer import reason
from index.errors import ModelError
from index.text.passages import passage_sentences
from index.types import Passage, Span
from retrieval.reader.answer_spans import Answered
from retrieval.reader.calibration import Calibration, sigmoid
from retrieval.reader.reading import Reading

LONGEST = 30  # tokens of an answer, at most
WIDEST = 512  # tokens of a window, at most, even if the model takes more
QUESTION = 0.5  # the share of a window that a question takes, at most
STRIDE = 0.125  # the share of a window that the next one repeats, so that one of them contains each answer whole
UNREAD = -20.0  # the log odds of a sentence without tokens


@dataclass(frozen=True, slots=True)
class _Outputs:
    """The model's logits for a window: of each token to start and to end the answer, and of there being no answer."""

    tokens: list[Span]  # of the article's text; empty for tokens that are not of the passage
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    none: float


class ExtractiveReader:
    """A Reader over a model that finds where an answer starts and ends.

    A sentence's log odds are the logit of the best answer within it minus the logit of there being none in the window.
    """

    def __init__(self, folder: Path, calibration: Calibration | None = None) -> None:
        """Load a folder that transformers saved; raises ModelError if that fails."""
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.calibration = calibration
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            self._model = AutoModelForQuestionAnswering.from_pretrained(str(folder), local_files_only=True)
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded as a question-answering model: {reason(error)}") from None
        if not self._tokenizer.is_fast:
            raise ModelError(f"{folder}: its tokenizer does not return the positions of tokens; use another model")
        self._model.eval().requires_grad_(False)
        positions = getattr(self._model.config, "max_position_embeddings", WIDEST)
        self._window = min(WIDEST, positions, self._tokenizer.model_max_length)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage, in as many windows as needed, and return a Reading of each."""
        asked = self._shortened(question)
        return [self._read(asked, passage) for passage in passages]

    def _read(self, question: str, passage: Passage) -> Reading:
        spans = tuple(passage_sentences(passage))
        scores = np.full(len(spans), UNREAD, dtype=np.float32)
        answers: list[Answered | None] = [None] * len(spans)
        for outputs in self._windows(question, passage):
            for number, span in enumerate(spans):
                answer, score = _best(outputs, passage.article.text, span)
                if score > scores[number]:
                    scores[number] = score
                    answers[number] = Answered(answer, sigmoid(score)) if score > 0 else None
        return Reading(passage, spans, scores, tuple(answers))

    def _windows(self, question: str, passage: Passage) -> Iterator[_Outputs]:
        rows = self._tokenizer(
            question,
            passage.text,
            truncation="only_second",
            max_length=self._window,
            stride=int(self._window * STRIDE),
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = rows.pop("offset_mapping").tolist()
        rows.pop("overflow_to_sample_mapping")
        outputs = self._model(**rows)
        none = self._tokenizer.cls_token_id
        for at, ids in enumerate(rows["input_ids"].tolist()):
            tokens = [
                Span(passage.start + start, passage.start + end) if part == 1 else Span(0, 0)
                for part, (start, end) in zip(rows.sequence_ids(at), offsets[at], strict=True)
            ]
            starts, ends = outputs.start_logits[at].numpy(), outputs.end_logits[at].numpy()
            where = ids.index(none) if none in ids else 0
            yield _Outputs(tokens, starts, ends, float(starts[where] + ends[where]))

    def _shortened(self, question: str) -> str:
        """Return the question, cut if it would leave too little room for the passage."""
        most = int(self._window * QUESTION) - self._tokenizer.num_special_tokens_to_add(pair=True)
        tokens = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return question[: max((end for _, end in tokens["offset_mapping"][:most]), default=0)]


def _best(outputs: _Outputs, text: str, sentence: Span) -> tuple[Span, float]:
    """Return the best answer within a sentence, and its logit minus that of no answer.

    If the sentence has no tokens in this window, return the whole sentence and UNREAD. A token may begin with the white
    space before it, which is left out.
    """
    within = [at for at, token in enumerate(outputs.tokens) if sentence.start < token.end <= sentence.end]
    if not within:
        return sentence, UNREAD
    tokens = slice(within[0], within[-1] + 1)
    logits = outputs.starts[tokens, None] + outputs.ends[None, tokens]
    allowed = np.tril(np.triu(np.ones_like(logits, dtype=bool)), LONGEST - 1)
    first, last = divmod(int(np.where(allowed, logits, -np.inf).argmax()), len(within))
    start = max(sentence.start, outputs.tokens[within[first]].start)
    end = outputs.tokens[within[last]].end
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Span(start, end), float(logits[first, last]) - outputs.none
