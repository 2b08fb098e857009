"""What every test gets: no network but this machine's, no settings of the developer's, and a few shared parts."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports huggingface_hub
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in every command; before anything imports NumPy

from index.console import log_to_stderr
from index.encoders.model_files import E5, MINILM, find_model
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_export import load_export
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.settings import IndexSettings
from tests.support.fake_models import FAKE_MODEL, FakeEncoder

hypothesis_settings.register_profile("long", max_examples=2000)  # for the fuzzers: ten minutes of them


def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are cores, and four at most: many tests wait for processes of their own."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_configure() -> None:
    """Let Ctrl-C interrupt the processes that tests start, even if the tests run as a background job of a shell."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let slow tests run longer than the others."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(3600))


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
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):  # so that the terminal speaks English
        monkeypatch.delenv(variable, raising=False)


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that one of a run's processes makes, for all of them to read."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            new = root / f"{name}.new"
            make(new)
            new.rename(folder)
    return folder


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEncoder:
    """The real all-MiniLM-L6-v2, loaded once: importing torch takes seconds."""
    return SentenceTransformerEncoder(find_model(MINILM))


@pytest.fixture(scope="session")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """Settings beside whose index lies the export of all-MiniLM-L6-v2."""

    def export(path: Path) -> None:
        load_export(find_model(MINILM), IndexSettings(path=path), lambda: request.getfixturevalue("minilm"))

    return IndexSettings(path=_made_once(tmp_path_factory, "exported", export))


@pytest.fixture(scope="session")
def minilm_onnx(exported: IndexSettings) -> OnnxEncoder:
    """The real all-MiniLM-L6-v2, without torch."""
    return load_export(find_model(MINILM), exported, _not_again)


@pytest.fixture(scope="session")
def e5_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index that has the export of the real multilingual-e5-small."""

    def export(path: Path) -> None:
        model = find_model(E5)
        load_export(model, IndexSettings(path=path), lambda: SentenceTransformerEncoder(model))

    return _made_once(tmp_path_factory, "e5", export)


@pytest.fixture(scope="session")
def e5(e5_root: Path) -> tuple[SentenceTransformerEncoder, OnnxEncoder]:
    """The real multilingual-e5-small, with torch and without."""
    model = find_model(E5)
    return SentenceTransformerEncoder(model), load_export(model, IndexSettings(path=e5_root), _not_again)


def _not_again() -> NoReturn:
    pytest.fail("it was exported already")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """The encoder that builds get instead of a model."""
    encoder = FakeEncoder()
    monkeypatch.setattr("index.build.builder.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("index.build.builder.load_encoder", lambda *_: encoder)
    return encoder


@pytest.fixture
def log_on_stderr() -> Iterator[None]:
    """What the library logs goes to stderr, as in a command."""
    with log_to_stderr():
        yield


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """Sources in news/, which is empty, and an index in data/, which is not there yet."""
    (tmp_path / "news").mkdir()
    return IndexSettings(sources=[tmp_path / "news"], path=tmp_path / "data", language="en", batch_size=4)
