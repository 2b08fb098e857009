"""A reader that is an extractive question-answering model, as those taught on SQuAD are; torch runs it."""

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

LONGEST = 30  # tokens of an answer
WIDEST = 512  # tokens that are read at a time, where the model has room for more
QUESTION = 0.5  # the part of a window that a question takes at most
STRIDE = 0.125  # the part of a window that the next one repeats, so that an answer is whole in one of them
UNREAD = -20.0  # the log odds of a sentence of which the model sees nothing


@dataclass(frozen=True, slots=True)
class _Outputs:
    """What the model says of a window: the logits of each token to start and to end the answer, and of no answer."""

    tokens: list[Span]  # of the article's text; empty for those that are not the passage's
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    none: float


class ExtractiveReader:
    """A Reader over a model that finds where the answer starts and where it ends.

    A sentence's log odds are the logit of the best answer within it less that of there being none in the window.
    """

    def __init__(self, folder: Path, calibration: Calibration | None = None) -> None:
        """Load a folder as transformers saves it; raises ModelError where that fails."""
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.calibration = calibration
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            self._model = AutoModelForQuestionAnswering.from_pretrained(str(folder), local_files_only=True)
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded as a question-answering model: {reason(error)}") from None
        if not self._tokenizer.is_fast:
            raise ModelError(f"{folder}: its tokenizer does not say where its tokens are; name another model")
        self._model.eval().requires_grad_(False)
        positions = getattr(self._model.config, "max_position_embeddings", WIDEST)
        self._window = min(WIDEST, positions, self._tokenizer.model_max_length)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read each passage, in as many windows as it takes."""
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
        """Cut off what of a question would leave too little room for a passage."""
        most = int(self._window * QUESTION) - self._tokenizer.num_special_tokens_to_add(pair=True)
        tokens = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return question[: max((end for _, end in tokens["offset_mapping"][:most]), default=0)]


def _best(outputs: _Outputs, text: str, sentence: Span) -> tuple[Span, float]:
    """Return the best answer within a sentence, and its logit less that of no answer; UNREAD where there is no token.

    A token may begin with the white space before it.
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
