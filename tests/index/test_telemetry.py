"""No library reports its use, and importing the packages changes no environment variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.reader.reader_loading import WEIGHTS
from tests.support.paths import ROOT

VARIABLES = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")
# onnxruntime does not report where CI is set, so the tests would see nothing.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in (*VARIABLES, "CI", "GITHUB_ACTIONS")}
PRINT_VARIABLES = (
    "import os; print(os.environ.get('ORT_DISABLE_TELEMETRY'), os.environ.get('HF_HUB_DISABLE_TELEMETRY'))"
)


def run(*command: str, **more: str) -> str:
    """Run Python with telemetry enabled; return what it prints."""
    environment = {**ENVIRONMENT, **more}
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    return done.stdout


@pytest.mark.parametrize("package", ["index", "retrieval", "bot"])
def test_importing_changes_no_environment_variable(package: str) -> None:
    modules = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not path.name.startswith("__")
    ]
    assert len(modules) > 10
    program = f"import os; before = dict(os.environ); import {', '.join(modules)}; print(dict(os.environ) == before)"
    assert run("-c", program) == "True\n"


@pytest.mark.parametrize("module", ["bot", "index", "retrieval", "training"])
def test_every_command_disables_telemetry(module: str) -> None:
    at_exit = f"import atexit; atexit.register(lambda: exec({PRINT_VARIABLES!r}))"
    command = f"import runpy, sys; sys.argv = ['x', '--help']; runpy.run_module({module!r}, run_name='__main__')"
    assert run("-c", f"{at_exit}; {command}").endswith("1 1\n")


def test_processes_that_a_command_starts_inherit_the_variables() -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {PRINT_VARIABLES!r}], check=True)"
    assert run("-c", f"from index.console import run; run(lambda: exec({child!r}))") == "1 1\n"


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("onnxruntime", "from index.encoders.onnx_encoder import open_session; open_session(Path('none'))"),
        ("onnxruntime", "from index.encoders.onnx_encoder import quantize; quantize(Path('none'), Path('none'))"),
        ("huggingface_hub", "from index.encoders.model_files import find_model; find_model('no/such')"),
        ("huggingface_hub", "from index.encoders.sentence_transformer import prepare; prepare()"),
    ],
)
def test_telemetry_is_disabled_before_a_library_is_imported(library: str, call: str) -> None:
    program = f"""
import contextlib, os, sys
from importlib.abc import MetaPathFinder
from pathlib import Path
class Watcher(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {library!r}:
            {PRINT_VARIABLES}
assert {library!r} not in sys.modules
sys.meta_path.insert(0, Watcher())
with contextlib.suppress(Exception):
    {call}
"""
    assert run("-c", program) == "1 1\n"


def test_the_runtime_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from index.encoders.onnx_encoder import open_session\n"
        f"open_session(Path({str(WEIGHTS)!r}, 'reader.onnx'))"
    )
    run("-c", program, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"), XDG_DATA_HOME=str(tmp_path / "data"))
    assert list(tmp_path.rglob("*")) == []


def test_deployments_disable_it_too() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "deploy").iterdir() if path.is_file()}
    for name in ("Dockerfile", "quotewire.service", "quotewire-index.service"):
        assert "ORT_DISABLE_TELEMETRY=1" in texts[name]
