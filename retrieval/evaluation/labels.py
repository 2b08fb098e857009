"""Questions whose answers are known, from JSON Lines, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from index.errors import EvaluationError
from index.types import Span
from retrieval.rows import to_question
from retrieval.types import Question

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, and what is known of its answer."""

    id: str
    question: Question
    answerable: bool | None  # by these articles; None: not known
    answers: tuple[str, ...] = ()  # any of them is right
    articles: tuple[str, ...] = ()  # ids of those that answer
    spans: tuple[Span, ...] = ()  # of the answers in the text of the first of `articles`


def read_labelled(path: Path, warn: Callable[[str], None]) -> list[Labelled]:
    """The questions of a file, in its order; `warn` is told of each row that is none, with file and line.

    Raises EvaluationError if the file cannot be read, or holds no question.
    """
    found: dict[str, Labelled] = {}
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            for number, item in _items(file):
                if isinstance(item, Labelled) and item.id in found:
                    item = ValueError(f"id: there is a {item.id!r} before")
                if isinstance(item, ValueError):
                    warn(f"{path}:{number}: {item}; skipped")
                else:
                    found[item.id] = item
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (EOFError, zlib.error) as error:
        raise EvaluationError(f"{path}: the gzip data is broken: {error}") from None
    if not found:
        raise EvaluationError(f"{path}: holds no labelled question; a row is a JSON object with question and answers")
    return list(found.values())


def to_labelled(row: Mapping[str, Any]) -> Labelled:
    """A row {question, answers, articles, spans, answerable, id, asked, since, until, source} to a Labelled.

    Without `answerable`, a row that names answers or articles is answerable, and of another it is not known. Without
    `id`, the question is its own. Raises ValueError that names the wrong field.
    """
    answers, articles, spans = _texts(row, "answers"), _texts(row, "articles"), _spans(row)
    if spans and not articles:
        raise ValueError("spans: need the article that they are of, in articles")
    answerable = row.get("answerable", True if answers or articles else None)
    if not (answerable is None or isinstance(answerable, bool)):
        raise ValueError("answerable: must be true, false or null")
    question = to_question(row)
    id = row.get("id")
    if id is not None and not (isinstance(id, str | int) and str(id).strip()):
        raise ValueError("id: must be text, and not empty")
    return Labelled(question.text if id is None else str(id), question, answerable, answers, articles, spans)


def spread(items: Sequence[T], limit: int | None) -> list[T]:
    """`limit` of the items at even distances, the first among them; all if there are no more.

    >>> spread("abcdefgh", 3)
    ['a', 'c', 'f']
    """
    count = len(items) if limit is None else min(limit, len(items))
    return [items[at * len(items) // count] for at in range(count)]


def _items(lines: Iterable[bytes]) -> Iterator[tuple[int, Labelled | ValueError]]:
    """What each line that is not blank holds, with its number from 1."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            if not isinstance(row, dict):
                raise ValueError("the row must be a JSON object")
            yield number, to_labelled(row)
        except UnicodeDecodeError as error:
            yield number, ValueError(f"not UTF-8 at byte {error.start + 1} of the row")
        except json.JSONDecodeError as error:
            yield number, ValueError(f"not valid JSON: {error.msg} at character {error.pos + 1} of the row")
        except RecursionError:
            yield number, ValueError("not valid JSON: brackets in brackets")
        except ValueError as error:
            yield number, error


def _texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    values = row.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"{field}: must be a list of texts, none of them empty")
    return tuple(values)


def _spans(row: Mapping[str, Any]) -> tuple[Span, ...]:
    spans, values = [], row.get("spans") or []
    if not isinstance(values, list):
        raise ValueError("spans: must be a list of [start, end]")
    for value in values:
        match value:
            case [int(start), int(end)] if 0 <= start < end:
                spans.append(Span(start, end))
            case _:
                raise ValueError(f"spans: {value!r} is no [start, end]")
    return tuple(spans)
