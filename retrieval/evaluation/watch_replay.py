"""Replay watches: which notices questions would have caused if the articles had arrived one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from retrieval.evaluation.figures import Figure
from retrieval.evaluation.labelled import LabelledQuestion
from retrieval.novelty import new_quotes, quote_marks
from retrieval.params import RankingParams
from retrieval.types import Answer, Question

# Answers a question from the articles with these ids alone. The answer has at most LOOKED_AT quotes, and all hits of
# the search, since an article that is not found cannot cause a notice.
AskAmong: TypeAlias = Callable[[Question, Collection[str]], Answer]

WATCHES = 60  # questions that are watched
LOOKED_AT = 50  # quotes of an answer, as in the bot's watch scheduler


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice that a watch sends when an article has arrived."""

    article: str  # the id of that article
    right: bool  # whether the article is labelled as answering
    quote: str  # the text of its first quote


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched question and all of its notices, in order."""

    id: str
    question: str
    articles: tuple[str, ...]  # ids of those that answer
    notices: tuple[Notice, ...]

    @property
    def fired(self) -> bool:
        """Return whether there was a notice of an article that answers."""
        return any(notice.right for notice in self.notices)


@dataclass(frozen=True, slots=True)
class WatchEvaluation:
    """All watched questions of one file, and the generation and model that answered them."""

    questions: str  # the name of the file
    generation: int
    model: str
    came: int  # the number of articles
    watched: tuple[Watched, ...]


def arrivals(labelled: Iterable[LabelledQuestion]) -> tuple[str, ...]:
    """Return the ids of all articles that questions ask about, in the order of their first questions."""
    named = (id for one in labelled for id in ([one.about] if one.about else one.articles))
    return tuple(dict.fromkeys(named))


def watched_questions(labelled: Iterable[LabelledQuestion], most: int = WATCHES) -> list[LabelledQuestion]:
    """Return the first answerable English question about each article, of the first `most` articles that have one."""
    first: dict[str, LabelledQuestion] = {}
    for one in labelled:
        if one.answerable and one.articles and one.language in (None, "en"):
            first.setdefault(one.about or one.articles[0], one)
    return list(first.values())[:most]


def replay_watch(ask: AskAmong, one: LabelledQuestion, coming: Sequence[str], params: RankingParams) -> Watched:
    """Return the notices of a question that is asked again whenever one of the articles `coming` has arrived.

    Not every arrival needs an answer of its own: if the newest article found among the first m arrived at place n, the
    arrivals after n caused nothing, and the answer after arrival n was the same. So the question is asked of all
    articles, then of those before the newest one that was found, and so on.
    """
    place = {id: at for at, id in enumerate(coming, 1)}
    answers: list[tuple[int, Answer]] = []
    there = len(coming)
    while there:
        answer = ask(one.question, coming[:there])
        latest = max((place[id] for id in answer.ranking), default=0)
        if not latest:
            break
        answers.append((latest, answer))
        there = latest - 1
    told: set[str] = set()
    notices = []
    for latest, answer in reversed(answers):
        came = coming[latest - 1]
        if new := [quote for quote in new_quotes(answer, told, params) if quote.article.id == came]:
            notices.append(Notice(came, came in one.articles, new[0].text))
        told |= {mark for quote in answer.quotes for mark in quote_marks(quote)}
    return Watched(one.id, one.question.text, one.articles, tuple(notices))


def watch_figures(watched: Sequence[Watched]) -> dict[str, Figure]:
    """Return the share of questions with a right notice, the share of right notices, and notices per question."""
    notices = [notice for one in watched for notice in one.notices]
    return {
        "fired by the labelled article": _share([one.fired for one in watched]),
        "notices that are right": _share([notice.right for notice in notices]),
        "notices a question": Figure(len(notices) / len(watched) if watched else None, len(watched)),
    }


def watches_to_json(watching: WatchEvaluation) -> str:
    """Return the figures, and one row per question, as one JSON object."""
    values: dict[str, Any] = {
        "questions": watching.questions,
        "generation": watching.generation,
        "model": watching.model,
        "articles": watching.came,
        "figures": {name: asdict(figure) for name, figure in watch_figures(watching.watched).items()},
        "rows": [{**asdict(one), "fired": one.fired} for one in watching.watched],
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _share(right: Sequence[bool]) -> Figure:
    return Figure(sum(right) / len(right) if right else None, len(right))
