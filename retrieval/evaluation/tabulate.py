"""Figures and differences as rows of text, for the terminal and the report. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import MEASURES, Figure

Row = tuple[str, ...]

FIGURES: Row = ("", "figure", "questions")
DIFFERENCES: Row = ("", "before", "now", "difference", "95 % interval", "pairs")
_NONE = "–"


def figure_rows(figures: Mapping[str, Figure]) -> list[Row]:
    """A row under FIGURES for each figure."""
    return [
        (MEASURES[name].label, _number(figure.value, name), f"{figure.questions:,}") for name, figure in figures.items()
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


def _number(value: float | None, name: str, sign: str = "") -> str:
    return _NONE if value is None else f"{value:{sign}.{MEASURES[name].digits}f}"
