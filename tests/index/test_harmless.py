"""Control characters in articles reach no terminal, whichever way they are printed."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from index.console import HarmlessStream, below
from index.harmless import harmless, harmless_json
from index.rich_console import console_on
from tests.support.paths import ROOT

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rain\tfell.\n", "Rain\tfell.\n"),
        ("\x1b[31mRain\x1b[0m", "[31mRain[0m"),
        ("\x9b31mRain", "31mRain"),  # CSI as a single C1 character
        ("a\rb\x00c\x07", "abc"),
        ("\u202eniaR\u202c \u2066x\u2069", "niaR x"),
        ("a\u2028b\x85c\x0bd", "a\nb\nc\nd"),
        ("half \ud83d", "half \ufffd"),
        ("👩\u200d🚀 שלום", "👩\u200d🚀 שלום"),
    ],
)
def test_control_characters_are_removed(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_json_escapes_control_characters_and_loses_nothing(text: str) -> None:
    line = harmless_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert not CONTROLS.search(line)
    assert "\n" not in line


@given(st.text())
def test_text_written_to_a_stream_is_made_harmless(text: str) -> None:
    raw = BytesIO()
    stream = HarmlessStream(TextIOWrapper(raw, "utf-8", newline="\n"))
    assert stream.write(text) == len(text)
    stream.flush()
    assert raw.getvalue().decode() == harmless(text)
    stream.detach()


def test_a_rich_console_keeps_its_own_codes_and_no_others() -> None:
    file = io.StringIO()
    console = console_on(file)
    table = Table("a\x1b[31m")
    table.add_row("b\u202ec\x9b")
    console.print(table)
    console.print(Text("\x1b]0;title\x07", "bold"), "\x1b[2J", style="red")
    assert not CONTROLS.search(file.getvalue())
    terminal = type(console)(file=io.StringIO(), force_terminal=True, color_system="standard", width=40)
    terminal.print(Text("Rain\x1b[2J", "bold"))
    assert terminal.file.getvalue() == "\x1b[1mRain[2J\x1b[0m\n"  # type: ignore[attr-defined]


def test_the_stream_below_is_for_the_programs_own_escape_codes() -> None:
    stream = TextIOWrapper(BytesIO())
    harmless_stream = HarmlessStream(stream)
    assert below(harmless_stream) is stream
    assert below(stream) is stream
    harmless_stream.detach()


RUN = """
import sys
from index.console import run, say, print_json
from index.errors import SourceError

def command():
    bad = "\\x1b[31m\\x9b\\u202e"
    print("out", bad); sys.stdout.write(bad + "\\n"); print_json({"title": bad}); say("two" + bad + "\\nlines")
    if sys.argv[1] == "error":
        raise SourceError("a.txt" + bad)
    if sys.argv[1] == "bug":
        raise RuntimeError("a bug" + bad)

run(command)
"""


@pytest.mark.parametrize(("how", "code"), [("fine", 0), ("error", 1), ("bug", 1)])
def test_everything_that_a_command_prints_is_harmless(how: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, how], capture_output=True, cwd=ROOT)
    assert done.returncode == code
    out, talk = done.stdout.decode(), done.stderr.decode()
    assert out == 'out [31m\n[31m\n{"title": "\\u001b[31m\\u009b\\u202e"}\n'
    assert talk.startswith("quotewire: two[31m lines\n")
    assert not CONTROLS.search(talk)
    assert ("RuntimeError: a bug[31m" in talk) == (how == "bug")
    assert ("quotewire: error: a.txt[31m\n" in talk) == (how == "error")


def test_a_wrong_argument_is_shown_harmlessly() -> None:
    environment = {**os.environ, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "retrieval", "x", "--since", "\x1b[31m\u202e2022"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment)
    assert done.returncode == 2
    assert not CONTROLS.search(done.stderr.decode())


def test_no_other_console_is_made() -> None:
    """A console that Rich makes itself would show text unfiltered."""
    made = []
    for path in [file for part in ("index", "retrieval", "bot", "training") for file in (ROOT / part).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Console":
                made.append(path.name)
    assert made == []
