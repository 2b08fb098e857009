"""Example questions that an index answers well: made of its newest articles, really asked, and kept beside it."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from typing import Protocol

from index.files import read_json, sync, write_new
from index.harmless import harmless
from index.text.passages import passage_sentences, split_article
from index.types import Article
from retrieval.templates.forms import Form, Template
from retrieval.templates.templates import templates
from retrieval.types import Answer, Question

SURE, NEARLY = 0.6, 0.3  # the confidence that an answer has at least, and where there are too few of these
_FILE = "examples.json"
_VERSION = 2  # raised when other questions would be chosen
_LANGUAGES = ("en", "ru")  # of which there are templates
_LOOKED_THROUGH = 160  # articles, the newest, for those of each language
_ARTICLES = 80  # of a language
_ASKED, _SECONDS, _TOO_LONG = 30, 2.0, 4.0  # questions at most in a language; how long for all, and if they are few
_MISSES = 4  # of a form without one that is good, and its others come last
_BEGINNING = 3000  # code points of an article: what it says first is what it is about
_WELL_KNOWN = 3  # articles
_LONGEST = 90  # code points, to be read on a button


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the ISO 639-1 of its language."""

    text: str
    language: str


class ExampleAnswers(Protocol):
    """What of retrieval.answerer.Answerer is used here."""

    def answer(self, question: Question) -> Answer:
        """The answer to a question."""

    def latest(self, asked: datetime, *, limit: int | None = None) -> Answer:
        """The beginnings of the newest articles."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, the article that it was made of, and how many of the newest tell of its name, up to _WELL_KNOWN."""

    template: Template
    article: Article
    weight: int


def choose_examples(
    answerer: ExampleAnswers, count: int = 3, clock: Callable[[], float] = time.perf_counter
) -> tuple[Example, ...]:
    """At most `count` questions in each language that the open generation answers well.

    They are of different articles and forms if it can be. A question is answered well if that is sure, and the first
    quote's bold sentence is one of which the same question would be made; where such are too few, less sure ones
    follow. It takes some two seconds, on a slow machine four; there may be none.
    """
    now, began = datetime.now(UTC), clock()
    newest = [quote.article for quote in answerer.latest(now, limit=_LOOKED_THROUGH).quotes]
    of = {language: [one for one in newest if one.language == language][:_ARTICLES] for language in _LANGUAGES}
    spoken = sorted((language for language in of if of[language]), key=lambda language: len(of[language]))
    chosen: list[Example] = []
    for at, language in enumerate(spoken):  # what the first does not need of its time is for the next

        def passed(share: float = (at + 1) / len(spoken)) -> float:
            return (clock() - began) / share

        best = _choose(answerer, of[language], count, now, passed)
        chosen += (Example(one.template.text, language) for one in best)
    return tuple(sorted(chosen, key=lambda one: _LANGUAGES.index(one.language)))


def _choose(
    answerer: ExampleAnswers, newest: Sequence[Article], count: int, now: datetime, passed: Callable[[], float]
) -> list[_Candidate]:
    ids = {article.id for article in newest}
    good: list[_Candidate] = []
    fair: list[_Candidate] = []
    asked: Counter[Form] = Counter()
    every, spared = list(_in_turns(newest)), list[_Candidate]()
    turns = [one for one in every if one.template.form != Form.ABOUT]
    for at, candidate in enumerate(chain(turns, spared, every[len(turns) :])):
        form = candidate.template.form
        if asked.total() == _ASKED or passed() > (_SECONDS if len(good) >= count else _TOO_LONG):
            break
        if _are_enough(good, count) or (form == Form.ABOUT and len(good) + len(fair) >= count):
            break
        has_missed = asked[form] >= _MISSES and all(one.template.form != form for one in good)
        if has_missed and at < len(turns):
            spared.append(candidate)
            continue
        asked[form] += 1
        answer = answerer.answer(Question(candidate.template.text, now))
        sure = answer.confidence or 0.0
        if sure >= NEARLY and _is_good(answer, candidate, ids):
            (good if sure >= SURE and form != Form.ABOUT else fair).append(candidate)
    chosen = _best(good, count, [])
    return _best(fair, count, chosen)


def examples_in(examples: Sequence[Example], language: str, count: int = 3) -> list[str]:
    """The questions for a reader of a language: those in it, and then the others, as many as there is room for."""
    return [one.text for one in sorted(examples, key=lambda one: one.language != language)][:count]


def read_examples(root: Path, content: str) -> tuple[Example, ...] | None:
    """The questions that were chosen for the articles with this `content`; None if there are none for just these.

    What cannot be read is as if it were not there.
    """
    try:
        kept = read_json(root / _FILE)
        if (kept["version"], kept["content"]) != (_VERSION, content):
            return None
        return tuple(Example(str(one["text"]), str(one["language"])) for one in kept["questions"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_examples(root: Path, content: str, questions: Iterable[Example]) -> None:
    """Keep the questions beside the generations, in one step."""
    new = root / f"{_FILE}.new"
    kept = {"version": _VERSION, "content": content, "questions": [asdict(question) for question in questions]}
    write_new(new, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    sync(new)
    os.replace(new, root / _FILE)


def _in_turns(articles: Sequence[Article]) -> Iterator[_Candidate]:
    """Each question once, of one form after the other: first about what most articles tell of."""
    told = ["\n".join((article.title or "", article.text)) for article in articles]
    found: dict[str, _Candidate] = {}
    for article in articles:
        for template in _templates(article):
            weight = min(_WELL_KNOWN, *(sum(name in text for text in told) for name in (template.name, template.topic)))
            found.setdefault(template.text, _Candidate(template, article, weight))
    forms = ([one for one in found.values() if one.template.form == form] for form in Form if form != Form.ABOUT)
    ordered = (sorted(form, key=lambda one: -one.weight) for form in forms)
    yield from (one for one in chain.from_iterable(zip_longest(*ordered)) if one)
    last = [one for one in found.values() if one.template.form == Form.ABOUT]
    yield from sorted(last, key=lambda one: (-one.weight, -one.article.text.count(one.template.name)))


def _templates(article: Article) -> Iterator[Template]:
    beginning = replace(article, text=article.text[:_BEGINNING].rstrip())
    told = [
        " ".join(article.text[slice(*span)].split())
        for passage in split_article(beginning)
        for span in passage_sentences(passage)
    ]
    for one in templates(article.title, told, article.language):
        is_about = not one.topic or article.text.count(one.topic) > 1  # rather than that it is mentioned
        is_fit = len(one.text) <= _LONGEST and one.text == harmless(one.text)
        if is_about and is_fit and (article.dated or one.form != Form.NEW):
            yield one


def _is_good(answer: Answer, candidate: _Candidate, newest: Collection[str]) -> bool:
    """Whether the sentence in bold would itself make the question; what is new, only in one of the newest articles."""
    if answer.status != "answered":
        return False
    first, wanted = answer.quotes[0], candidate.template
    bold = " ".join(first.article.text[slice(*first.highlights[0])].split())
    made = templates(first.article.title, [bold], first.article.language)
    return any(_core(one) == _core(wanted) for one in made) and (wanted.form != Form.NEW or first.article.id in newest)


def _core(template: Template) -> tuple[Form, str, str]:
    """One sentence may not tell whether a name has an article."""
    return template.form, template.name, template.text.replace(" the ", " ").casefold()


def _are_enough(good: Sequence[_Candidate], count: int) -> bool:
    """Whether there are some of as many articles and, each about something well known, of as many forms."""
    known = [one for one in good if one.weight == _WELL_KNOWN]
    return len({one.article.id for one in known}) >= count and len({one.template.form for one in known}) >= count


def _best(good: Sequence[_Candidate], count: int, before: Sequence[_Candidate]) -> list[_Candidate]:
    """Those before, and the most telling: first of articles and forms of their own, then of articles."""
    forms = list(Form)
    left = sorted(good, key=lambda one: (one.template.form == Form.SAID, -one.weight, forms.index(one.template.form)))
    chosen = list(before)
    for differs in _DIFFERENCES:
        for candidate in left:
            if len(chosen) < count and all(differs(candidate, other) for other in chosen):
                chosen.append(candidate)
    return chosen


# What a further example has to have of its own, the wish first and in the end the least of all.
_DIFFERENCES: tuple[Callable[[_Candidate, _Candidate], bool], ...] = (
    lambda one, other: one.article.id != other.article.id and one.template.form != other.template.form,
    lambda one, other: one.article.id != other.article.id,
    lambda one, other: one.template.form != other.template.form and one.template.name != other.template.name,
    lambda one, other: one.template.name != other.template.name,
    lambda one, other: one.template.text != other.template.text,
)
