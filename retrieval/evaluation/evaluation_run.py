"""Run an evaluation with the index and settings of a user, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from index.console import counted, say
from index.errors import EvaluationError
from index.progress import progress
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.generations import ARTICLES, folder_of
from retrieval.answerer import Answerer
from retrieval.evaluation.evaluate import Evaluation, Examiner, evaluate, measure_times, missing_articles, with_times
from retrieval.evaluation.labelled import Conversation, LabelledQuestion, spread_evenly
from retrieval.evaluation.process_pool import map_in_processes, process_count, usable_cores
from retrieval.evaluation.watch_replay import (
    LOOKED_AT,
    Watched,
    WatchEvaluation,
    arrivals,
    replay_watch,
    watched_questions,
)
from retrieval.novelty import keep_confident
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question

_WATCHES_PER_PROCESS = 10  # worth starting a process for, since each is asked many times


@dataclass(frozen=True)
class Opening:
    """What each of several processes opens: the same generation, with its share of the cores.

    The methods raise EvaluationError if another generation was published meanwhile.
    """

    index: IndexSettings
    retrieval: RetrievalSettings
    generation: int
    jobs: int

    def examiner(self) -> Examiner:
        """Return an examiner, which asks the questions of a conversation and judges the answers."""
        return Examiner(self._answerer().answer, _store(self.index, self.generation))

    def watcher(self, coming: Sequence[str]) -> Callable[[LabelledQuestion], Watched]:
        """Return a function that replays the watch of a question while the articles with these ids arrive."""
        return _watcher(self._answerer(), coming)

    def _answerer(self) -> Answerer:
        threads = self.index.threads or max(1, usable_cores() // self.jobs)
        answerer = Answerer.open(self.index.model_copy(update={"threads": threads}), self.retrieval)
        if answerer.generation != self.generation:
            raise EvaluationError(f"generation {answerer.generation} was published meanwhile; run the evaluation again")
        return answerer


def measure_answers(
    index: IndexSettings, retrieval: RetrievalSettings, questions: str, conversations: Sequence[Conversation], most: int
) -> Evaluation:
    """Ask, judge and time the questions of a file, in `most` processes at most."""
    answerer = Answerer.open(index, retrieval)
    labelled = [one for conversation in conversations for one in conversation]
    jobs = process_count(len(conversations), most)
    with closing(_store(index, answerer.generation)) as store:
        _say_what_is_missing(store, labelled)
        times = measure_times(answerer.answer, conversations)
        here = Examiner(answerer.answer, store)
        open_ = Opening(index, retrieval, answerer.generation, jobs).examiner if jobs > 1 else lambda: here
        with progress("evaluating", "questions", len(labelled)) as advance:
            cases = evaluate(open_, conversations, advance, jobs)
    return Evaluation(questions, answerer.generation, answerer.manifest.model, with_times(cases, times))


def measure_watches(
    index: IndexSettings,
    retrieval: RetrievalSettings,
    questions: str,
    labelled: Sequence[LabelledQuestion],
    limit: int | None,
    most: int,
) -> WatchEvaluation:
    """Replay watches of a file's questions while its articles arrive, in `most` processes at most.

    Articles that the index does not have are left out.
    """
    answerer = Answerer.open(index, retrieval)
    chosen = spread_evenly(watched_questions(labelled), limit)
    jobs = process_count(len(chosen), most, _WATCHES_PER_PROCESS)
    with closing(_store(index, answerer.generation)) as store:
        _say_what_is_missing(store, labelled)
        coming = [id for id in arrivals(labelled) if store.article(id)]
    opening = Opening(index, retrieval, answerer.generation, jobs)
    open_ = partial(opening.watcher, coming) if jobs > 1 else partial(_watcher, answerer, coming)
    watched = []
    with progress("watching", "questions", len(chosen)) as advance:
        for one in map_in_processes(open_, chosen, jobs):
            watched.append(one)
            advance()
    return WatchEvaluation(questions, answerer.generation, answerer.manifest.model, len(coming), tuple(watched))


def _watcher(answerer: Answerer, coming: Sequence[str]) -> Callable[[LabelledQuestion], Watched]:
    def ask(question: Question, there: Collection[str]) -> Answer:
        return keep_confident(answerer.restricted_to(there).answer(question, LOOKED_AT), answerer.params)

    return lambda one: replay_watch(ask, one, coming, answerer.params)


def _say_what_is_missing(store: ArticleStore, labelled: Sequence[LabelledQuestion]) -> None:
    if gone := missing_articles(store, labelled):
        named = ", ".join(gone[:3]) + (", …" if len(gone) > 3 else "")
        say(f"note: the index does not hold {counted(len(gone), 'article')} that questions name: {named}")


def _store(index: IndexSettings, generation: int) -> ArticleStore:
    return ArticleStore.open(folder_of(index.path, generation) / ARTICLES)
