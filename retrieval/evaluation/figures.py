"""Judged answers to figures, each with the number of questions that it is over. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.judge import JudgedAnswer

Table: TypeAlias = NDArray[
    np.void
]  # a row a question, a float64 field for each of Judged's that is no text; None is NaN
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

BINS = 10  # of as many questions each, by their confidence, in reliability diagrams and their error
TOLERATED = 20  # one false refusal in so many

_TEXTS = ("id", "language", "type")
_FIELDS = [field.name for field in fields(JudgedAnswer) if field.name not in _TEXTS]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure's definition: which questions count, and what is made of them.

    That is the mean of `each`, or, where a figure is no mean over questions, `whole`, which is NaN if there is none.
    """

    label: str
    counts: Callable[[Table], Mask]
    each: Callable[[Table], Floats | Mask] | None = None
    whole: Callable[[Table], float] | None = None
    digits: int = 3

    def value(self, rows: Table) -> float:
        """The figure of these rows, all of which count; NaN if there is none."""
        if not len(rows):
            return np.nan
        if self.each:
            return float(np.mean(self.each(rows)))
        assert self.whole  # one of the two
        return self.whole(rows)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's value, None where there is none, and how many questions it is over."""

    value: float | None
    questions: int


def to_table(judged: Sequence[JudgedAnswer]) -> Table:
    """The judged answers as columns."""
    values = ([getattr(one, name) for name in _FIELDS] for one in judged)
    rows = [tuple(np.nan if value is None else float(value) for value in row) for row in values]
    return np.array(rows, dtype=[(name, np.float64) for name in _FIELDS])


def figures(judged: Sequence[JudgedAnswer]) -> dict[str, Figure]:
    """Every measure of these answers, by its name in MEASURES."""
    rows = to_table(judged)
    found = {}
    for name, measure in MEASURES.items():
        counted = rows[measure.counts(rows)]
        found[name] = Figure(none_if_nan(measure.value(counted)), len(counted))
    return found


def groups(judged: Sequence[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """Return the answers by language, and in each by type, in the order in which they come; others are in none."""
    found: dict[str, list[JudgedAnswer]] = {}
    for language in dict.fromkeys(one.language for one in judged):
        own = [one for one in judged if one.language == language]
        if language:
            found[language] = own
        for type in dict.fromkeys(one.type for one in own if one.type):
            found[f"{language or ''} {type}".strip()] = [one for one in own if one.type == type]
    return found


def none_if_nan(value: float) -> float | None:
    """A float, or None for NaN."""
    return None if np.isnan(value) else float(value)


def auroc(positive: Floats, negative: Floats) -> float:
    """The probability that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not len(positive) or not len(negative):
        return np.nan
    ordered = np.sort(negative)
    below, not_above = (np.searchsorted(ordered, positive, side) for side in ("left", "right"))
    return float((below + not_above).mean() / 2 / len(negative))


def refused_at(positive: Floats, negative: Floats) -> float:
    """The share of negatives under the highest threshold that is above one in TOLERATED positives at most."""
    if not len(positive) or not len(negative):
        return np.nan
    threshold = np.sort(positive)[len(positive) // TOLERATED]
    return float((negative < threshold).mean())


def reliability(confidence: Floats, right: Floats) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right and number of questions, for each of BINS bins of as many questions.

    Questions of one confidence that are in several bins count in each as all of them together, in whatever order they
    come.
    """
    _, of, sizes = np.unique(confidence, return_inverse=True, return_counts=True)
    order = np.argsort(confidence, kind="stable")
    confidence, right = confidence[order], (np.bincount(of, right) / sizes)[of][order]
    parts = [part for part in np.array_split(np.arange(len(order)), BINS) if len(part)]
    return [(float(confidence[part].mean()), float(right[part].mean()), len(part)) for part in parts]


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Expected calibration error (Naeini et al. 2015): the bins' distances from the diagonal, weighted by size."""
    distances = [abs(sure - share) * count for sure, share, count in reliability(confidence, right)]
    return sum(distances) / len(confidence)


def risk_coverage(rows: Table) -> list[tuple[float, float]]:
    """For every threshold, strictest first: the share of questions answered, and of these the share answered wrongly.

    Over questions that cannot be answered, where any answer is wrong, and those with known answers, where the first
    quote must hold one. El-Yaniv and Wiener 2010.
    """
    rows = rows[((rows["answerable"] == 0) | ~np.isnan(rows["answer_rank"])) & ~np.isnan(rows["confidence"])]
    rows = rows[np.argsort(-rows["confidence"], kind="stable")]
    answered = np.arange(1, len(rows) + 1)
    risks = np.cumsum(rows["answer_rank"] != 1) / answered if len(rows) else answered
    last = np.append(np.diff(rows["confidence"]) != 0, True)[: len(rows)]  # of equal ones: no threshold parts them
    return [(float(count / len(rows)), float(risk)) for count, risk in zip(answered[last], risks[last], strict=True)]


def _has(field: str) -> Callable[[Table], Mask]:
    return lambda rows: ~np.isnan(rows[field])


def _is(field: str, value: int) -> Callable[[Table], Mask]:
    return lambda rows: rows[field] == value


def _within(last: int, field: str) -> Callable[[Table], Mask]:
    return lambda rows: (rows[field] >= 1) & (rows[field] <= last)


def _shown(right: Callable[[Table], Mask]) -> Callable[[Table], Mask]:
    """Right, and not refused."""
    return lambda rows: right(rows) & (rows["answered"] == 1)


def _of(field: str) -> Callable[[Table], Floats]:
    return lambda rows: np.asarray(rows[field], dtype=np.float64)


def _reciprocal(rows: Table) -> Floats:
    ranks: Floats = rows["article_rank"]
    return (ranks > 0) / np.maximum(ranks, 1)


def best_answers(rows: Table) -> Floats:
    """Whether the best sentence answers, 1 or 0, which is what confidence is about; NaN where that is not known.

    Where no sentences are labelled, it is whether the first quote answers.
    """
    first = np.where(np.isnan(rows["answer_rank"]), np.nan, rows["answer_rank"] == 1)
    known = np.where(np.isnan(rows["sentence"]), first, rows["sentence"])
    return np.where(rows["answerable"] == 0, 0.0, known)


def can_be_calibrated(rows: Table) -> Mask:
    """Those of which it is known whether the best sentence answers, and how sure the answer was."""
    return np.asarray(~np.isnan(best_answers(rows)) & ~np.isnan(rows["confidence"]))


def _rated(rows: Table) -> Mask:
    """Those of which it is known whether they can be answered, and how sure the answer was."""
    return np.asarray(~np.isnan(rows["answerable"]) & ~np.isnan(rows["confidence"]))


def _share_of_quotes(field: str) -> Callable[[Table], float]:
    return lambda rows: float(rows[field].sum() / rows["quotes"].sum())


def _by_confidence(measure: Callable[[Floats, Floats], float]) -> Callable[[Table], float]:
    """Of two samples: the confidence in what can be answered, and in what cannot."""

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
    "quotes": Measure("quotes an answer", _answered, _of("quotes"), digits=1),
    "words_first": Measure("words of first quote", _answered, _of("words_first"), digits=1),
    "words_answer": Measure("words of an answer", _answered, _of("words"), digits=1),
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
