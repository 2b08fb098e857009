"""The best passages in the order of a cross-encoder, which reads question and passage together. Off by default."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from index.models import RERANKER, find_folder, module_types
from index.reference import prepare, reason
from retrieval.ranking import Fitted, rank

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

DEPTH = 20  # passages that the cross-encoder is shown; it reads some dozens a second on two cores
BEHIND = 5.0  # more than what search, ranking and quoting give to a passage together, so that scores fall all the way


class Reranker:
    """A cross-encoder that gives one number for a question and a passage."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers: the sigmoid of the model's output, 0 to 1."""
        if not texts:
            return []
        outputs = self._model.predict(
            [(question, text) for text in texts],
            batch_size=len(texts),
            show_progress_bar=False,
            activation_fn=lambda outputs: outputs,  # whatever the folder names: one scale for all models
        )
        return [_sigmoid(float(output)) for output in outputs]


def load_reranker(name: str, threads: int = 0) -> Reranker:
    """Load a cross-encoder: a folder, or a name on the model hub, which is asked only for what is not here.

    Raises ModelError where it cannot be had or loaded, is no cross-encoder, or has several outputs.
    """
    folder = find_folder(name, RERANKER)
    if not _is_cross_encoder(folder):
        raise ModelError(f"{name} is no cross-encoder; name one in {RERANKER.setting}, or {RERANKER.instead}")
    prepare(threads)
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(folder), local_files_only=True)
    except Exception as error:
        raise ModelError(f"{folder} cannot be loaded as a cross-encoder: {reason(error)}") from None
    if model.num_labels != 1:
        raise ModelError(f"{name} gives {model.num_labels} numbers for a passage, and a reranker gives one")
    return Reranker(model)


def rerank(ranked: Sequence[Fitted], question: str, reranker: Reranker) -> list[Fitted]:
    """The first DEPTH passages ranked anew, with the cross-encoder's score for that of search, and the others behind.

    The others keep their order, and lose BEHIND.
    """
    first, others = ranked[:DEPTH], ranked[DEPTH:]
    scores = reranker.score(question, [each.hit.passage.text for each in first])
    shown = [
        replace(each, hit=replace(each.hit, score=score, reranked=score))
        for each, score in zip(first, scores, strict=True)
    ]
    return rank(shown) + [replace(each, score=each.score - BEHIND) for each in others]


def _is_cross_encoder(folder: Path) -> bool:
    """Whether a folder's own files say so: to another model, the library would add a head of random weights."""
    if module_types(folder):  # saved by sentence-transformers
        return _read(folder / "config_sentence_transformers.json").get("model_type") == "CrossEncoder"
    heads = _read(folder / "config.json").get("architectures") or ["none"]
    return str(heads[0]).endswith(("ForSequenceClassification", "ForCausalLM"))


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError):  # none, or none that can be read
        return {}
    return values if isinstance(values, dict) else {}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
