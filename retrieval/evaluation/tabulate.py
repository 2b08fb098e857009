"""Arrange figures and differences in rows of text, for the terminal and the report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.harmless import harmless
from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import MEASURES, Figure, figures, groups
from retrieval.evaluation.judge import JudgedAnswer

Row = tuple[str, ...]

DIFFERENCES: Row = ("", "before", "now", "difference", "95 % interval", "pairs")
# The measures in the two tables by language and type, with short titles.
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
_COMPARED = ("auroc", "refused_at_5")  # these compare answerable with unanswerable questions
WATCHES: Row = ("", "figure", "of")
_NONE = "–"


def figure_table(judged: Sequence[JudgedAnswer]) -> tuple[Row, list[Row]]:
    """Return the head and one row per figure: over all questions and, if there are several languages, for each."""
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
    """Return two tables, of quotes and of confidence, with a row each for all questions, each language and each type.

    There are no tables if all questions are of one language and type. A type without unanswerable questions is compared
    with all unanswerable questions of its language.
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
    """Return one row per figure of watches, for a table with the head WATCHES."""
    return [
        (name, _NONE if figure.value is None else f"{figure.value:.3f}", f"{figure.questions:,}")
        for name, figure in found.items()
    ]


def difference_rows(differences: Mapping[str, Difference]) -> list[Row]:
    """Return one row per difference, for a table with the head DIFFERENCES."""
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
    """Return a table as lines, its first column aligned to the left and the others to the right."""
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
    """Return a name from the questions as one line without control characters."""
    return " ".join(harmless(text).split())


def _number(value: float | None, name: str, sign: str = "") -> str:
    return _NONE if value is None else f"{value:{sign}.{MEASURES[name].digits}f}"
