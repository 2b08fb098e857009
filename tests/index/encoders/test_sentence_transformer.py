"""Tiny real models, their prompts and windows, and errors in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoders.encoder import Vectors
from index.encoders.model_files import Model, find_model
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.errors import ModelError
from tests.support.fake_models import make_bert_model, make_static_model


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
    return SentenceTransformerEncoder(find_model(str(tiny / "bert"))).encode_document(texts)


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
    encoder = SentenceTransformerEncoder(find_model(str(tiny / name), query_prompt, document_prompt))
    np.testing.assert_allclose(encoder.encode_query(["cat sat"]), raw(tiny, question), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_document(["cat sat"]), raw(tiny, passage), atol=1e-6)
    assert abs(float((raw(tiny, "query : cat sat") @ raw(tiny, "passage : cat sat").T)[0, 0])) < 0.9999


def test_a_family_is_known_by_the_name_of_its_folder(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "e5-tiny").symlink_to(tiny / "bert")
    encoder = SentenceTransformerEncoder(find_model(str(tmp_path / "e5-tiny")))
    np.testing.assert_allclose(encoder.encode_query(["cat"]), raw(tiny, "query: cat"), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_document(["cat"]), raw(tiny, "passage: cat"), atol=1e-6)


def test_a_tiny_model(tiny: Path) -> None:
    encoder = SentenceTransformerEncoder(find_model(str(tiny / "bert")), threads=1)
    assert (encoder.dimension, encoder.window) == (16, 16)
    assert encoder.count_tokens(["the cat sat", "dog"]) == [5, 3]


def test_a_static_model_has_no_window(tiny: Path) -> None:
    encoder = SentenceTransformerEncoder(find_model(str(tiny / "static")))
    assert (encoder.dimension, encoder.window) == (8, sys.maxsize)
    assert encoder.count_tokens(["the cat sat", "dog", "the " * 1000]) == [3, 1, 1000]
    vectors = encoder.encode_document(["cat", "dog", "cat dog", "xyz"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    [question] = encoder.encode_query(["cat"])
    assert np.argsort(-(vectors @ question)).tolist()[:2] == [0, 2]


@pytest.mark.parametrize("name", ["bert", "static"])
def test_tokens_give_the_vectors_of_their_texts(tiny: Path, name: str) -> None:
    encoder = SentenceTransformerEncoder(find_model(str(tiny / name)))
    texts = ["the cat sat on the mat", "rain", "dog : cat"]
    tokenizer = Tokenizer.from_str(encoder.tokenizer_json())
    tokenizer.no_padding()
    vectors = encoder.encode_tokens([tokenizer.encode(text).ids for text in texts])
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (abs(norms - 1) > 0.01).all()  # they are not normalised
    np.testing.assert_allclose(vectors / norms, encoder.encode_document(texts), atol=1e-6)


@pytest.mark.parametrize("name", ["bert", "static"])
def test_no_texts(tiny: Path, name: str) -> None:
    encoder = SentenceTransformerEncoder(find_model(str(tiny / name)))
    assert encoder.encode_document([]).shape == encoder.encode_query([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("content", [b"", b"no weights", bytes(100)])
def test_a_folder_that_cannot_be_loaded(tiny: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    (tmp_path / "config.json").write_bytes((tiny / "bert" / "config.json").read_bytes())
    with pytest.raises(ModelError) as raised:
        SentenceTransformerEncoder(find_model(str(tmp_path)))
    said = str(raised.value)
    assert said.startswith(f"{tmp_path} cannot be loaded as a sentence-transformers model: ")
    assert "\n" not in said


def test_a_folder_of_nothing_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded as a sentence-transformers model"):
        SentenceTransformerEncoder(Model("nothing", tmp_path, "0", None, None))
