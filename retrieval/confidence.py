"""How sure it is that the articles answer at all."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.ranking import Fitted

FITTED = Path(__file__).with_name("confidence.toml")  # made by: python -m benchmarks.confidence


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answer from what only sounds like one."""

    closeness: float = 0.0  # the higher cosine to the question: of the best passage, or of its best sentence
    coverage: float = 0.0  # the share of the question's weight that the passages of its article hold, word for word
    fit: float = 0.0  # the share that its best sentence holds, words near in meaning included


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the signals."""

    bias: float
    closeness: float
    coverage: float
    fit: float


def signals(ranked: Sequence[Fitted], cosine: Callable[[str], float]) -> Signals:
    """The signals of a question's passages, best first; zeros where there are none.

    `cosine` is that of a sentence to the question: in a passage of many subjects, a sentence can answer that the whole
    is far from.
    """
    if not ranked:
        return Signals()
    best = ranked[0]
    article = best.hit.passage.article
    weight_of = dict(zip(best.stems, best.weights.tolist(), strict=True))
    held = {stem for each in ranked if each.hit.passage.article.id == article.id for stem in each.hit.matched}
    sentence = article.text[slice(*best.spans[int(best.shares.argmax())])]
    return Signals(
        max(best.hit.cosine, cosine(sentence)),
        sum(weight_of.get(stem, 0.0) for stem in held),
        float(best.shares.max()),
    )


def confidence(found: Signals) -> float:
    """Between 0 and 1."""
    by = fitted_weights()
    value = by.bias + by.closeness * found.closeness + by.coverage * found.coverage + by.fit * found.fit
    return 1 / (1 + math.exp(-value))


@cache
def fitted_weights() -> Weights:
    """The weights in `confidence.toml`."""
    return Weights(**tomllib.loads(FITTED.read_text("utf-8")))
