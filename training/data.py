"""Labelled questions over articles, and public reading-comprehension sets, to rows.

A folder of data holds desk/ and perhaps desk-ru/ (articles.jsonl or .jsonl.gz, and any number of other .jsonl files
with questions as `quotewire evaluate` reads them), and perhaps qa/ (*.jsonl.gz, rows of question, sentences and the
numbers of those that answer). Every tenth article is held out, with all its questions: thresholds are fitted on these.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import EvaluationError
from index.passages import passage_sentences, split_article, word_count
from index.readers import read_file
from index.types import Article, Passage, Span
from retrieval.evaluation.judge import normalise
from retrieval.types import Hit, Question
from training.rows import ANSWERS, HELPS, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDERS = ("desk", "desk-ru")
HELD_OUT = 10  # one article in so many
_OWN, _STRANGERS = 6, 4  # passages of a row that do not answer: of its article, and of others
_WORDS = 132  # of a passage of a public set, at most: what index.passages allows


def is_held_out(article: str) -> bool:
    """Whether an article's questions are kept from training, by the hash of its id; a translation goes with it.

    >>> is_held_out("ce0071e2f189806a") == is_held_out("ce0071e2f189806a-ru")
    True
    """
    return int(hashlib.sha256(article.removesuffix("-ru").encode()).hexdigest(), 16) % HELD_OUT == 0


def folders_of(source: Path) -> list[Path]:
    """Return the folders of articles with questions in a folder of data; raises EvaluationError if it has none."""
    folders = [source / name for name in FOLDERS if (source / name).is_dir()]
    if not folders:
        raise EvaluationError(f"{source}: has no folder {' or '.join(FOLDERS)}; name a folder of labelled questions")
    return folders


def read_articles(folder: Path) -> dict[str, Article]:
    """Read the articles of a folder as a build reads them; raises EvaluationError where there are none."""
    paths = [path for path in (folder / "articles.jsonl", folder / "articles.jsonl.gz") if path.exists()]
    if not paths:
        raise EvaluationError(f"{folder}: holds no articles.jsonl; name a folder like shared/train with --data")
    return {article.id: article for article in read_file(paths[0], paths[0].name, lambda _: None)}


def read_questions(folder: Path) -> Iterator[dict[str, Any]]:
    """Read the labelled questions of a folder, file by file."""
    for path in sorted(folder.glob("*.jsonl")):
        if path.name != "articles.jsonl":
            for line in path.read_text("utf-8").splitlines():
                yield json.loads(line)


def question_of(labelled: Mapping[str, Any]) -> Question:
    """Return the question of a labelled row, asked when it says."""
    return Question(labelled["question"], datetime.fromisoformat(labelled["asked"]).replace(tzinfo=UTC))


def desk_rows(folder: Path, search: Callable[[Question], Sequence[Hit]]) -> Iterator[Row]:
    """The questions of a folder with their articles' passages, and with what `search` finds in other articles."""
    articles = read_articles(folder)
    split = cache(lambda id: [(passage, tuple(passage_sentences(passage))) for passage in split_article(articles[id])])
    for labelled in read_questions(folder):
        article = articles[labelled["about"]]
        hits = search(question_of(labelled))
        place = {(hit.passage.article.id, hit.passage.start): at for at, hit in enumerate(hits)}
        near = tuple(labelled.get("near") or ())
        own = [
            (_sheet(passage, spans, labelled), _is_near(spans, near), place.get((article.id, passage.start), len(hits)))
            for passage, spans in split(article.id)
        ]
        own.sort(key=lambda each: (not each[0].has_answer, not each[1], each[2]))
        answering = sum(sheet.has_answer for sheet, _, _ in own)
        sheets = tuple(sheet for sheet, _, _ in own[: answering + _OWN])
        strangers = tuple(_strangers(hits, labelled))
        yield Row(
            labelled["id"], "desk", labelled["lang"], labelled["type"], labelled["about"], labelled["question"],
            tuple(labelled["answers"]), sheets, strangers,
        )  # fmt: skip


def public_rows(folder: Path) -> Iterator[Row]:
    """The rows of public sets, their sentences in passages."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                row = json.loads(line)
                answering = set(row["pos"])
                sheets = [
                    Sheet(
                        row["title"] or "",
                        tuple(row["sents"][at] for at in part),
                        tuple(float(at in answering) for at in part),
                    )
                    for part in _parts(row["sents"])
                ]
                sheets.sort(key=lambda sheet: not sheet.has_answer)
                id = f"{path.name.removesuffix('.jsonl.gz')}:{number}"
                yield Row(id, row["src"], row["lang"], "", "", row["q"], tuple(row["answers"]), tuple(sheets))


def _sheet(passage: Passage, spans: Sequence[Span], labelled: Mapping[str, Any]) -> Sheet:
    text = passage.article.text
    labels = [0.0] * len(spans)
    for alternative in labelled["evidence"]:
        held = [at for at, span in enumerate(spans) if any(covers(span, *evidence) for evidence in alternative)]
        told = [at for at in held if any(answer in text[slice(*spans[at])] for answer in labelled["answers"])]
        for at in held:
            labels[at] = max(labels[at], HELPS)
        for at in told or held[-1:]:
            labels[at] = ANSWERS
    return Sheet(passage.article.title or "", tuple(text[slice(*span)] for span in spans), tuple(labels))


def covers(span: Span, start: int, end: int) -> bool:
    """Return whether more than half of a sentence lies in what is labelled."""
    return min(span.end, end) - max(span.start, start) > (span.end - span.start) / 2


def _is_near(spans: Iterable[Span], near: tuple[int, ...]) -> bool:
    return bool(near) and any(covers(span, *near) for span in spans)


def _strangers(hits: Iterable[Hit], labelled: Mapping[str, Any]) -> Iterator[Sheet]:
    """The best hits in other articles, less those that hold an answer: articles of one story often do."""
    own = labelled["about"].removesuffix("-ru")
    answers = [words for answer in labelled["answers"] if (words := normalise(answer))]
    found = 0
    for hit in hits:
        passage = hit.passage
        if passage.article.id.removesuffix("-ru") == own or found == _STRANGERS:
            continue
        words = f" {normalise(passage.text)} "
        if any(f" {answer} " in words for answer in answers):
            continue
        spans = passage_sentences(passage)
        found += 1
        yield Sheet(
            passage.article.title or "",
            tuple(passage.article.text[slice(*span)] for span in spans),
            (0.0,) * len(spans),
        )


def _parts(texts: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of sentences, in passages of at most _WORDS words."""
    part: list[int] = []
    size = 0
    for at, text in enumerate(texts):
        words = word_count(text)
        if part and size + words > _WORDS:
            yield part
            part, size = [], 0
        part.append(at)
        size += words
    if part:
        yield part
