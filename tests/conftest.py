"""What every test gets: no network but this machine's, no settings of the developer's, and a few shared parts."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports huggingface_hub

from index.export import load_export
from index.models import E5, MINILM, find_model
from index.reference import SentenceTransformerEncoder
from index.runtime import OnnxEncoder
from index.settings import IndexSettings
from index.static import load_static
from tests.fakes import FAKE_MODEL, FakeEncoder


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test reach another machine, not even to look its name up."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            pytest.fail(f"a test reached for {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Sequence[Any]:
        if host not in ("127.0.0.1", "::1", "localhost", None, ""):
            pytest.fail(f"a test looked up {host}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("QUOTEWIRE_")]:
        monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEncoder:
    """The real all-MiniLM-L6-v2, loaded once: importing torch takes seconds."""
    return SentenceTransformerEncoder(find_model(MINILM))


@pytest.fixture(scope="session")
def exported(minilm: SentenceTransformerEncoder, tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """Settings beside whose index lies the export of all-MiniLM-L6-v2."""
    settings = IndexSettings(path=tmp_path_factory.mktemp("exported"))
    load_export(find_model(MINILM), settings, lambda: minilm)
    return settings


@pytest.fixture(scope="session")
def minilm_onnx(minilm: SentenceTransformerEncoder, exported: IndexSettings) -> OnnxEncoder:
    """The real all-MiniLM-L6-v2, without torch."""
    return load_export(find_model(MINILM), exported, lambda: minilm)


@pytest.fixture(scope="session")
def e5(tmp_path_factory: pytest.TempPathFactory) -> tuple[SentenceTransformerEncoder, OnnxEncoder, Path]:
    """The real multilingual-e5-small, with torch and without, and the folder of an index that has its export."""
    model, root = find_model(E5), tmp_path_factory.mktemp("e5")
    reference = SentenceTransformerEncoder(model)
    return reference, load_export(model, IndexSettings(path=root), lambda: reference), root


@pytest.fixture(scope="session")
def distilled(minilm_onnx: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index's models/ with all-MiniLM-L6-v2's static encoder, to be copied: to distil it takes its time."""
    folder = tmp_path_factory.mktemp("distilled")
    load_static(find_model(MINILM), folder, lambda: minilm_onnx)
    return folder / "models"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """The encoder that builds get instead of a model."""
    encoder = FakeEncoder()
    monkeypatch.setattr("index.build.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("index.build.load_encoder", lambda *_: encoder)
    return encoder


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """Sources in news/, which is empty, and an index in data/, which is not there yet."""
    (tmp_path / "news").mkdir()
    return IndexSettings(sources=[tmp_path / "news"], path=tmp_path / "data", language="en", batch_size=4)
