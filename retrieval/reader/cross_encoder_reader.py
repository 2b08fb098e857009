"""A reader that runs a cross-encoder, a model with one score for a question and a passage, in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoders.sentence_transformer import reason
from index.errors import ModelError
from index.storage.lexical_index import stems
from index.text.passages import passage_sentences
from index.types import Passage
from retrieval.params import RankingParams
from retrieval.reader.calibration import Calibration
from retrieval.reader.reading import Reading


class CrossEncoderReader:
    """A Reader over a cross-encoder.

    The sentence with the most words of the question gets the score of the passage as its log odds. The others get less,
    in proportion to the words they lack. No answers are found within sentences.
    """

    def __init__(
        self, folder: Path, calibration: Calibration | None = None, params: RankingParams = RankingParams()
    ) -> None:
        """Load a model folder; raises ModelError if that fails, or if the model has several outputs."""
        from sentence_transformers import CrossEncoder

        self.calibration = calibration
        self._lexical_weight = params.cross_encoder_lexical_weight
        try:
            self._model = CrossEncoder(str(folder), local_files_only=True)
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded as a cross-encoder: {reason(error)}") from None
        if self._model.num_labels != 1:
            raise ModelError(f"{folder} gives {self._model.num_labels} scores for a passage, and a reader needs one")

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Score each passage as a whole, and return a Reading of each."""
        if not passages:
            return []
        outputs = self._model.predict(
            [(question, passage.text) for passage in passages],
            batch_size=len(passages),
            show_progress_bar=False,
            activation_fn=lambda outputs: outputs,  # log odds, whatever activation the folder names
        )
        return [
            _spread(question, passage, float(output), self._lexical_weight)
            for passage, output in zip(passages, outputs, strict=True)
        ]


def _spread(question: str, passage: Passage, score: float, lexical_weight: float) -> Reading:
    """Return the scores of sentences, by the score of the passage and the share of the question's words in each."""
    article, spans = passage.article, tuple(passage_sentences(passage))
    asked = set(stems(question, article.language))
    held = [len(asked & set(stems(article.text[slice(*span)], article.language))) for span in spans]
    shares = np.array(held, dtype=np.float32) / max(1, len(asked))
    scores = score - lexical_weight * (shares.max(initial=0.0) - shares)
    return Reading(passage, spans, scores.astype(np.float32), (None,) * len(spans))
