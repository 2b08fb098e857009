"""Tokens by hand, a model that sentence-transformers loads, a folder that is whole or not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, processors

from index.encoders.distillation import distill, reduce, weigh
from index.encoders.encoder import Encoder, Vectors
from index.encoders.model_files import MINILM, find_model
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.encoders.static_encoder import StaticEncoder, TableEncoder
from index.encoders.static_loading import load_static
from index.errors import ModelError
from tests.support.fake_models import FAKE_MODEL, TINY_WORDS, FakeEncoder, make_bert_model, tiny_tokenizer

TEXTS = ["the cat sat on the mat", "rain", "Dog : cat .", "the zebra", "zebra", "", "sanctions fell . " * 40]


class Recorder(FakeEncoder):
    """A fake whose tokenizer can be chosen, and that keeps the rows that it is given."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._json = tokenizer.to_str()
        self.rows: list[list[int]] = []

    def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
        self.rows += [list(row) for row in rows]
        return np.random.default_rng(7).normal(size=(len(rows), 8)).astype(np.float32)

    def tokenizer_json(self) -> str:
        return self._json


def with_specials(template: str, *words: str) -> Recorder:
    tokenizer = tiny_tokenizer()
    tokenizer.add_special_tokens(["<s>", "</s>"])
    tokenizer.add_tokens(list(words))
    specials = [(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(template, special_tokens=specials)
    return Recorder(tokenizer)


def test_weights_by_hand() -> None:
    # 1/2 + 1/3 + 1/4 = 13/12, so that the frequencies are 6/13, 4/13 and 3/13.
    assert weigh(3).tolist() == pytest.approx([1e-4 / (1e-4 + p / 13) for p in (6, 4, 3)], rel=1e-6)
    weights = weigh(30_000)  # of which 1/2 + … + 1/30,001 is 9.8862
    assert (np.diff(weights) > 0).all()
    assert weights[[0, 1000, -1]].tolist() == pytest.approx([0.001973, 0.497639, 0.967384], abs=1e-6)


def test_components_by_hand() -> None:
    # Around their centre (1, 2) these lie on the line with the slope 3/4, at -10, 0 and 10.
    points = np.array([[-7, -4], [1, 2], [9, 8]], dtype=np.float32)
    reduced = reduce(points, 1)
    assert reduced.shape == (3, 1)
    assert reduced.dtype == np.float32
    assert abs(reduced[:, 0]).tolist() == pytest.approx([10, 0, 10], abs=1e-5)
    np.testing.assert_allclose(reduced[0], -reduced[2], atol=1e-5)


def test_components_are_those_of_the_singular_values() -> None:
    random = np.random.default_rng(7)
    vectors = (random.normal(size=(500, 12)) * np.arange(12, 0, -1) + 3).astype(np.float32)
    centred = vectors - vectors.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(abs(reduce(vectors, 5)), abs(left[:, :5] * values[:5]), atol=1e-2)
    whole = reduce(vectors, 256)
    assert whole.shape == (500, 12)
    np.testing.assert_allclose(whole @ whole.T, centred @ centred.T, rtol=1e-3, atol=1e-2)  # turned, not bent


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<s> $A </s>", lambda id: [15, id, 16]),
        ("$A </s>", lambda id: [id, 16]),
        ("<s> $A", lambda id: [15, id]),
        ("<s> <s> $A </s>", lambda id: [15, 15, id, 16]),
        ("$A", lambda id: [id]),
    ],
)
def test_tokens_stand_where_texts_would(tmp_path: Path, template: str, expected: object) -> None:
    assert callable(expected)
    encoder = with_specials(template, "more", "[unused7]")
    distill(FAKE_MODEL, encoder, tmp_path / "static")
    # [UNK] is 0, the special tokens are 15 and 16, and 18 is one that BERT's vocabularies keep free.
    assert encoder.rows == [expected(id) for id in [*range(1, 15), 17]]
    table = TableEncoder(tmp_path / "static", FAKE_MODEL)._table
    assert table.shape == (19, 8)
    assert np.flatnonzero(~table.any(axis=1)).tolist() == [0, 15, 16, 18]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bert_model(tmp_path_factory.mktemp("models") / "bert")


def test_a_real_model_token_by_token(tmp_path: Path, bert: Path) -> None:
    model = find_model(str(bert))
    encoder = SentenceTransformerEncoder(model)
    distill(model, encoder, tmp_path / "static")
    table = TableEncoder(tmp_path / "static", model)._table
    assert table.shape == (19, 16)
    assert not table[:5].any()  # [PAD] [UNK] [CLS] [SEP] [MASK]
    vectors = encoder.encode_tokens([[2, id, 3] for id in range(5, 19)])
    centred = vectors - vectors.mean(axis=0)
    plain = table[5:] / weigh(14)[:, None]
    np.testing.assert_allclose(plain @ plain.T, centred @ centred.T, atol=1e-4)


def test_sentence_transformers_loads_it(tmp_path: Path, bert: Path) -> None:
    model = find_model(str(bert))
    distill(model, SentenceTransformerEncoder(model), tmp_path / "static")
    ours = TableEncoder(tmp_path / "static", model).encode(TEXTS)
    theirs = SentenceTransformerEncoder(find_model(str(tmp_path / "static"))).encode_document(TEXTS)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert np.linalg.norm(ours, axis=1).tolist() == pytest.approx([1, 1, 1, 1, 0, 0, 1], abs=1e-6)


class CommonWords:
    """The real default model, with the start of its vocabulary and its 2,000 commonest words: all take a while."""

    def __init__(self, encoder: Encoder) -> None:
        self.encode_tokens = encoder.encode_tokens
        self._json = json.loads(encoder.tokenizer_json())
        vocabulary = self._json["model"]["vocab"]
        self._json["model"]["vocab"] = {token: id for token, id in vocabulary.items() if id < 1050 or 1996 <= id < 4000}

    def tokenizer_json(self) -> str:
        return json.dumps(self._json)


def test_the_default_model(tmp_path: Path, minilm: Encoder) -> None:
    model = find_model(MINILM)
    distill(model, CommonWords(minilm), tmp_path / "static")  # type: ignore[arg-type]
    static = TableEncoder(tmp_path / "static", model)
    assert static.dimension == 256
    assert static._table.shape == (4000, 256)
    assert np.flatnonzero(~static._table[:1050].any(axis=1)).tolist() == [*range(999)]  # special, or kept free
    army, soldiers, song = static.encode(
        ["The army attacked the city.", "Soldiers fought in the war.", "A song was on the album."]
    )
    assert army @ soldiers > 0.45 > army @ song  # which have only "the" in common
    # The model's own tokenizer ends after 128 tokens.
    long, music, war = static.encode(["music " * 200 + "war " * 200, "music", "war"])
    assert long @ music > 0.5
    assert long @ war > 0.5


def test_two_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(2)

    class Waiting(FakeEncoder):
        def encode_tokens(self, rows: Sequence[Sequence[int]]) -> Vectors:
            together.wait(30)
            return super().encode_tokens(rows)

    found: list[StaticEncoder | None] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_static(FAKE_MODEL, tmp_path, Waiting))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one, other = found
    assert one is not None
    assert other is not None
    assert one.fingerprint == other.fingerprint
    np.testing.assert_array_equal(one.encode(TEXTS), other.encode(TEXTS))
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["ffffffffffffffff-static"]


def test_what_another_process_made_is_kept(tmp_path: Path) -> None:
    distill(FAKE_MODEL, FakeEncoder(), tmp_path / "static")
    made = (tmp_path / "static").stat().st_ino
    distill(FAKE_MODEL, FakeEncoder(32), tmp_path / "static")
    assert (tmp_path / "static").stat().st_ino == made
    assert TableEncoder(tmp_path / "static", FAKE_MODEL).dimension == 64


@pytest.mark.parametrize("what", ["of another model", "damaged", "empty"])
def test_what_cannot_be_used_is_replaced(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "static"
    if what == "empty":
        folder.mkdir()
    else:
        distill(replace(FAKE_MODEL, fingerprint="e" * 64) if what != "damaged" else FAKE_MODEL, FakeEncoder(), folder)
        if what == "damaged":
            (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError):
        TableEncoder(folder, FAKE_MODEL)
    distill(FAKE_MODEL, FakeEncoder(), folder)
    assert TableEncoder(folder, FAKE_MODEL).dimension == 64
    assert [path.name for path in tmp_path.iterdir()] == ["static"]


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_failure_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    def fail(path: Path) -> None:
        raise failure(28, "No space left on device", str(path))

    monkeypatch.setattr("index.encoders.distillation.sync", fail)
    with pytest.raises(failure):
        distill(FAKE_MODEL, FakeEncoder(), tmp_path / "static")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
import index.encoders.distillation
from index.encoders.static_loading import load_static
from tests.support.fake_models import FAKE_MODEL, FakeEncoder

root, call = Path(sys.argv[1]), int(sys.argv[2])
sync, calls = index.encoders.distillation.sync, []

def kill(path):
    calls.append(path)
    if len(calls) == call:
        os.kill(os.getpid(), signal.SIGKILL)
    sync(path)

index.encoders.distillation.sync = kill
load_static(FAKE_MODEL, root, FakeEncoder)
print(len(calls))
"""


def test_a_kill_leaves_nothing_that_is_taken_for_whole(tmp_path: Path) -> None:
    def run(root: Path, call: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", KILLED, str(root), str(call)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    calls = int(run(tmp_path / "whole", 0).stdout)
    assert calls == 7  # four files, a folder in the folder, the folder, and at last the one around it
    for call in (1, calls - 1, calls):
        root = tmp_path / f"killed-{call}"
        assert run(root, call).returncode == -signal.SIGKILL
        published = call == calls
        assert (load_static(FAKE_MODEL, root) is not None) == published
        [left] = (root / "models").iterdir()
        assert left.name.endswith(".distilling") != published

        assert load_static(FAKE_MODEL, root, FakeEncoder) is not None
        assert left.exists()  # for all we know, another process is writing it
        if not published:
            os.utime(left, (0, 0))
            distill(FAKE_MODEL, FakeEncoder(), root / "models" / "other")
            assert not left.exists()


def test_the_tokens_are_counted_as_they_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoders.distillation._BATCH", 4)
    encoder = with_specials("$A")
    distill(FAKE_MODEL, encoder, tmp_path / "static")
    assert encoder.rows == [[id] for id in range(1, len(TINY_WORDS) + 1)]  # each once, whatever the batch
