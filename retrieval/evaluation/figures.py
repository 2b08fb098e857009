"""Compute figures from judged answers, each with the number of questions that it covers. Pure.

hit@k is the share of questions whose right article is among the first k that were found. MRR, the mean reciprocal rank,
is the mean of 1 / the rank of that article, 0 if it was not found. AUROC, the area under the receiver operating
characteristic curve, is the probability that an answerable question gets a higher confidence than an unanswerable one:
.5 is chance, 1 is perfect. The Brier score is the mean squared difference between the confidence and whether the best
sentence answers, 0 or 1 (Brier 1950); ECE, the expected calibration error, is the mean difference between the
confidence and the share of best sentences that answer at it (Naeini et al. 2015). Of these two, lower is better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.judge import JudgedAnswer

# One row per question, with a float64 field for each field of JudgedAnswer that is not a text; None is NaN.
Table: TypeAlias = NDArray[np.void]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

BINS = 10  # of equally many questions, ordered by confidence, for reliability diagrams and calibration errors
TOLERATED = 20  # questions, one of which may be refused although it is answerable: 5 %

_TEXTS = ("id", "language", "type")
_FIELDS = [field.name for field in fields(JudgedAnswer) if field.name not in _TEXTS]


@dataclass(frozen=True, slots=True)
class Measure:
    """The definition of a figure: which questions count, and how the value is computed from their rows.

    The value is the mean of `each` over questions or, for other figures, `whole`, which is NaN if there is no value.
    """

    label: str
    counts: Callable[[Table], Mask]
    each: Callable[[Table], Floats | Mask] | None = None
    whole: Callable[[Table], float] | None = None
    digits: int = 3

    def value(self, rows: Table) -> float:
        """Return the figure of these rows, all of which count; NaN if it has no value."""
        if not len(rows):
            return np.nan
        if self.each:
            return float(np.mean(self.each(rows)))
        assert self.whole  # every measure has one of the two
        return self.whole(rows)


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of a figure, None if there is none, and the number of questions that it covers."""

    value: float | None
    questions: int


def to_table(judged: Sequence[JudgedAnswer]) -> Table:
    """Return judged answers as a table of one row each."""
    values = ([getattr(one, name) for name in _FIELDS] for one in judged)
    rows = [tuple(np.nan if value is None else float(value) for value in row) for row in values]
    return np.array(rows, dtype=[(name, np.float64) for name in _FIELDS])


def figures(judged: Sequence[JudgedAnswer]) -> dict[str, Figure]:
    """Return all figures of judged answers, by their names in MEASURES."""
    rows = to_table(judged)
    found = {}
    for name, measure in MEASURES.items():
        counted = rows[measure.counts(rows)]
        found[name] = Figure(none_if_nan(measure.value(counted)), len(counted))
    return found


def groups(judged: Sequence[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """Return the answers by language and, within each language, by type of question, in order of appearance.

    The keys are like "en" and "en list". Answers without a language or a type are in no such group.
    """
    found: dict[str, list[JudgedAnswer]] = {}
    for language in dict.fromkeys(one.language for one in judged):
        own = [one for one in judged if one.language == language]
        if language:
            found[language] = own
        for type in dict.fromkeys(one.type for one in own if one.type):
            found[f"{language or ''} {type}".strip()] = [one for one in own if one.type == type]
    return found


def none_if_nan(value: float) -> float | None:
    """Return a float, or None for NaN."""
    return None if np.isnan(value) else float(value)


def auroc(positive: Floats, negative: Floats) -> float:
    """Return the probability that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not len(positive) or not len(negative):
        return np.nan
    ordered = np.sort(negative)
    below, not_above = (np.searchsorted(ordered, positive, side) for side in ("left", "right"))
    return float((below + not_above).mean() / 2 / len(negative))


def refused_at(positive: Floats, negative: Floats) -> float:
    """Return the share of negatives below the highest threshold that is above at most one in TOLERATED positives."""
    if not len(positive) or not len(negative):
        return np.nan
    threshold = np.sort(positive)[len(positive) // TOLERATED]
    return float((negative < threshold).mean())


def reliability(confidence: Floats, right: Floats) -> list[tuple[float, float, int]]:
    """Return mean confidence, share of right answers and number of questions for each of BINS bins of equal size.

    Questions of the same confidence each count with their mean of `right`, so that the result does not depend on how
    they are distributed over bins.
    """
    _, of, sizes = np.unique(confidence, return_inverse=True, return_counts=True)
    order = np.argsort(confidence, kind="stable")
    confidence, right = confidence[order], (np.bincount(of, right) / sizes)[of][order]
    parts = [part for part in np.array_split(np.arange(len(order)), BINS) if len(part)]
    return [(float(confidence[part].mean()), float(right[part].mean()), len(part)) for part in parts]


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Return the expected calibration error: the mean difference between confidence and share right, over bins by size.

    Naeini et al. 2015, with bins of equal size rather than of equal width.
    """
    distances = [abs(sure - share) * count for sure, share, count in reliability(confidence, right)]
    return sum(distances) / len(confidence)


def risk_coverage(rows: Table) -> list[tuple[float, float]]:
    """Return coverage and risk for every threshold of the confidence, the strictest first.

    Coverage is the share of questions that are answered, risk the share of these that are answered wrongly (El-Yaniv
    and Wiener 2010). Any answer to an unanswerable question is wrong; of questions with labelled answers, the first
    quote must hold one. Other questions are left out.
    """
    rows = rows[((rows["answerable"] == 0) | ~np.isnan(rows["answer_rank"])) & ~np.isnan(rows["confidence"])]
    rows = rows[np.argsort(-rows["confidence"], kind="stable")]
    answered = np.arange(1, len(rows) + 1)
    risks = np.cumsum(rows["answer_rank"] != 1) / answered if len(rows) else answered
    # No threshold separates equal confidences, so that only the last of them is a point of the curve.
    last = np.append(np.diff(rows["confidence"]) != 0, True)[: len(rows)]
    return [(float(count / len(rows)), float(risk)) for count, risk in zip(answered[last], risks[last], strict=True)]


def _has(field: str) -> Callable[[Table], Mask]:
    return lambda rows: ~np.isnan(rows[field])


def _is(field: str, value: int) -> Callable[[Table], Mask]:
    return lambda rows: rows[field] == value


def _within(last: int, field: str) -> Callable[[Table], Mask]:
    return lambda rows: (rows[field] >= 1) & (rows[field] <= last)


def _shown(right: Callable[[Table], Mask]) -> Callable[[Table], Mask]:
    """Return a condition that holds if `right` does and the question was not refused."""
    return lambda rows: right(rows) & (rows["answered"] == 1)


def _of(field: str) -> Callable[[Table], Floats]:
    return lambda rows: np.asarray(rows[field], dtype=np.float64)


def _reciprocal(rows: Table) -> Floats:
    ranks: Floats = rows["article_rank"]
    return (ranks > 0) / np.maximum(ranks, 1)


def best_answers(rows: Table) -> Floats:
    """Return whether the best sentence answers, 1 or 0, which confidence is the probability of; NaN if not labelled.

    Where no sentences are labelled, return whether the first quote answers.
    """
    first = np.where(np.isnan(rows["answer_rank"]), np.nan, rows["answer_rank"] == 1)
    known = np.where(np.isnan(rows["sentence"]), first, rows["sentence"])
    return np.where(rows["answerable"] == 0, 0.0, known)


def can_be_calibrated(rows: Table) -> Mask:
    """Return which rows have both a confidence and a label that says whether the best sentence answers."""
    return np.asarray(~np.isnan(best_answers(rows)) & ~np.isnan(rows["confidence"]))


def _rated(rows: Table) -> Mask:
    """Return which rows have both a confidence and a label that says whether the question is answerable."""
    return np.asarray(~np.isnan(rows["answerable"]) & ~np.isnan(rows["confidence"]))


def _share_of_quotes(field: str) -> Callable[[Table], float]:
    return lambda rows: float(rows[field].sum() / rows["quotes"].sum())


def _by_confidence(measure: Callable[[Floats, Floats], float]) -> Callable[[Table], float]:
    """Return a figure of two samples: the confidence in answerable and in unanswerable questions."""

    def whole(rows: Table) -> float:
        confidence, answerable = rows["confidence"], rows["answerable"]
        return measure(confidence[answerable == 1], confidence[answerable == 0])

    return whole


def _at(percent: int) -> Callable[[Table], float]:
    return lambda rows: float(np.percentile(rows["took_ms"], percent))


_ranked, _known, _spans, _named = map(_has, ("article_rank", "answer_rank", "sentence", "article_first"))
_answered, _refused = _is("answered", 1), _is("answered", 0)
_found, _sentence = _shown(_is("found", 1)), _shown(_is("sentence", 1))

MEASURES: dict[str, Measure] = {
    "article_first": Measure("right article first", _named, _shown(_is("article_first", 1))),
    "article_hit@1": Measure("article hit@1", _ranked, _within(1, "article_rank")),
    "article_hit@3": Measure("article hit@3", _ranked, _within(3, "article_rank")),
    "article_hit@5": Measure("article hit@5", _ranked, _within(5, "article_rank")),
    "article_mrr": Measure("article MRR", _ranked, _reciprocal),
    "answer_in_first": Measure("answer in first quote", _known, _shown(_within(1, "answer_rank"))),
    "answer_in_first_3": Measure("answer in first three quotes", _known, _shown(_within(3, "answer_rank"))),
    "found": Measure("answer in first passage", _spans, _found),
    "sentence": Measure("answer in bold sentence", _spans, _sentence),
    "sentence_if_found": Measure("… if its passage holds it", _found, _sentence),
    "on_point": Measure("quotes on the point", _shown(_has("answering")), whole=_share_of_quotes("answering")),
    "list_recall": Measure("list recall", _has("listed"), _of("listed")),
    "integrity": Measure("quotes exactly as stored", _within(2**31, "quotes"), whole=_share_of_quotes("whole")),
    "quotes": Measure("quotes per answer", _answered, _of("quotes"), digits=1),
    "words_first": Measure("words of first quote", _answered, _of("words_first"), digits=1),
    "words_answer": Measure("words per answer", _answered, _of("words"), digits=1),
    "auroc": Measure("AUROC of the confidence", _rated, whole=_by_confidence(auroc)),
    "false_refusals": Measure("answerable, refused", _is("answerable", 1), _refused),
    "refusals": Measure("unanswerable, refused", _is("answerable", 0), _refused),
    "refused_at_5": Measure("… at 5 % false refusals", _rated, whole=_by_confidence(refused_at)),
    "brier": Measure("Brier score", can_be_calibrated, lambda rows: (rows["confidence"] - best_answers(rows)) ** 2),
    "ece": Measure(
        "expected calibration error",
        can_be_calibrated,
        whole=lambda rows: calibration_error(rows["confidence"], best_answers(rows)),
    ),
    "p50_ms": Measure("time p50, ms", _has("took_ms"), whole=_at(50), digits=1),
    "p95_ms": Measure("time p95, ms", _has("took_ms"), whole=_at(95), digits=1),
}
