"""Labelled questions through the Answerer, and the outcome as a file that a later evaluation is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import EvaluationError
from index.progress import Advance
from index.store import PassageStore
from retrieval.display import Caption, Style, caption, runs
from retrieval.evaluation.figures import figures, table
from retrieval.evaluation.judge import Judged, judge
from retrieval.evaluation.labels import Labelled
from retrieval.types import Quote

if TYPE_CHECKING:
    from retrieval.answer import Answerer
    from retrieval.evaluation.compare import Difference

_SHOWN = 3  # quotes that are kept of an answer; all, with their articles, would fill the memory


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote as it is shown: its caption, and its words in pieces."""

    caption: Caption
    runs: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question, its answer judged, and the first quotes, or the closest passages of a refusal."""

    labelled: Labelled
    judged: Judged
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cases of one file of questions, and what answered them."""

    questions: str  # the file
    generation: int
    model: str
    cases: tuple[Case, ...]

    @property
    def judged(self) -> list[Judged]:
        """The judged answers alone."""
        return [case.judged for case in self.cases]


def evaluate(
    answerer: Answerer, store: PassageStore, labelled: Iterable[Labelled], advance: Advance
) -> tuple[Case, ...]:
    """Answer and judge each question; quotes are compared with the articles as `store` has them."""

    def stored(id: str) -> str | None:
        article = store.article(id)
        return article.text if article else None

    cases = []
    for one in labelled:
        answer = answerer.answer(one.question)
        quotes = (answer.quotes or answer.closest)[:_SHOWN]
        cases.append(Case(one, judge(one, answer, stored), tuple(map(_excerpt, quotes))))
        advance()
    return tuple(cases)


def missing(store: PassageStore, labelled: Iterable[Labelled]) -> list[str]:
    """The ids of articles that questions name and the index does not hold, each once."""
    named = dict.fromkeys(id for one in labelled for id in one.articles)
    return [id for id in named if store.article(id) is None]


def to_json(evaluation: Evaluation, differences: Mapping[str, Difference] | None = None) -> str:
    """An evaluation as one JSON object: figures, differences where there is a baseline, and a row a question."""
    values: dict[str, Any] = {
        "questions": evaluation.questions,
        "generation": evaluation.generation,
        "model": evaluation.model,
        "figures": {name: asdict(figure) for name, figure in figures(evaluation.judged).items()},
    }
    if differences is not None:
        values["differences"] = {name: asdict(difference) for name, difference in differences.items()}
    rows = [{"question": case.labelled.question.text, **asdict(case.judged)} for case in evaluation.cases]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{json.dumps(values, ensure_ascii=False, indent=1)[:-2]},\n "rows": [\n{lines}\n]}}\n'


def read_judged(path: Path) -> list[Judged]:
    """The judged answers of an evaluation that `to_json` made; raises EvaluationError."""
    names = [field.name for field in fields(Judged)]
    try:
        judged = [Judged(**{name: row[name] for name in names}) for row in json.loads(path.read_bytes())["rows"]]
        table(judged)  # which takes nothing but numbers
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EvaluationError(f"{path}: is no evaluation as --json writes it") from None
    return judged


def _excerpt(quote: Quote) -> Excerpt:
    return Excerpt(caption(quote.article), tuple(runs(quote)))
