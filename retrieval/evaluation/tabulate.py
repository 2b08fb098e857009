"""Figures and differences as rows of text, for the terminal and the report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.harmless import harmless
from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import MEASURES, Figure, figures, groups
from retrieval.evaluation.judge import JudgedAnswer

Row = tuple[str, ...]

DIFFERENCES: Row = ("", "before", "now", "difference", "95 % interval", "pairs")
# What two tables show of each language and type, with short titles
_OF_QUOTES = {
    "article_first": "article",
    "answer_in_first": "first",
    "answer_in_first_3": "in three",
    "sentence": "bold",
    "on_point": "on point",
    "list_recall": "list",
    "words_answer": "words",
    "p50_ms": "p50, ms",
    "p95_ms": "p95, ms",
}
_OF_CONFIDENCE = {
    "false_refusals": "wrongly refused",
    "refusals": "rightly refused",
    "refused_at_5": "at 5 %",
    "auroc": "AUROC",
    "ece": "calibration error",
}
_COMPARED = ("auroc", "refused_at_5")  # what can be answered with what cannot
WATCHES: Row = ("", "figure", "of")
_NONE = "–"


def figure_table(judged: Sequence[JudgedAnswer]) -> tuple[Row, list[Row]]:
    """Return the head and a row a figure: over all questions, and where there are several languages, in each."""
    languages = list(dict.fromkeys(one.language for one in judged if one.language))
    by = [figures(judged)]
    if len(languages) > 1:
        by += [figures([one for one in judged if one.language == language]) for language in languages]
    titles = ["figure", *map(_line, languages)][: len(by)]
    head = ("", *(cell for title in titles for cell in (title, "questions")))
    return head, [
        (MEASURES[name].label, *(cell for each in by for cell in _cells(each[name], name))) for name in MEASURES
    ]


def group_tables(judged: Sequence[JudgedAnswer]) -> list[tuple[Row, list[Row]]]:
    """Return two tables of all questions, each language and each type in it, of quotes and of confidence.

    None if all questions are alike. Confidence in a type's questions is compared with that in all of its language that
    the articles do not answer, if the type has none.
    """
    parts = groups(judged)
    if len(parts) < 2:
        return []
    parts = {"all": list(judged), **parts}
    found = {name: figures(own) for name, own in parts.items()}
    for name, own in parts.items():
        compared = figures(own + _unanswerable(own, judged))
        found[name] |= {measure: compared[measure] for measure in _COMPARED}
    return [_group_table(parts, found, titles) for titles in (_OF_QUOTES, _OF_CONFIDENCE)]


def _unanswerable(own: Sequence[JudgedAnswer], judged: Sequence[JudgedAnswer]) -> list[JudgedAnswer]:
    if any(one.answerable is False for one in own):
        return []
    languages = {one.language for one in own}
    return [one for one in judged if one.answerable is False and one.language in languages]


def _group_table(
    parts: Mapping[str, Sequence[JudgedAnswer]], found: Mapping[str, Mapping[str, Figure]], titles: Mapping[str, str]
) -> tuple[Row, list[Row]]:
    rows = [
        (_line(name), f"{len(own):,}", *(_number(found[name][measure].value, measure) for measure in titles))
        for name, own in parts.items()
    ]
    return ("", "questions", *titles.values()), rows


def watch_rows(found: Mapping[str, Figure]) -> list[Row]:
    """Return a row under WATCHES for each figure of watches."""
    return [
        (name, _NONE if figure.value is None else f"{figure.value:.3f}", f"{figure.questions:,}")
        for name, figure in found.items()
    ]


def difference_rows(differences: Mapping[str, Difference]) -> list[Row]:
    """A row under DIFFERENCES for each difference."""
    return [
        (
            MEASURES[name].label,
            _number(one.before, name),
            _number(one.now, name),
            _number(one.difference, name, "+"),
            _NONE if one.low is None else f"{_number(one.low, name, '+')} to {_number(one.high, name, '+')}",
            f"{one.pairs:,}",
        )
        for name, one in differences.items()
    ]


def aligned_lines(head: Row, rows: list[Row]) -> list[str]:
    """The table as aligned lines: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in (head, *rows)
    ]


def _cells(figure: Figure, name: str) -> Row:
    return _number(figure.value, name), f"{figure.questions:,}"


def _line(text: str) -> str:
    """Return a name from outside, made harmless to a line."""
    return " ".join(harmless(text).split())


def _number(value: float | None, name: str, sign: str = "") -> str:
    return _NONE if value is None else f"{value:{sign}.{MEASURES[name].digits}f}"
