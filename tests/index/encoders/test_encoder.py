"""What any encoder promises, with the real default model, and which kind a model gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoders.encoder import Encoder
from index.encoders.encoder_loading import _log_once, load_encoder
from index.encoders.model_files import find_model
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_export import ExportMismatchError
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.errors import ConfigError, ModelError, QuotewireError
from index.settings import IndexSettings, Precision
from tests.support.fake_models import FakeEncoder, make_bert_model, make_static_model

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "The Federal Reserve raised interest rates.",
    "The central bank increased borrowing costs.",
    "Who is under sanctions?",
]


@pytest.fixture(params=["minilm", "minilm_onnx"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """The real default model, with torch and without."""
    found: Encoder = request.getfixturevalue(request.param)
    return found


def test_the_default_model(encoder: Encoder) -> None:
    assert (encoder.dimension, encoder.window) == (384, 256)
    vectors = encoder.encode_document(SENTENCES)
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [(0, 1, 0.75534), (3, 4, 0.63041), (0, 2, -0.10496), (0, 3, -0.00564), (3, 5, 0.26528)],
)
def test_known_similarities(encoder: Encoder, one: int, other: int, cosine: float) -> None:
    pair = encoder.encode_document([SENTENCES[one], SENTENCES[other]])
    assert float(pair[0] @ pair[1]) == pytest.approx(cosine, abs=1e-3)


def test_known_numbers(encoder: Encoder) -> None:
    [vector] = encoder.encode_document(SENTENCES[:1])
    assert vector[:4].tolist() == pytest.approx([0.03324, 0.00441, -0.00628, 0.04838], abs=1e-4)


def test_batches_equal_one_by_one(encoder: Encoder) -> None:
    texts = [*SENTENCES, "rain", "Rain fell on Moscow. " * 40]
    together = encoder.encode_document(texts)
    alone = np.concatenate([encoder.encode_document([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_without_prompts_a_question_is_a_document(encoder: Encoder) -> None:
    np.testing.assert_allclose(encoder.encode_query(SENTENCES), encoder.encode_document(SENTENCES), atol=1e-6)


def test_what_is_beyond_the_window_is_not_seen(encoder: Encoder) -> None:
    long = "rain " * 254
    texts = ["rain", long, f"{long}sanctions", "rain " * 1000]
    assert encoder.count_tokens(texts) == [3, 256, 257, 1002]
    _, seen, cut, _ = encoder.encode_document(texts)
    np.testing.assert_allclose(seen, cut, atol=1e-5)
    assert encoder.count_tokens(texts) == [3, 256, 257, 1002]


def test_strange_texts(encoder: Encoder) -> None:
    texts = ["", " ", "😀", "\x00", "санкции 制裁", "x" * 5000]
    vectors = encoder.encode_document(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_tokens_give_the_vectors_of_their_texts(encoder: Encoder) -> None:
    tokenizer = Tokenizer.from_str(encoder.tokenizer_json())
    tokenizer.no_padding()
    vectors = encoder.encode_tokens([tokenizer.encode(text).ids for text in SENTENCES])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (abs(norms - 1) > 0.01).all(), "they are not normalised"
    np.testing.assert_allclose(vectors / norms, encoder.encode_document(SENTENCES), atol=1e-5)


def test_the_fake_keeps_the_same_promises() -> None:
    encoder: Encoder = FakeEncoder()
    vectors = encoder.encode_document(["cats sat", "the cat sat", "dog", "", "!"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    [question] = encoder.encode_query(["CAT sitting sat"])
    assert float(vectors[0] @ vectors[1]) == pytest.approx(1)
    assert np.argmax(vectors @ question) == 0
    tokens = [Tokenizer.from_str(encoder.tokenizer_json()).encode(text).ids for text in ("The cat sat", "dog")]
    np.testing.assert_allclose(encoder.encode_tokens(tokens), encoder.encode_document(["the cat sat", "dog"]))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_bert_model(folder / "bert")
    make_static_model(folder / "static")
    return folder


def test_torch_where_it_is_asked_for(tiny: Path, settings: IndexSettings) -> None:
    settings = settings.model_copy(update={"runtime": "torch"})
    assert isinstance(load_encoder(find_model(str(tiny / "bert")), settings), SentenceTransformerEncoder)
    assert not (settings.path / "models").exists()


@pytest.mark.usefixtures("log_on_stderr")
@pytest.mark.parametrize("runtime", ["auto", "onnx"])
def test_a_transformer_is_run_without_torch(
    tiny: Path, settings: IndexSettings, runtime: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model = find_model(str(tiny / "bert"))
    settings = settings.model_copy(update={"runtime": runtime})
    for said in (f"quotewire: exporting {model.name} for the ONNX runtime, once\n", ""):
        assert isinstance(load_encoder(model, settings), OnnxEncoder)
        assert capsys.readouterr() == ("", said)


def test_another_model_is_run_with_torch_and_nothing_said(
    tiny: Path, settings: IndexSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(load_encoder(find_model(str(tiny / "static")), settings), SentenceTransformerEncoder)
    assert capsys.readouterr() == ("", "")


def unfit(*_: object) -> OnnxEncoder:
    raise ExportMismatchError("it is odd")


@pytest.mark.usefixtures("log_on_stderr")
def test_a_transformer_without_an_export_is_run_with_torch_and_that_is_said_once(
    tiny: Path, settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _log_once.cache_clear()
    monkeypatch.setattr("index.encoders.onnx_export.load_export", unfit)
    model = replace(find_model(str(tiny / "bert")), name="tiny")
    for _ in range(2):
        assert isinstance(load_encoder(model, settings), SentenceTransformerEncoder)
    assert capsys.readouterr() == ("", "quotewire: tiny is run with torch: it is odd\n")


@pytest.mark.parametrize(
    ("runtime", "precision", "kind", "said"),
    [
        ("onnx", "fp32", ModelError, 'tiny: it is odd; set [index] runtime to "auto", which takes torch then'),
        ("auto", "int8", ModelError, 'tiny cannot be converted to int8: it is odd; set [index] precision to "fp32"'),
        ("onnx", "int8", ModelError, 'tiny cannot be converted to int8: it is odd; set [index] precision to "fp32"'),
        (
            "torch",
            "int8",
            ConfigError,
            '[index] precision: "int8" needs the ONNX runtime; set [index] runtime to "auto"',
        ),
    ],
)
def test_what_cannot_be_had_is_refused(
    tiny: Path,
    settings: IndexSettings,
    monkeypatch: pytest.MonkeyPatch,
    runtime: str,
    precision: Precision,
    kind: type[QuotewireError],
    said: str,
) -> None:
    monkeypatch.setattr("index.encoders.onnx_export.load_export", unfit)
    model = replace(find_model(str(tiny / "bert")), name="tiny", precision=precision)
    with pytest.raises(kind) as raised:
        load_encoder(model, settings.model_copy(update={"runtime": runtime, "precision": precision}))
    assert str(raised.value) == said
