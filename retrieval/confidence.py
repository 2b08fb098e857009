"""How sure it is that the articles answer at all."""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.ranking import Fitted

FITTED = Path(__file__).with_name("confidence.toml")  # made by: python -m benchmarks.confidence


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answer from what only sounds like one; each 0 to 1, but for a cosine below 0."""

    closeness: float = 0.0  # cosine of the best passage to the question
    coverage: float = 0.0  # the share of the question's weight that the passages of its article hold word for word
    fit: float = 0.0  # the share that its best sentence holds, words near in meaning included


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the signals."""

    bias: float
    closeness: float
    coverage: float
    fit: float


def signals(ranked: Sequence[Fitted]) -> list[Signals]:
    """The signals of each of a question's passages, in their order."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for each in ranked:
        held[each.hit.passage.article.id].update(each.hit.matched)
    found = []
    for each in ranked:
        weight_of = dict(zip(each.stems, each.weights.tolist(), strict=True))
        coverage = sum(weight_of.get(stem, 0.0) for stem in held[each.hit.passage.article.id])
        found.append(Signals(each.hit.cosine, coverage, float(each.shares.max(initial=0.0))))
    return found


def confidence(found: Signals) -> float:
    """Between 0 and 1."""
    by = fitted_weights()
    value = by.bias + by.closeness * found.closeness + by.coverage * found.coverage + by.fit * found.fit
    return 1 / (1 + math.exp(-value))


@cache
def fitted_weights() -> Weights:
    """The weights in `confidence.toml`."""
    return Weights(**tomllib.loads(FITTED.read_text("utf-8")))
