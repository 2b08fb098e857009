"""The answers of a real question-answering model, against an exhaustive search of its logits."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from index.types import Article, Passage, Span
from retrieval.reader.extractive_reader import LONGEST, UNREAD, ExtractiveReader
from retrieval.reader.reading import Reading
from tests.support.fake_readers import make_question_answerer

WORD = re.compile(r"\w+|[^\w\s]")  # the tiny tokenizer's tokens


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_question_answerer(tmp_path_factory.mktemp("models") / "answers", seed=10)  # which answers not always


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_question_answerer(tmp_path_factory.mktemp("models") / "answers", window=128)


def passage(text: str, start: int = 0) -> Passage:
    return Passage(Article("a", text, "a.txt", language="en"), start, len(text))


def logits(folder: Path, asked: str, text: str) -> tuple[list[float], list[float], int]:
    """Return the model's logits for each token, and the number of tokens before the text."""
    from transformers import AutoTokenizer, BertForQuestionAnswering

    tokenizer = AutoTokenizer.from_pretrained(folder)
    outputs = BertForQuestionAnswering.from_pretrained(folder)(**tokenizer(asked, text, return_tensors="pt"))
    return outputs.start_logits[0].tolist(), outputs.end_logits[0].tolist(), len(WORD.findall(asked)) + 2


def slowly(
    folder: Path, asked: str, text: str, sentences: tuple[Span, ...], longest: int = LONGEST
) -> list[tuple[float, str]]:
    """Return the best answer in each sentence of a text that fits the window, by exhaustive search."""
    starts, ends, head = logits(folder, asked, text)
    words = list(WORD.finditer(text))
    best = []
    for sentence in sentences:
        tried = [
            (starts[head + i] + ends[head + j] - starts[0] - ends[0], text[words[i].start() : words[j].end()])
            for i in range(len(words))
            for j in range(i, min(i + longest, len(words)))
            if sentence.start <= words[i].start() and words[j].end() <= sentence.end
        ]
        best.append(max(tried))
    return best


def answers(reading: Reading) -> list[str | None]:
    text = reading.passage.article.text
    return [text[slice(*found.span)] if found else None for found in reading.answers]


TEXT = "The cat sat on the mat. Rain fell on the dog.\nThe dog ran."


def test_log_odds_are_the_best_answer_minus_no_answer(folder: Path) -> None:
    seen = []
    for asked in ("the cat", "rain", "sanctions fell on the dog", ""):
        [reading] = ExtractiveReader(folder).read(asked, [passage(TEXT)])
        expected = slowly(folder, asked, TEXT, reading.sentences)
        assert len(expected) == 3
        assert reading.scores.dtype == np.float32
        assert reading.scores.tolist() == pytest.approx([score for score, _ in expected], abs=1e-4)
        assert answers(reading) == [words if score > 0 else None for score, words in expected]
        for score, found in zip(reading.scores, reading.answers, strict=True):
            assert found is None or found.probability == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-5)
        seen += answers(reading)
    assert None in seen
    assert len(set(seen)) > 3


def test_an_answer_has_at_most_30_tokens(wide: Path) -> None:
    asked = "mat rain"
    text = f"The cat {'ran on the mat and sat ' * 12}on the dog."
    [reading] = ExtractiveReader(wide).read(asked, [passage(text)])
    [(score, words)] = slowly(wide, asked, text, reading.sentences)
    assert reading.scores.tolist() == pytest.approx([score], abs=1e-4)
    assert answers(reading) == [words]
    [(without, longer)] = slowly(wide, asked, text, reading.sentences, longest=999)
    assert without > score > 0
    assert len(WORD.findall(longer)) > LONGEST


def test_spans_are_of_the_article(folder: Path) -> None:
    reader, lead = ExtractiveReader(folder), "Sanctions fell. "
    [whole] = reader.read("rain", [passage(TEXT)])
    [later] = reader.read("rain", [passage(lead + TEXT, start=len(lead))])
    assert later.scores.tolist() == whole.scores.tolist()
    assert answers(later) == answers(whole)
    assert [span.start - len(lead) for span in later.sentences] == [span.start for span in whole.sentences]


def test_a_passage_longer_than_the_window(folder: Path) -> None:
    """Each sentence has its best score of all windows that contain it, the first and the last in different ones."""
    reader = ExtractiveReader(folder)
    one, last = "The cat sat on the mat.", "Rain fell on the dog."
    [reading] = reader.read("the cat", [passage(f"{one} {'The dog ran. ' * 20}{last}")])
    assert len(reading.sentences) == 22
    assert (reading.scores > UNREAD).all()
    assert len({round(float(score), 3) for score in reading.scores[1:-1]}) > 1, "windows differ"


def test_a_question_leaves_room_for_the_passage(folder: Path) -> None:
    """In a window of 32 tokens, it takes at most 16 minus 3 special ones."""
    reader = ExtractiveReader(folder)
    [cut] = reader.read("rain " * 13, [passage(TEXT)])
    [long] = reader.read("rain " * 300, [passage(TEXT)])
    assert long.scores.tolist() == cut.scores.tolist()
    assert (long.scores > UNREAD).all()


def test_no_passages(folder: Path) -> None:
    assert ExtractiveReader(folder).read("rain", []) == []
