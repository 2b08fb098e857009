"""Read questions whose answers are known, single or in conversations, from JSON Lines, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from index.errors import EvaluationError
from index.types import Span
from retrieval.presentation.json_rows import to_question
from retrieval.types import Question

T = TypeVar("T")


FIRST, DEPENDS, SAME_STORY, NEW_TOPIC = "first turn", "depends", "same story", "new topic"  # the types of turns


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences of one article that answer together, as spans of its text."""

    article: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question, and what its label says about the answer."""

    id: str
    question: Question
    answerable: bool | None  # by the articles of the index; None: not known
    answers: tuple[str, ...] = ()  # alternative texts, each of them right
    articles: tuple[str, ...] = ()  # ids of those that answer
    spans: tuple[Span, ...] = ()  # of the answers, in the text of the first of `articles`
    evidence: tuple[Evidence, ...] = ()  # alternatives, each of which answers; for a list, its different answers
    language: str | None = None
    type: str | None = None  # of the question or, in a conversation, of the turn
    about: str | None = None  # the id of the article that it asks about, even if that does not answer
    near: Span | None = None  # a near-miss: the sentence of that article that only sounds like an answer


Conversation: TypeAlias = tuple[LabelledQuestion, ...]  # asked in order; a single question has one turn


def read_labelled(path: Path, warn: Callable[[str], None]) -> list[LabelledQuestion]:
    """Return all questions of a file, those of conversations included; raise as `read_conversations` does."""
    return [one for conversation in read_conversations(path, warn) for one in conversation]


def read_conversations(path: Path, warn: Callable[[str], None]) -> list[Conversation]:
    """Return the conversations of a file, in its order; call `warn` with a message, file and line for each bad row.

    Raises EvaluationError if the file cannot be read or has no question.
    """
    found: dict[str, Conversation] = {}
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            for number, item in _items(file):
                if not isinstance(item, ValueError) and item[0].id in found:
                    item = ValueError(f"id: {item[0].id!r} is in an earlier row, too")
                if isinstance(item, ValueError):
                    warn(f"{path}:{number}: {item}; skipped")
                else:
                    found[item[0].id] = item
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (EOFError, zlib.error) as error:
        raise EvaluationError(f"{path}: the gzip data is damaged: {error}") from None
    if not found:
        raise EvaluationError(f"{path}: has no labelled question; a row is a JSON object with question and answers")
    return list(found.values())


def to_conversation(row: Mapping[str, Any]) -> Conversation:
    """Return the turns of a row {id, lang, turns}, or the one question of any other row.

    A turn is {question, asked, article, answerable, depends, evidence, also}; `also` is a list of other articles that
    answer, as {article, evidence}. Raises ValueError that names the wrong field.
    """
    if "turns" not in row:
        return (to_labelled(row),)
    id, language, turns = _id(row), _text(row, "lang"), row["turns"]
    if id is None:
        raise ValueError("id: a conversation must have one")
    if not (isinstance(turns, list) and turns and all(isinstance(turn, dict) for turn in turns)):
        raise ValueError("turns: must be a non-empty list of JSON objects")
    found: list[LabelledQuestion] = []
    stories: set[str] = set()
    for number, turn in enumerate(turns, 1):
        try:
            one = _to_turn(turn, f"{id}/{number}", language, stories if found else None)
        except ValueError as error:
            raise ValueError(f"turn {number}: {error}") from None
        found.append(one)
        stories |= {one.about} if one.about else set()
    return tuple(found)


def to_labelled(row: Mapping[str, Any]) -> LabelledQuestion:
    """Return the labelled question of a row.

    The row is {question, answers, articles, spans, evidence, answerable, id, lang, type, about, near, asked, since,
    until, source}; other fields are ignored. Without `answerable`, a row with answers or articles is answerable, and
    for any other row it is not known. Without `id`, the text of the question is its id. Raises ValueError that names
    the wrong field.
    """
    answers, articles, spans = _texts(row, "answers"), _texts(row, "articles"), _spans(row.get("spans"), "spans")
    if spans and not articles:
        raise ValueError("spans: need their article as the first of articles")
    about, near = _text(row, "about"), _spans([row["near"]] if row.get("near") else None, "near")
    if near and not about:
        raise ValueError("near: needs its article in about")
    question, id = to_question(row), _id(row)
    return LabelledQuestion(
        question.text if id is None else id,
        question,
        _answerable(row, bool(answers or articles)),
        answers,
        articles,
        spans,
        _evidence(row, articles[0] if articles else None),
        _text(row, "lang"),
        _text(row, "type"),
        about,
        near[0] if near else None,
    )


def spread_evenly(items: Sequence[T], limit: int | None) -> list[T]:
    """Return `limit` of the items at even distances, beginning with the first; all items if there are no more.

    >>> spread_evenly("abcdefgh", 3)
    ['a', 'c', 'f']
    """
    count = len(items) if limit is None else min(limit, len(items))
    return [items[at * len(items) // count] for at in range(count)]


def _items(lines: Iterable[bytes]) -> Iterator[tuple[int, Conversation | ValueError]]:
    """Yield the conversation of each line that is not blank, or what is wrong with it, and the line's number from 1."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            if not isinstance(row, dict):
                raise ValueError("the row must be a JSON object")
            yield number, to_conversation(row)
        except UnicodeDecodeError as error:
            yield number, ValueError(f"not UTF-8 at byte {error.start + 1} of the row")
        except json.JSONDecodeError as error:
            yield number, ValueError(f"not valid JSON: {error.msg} at character {error.pos + 1} of the row")
        except RecursionError:
            yield number, ValueError("not valid JSON: too deeply nested")
        except ValueError as error:
            yield number, error


def _to_turn(row: Mapping[str, Any], id: str, language: str | None, stories: set[str] | None) -> LabelledQuestion:
    """Return a turn; `stories` are the ids of the articles of earlier turns, None for the first turn."""
    article, others, depends = _text(row, "article"), row.get("also") or [], row.get("depends", False)
    if not (isinstance(others, list) and all(isinstance(other, dict) and _text(other, "article") for other in others)):
        raise ValueError("also: must be a list of JSON objects, each with an article")
    if not isinstance(depends, bool):
        raise ValueError("depends: must be true or false")
    if stories is None:
        kind = FIRST
    elif depends:
        kind = DEPENDS
    else:
        kind = SAME_STORY if article in stories else NEW_TOPIC
    evidence = _evidence(row, article)
    for other in others:
        evidence += _evidence(other, other["article"])
    articles = tuple(dict.fromkeys(id for id in (article, *(other["article"] for other in others)) if id))
    return LabelledQuestion(
        id,
        to_question(row),
        _answerable(row, bool(articles)),
        _texts(row, "answers"),
        articles,
        evidence=evidence,
        language=language,
        type=kind,
        about=article,
    )


def _id(row: Mapping[str, Any]) -> str | None:
    id = row.get("id")
    if id is not None and not (isinstance(id, str | int) and str(id).strip()):
        raise ValueError("id: must be a non-empty text")
    return None if id is None else str(id)


def _answerable(row: Mapping[str, Any], otherwise: bool) -> bool | None:
    answerable = row.get("answerable", True if otherwise else None)
    if not (answerable is None or isinstance(answerable, bool)):
        raise ValueError("answerable: must be true, false or null")
    return answerable


def _text(row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is not None and not (isinstance(value, str) and value.strip()):
        raise ValueError(f"{field}: must be a non-empty text")
    return value


def _texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    values = row.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"{field}: must be a list of non-empty texts")
    return tuple(values)


def _evidence(row: Mapping[str, Any], article: str | None) -> tuple[Evidence, ...]:
    alternatives = row.get("evidence") or []
    if not (isinstance(alternatives, list) and all(alternatives)):
        raise ValueError("evidence: must be a list of alternatives, each a list of [start, end]")
    if alternatives and not article:
        raise ValueError("evidence: needs its article")
    return tuple(Evidence(article or "", _spans(alternative, "evidence")) for alternative in alternatives)


def _spans(values: Any, field: str) -> tuple[Span, ...]:
    spans = []
    if not isinstance(values or [], list):
        raise ValueError(f"{field}: must be a list of [start, end]")
    for value in values or []:
        match value:
            case [int(start), int(end)] if 0 <= start < end:
                spans.append(Span(start, end))
            case _:
                raise ValueError(f"{field}: {value!r} is not [start, end]")
    return tuple(spans)
