"""Training rows: a question, and passages with a label for each sentence; written and read as JSON Lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import EvaluationError

ANSWERS, HELPS = 1.0, 0.5  # labels of a sentence that answers, and of one that is needed to understand the answer


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage: the headline of its article, its sentences, and the label of each, from 0 to 1."""

    title: str
    sentences: tuple[str, ...]
    labels: tuple[float, ...]

    @property
    def has_answer(self) -> bool:
        """Return whether one of its sentences answers."""
        return ANSWERS in self.labels


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A question with passages. The names of the fields are those of the file.

    `sheets` are passages of the article that the question is about: first those that answer, then the others, hardest
    first. `strangers` are passages of other articles that search found for the question.
    """

    id: str
    source: str  # "desk" for labelled news, or the name of a public data set
    language: str
    type: str
    about: str  # the id of the article that the question is about
    question: str
    answers: tuple[str, ...]
    sheets: tuple[LabelledPassage, ...]
    strangers: tuple[LabelledPassage, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Return whether one of its passages answers."""
        return any(sheet.has_answer for sheet in self.sheets)


def write_rows(path: Path, rows: Iterable[TrainingRow]) -> int:
    """Write rows as gzipped JSON Lines, replacing the file atomically; return their number."""
    new, count = path.with_name(f"{path.name}.new"), 0
    with gzip.open(new, "wt", encoding="utf-8", compresslevel=3) as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            count += 1
    new.replace(path)
    return count


def read_rows(path: Path) -> Iterator[TrainingRow]:
    """Yield the rows of a file; raises EvaluationError if it is missing or invalid."""
    if not path.exists():
        raise EvaluationError(f"{path}: there is no such file; create it with: python -m training data")
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                values = json.loads(line)
                sheets, strangers = (tuple(map(_sheet, values.pop(name))) for name in ("sheets", "strangers"))
                answers = tuple(values.pop("answers"))
                yield TrainingRow(**values, answers=answers, sheets=sheets, strangers=strangers)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{path}: cannot be read ({error}); create it again with: python -m training data"
        ) from None


def _sheet(values: dict[str, list[str]]) -> LabelledPassage:
    return LabelledPassage(str(values["title"]), tuple(values["sentences"]), tuple(map(float, values["labels"])))
