"""Loading readers by name, the settings, errors in one line, and the cache of readings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import retrieval.reader.reader_loading
from index.errors import ConfigError, ModelError
from index.types import Article, Passage
from retrieval.reader.calibration import Calibration
from retrieval.reader.cross_encoder_reader import CrossEncoderReader
from retrieval.reader.extractive_reader import ExtractiveReader
from retrieval.reader.onnx_reader import OnnxReader
from retrieval.reader.reader_loading import load_reader
from retrieval.reader.reading import CachingReader
from retrieval.settings import RetrievalSettings
from tests.support.fake_models import make_bert_model, make_cross_encoder
from tests.support.fake_readers import CALIBRATION, WordReader, make_question_answerer, make_reader


def test_an_empty_name_loads_no_reader() -> None:
    assert load_reader("") is None


def test_the_built_in_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.reader.reader_loading, "WEIGHTS", make_reader(tmp_path / "weights"))
    assert isinstance(load_reader("built-in"), OnnxReader)
    assert isinstance(load_reader(str(tmp_path / "weights")), OnnxReader)


def test_the_kind_of_a_folder_is_recognised(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    make_question_answerer(tmp_path / "answers")
    make_cross_encoder(tmp_path / "passages")
    CrossEncoder(str(tmp_path / "passages"), local_files_only=True).save_pretrained(str(tmp_path / "saved"))
    kinds = [type(load_reader(str(tmp_path / name))) for name in ("answers", "passages", "saved")]
    assert kinds == [ExtractiveReader, CrossEncoderReader, CrossEncoderReader]


def test_a_calibration_in_the_folder_of_the_weights(tmp_path: Path) -> None:
    import json

    for folder in (make_question_answerer(tmp_path / "answers"), make_cross_encoder(tmp_path / "passages")):
        bare = load_reader(str(folder))
        (folder / "calibration.json").write_text(json.dumps(CALIBRATION))
        calibrated = load_reader(str(folder))
        assert bare is not None
        assert calibrated is not None
        assert (bare.calibration, calibrated.calibration) == (None, Calibration(**CALIBRATION))


def test_an_embedding_model_gets_no_random_head(tmp_path: Path) -> None:
    saved = make_bert_model(tmp_path / "bert")
    for folder in (saved, tmp_path / "bert-raw"):  # with modules.json, and a bare BertModel
        with pytest.raises(ModelError) as raised:
            load_reader(str(folder))
        assert str(raised.value) == (
            f"{folder} is neither a question-answering model nor a cross-encoder; name one in [retrieval] reader, "
            'or set it to "" for no reader'
        )


def test_load_errors_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name, make in (("answers", make_question_answerer), ("passages", make_cross_encoder)):
        (make(tmp_path / name) / "model.safetensors").write_bytes(b"not weights")
    classes = shutil.copytree(make_cross_encoder(tmp_path / "two", 2), tmp_path / "classes")
    for name, said in {
        "~nobody-of-this-name/x": "~nobody-of-this-name/x: no such folder; [retrieval] reader takes a folder or a name "
        "from the model hub",
        "/no/such": "/no/such: no such folder; [retrieval] reader takes a folder or a name from the model hub",
        "mine": "the model cross-encoder/mine is not on this machine and could not be fetched from its hub "
        '(HF_HUB_OFFLINE is set); check its name, name a folder in [retrieval] reader, or set it to "" for no reader',
        str(
            tmp_path / "empty"
        ): f"{tmp_path / 'empty'} holds no model weights; name the folder of a question-answering model "
        "or of a cross-encoder in [retrieval] reader",
        str(tmp_path / "answers"): f"{tmp_path / 'answers'} cannot be loaded as a question-answering model: ",
        str(tmp_path / "passages"): f"{tmp_path / 'passages'} cannot be loaded as a cross-encoder: ",
        str(classes): f"{classes} gives 2 scores for a passage, and a reader needs one",
    }.items():
        with pytest.raises(ModelError) as raised:
            load_reader(name)
        assert str(raised.value).startswith(said)
        assert "\n" not in str(raised.value)


def test_a_passage_is_read_once_for_a_question() -> None:
    reader = WordReader()
    once = CachingReader(reader)
    rain, snow = (Passage(Article(id, text, "a.txt"), 0, len(text)) for id, text in (("a", "Rain."), ("b", "Snow.")))
    first = once.read("rain?", [rain])
    assert [each.scores.tolist() for each in once.read("rain?", [snow, rain])] == [[-3.0], [3.0]]
    [again] = once.read("rain?", [rain])
    assert (again.passage, again.sentences, again.scores.tolist()) == (rain, first[0].sentences, [3.0])
    assert [each.scores.tolist() for each in once.read("snow?", [rain])] == [[-3.0]]
    assert reader.asked == [("rain?", 1), ("rain?", 1), ("snow?", 1)]
    assert once.calibration == reader.calibration


def test_the_oldest_reading_is_dropped_from_the_cache() -> None:
    reader = WordReader()
    once = CachingReader(reader, 2)
    a, b, c = (Passage(Article(id, "Rain.", "a.txt"), 0, 5) for id in "abc")
    for passages in ([a, b], [c], [b], [c, a]):
        once.read("rain?", passages)
    assert reader.asked == [("rain?", 2), ("rain?", 1), ("rain?", 1)]


def test_a_changed_article_is_read_again() -> None:
    reader = WordReader()
    once = CachingReader(reader)
    for text in ("Rain.", "Snow."):
        [reading] = once.read("rain?", [Passage(Article("a", text, "a.txt"), 0, 5)])
        assert reading.passage.text == text
    assert reader.asked == [("rain?", 1), ("rain?", 1)]


def test_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    assert RetrievalSettings().reader == "built-in"
    config.write_text('[retrieval]\nreader = ""\n')
    assert RetrievalSettings.load(config).reader == ""
    config.write_text('[retrieval]\nreader = "mine"\n')
    assert RetrievalSettings.load(config).reader == "mine"
    (tmp_path / "mine").mkdir()
    assert RetrievalSettings.load(config).reader == str(tmp_path / "mine"), "relative to the file"
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_READER", "mine")
    assert RetrievalSettings.load(config).reader == "mine"
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_READER", "")
    assert RetrievalSettings.load(config).reader == ""


def test_the_threshold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    assert RetrievalSettings().min_confidence is None
    config.write_text("[retrieval]\nmin_confidence = 0.25\n")
    assert RetrievalSettings.load(config).min_confidence == 0.25
    for value, said in {
        "'0.3'": "must be a number, and is '0.3'",
        "true": "must be a number, and is True",
        "1.5": "should be less than or equal to 1, and is 1.5",
    }.items():
        config.write_text(f"[retrieval]\nmin_confidence = {value}\n")
        with pytest.raises(ConfigError) as raised:
            RetrievalSettings.load(config)
        assert str(raised.value) == f"{config}: [retrieval] min_confidence: {said}"
    config.write_text("")
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_MIN_CONFIDENCE", "0.5")
    assert RetrievalSettings.load(config).min_confidence == 0.5


def test_an_old_configuration_with_a_reranker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[retrieval]\nreranker = "mine"\n')
    with pytest.raises(ConfigError) as raised:
        RetrievalSettings.load(config)
    said = "is no longer a setting; name the cross-encoder in reader"
    assert str(raised.value) == f"{config}: [retrieval] reranker: {said}"
    config.write_text("")
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_RERANKER", "mine")
    with pytest.raises(ConfigError) as raised:
        RetrievalSettings.load(config)
    assert str(raised.value) == f"environment: QUOTEWIRE_RETRIEVAL_RERANKER: {said}"
