"""Questions as watches: what they would have fired on, had the articles that are asked about come one by one."""

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

# The answer to a question when the articles with these ids are all that have come. Its quotes may be as many as a
# watchman looks at, and its hits must be all that was found, since what is not found cannot fire.
AskAmong: TypeAlias = Callable[[Question, Collection[str]], Answer]

WATCHES = 60
LOOKED_AT = 50  # quotes of an answer, as the bot's watchman does


@dataclass(frozen=True, slots=True)
class Notice:
    """What a watch tells when an article comes."""

    article: str  # the one that came
    right: bool  # that is labelled as answering
    quote: str  # its first one


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched question, and all that it told, in order."""

    id: str
    question: str
    articles: tuple[str, ...]  # that answer
    notices: tuple[Notice, ...]

    @property
    def fired(self) -> bool:
        """Whether it told of an article that answers."""
        return any(notice.right for notice in self.notices)


@dataclass(frozen=True, slots=True)
class WatchEvaluation:
    """All watched questions of one file, what answered them, and how many articles came."""

    questions: str  # the file
    generation: int
    model: str
    came: int
    watched: tuple[Watched, ...]


def arrivals(labelled: Iterable[LabelledQuestion]) -> tuple[str, ...]:
    """Return the ids of all articles that are asked about, in the order in which they first are."""
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
    """Ask a question anew whenever an article has come, as a watchman does, and note what is new.

    An article of which nothing is found even later, among more articles, fires nothing: what was found instead had come
    before it. So it is asked of all articles, then of those before the last one that was found, and so on; each answer
    is also the one that there was when the last article in it had come.
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
    """Return how many questions their article fired, how many notices are right, and how many a question has."""
    notices = [notice for one in watched for notice in one.notices]
    return {
        "fired by the labelled article": _share([one.fired for one in watched]),
        "notices that are right": _share([notice.right for notice in notices]),
        "notices a question": Figure(len(notices) / len(watched) if watched else None, len(watched)),
    }


def watches_to_json(watching: WatchEvaluation) -> str:
    """Return the figures, and a row a question, as one JSON object."""
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
