"""Made once, whole or not at all, checked against the model, and made anew when damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index.encoders.onnx_export
from index.encoders.model_files import Model, find_model
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_export import ExportMismatchError, UnsupportedModulesError, load_export, read_export
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.settings import IndexSettings
from tests.support.fake_models import make_bert_model, make_static_model
from tests.support.paths import tree


class Counted:
    """A model's reference, and how often it was called for."""

    def __init__(self, folder: Path) -> None:
        self.model = find_model(str(folder))
        self.reference = SentenceTransformerEncoder(self.model)
        self.calls = 0

    def __call__(self) -> SentenceTransformerEncoder:
        self.calls += 1
        return self.reference

    def load(self, settings: IndexSettings) -> OnnxEncoder:
        return load_export(self.model, settings, self)

    def folder(self, settings: IndexSettings) -> Path:
        return settings.path / "models" / f"{self.model.fingerprint[:16]}-fp32"


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bert_model(tmp_path_factory.mktemp("models") / "bert", {"query": "query : ", "document": "passage : "})


@pytest.fixture
def tiny(bert: Path) -> Counted:
    return Counted(bert)


def test_what_lies_in_a_folder(tiny: Counted, settings: IndexSettings) -> None:
    tiny.load(settings)
    folder = tiny.folder(settings)
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "lock"]
    assert sorted(path.name for path in folder.iterdir()) == ["export.json", "model.onnx", "tokenizer.json"]
    card = json.loads((folder / "export.json").read_text("utf-8"))
    assert {key: card[key] for key in ("format", "dimension", "window", "query_prompt", "document_prompt")} == {
        "format": 2,
        "dimension": 16,
        "window": 16,
        "query_prompt": "query : ",
        "document_prompt": "passage : ",
    }
    assert (card["pooling"], card["padding"], card["padding_side"]) == ("mean", 0, "right")
    assert card["files"]["model.onnx"][0] == (folder / "model.onnx").stat().st_size
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    assert (tokenizer["padding"], tokenizer["truncation"]) == (None, None)


def test_it_is_made_once(tiny: Counted, settings: IndexSettings) -> None:
    first = tiny.load(settings).encode_query(["cat"])
    before = tree(tiny.folder(settings))
    np.testing.assert_array_equal(tiny.load(settings).encode_query(["cat"]), first)
    assert tree(tiny.folder(settings)) == before
    assert tiny.calls == 1


def test_two_at_once_make_one(tiny: Counted, settings: IndexSettings) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(tiny.load, [settings, settings])
    np.testing.assert_array_equal(one.encode_query(["cat"]), other.encode_query(["cat"]))
    assert tiny.calls == 1


def test_nothing_of_it_is_heard(
    tiny: Counted, settings: IndexSettings, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    load_export(replace(tiny.model, precision="int8", name="tiny"), settings, tiny)
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == ["exporting tiny for the ONNX runtime, once"]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit": lambda folder: flip(folder / "model.onnx"),
    "a flipped bit in the tokenizer": lambda folder: flip(folder / "tokenizer.json"),
    "a cut": lambda folder: (folder / "model.onnx").write_bytes(b"onnx"),
    "no graph": lambda folder: (folder / "model.onnx").unlink(),
    "no card": lambda folder: (folder / "export.json").unlink(),
    "an empty card": lambda folder: (folder / "export.json").write_bytes(b""),
    "a card of something else": lambda folder: (folder / "export.json").write_text("[1]"),
    "a card of too little": lambda folder: (folder / "export.json").write_text('{"format": 2, "files": {}}'),
    "another prompt": lambda folder: edit(folder / "export.json", "query : ", "query "),
    "another window": lambda folder: edit(folder / "export.json", '"window": 16', '"window": 15'),
    "a file too many": lambda folder: (folder / "more").touch(),
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_is_made_anew(tiny: Counted, settings: IndexSettings, damage: str) -> None:
    vectors = tiny.load(settings).encode_query(["cat"])
    assert read_export(tiny.folder(settings)) is not None
    DAMAGES[damage](tiny.folder(settings))
    assert read_export(tiny.folder(settings)) is None
    np.testing.assert_array_equal(tiny.load(settings).encode_query(["cat"]), vectors)
    assert read_export(tiny.folder(settings)) is not None
    assert tiny.calls == 2


def test_an_export_of_another_format_is_made_anew(
    tiny: Counted, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.load(settings)
    monkeypatch.setattr(index.encoders.onnx_export, "_FORMAT", index.encoders.onnx_export._FORMAT + 1)
    tiny.load(settings)
    assert tiny.calls == 2


class KilledError(BaseException):
    pass


def killed(*_: object, **__: object) -> None:
    raise KilledError


@pytest.mark.parametrize("where", ["sync", "_check", "_measure", "quantize"])
def test_a_kill_half_way_leaves_nothing_that_is_taken_for_whole(
    tiny: Counted, settings: IndexSettings, where: str
) -> None:
    model = replace(tiny.model, precision="int8") if where == "quantize" else tiny.model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.encoders.onnx_export, where, killed)
        patch.setattr("shutil.rmtree", lambda *_, **__: None)  # who is killed tidies nothing up
        with pytest.raises(KilledError):
            load_export(model, settings, tiny)
    [left] = (settings.path / "models").glob("*-*")
    assert left.suffix == ".making"
    load_export(model, settings, tiny)
    assert sorted(path.name for path in left.parent.iterdir()) == [left.stem, "lock"]


WRONG: list[dict[str, Any]] = [
    {"window": 8},
    {"query_prompt": ""},
    {"document_prompt": "query : "},
    {"padding_side": "left"},
    {"truncation_side": "left"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_encodes_otherwise_is_unfit(
    tiny: Counted, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    describe = index.encoders.onnx_export._describe
    monkeypatch.setattr(
        index.encoders.onnx_export, "_describe", lambda reference: replace(describe(reference), **wrong)
    )
    with pytest.raises(
        ExportMismatchError, match=r"^its fp32 export differs from sentence-transformers \(cosine -?0\.\d{4}\)$"
    ):
        tiny.load(settings)
    assert not tiny.folder(settings).exists()


def test_int8_that_loses_too_much_is_unfit(
    tiny: Counted, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(index.encoders.onnx_export._LEAST, "int8", 0.9999999)
    with pytest.raises(ExportMismatchError, match=r"^its int8 export differs"):
        load_export(replace(tiny.model, precision="int8"), settings, tiny)


def test_what_cannot_be_exported_is_unfit_and_not_tried_again(
    tiny: Counted, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, words: bool) -> None:
        raise RuntimeError("\nno operator for this\nand much more")

    monkeypatch.setattr(tiny.reference, "write_onnx", fail)
    for _ in range(2):
        with pytest.raises(ExportMismatchError) as raised:
            tiny.load(settings)
        assert str(raised.value) == "it cannot be exported (no operator for this)"
    assert tiny.calls == 1
    monkeypatch.undo()
    monkeypatch.setattr(
        index.encoders.onnx_export, "_versions", lambda: {"onnxruntime": "99"}
    )  # which may know the operator
    tiny.load(settings)
    assert sorted(path.name for path in (settings.path / "models").iterdir()) == [tiny.folder(settings).name, "lock"]


def test_a_folder_that_cannot_be_written_is_no_verdict(
    tiny: Counted, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.path.mkdir()
    (settings.path / "models").touch()
    with pytest.raises(ExportMismatchError, match=r"models cannot be written \(File exists\)$"):
        tiny.load(settings)
    (settings.path / "models").unlink()
    tiny.load(settings)


def other(model: Model, settings: IndexSettings) -> None:
    """Such a model is refused before anything is loaded or written."""
    with pytest.raises(UnsupportedModulesError):
        load_export(model, settings, killed)  # type: ignore[arg-type]
    assert not settings.path.exists()


def test_models_of_other_modules(tiny: Counted, settings: IndexSettings, tmp_path: Path) -> None:
    other(find_model(str(make_static_model(tmp_path / "static"))), settings)
    copy = shutil.copytree(tiny.model.folder, tmp_path / "copy")
    modules = json.loads((copy / "modules.json").read_text("utf-8"))
    for more in ("sentence_transformers.models.Dense", "someone.else.Normalize"):
        (copy / "modules.json").write_text(json.dumps([*modules, {"type": more, "path": "2"}]), "utf-8")
        other(find_model(str(copy)), settings)
    (copy / "modules.json").unlink()
    other(find_model(str(copy)), settings)
