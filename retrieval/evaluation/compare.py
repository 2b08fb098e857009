"""Compare two evaluations of the same questions, each difference with its confidence interval. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.figures import MEASURES, Measure, Table, none_if_nan, to_table
from retrieval.evaluation.judge import JudgedAnswer

_RESAMPLES = 1000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and now, over the questions for which both evaluations have a value."""

    before: float | None
    now: float | None
    difference: float | None
    low: float | None  # the bounds of the difference's 95 % interval
    high: float | None
    pairs: int


def compare(before: Sequence[JudgedAnswer], now: Sequence[JudgedAnswer]) -> tuple[int, dict[str, Difference]]:
    """Return how many questions are in both evaluations, by id, and the difference of each measure.

    The 95 % interval is that of the paired bootstrap: questions are resampled with replacement, each with both of its
    results, and the interval lies between the 2.5th and the 97.5th percentile of the differences (Efron and Tibshirani,
    An Introduction to the Bootstrap, 1993). The seed is fixed, so that the interval is reproducible.
    """
    earlier = {one.id: one for one in before}
    later = [one for one in now if one.id in earlier]
    first, second = to_table([earlier[one.id] for one in later]), to_table(later)
    return len(later), {name: _difference(measure, first, second) for name, measure in MEASURES.items()}


def _difference(measure: Measure, first: Table, second: Table) -> Difference:
    both = measure.counts(first) & measure.counts(second)
    first, second = first[both], second[both]
    pairs = len(first)
    if not pairs:
        return Difference(None, None, None, None, None, 0)
    draw = np.random.default_rng(_SEED)
    samples = (draw.integers(pairs, size=pairs) for _ in range(_RESAMPLES))
    if measure.each:
        each = measure.each(second).astype(float) - measure.each(first)
        drawn = np.array([each[sample].mean() for sample in samples])
    else:
        drawn = np.array([measure.value(second[sample]) - measure.value(first[sample]) for sample in samples])
    drawn = drawn[~np.isnan(drawn)]  # a sample with only answerable questions has no AUROC
    low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (np.nan, np.nan)
    before, now = measure.value(first), measure.value(second)
    return Difference(
        none_if_nan(before), none_if_nan(now), none_if_nan(now - before), none_if_nan(low), none_if_nan(high), pairs
    )
