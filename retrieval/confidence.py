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
    """What tells an answer from what only sounds like one."""

    closeness: float = 0.0  # cosine of the passage to the question
    coverage: float = 0.0  # the share of the question's weight that the passages of its article hold, word for word
    strength: float = 0.0  # the question's best BM25 by the weight of its words: 1 where each is held about once


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the signals."""

    bias: float
    closeness: float
    coverage: float
    strength: float


def signals(ranked: Sequence[Fitted]) -> list[Signals]:
    """The signals of each of a question's passages, in their order."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for each in ranked:
        held[each.hit.passage.article.id].update(each.hit.matched)
    strongest = max((each.hit.bm25 / each.hit.words for each in ranked if each.hit.words), default=0.0)
    found = []
    for each in ranked:
        weight_of = dict(zip(each.stems, each.weights.tolist(), strict=True))
        coverage = sum(weight_of.get(stem, 0.0) for stem in held[each.hit.passage.article.id])
        found.append(Signals(each.hit.cosine, coverage, strongest / each.weight))
    return found


def confidence(found: Signals) -> float:
    """Between 0 and 1."""
    by = fitted_weights()
    value = by.bias + by.closeness * found.closeness + by.coverage * found.coverage + by.strength * found.strength
    return 1 / (1 + math.exp(-value))


@cache
def fitted_weights() -> Weights:
    """The weights in `confidence.toml`."""
    return Weights(**tomllib.loads(FITTED.read_text("utf-8")))
