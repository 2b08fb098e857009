"""Rows with something taken away, to see that a reader reads: it should lose what it can no longer know. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from training.training_rows import Sheet, TrainingRow


def without_question(row: TrainingRow) -> TrainingRow:
    """Return a row that asks nothing."""
    return replace(row, question="?")


def shuffled(row: TrainingRow) -> TrainingRow:
    """Return a row whose passages have their sentences in another order, always the same for one row."""
    order = random.Random(row.id)
    return replace(row, sheets=tuple(_shuffled(sheet, order) for sheet in row.sheets))


def _shuffled(sheet: Sheet, order: random.Random) -> Sheet:
    places = order.sample(range(len(sheet.sentences)), len(sheet.sentences))
    return Sheet(sheet.title, tuple(sheet.sentences[at] for at in places), tuple(sheet.labels[at] for at in places))


ABLATIONS: dict[str, Callable[[TrainingRow], TrainingRow]] = {
    "as they are": lambda row: row,
    "without the question": without_question,
    "sentences shuffled": shuffled,
}
