"""The rows that a reader is taught with: a question, and passages whose sentences answer it or do not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import EvaluationError

ANSWERS, HELPS = 1.0, 0.5  # labels: a sentence that answers, and one that an answer needs to be understood


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage of a row: its article's headline, its sentences, and the label of each, 0 to 1."""

    title: str
    sentences: tuple[str, ...]
    labels: tuple[float, ...]

    @property
    def has_answer(self) -> bool:
        """Whether a sentence of it answers."""
        return ANSWERS in self.labels


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A question with passages, the most tempting first: those that answer, then others of the same article.

    `strangers` are passages of other articles that search finds for the question.
    """

    id: str
    source: str  # "desk", or the name of a public set
    language: str
    type: str
    about: str  # the id of the article that is asked about
    question: str
    answers: tuple[str, ...]
    sheets: tuple[LabelledPassage, ...]
    strangers: tuple[LabelledPassage, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Whether one of its passages answers."""
        return any(sheet.has_answer for sheet in self.sheets)


def write_rows(path: Path, rows: Iterable[TrainingRow]) -> int:
    """Write rows as gzipped JSON Lines, in one step; return how many."""
    new, count = path.with_name(f"{path.name}.new"), 0
    with gzip.open(new, "wt", encoding="utf-8", compresslevel=3) as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            count += 1
    new.replace(path)
    return count


def read_rows(path: Path) -> Iterator[TrainingRow]:
    """Read what `write_rows` wrote; raises EvaluationError where there is nothing, or something else."""
    if not path.exists():
        raise EvaluationError(f"{path}: no such file; make it with: python -m training data")
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                values = json.loads(line)
                sheets, strangers = (tuple(map(_sheet, values.pop(name))) for name in ("sheets", "strangers"))
                answers = tuple(values.pop("answers"))
                yield TrainingRow(**values, answers=answers, sheets=sheets, strangers=strangers)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{path}: cannot be read ({error}); make it again with: python -m training data"
        ) from None


def _sheet(values: dict[str, list[str]]) -> LabelledPassage:
    return LabelledPassage(str(values["title"]), tuple(values["sentences"]), tuple(map(float, values["labels"])))
