"""Ablations: held-out rows with something removed. A reader that really reads must do much worse on these. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from training.training_rows import LabelledPassage, TrainingRow


def without_question(row: TrainingRow) -> TrainingRow:
    """Return a row with a question that asks nothing."""
    return replace(row, question="?")


def shuffled(row: TrainingRow) -> TrainingRow:
    """Return a row with the sentences of its passages in random order, always the same for a row."""
    order = random.Random(row.id)
    return replace(row, sheets=tuple(_shuffled(sheet, order) for sheet in row.sheets))


def _shuffled(sheet: LabelledPassage, order: random.Random) -> LabelledPassage:
    places = order.sample(range(len(sheet.sentences)), len(sheet.sentences))
    return LabelledPassage(
        sheet.title, tuple(sheet.sentences[at] for at in places), tuple(sheet.labels[at] for at in places)
    )


ABLATIONS: dict[str, Callable[[TrainingRow], TrainingRow]] = {
    "as they are": lambda row: row,
    "without the question": without_question,
    "sentences shuffled": shuffled,
}
