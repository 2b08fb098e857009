"""How sure it is that the articles answer at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from retrieval.types import Hit

# Logistic regression on the news development set; see benchmarks/RESULTS.md and benchmarks/confidence.py.
_BIAS, _COSINE, _COVERAGE = -8.0, 6.0, 6.0
_BEST = 5  # hits that are looked at


def confidence(hits: Sequence[Hit], weights: Mapping[str, float]) -> float:
    """Between 0 and 1; `weights` are the question's stems and their idf, as in the best hit's language."""
    if not hits:
        return 0.0
    cosine, coverage = signals(hits, weights)
    return 1 / (1 + math.exp(-(_BIAS + _COSINE * cosine + _COVERAGE * coverage)))


def signals(hits: Sequence[Hit], weights: Mapping[str, float]) -> tuple[float, float]:
    """What confidence is made of: the highest cosine, and the share of the question that one passage holds."""
    total = sum(weights.values())
    shares = [sum(weights.get(stem, 0.0) for stem in hit.matched) / total if total else 0.0 for hit in hits[:_BEST]]
    return max(hit.cosine for hit in hits[:_BEST]), max(shares)
