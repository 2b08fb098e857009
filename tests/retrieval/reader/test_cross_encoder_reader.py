"""The scores of a real cross-encoder, distributed to sentences by their words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.types import Article, Passage
from retrieval.reader.cross_encoder_reader import CrossEncoderReader
from tests.support.fake_models import make_cross_encoder

TEXTS = ["The cat sat on the mat. Rain fell.", "Rain fell on the dog.", "The cat ran. " * 30]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("models") / "cross")


def passages() -> list[Passage]:
    articles = [Article(str(at), text, "a.txt", language="en") for at, text in enumerate(TEXTS)]
    return [Passage(article, 0, len(article.text.rstrip())) for article in articles]


def by_the_library(folder: Path, asked: str) -> list[float]:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folder), local_files_only=True)
    pairs = [(asked, passage.text) for passage in passages()]
    return np.asarray(model.predict(pairs, activation_fn=lambda outputs: outputs)).tolist()  # type: ignore[no-any-return]


def test_the_sentence_with_the_most_words_has_the_score_of_the_passage(folder: Path) -> None:
    """The question's words, without stop words, are cat, dog and rain: a third of 4 each."""
    readings = CrossEncoderReader(folder).read("the cat, a dog, rain", passages())
    numbers = by_the_library(folder, "the cat, a dog, rain")
    assert len({round(number, 3) for number in numbers}) == 3
    assert [reading.passage for reading in readings] == passages()
    assert readings[0].scores.tolist() == pytest.approx([numbers[0]] * 2, abs=1e-5)
    assert readings[1].scores.tolist() == pytest.approx([numbers[1]], abs=1e-5)
    assert readings[2].scores.tolist() == pytest.approx([numbers[2]] * 30, abs=1e-5)
    assert [reading.answers for reading in readings] == [(None,) * 2, (None,), (None,) * 30]


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("cats on a mat", [0.0, 4.0]),
        ("raining mats", [0.0, 0.0]),
        ("a cat, mat, rain", [0.0, 4 / 3]),
        ("the the", [0.0, 0.0]),
    ],
)
def test_sentences_with_fewer_words_score_less(folder: Path, asked: str, lacks: list[float]) -> None:
    reading = CrossEncoderReader(folder).read(asked, passages())[0]
    number = by_the_library(folder, asked)[0]
    assert reading.scores.tolist() == pytest.approx([number - less for less in lacks], abs=1e-5)


def test_scores_are_log_odds_whatever_activation_the_folder_names(folder: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    CrossEncoder(str(folder), activation_fn=Identity()).save_pretrained(str(tmp_path / "saved"))
    for one, other in zip(
        CrossEncoderReader(folder).read("the cat", passages()),
        CrossEncoderReader(tmp_path / "saved").read("the cat", passages()),
        strict=True,
    ):
        assert one.scores.tolist() == pytest.approx(other.scores.tolist(), abs=1e-5)


def test_no_passages(folder: Path) -> None:
    assert CrossEncoderReader(folder).read("the cat", []) == []
