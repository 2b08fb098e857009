"""The command line as people have it: processes of their own, the real model, the seed article."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import SEEDS

SENTENCE = "Both craft are launched by Soyuz-2.1a boosters"


def run(*arguments: str, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("QUOTEWIRE_", "TELEGRAM_"))}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env={**clean, "HF_HUB_OFFLINE": "1", **environment},
        capture_output=True,
        timeout=600,  # the first build distils a model, on a machine that may have other things to do
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, e5_root: Path) -> dict[str, str]:
    """The environment that names an index of the seeds, built by the command."""
    data = tmp_path_factory.mktemp("commands") / "data"
    shutil.copytree(e5_root / "models", data / "models")
    environment = {"QUOTEWIRE_INDEX_SOURCES": str(SEEDS), "QUOTEWIRE_INDEX_PATH": str(data)}
    done = run("index", **environment)
    assert done.returncode == 0
    assert done.stdout.decode() == "published generation 1: 1 article in 3 passages, 3 embedded\n"
    return environment


def test_ask_reads_rows_and_bytes_that_are_no_text(built: dict[str, str]) -> None:
    lines = b'{"question": "Which boosters launch the Soyuz MS?", "asked": "2022-04-02"}\ncaf\xe9?\n'
    done = run("retrieval", "--json", stdin=lines, **built)
    assert done.returncode == 3
    (row,) = map(json.loads, done.stdout.splitlines())
    first = row["quotes"][0]
    assert first["article"]["source"] == "TASS"
    start, end = (at - first["start"] for at in first["highlights"][0])
    assert first["text"][start:end].startswith(SENTENCE)
    assert b"stdin:2: question: is not valid UTF-8; skipped" in done.stderr


def test_chat_answers_a_pipe_and_a_terminal_without_unicode_gets_escapes(built: dict[str, str]) -> None:
    done = run("bot", "chat", stdin="Which boosters launch the Soyuz MS?\n", PYTHONIOENCODING="ascii", **built)
    assert (done.returncode, done.stderr) == (0, b"")
    assert SENTENCE in done.stdout.decode("ascii")
    assert r"cooperation \u2014 Roscosmos" in done.stdout.decode("ascii")


def test_another_model_is_refused_by_name(built: dict[str, str], tmp_path: Path) -> None:
    done = run("retrieval", "who?", QUOTEWIRE_INDEX_QUERY_PROMPT="question: ", **built)
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("quotewire: error: the index in ")
    assert line.endswith("build it anew with: quotewire index")


def test_no_index_yet_is_one_line(tmp_path: Path) -> None:
    done = run("retrieval", "who?", QUOTEWIRE_INDEX_PATH=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        f"quotewire: error: there is no index in {tmp_path / 'none'} yet; make one with: quotewire index\n"
    )


@pytest.mark.parametrize("token", ["", "not a token"])
def test_a_missing_or_malformed_token_is_one_line_and_2(token: str) -> None:
    done = run("bot", "bot", TELEGRAM_BOT_TOKEN=token)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "@BotFather" in line
    assert not token or token not in line


def test_help_lists_all_commands_and_loads_nothing_slow() -> None:
    code = (
        "import sys; from bot.cli import app; from typer.testing import CliRunner; "
        "print(CliRunner().invoke(app, ['--help']).stdout); "
        "print(sorted({'torch', 'numpy', 'faiss', 'tantivy', 'telegram', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("ask", "chat", "bot", "evaluate", "index"):
        assert f"\n  {command} " in done.stdout
