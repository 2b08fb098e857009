"""Nobody hears that the program is used, whichever way in is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.reader.reader_loading import WEIGHTS
from tests.support.paths import ROOT

SILENCED = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")
# onnxruntime is silent where CI is set, so that a test would see nothing.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in (*SILENCED, "CI", "GITHUB_ACTIONS")}
SAY = "import os; print(os.environ.get('ORT_DISABLE_TELEMETRY'), os.environ.get('HF_HUB_DISABLE_TELEMETRY'))"


def run(*command: str, **more: str) -> str:
    environment = {**ENVIRONMENT, **more}
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    return done.stdout


@pytest.mark.parametrize(
    "first",
    [
        "index",
        "index.encoders.onnx_encoder",
        "index.parsers.worker",
        "retrieval.reader.reader_windows",
        "retrieval.answerer",
        "bot.cli",
        "bot.app",
    ],
)
def test_it_is_off_before_anything_else_can_be_imported(first: str) -> None:
    assert run("-c", f"import {first}; {SAY}") == "1 1\n"


@pytest.mark.parametrize("module", ["bot", "index", "retrieval", "training"])
def test_it_is_off_in_every_command(module: str) -> None:
    program = f"import atexit, runpy, sys; sys.argv = ['x', '--help']; atexit.register(lambda: exec({SAY!r})); "
    assert run("-c", f"{program} runpy.run_module({module!r}, run_name='__main__')").endswith("1 1\n")


def test_a_process_that_it_starts_inherits_that() -> None:
    program = f"import index, subprocess, sys; subprocess.run([sys.executable, '-c', {SAY!r}], check=True)"
    assert run("-c", program) == "1 1\n"


def test_the_runtime_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from index.encoders.onnx_encoder import open_session\n"
        f"open_session(Path({str(WEIGHTS)!r}, "
        "'reader.onnx'))"
    )
    run("-c", program, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"), XDG_DATA_HOME=str(tmp_path / "data"))
    assert list(tmp_path.rglob("*")) == []


def test_deployments_turn_it_off_too() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "deploy").iterdir() if path.is_file()}
    for name in ("Dockerfile", "quotewire.service", "quotewire-index.service"):
        assert "ORT_DISABLE_TELEMETRY=1" in texts[name]
