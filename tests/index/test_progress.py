"""Progress on stderr: a bar on a terminal, else plain lines."""

from __future__ import annotations

import io
import sys

import pytest

from index.progress import describe, progress


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("embedding", "passages", 640, 2300, 20.0), "embedding: 640 of 2,300 passages, 32 a second, 0:00:51 left"),
        (("reading", "articles", 4500, None, 30.0), "reading: 4,500 articles, 150 a second"),
        (("embedding", "passages", 10, 36_010, 1.0), "embedding: 10 of 36,010 passages, 10 a second, 1:00:00 left"),
        (("embedding", "passages", 1, 3, 10.0), "embedding: 1 of 3 passages, 0 a second, 0:00:20 left"),
    ],
)
def test_a_line(arguments: tuple[str, str, int, int | None, float], line: str) -> None:
    assert describe(*arguments) == line


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_every_ten_seconds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    monkeypatch.setattr("index.progress.time.monotonic", clock)
    with progress("embedding", "passages", 100) as advance:
        for at, count in ((9, 9), (11, 2), (19, 9), (22, 2)):
            clock.now = 100.0 + at
            advance(count)
        advance()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "quotewire: embedding: 11 of 100 passages, 1 a second, 0:01:29 left",
        "quotewire: embedding: 22 of 100 passages, 1 a second, 0:01:18 left",
    ]


def test_a_short_step_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("reading", "articles") as advance:
        advance()
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("total", [20, None])
def test_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], total: int | None
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("embedding", "passages", total) as advance:
        advance(7)
        advance(13)
    assert "embedding" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_an_error_in_a_step_is_raised() -> None:
    with pytest.raises(ZeroDivisionError), progress("reading", "articles"):
        raise ZeroDivisionError
