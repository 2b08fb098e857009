"""index.encoder: the real default model, prompts with tiny real models, and errors in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, Vectors, load_encoder
from index.errors import ModelError
from index.models import Model, find_model
from tests.fakes import FakeEncoder, make_bert_model, make_static_model

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "The Federal Reserve raised interest rates.",
    "The central bank increased borrowing costs.",
    "Who is under sanctions?",
]


def test_the_default_model(minilm: Encoder) -> None:
    assert (minilm.dimension, minilm.window) == (384, 256)
    vectors = minilm.encode_document(SENTENCES)
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [(0, 1, 0.75534), (3, 4, 0.63041), (0, 2, -0.10496), (0, 3, -0.00564), (3, 5, 0.26528)],
)
def test_known_similarities(minilm: Encoder, one: int, other: int, cosine: float) -> None:
    pair = minilm.encode_document([SENTENCES[one], SENTENCES[other]])
    assert float(pair[0] @ pair[1]) == pytest.approx(cosine, abs=1e-3)


def test_known_numbers(minilm: Encoder) -> None:
    [vector] = minilm.encode_document(SENTENCES[:1])
    assert vector[:4].tolist() == pytest.approx([0.03324, 0.00441, -0.00628, 0.04838], abs=1e-4)


def test_batches_equal_one_by_one(minilm: Encoder) -> None:
    texts = [*SENTENCES, "rain", "Rain fell on Moscow. " * 40]
    together = minilm.encode_document(texts)
    alone = np.concatenate([minilm.encode_document([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_without_prompts_a_question_is_a_document(minilm: Encoder) -> None:
    np.testing.assert_allclose(minilm.encode_query(SENTENCES), minilm.encode_document(SENTENCES), atol=1e-6)


def test_what_is_beyond_the_window_is_not_seen(minilm: Encoder) -> None:
    long = "rain " * 254
    assert minilm.count_tokens(["rain", long, f"{long}sanctions"]) == [3, 256, 257]
    seen, cut = minilm.encode_document([long, f"{long}sanctions"])
    np.testing.assert_allclose(seen, cut, atol=1e-5)


def test_strange_texts(minilm: Encoder) -> None:
    texts = ["", " ", "😀", "\x00", "санкции 制裁", "x" * 5000]
    vectors = minilm.encode_document(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny real models: bert without prompts, and two that name their own."""
    folder = tmp_path_factory.mktemp("models")
    make_bert_model(folder / "bert")
    make_bert_model(folder / "own", {"query": "query : ", "document": "passage : "})
    make_bert_model(folder / "passage", {"query": "query : ", "passage": "passage : "})
    make_static_model(folder / "static")
    return folder


def raw(tiny: Path, *texts: str) -> Vectors:
    """What the model makes of texts before which nothing is put."""
    return load_encoder(find_model(str(tiny / "bert"))).encode_document(texts)


@pytest.mark.parametrize(
    ("name", "query_prompt", "document_prompt", "question", "passage"),
    [
        ("bert", None, None, "cat sat", "cat sat"),
        ("bert", "query : ", "passage : ", "query : cat sat", "passage : cat sat"),
        ("own", None, None, "query : cat sat", "passage : cat sat"),
        ("passage", None, None, "query : cat sat", "passage : cat sat"),
        ("own", "dog ", "", "dog cat sat", "cat sat"),
        ("own", "", None, "cat sat", "passage : cat sat"),
        ("passage", None, "dog ", "query : cat sat", "dog cat sat"),
    ],
)
def test_prompts(
    tiny: Path, name: str, query_prompt: str | None, document_prompt: str | None, question: str, passage: str
) -> None:
    encoder = load_encoder(find_model(str(tiny / name), query_prompt, document_prompt))
    np.testing.assert_allclose(encoder.encode_query(["cat sat"]), raw(tiny, question), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_document(["cat sat"]), raw(tiny, passage), atol=1e-6)
    assert abs(float((raw(tiny, "query : cat sat") @ raw(tiny, "passage : cat sat").T)[0, 0])) < 0.9999


def test_a_family_is_known_by_the_name_of_its_folder(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "e5-tiny").symlink_to(tiny / "bert")
    encoder = load_encoder(find_model(str(tmp_path / "e5-tiny")))
    np.testing.assert_allclose(encoder.encode_query(["cat"]), raw(tiny, "query: cat"), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_document(["cat"]), raw(tiny, "passage: cat"), atol=1e-6)


def test_a_tiny_model(tiny: Path) -> None:
    encoder = load_encoder(find_model(str(tiny / "bert")), threads=1)
    assert (encoder.dimension, encoder.window) == (16, 16)
    assert encoder.count_tokens(["the cat sat", "dog"]) == [5, 3]


def test_a_static_model_has_no_window(tiny: Path) -> None:
    encoder = load_encoder(find_model(str(tiny / "static")))
    assert (encoder.dimension, encoder.window) == (8, sys.maxsize)
    assert encoder.count_tokens(["the cat sat", "dog", "the " * 1000]) == [3, 1, 1000]
    vectors = encoder.encode_document(["cat", "dog", "cat dog", "xyz"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    [question] = encoder.encode_query(["cat"])
    assert np.argsort(-(vectors @ question)).tolist()[:2] == [0, 2]


@pytest.mark.parametrize("name", ["bert", "static"])
def test_no_texts(tiny: Path, name: str) -> None:
    encoder = load_encoder(find_model(str(tiny / name)))
    assert encoder.encode_document([]).shape == encoder.encode_query([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("content", [b"", b"no weights", bytes(100)])
def test_a_folder_that_cannot_be_loaded(tiny: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    (tmp_path / "config.json").write_bytes((tiny / "bert" / "config.json").read_bytes())
    with pytest.raises(ModelError) as raised:
        load_encoder(find_model(str(tmp_path)))
    said = str(raised.value)
    assert said.startswith(f"{tmp_path} cannot be loaded as a sentence-transformers model: ")
    assert "\n" not in said


def test_the_fake_keeps_the_same_promises() -> None:
    encoder: Encoder = FakeEncoder()
    vectors = encoder.encode_document(["cats sat", "the cat sat", "dog", "", "!"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    [question] = encoder.encode_query(["CAT sitting sat"])
    assert float(vectors[0] @ vectors[1]) == pytest.approx(1)
    assert np.argmax(vectors @ question) == 0


def test_a_folder_of_nothing_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded as a sentence-transformers model"):
        load_encoder(Model("nothing", tmp_path, "0", None, None))
