"""Figures and differences as rows of text, for the terminal and the report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.harmless import harmless
from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import MEASURES, Figure, figures, groups
from retrieval.evaluation.judge import Judged

Row = tuple[str, ...]

DIFFERENCES: Row = ("", "before", "now", "difference", "95 % interval", "pairs")
# What is shown of each language and type, with short titles.
_OF_GROUPS = {
    "article_first": "article",
    "answer_in_first": "first",
    "answer_in_first_3": "in three",
    "sentence": "bold",
    "on_point": "on point",
    "list_recall": "list",
    "false_refusals": "wrongly refused",
    "refusals": "rightly refused",
}
WATCHES: Row = ("", "figure", "of")
GROUPS: Row = ("", "questions", *_OF_GROUPS.values())
_NONE = "–"


def figure_table(judged: Sequence[Judged]) -> tuple[Row, list[Row]]:
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


def group_rows(judged: Sequence[Judged]) -> list[Row]:
    """Return a row under GROUPS for all questions, each language and each type in it; none if all are alike."""
    parts = groups(judged)
    if len(parts) < 2:
        return []
    rows = []
    for name, own in {"all": judged, **parts}.items():
        found = figures(own)
        rows.append((_line(name), f"{len(own):,}", *(_number(found[name].value, name) for name in _OF_GROUPS)))
    return rows


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


def lines(head: Row, rows: list[Row]) -> list[str]:
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
