"""Labelled questions about articles, and public reading-comprehension data sets, to training rows.

A data folder contains desk/ and optionally desk-ru/ (articles.jsonl or .jsonl.gz, and other .jsonl files of questions
in the format of `quotewire evaluate`), and optionally qa/ (*.jsonl.gz, rows of a question, sentences and the numbers of
those that answer). One article in ten is held out with all its questions, for calibration and evaluation.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from index.errors import EvaluationError
from index.text.passages import passage_sentences, split_article
from index.text.word_count import word_count
from index.types import Article, Passage, Span
from retrieval.evaluation.judge import normalise
from retrieval.evaluation.labelled import DEPENDS, LabelledQuestion, read_labelled
from retrieval.types import Hit, Question
from training.training_rows import ANSWERS, HELPS, LabelledPassage, TrainingRow

Search: TypeAlias = Callable[[Question], Sequence[Hit]]

FOLDERS = ("desk", "desk-ru")
HELD_OUT = 10  # one article in this many is held out
_OWN, _STRANGERS = 6, 4  # passages of a row that do not answer: of the same article, and of others
_WORDS = 132  # of a passage of a public data set, at most, as in index.text.passages


def is_held_out(article: str) -> bool:
    """Return whether an article is held out from training, by the hash of its id; its translation is treated alike.

    >>> is_held_out("ce0071e2f189806a") == is_held_out("ce0071e2f189806a-ru")
    True
    """
    return int(hashlib.sha256(article.removesuffix("-ru").encode()).hexdigest(), 16) % HELD_OUT == 0


def folders_of(source: Path) -> list[Path]:
    """Return the folders with articles in a data folder; raises EvaluationError if there are none."""
    folders = [source / name for name in FOLDERS if any((source / name).glob("articles.jsonl*"))]
    if not folders:
        named = " or ".join(f"{name}/articles.jsonl" for name in FOLDERS)
        raise EvaluationError(f"{source}: contains no {named}; name a folder of labelled questions")
    return folders


def read_questions(folder: Path) -> Iterator[LabelledQuestion]:
    """Yield the labelled questions of a folder, file by file; raises EvaluationError for an invalid row."""
    for path in sorted(folder.glob("*.jsonl")):
        if path.name != "articles.jsonl":
            yield from read_labelled(path, _refuse)


def article_of(labelled: LabelledQuestion) -> str | None:
    """Return the id of the article that a question is about, which decides whether the question is held out."""
    return labelled.about or next(iter(labelled.articles), None)


def rows_of(
    labelled: Iterable[LabelledQuestion], find: Callable[[str], Article | None], search: Search
) -> Iterator[TrainingRow]:
    """Yield labelled questions as training rows.

    Questions whose answers are not labelled, whose article is missing, or that depend on an earlier one are left out.
    `find` returns the article with an id.
    """

    @cache
    def split(id: str) -> list[tuple[Passage, tuple[Span, ...]]]:
        article = find(id)
        passages = split_article(article) if article else []
        return [(passage, tuple(passage_sentences(passage))) for passage in passages]

    for one in labelled:
        about = article_of(one)
        if about is None or one.answerable is None or one.type == DEPENDS or not split(about):
            continue
        hits = search(one.question)
        place = {(hit.passage.article.id, hit.passage.start): at for at, hit in enumerate(hits)}
        own = [
            (
                _sheet(passage, spans, one),
                one.near is not None and any(covers(span, *one.near) for span in spans),
                place.get((about, passage.start), len(hits)),
            )
            for passage, spans in split(about)
        ]
        own.sort(key=lambda each: (not each[0].has_answer, not each[1], each[2]))
        answering = sum(sheet.has_answer for sheet, _, _ in own)
        if answering or not one.answerable:
            sheets = tuple(sheet for sheet, _, _ in own[: answering + _OWN])
            language = one.language or split(about)[0][0].article.language or "en"
            strangers = tuple(_strangers(hits, about, one.answers))
            yield TrainingRow(
                one.id, "desk", language, one.type or "", about, one.question.text, one.answers, sheets, strangers
            )


def public_rows(folder: Path) -> Iterator[TrainingRow]:
    """Yield the rows of public data sets, with their sentences grouped into passages."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                row = json.loads(line)
                answering = set(row["pos"])
                sheets = [
                    LabelledPassage(
                        row["title"] or "",
                        tuple(row["sents"][at] for at in part),
                        tuple(float(at in answering) for at in part),
                    )
                    for part in _parts(row["sents"])
                ]
                sheets.sort(key=lambda sheet: not sheet.has_answer)
                id = f"{path.name.removesuffix('.jsonl.gz')}:{number}"
                yield TrainingRow(id, row["src"], row["lang"], "", "", row["q"], tuple(row["answers"]), tuple(sheets))


def _sheet(passage: Passage, spans: Sequence[Span], labelled: LabelledQuestion) -> LabelledPassage:
    labels, article = [0.0] * len(spans), passage.article
    for alternative in evidence_in(article, labelled):
        held = [at for at, span in enumerate(spans) if any(covers(span, *evidence) for evidence in alternative)]
        told = [at for at in held if any(answer in article.text[slice(*spans[at])] for answer in labelled.answers)]
        for at in held:
            labels[at] = max(labels[at], HELPS)
        for at in told or held[-1:]:
            labels[at] = ANSWERS
    return LabelledPassage(article.title or "", tuple(article.text[slice(*span)] for span in spans), tuple(labels))


def evidence_in(article: Article, labelled: LabelledQuestion) -> list[tuple[Span, ...]]:
    """Return the alternatives of sentences in an article that answer a question, each enough by itself.

    If no sentences are labelled, these are the sentences that contain an answer.
    """
    if labelled.evidence:
        return [one.sentences for one in labelled.evidence if one.article == article.id]
    if article.id not in labelled.articles[:1]:
        return []
    spans = labelled.spans or [
        Span(at, at + len(answer)) for answer in labelled.answers if (at := article.text.find(answer)) >= 0
    ]
    sentences = [sentence for passage in split_article(article) for sentence in passage_sentences(passage)]
    return [(held,) for span in spans for held in sentences if held.start <= span.start < held.end]


def covers(span: Span, start: int, end: int) -> bool:
    """Return whether more than half of a sentence is between `start` and `end`."""
    return min(span.end, end) - max(span.start, start) > (span.end - span.start) / 2


def _refuse(mistake: str) -> None:
    raise EvaluationError(mistake.removesuffix("; skipped"))


def _strangers(hits: Iterable[Hit], about: str, answers: Iterable[str]) -> Iterator[LabelledPassage]:
    """Yield the best hits in other articles that do not contain an answer, as articles of the same story often do."""
    own = about.removesuffix("-ru")
    answers = [words for answer in answers if (words := normalise(answer))]
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
        yield LabelledPassage(
            passage.article.title or "",
            tuple(passage.article.text[slice(*span)] for span in spans),
            (0.0,) * len(spans),
        )


def _parts(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the numbers of the sentences of each passage, of at most _WORDS words unless it is a single sentence."""
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
