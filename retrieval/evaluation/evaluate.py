"""Labelled questions through the Answerer, and the outcome as a file that a later evaluation is compared with."""

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

TIMED = 100  # questions
_SHOWN = 3  # quotes that are kept of an answer; all, with their articles, would fill the memory


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote as it is shown: its caption, and its words in pieces."""

    caption: Caption
    runs: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class EvaluatedCase:
    """A labelled question, its answer judged, and the first quotes, or the closest passages of a refusal."""

    labelled: LabelledQuestion
    judged: JudgedAnswer
    excerpts: tuple[Excerpt, ...]
    labels: tuple[Excerpt, ...] = ()  # what answers, as it is labelled; of a near-miss, what only sounds like it


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cases of one file of questions, and what answered them."""

    questions: str  # the file
    generation: int
    model: str
    cases: tuple[EvaluatedCase, ...]

    @property
    def judged(self) -> list[JudgedAnswer]:
        """The judged answers alone."""
        return [case.judged for case in self.cases]


@dataclass(frozen=True, slots=True)
class Examiner:
    """What asks the questions of a conversation, and judges the answers by the articles as `store` has them."""

    ask: Ask
    store: ArticleStore

    def __call__(self, conversation: Conversation) -> tuple[EvaluatedCase, ...]:
        """Return a case for each turn; how long the answers took is left out, as others may work beside this one."""
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
    """Ask and judge all questions, shared out among `jobs` processes, each with an examiner of its own."""
    cases: list[EvaluatedCase] = []
    for found in map_in_processes(open_, conversations, jobs):
        cases += found
        advance(len(found))
    return tuple(cases)


def ask_in_order(ask: Ask, conversation: Conversation) -> list[Answer]:
    """Return the answers to its questions, each of which is asked after the one before it."""
    answers: list[Answer] = []
    for one in conversation:
        question = replace(one.question, earlier=answers[-1].subject) if answers else one.question
        answers.append(ask(question))
    return answers


def measure_times(ask: Ask, conversations: Sequence[Conversation]) -> dict[str, float]:
    """Return the milliseconds of answers by the ids of questions: of about TIMED of them, spread evenly.

    The first is asked in other words before, since the first answer is slower; not in the same words, which would be
    remembered.
    """
    questions = sum(map(len, conversations))
    chosen = spread_evenly(conversations, max(1, TIMED * len(conversations) // max(questions, TIMED)))
    for conversation in chosen[:1]:
        first = conversation[0].question
        ask(replace(first, text=f"{first.text} {first.text}"))
    pairs = (zip(conversation, ask_in_order(ask, conversation), strict=True) for conversation in chosen)
    return {one.id: answer.took_ms for one, answer in chain.from_iterable(pairs)}


def with_times(cases: Iterable[EvaluatedCase], times: Mapping[str, float]) -> tuple[EvaluatedCase, ...]:
    """Return the cases with the milliseconds that `time_some` measured; others have none."""
    return tuple(replace(case, judged=replace(case.judged, took_ms=times.get(case.labelled.id))) for case in cases)


def missing_articles(store: ArticleStore, labelled: Iterable[LabelledQuestion]) -> list[str]:
    """The ids of articles that questions name and the index does not hold, each once."""
    named = dict.fromkeys(id for one in labelled for id in one.articles)
    return [id for id in named if store.article(id) is None]


def to_json(evaluation: Evaluation, differences: Mapping[str, Difference] | None = None) -> str:
    """An evaluation as one JSON object: figures, differences where there is a baseline, and a row a question."""
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
    """The judged answers of an evaluation that `to_json` made; raises EvaluationError.

    What an earlier version did not judge yet is None.
    """
    try:
        judged = [_judged(row) for row in json.loads(path.read_bytes())["rows"]]
        to_table(judged)  # which takes nothing but numbers
        if not all(isinstance(text, str | None) for one in judged for text in (one.language, one.type)):
            raise TypeError
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EvaluationError(f"{path}: is no evaluation as --json writes it") from None
    return judged


def _figures(judged: Sequence[JudgedAnswer]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures(judged).items()}


def _judged(row: Mapping[str, Any]) -> JudgedAnswer:
    wanted = (field for field in fields(JudgedAnswer) if field.name in row or field.default is MISSING)
    return JudgedAnswer(**{field.name: row[field.name] for field in wanted})


def _excerpt(quote: Quote) -> Excerpt:
    return Excerpt(caption(quote.article), tuple(styled_pieces(quote)))


def _labelled_excerpt(article: Article, sentences: Sequence[Span]) -> Excerpt:
    """Return sentences of an article in bold, with an ellipsis for what is between them."""
    pieces: list[tuple[str, Style]] = []
    end = None
    for span in sentences:
        if end is not None:
            between = article.text[end : span.start]
            pieces.append((" … " if between.strip() else between, Style.PLAIN))
        pieces.append((article.text[slice(*span)], Style.BOLD))
        end = span.end
    return Excerpt(caption(article), tuple(pieces))
