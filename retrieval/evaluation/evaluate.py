"""Ask labelled questions, judge the answers, and write and read evaluations as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from index.errors import EvaluationError
from index.progress import Advance
from index.storage.articles import ArticleStore
from index.types import Article, Span
from retrieval.evaluation.figures import figures, groups, to_table
from retrieval.evaluation.judge import JudgedAnswer, judge
from retrieval.evaluation.labelled import Conversation, LabelledQuestion, spread_evenly
from retrieval.evaluation.process_pool import map_in_processes
from retrieval.presentation.answer_parts import Caption, Style, caption, styled_pieces
from retrieval.types import Answer, Question, Quote

if TYPE_CHECKING:
    from retrieval.evaluation.compare import Difference

Ask: TypeAlias = Callable[[Question], Answer]

TIMED = 100  # questions whose answers are timed
_SHOWN = 3  # quotes of an answer that are kept for the report; all quotes with their articles would fill the memory


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote as the report shows it: its caption, and its text in styled pieces."""

    caption: Caption
    runs: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class EvaluatedCase:
    """A labelled question with its judged answer, and the first quotes, or closest passages of a refusal."""

    labelled: LabelledQuestion
    judged: JudgedAnswer
    excerpts: tuple[Excerpt, ...]
    labels: tuple[Excerpt, ...] = ()  # the labelled evidence, and the near-miss if there is one


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cases of one file of questions, and the generation and model that answered them."""

    questions: str  # the name of the file
    generation: int
    model: str
    cases: tuple[EvaluatedCase, ...]

    @property
    def judged(self) -> list[JudgedAnswer]:
        """Return the judged answers alone."""
        return [case.judged for case in self.cases]


@dataclass(frozen=True, slots=True)
class Examiner:
    """Asks the questions of conversations and judges the answers, comparing quotes with the articles in `store`."""

    ask: Ask
    store: ArticleStore

    def __call__(self, conversation: Conversation) -> tuple[EvaluatedCase, ...]:
        """Return a case for each turn, without the time it took, since other processes may share the cores."""
        return tuple(map(self._case, conversation, ask_in_order(self.ask, conversation)))

    def _case(self, labelled: LabelledQuestion, answer: Answer) -> EvaluatedCase:
        judged = replace(judge(labelled, answer, self._stored), took_ms=None)
        excerpts = tuple(map(_excerpt, (answer.quotes or answer.closest)[:_SHOWN]))
        return EvaluatedCase(labelled, judged, excerpts, self._labels(labelled))

    def _stored(self, id: str) -> str | None:
        article = self.store.article(id)
        return article.text if article else None

    def _labels(self, labelled: LabelledQuestion) -> tuple[Excerpt, ...]:
        spans = [(one.article, one.sentences) for one in labelled.evidence[:_SHOWN]]
        if labelled.near and labelled.about:
            spans.append((labelled.about, (labelled.near,)))
        return tuple(
            _labelled_excerpt(article, sentences) for id, sentences in spans if (article := self.store.article(id))
        )


def evaluate(
    open_: Callable[[], Examiner], conversations: Sequence[Conversation], advance: Advance, jobs: int = 1
) -> tuple[EvaluatedCase, ...]:
    """Ask and judge all questions in `jobs` processes, each of which opens an examiner of its own."""
    cases: list[EvaluatedCase] = []
    for found in map_in_processes(open_, conversations, jobs):
        cases += found
        advance(len(found))
    return tuple(cases)


def ask_in_order(ask: Ask, conversation: Conversation) -> list[Answer]:
    """Return the answers to the questions of a conversation, each asked as a follow-up of the one before it."""
    answers: list[Answer] = []
    for one in conversation:
        question = replace(one.question, earlier=answers[-1].subject) if answers else one.question
        answers.append(ask(question))
    return answers


def measure_times(ask: Ask, conversations: Sequence[Conversation]) -> dict[str, float]:
    """Return the time in milliseconds of about TIMED answers, spread evenly over the file, by the ids of questions.

    A variation of the first question is asked beforehand, since the first answer takes longer; the same text would be
    cached.
    """
    questions = sum(map(len, conversations))
    chosen = spread_evenly(conversations, max(1, TIMED * len(conversations) // max(questions, TIMED)))
    for conversation in chosen[:1]:
        first = conversation[0].question
        ask(replace(first, text=f"{first.text} {first.text}"))
    pairs = (zip(conversation, ask_in_order(ask, conversation), strict=True) for conversation in chosen)
    return {one.id: answer.took_ms for one, answer in chain.from_iterable(pairs)}


def with_times(cases: Iterable[EvaluatedCase], times: Mapping[str, float]) -> tuple[EvaluatedCase, ...]:
    """Return the cases with the milliseconds from `measure_times`, None where there are none."""
    return tuple(replace(case, judged=replace(case.judged, took_ms=times.get(case.labelled.id))) for case in cases)


def missing_articles(store: ArticleStore, labelled: Iterable[LabelledQuestion]) -> list[str]:
    """Return the ids of articles that questions name and the index does not have, without duplicates."""
    named = dict.fromkeys(id for one in labelled for id in one.articles)
    return [id for id in named if store.article(id) is None]


def to_json(evaluation: Evaluation, differences: Mapping[str, Difference] | None = None) -> str:
    """Return an evaluation as one JSON object: figures, differences from a baseline, and one row per question."""
    values: dict[str, Any] = {
        "questions": evaluation.questions,
        "generation": evaluation.generation,
        "model": evaluation.model,
        "figures": _figures(evaluation.judged),
        "groups": {name: _figures(judged) for name, judged in groups(evaluation.judged).items()},
    }
    if differences is not None:
        values["differences"] = {name: asdict(difference) for name, difference in differences.items()}
    rows = [{"question": case.labelled.question.text, **asdict(case.judged)} for case in evaluation.cases]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{json.dumps(values, ensure_ascii=False, indent=1)[:-2]},\n "rows": [\n{lines}\n]}}\n'


def read_judged(path: Path) -> list[JudgedAnswer]:
    """Return the judged answers of an evaluation that `to_json` wrote; raise EvaluationError for any other file.

    Fields that an earlier version did not write have their defaults.
    """
    try:
        judged = [_judged(row) for row in json.loads(path.read_bytes())["rows"]]
        to_table(judged)  # raises an error for a value that is not a number
        if not all(isinstance(text, str | None) for one in judged for text in (one.language, one.type)):
            raise TypeError
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EvaluationError(f"{path}: is not an evaluation written by --json") from None
    return judged


def _figures(judged: Sequence[JudgedAnswer]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures(judged).items()}


def _judged(row: Mapping[str, Any]) -> JudgedAnswer:
    wanted = (field for field in fields(JudgedAnswer) if field.name in row or field.default is MISSING)
    return JudgedAnswer(**{field.name: row[field.name] for field in wanted})


def _excerpt(quote: Quote) -> Excerpt:
    return Excerpt(caption(quote.article), tuple(styled_pieces(quote)))


def _labelled_excerpt(article: Article, sentences: Sequence[Span]) -> Excerpt:
    """Return sentences of an article in bold, with an ellipsis for omitted text between them."""
    pieces: list[tuple[str, Style]] = []
    end = None
    for span in sentences:
        if end is not None:
            between = article.text[end : span.start]
            pieces.append((" … " if between.strip() else between, Style.PLAIN))
        pieces.append((article.text[slice(*span)], Style.BOLD))
        end = span.end
    return Excerpt(caption(article), tuple(pieces))
