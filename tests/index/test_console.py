"""What a command shows of the library's log."""

from __future__ import annotations

import logging

import pytest

from index.console import log_to_stderr

builder, answerer, library = (logging.getLogger(name) for name in ("index.build", "retrieval.answerer", "httpx"))


def test_records_are_shown_as_lines_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with log_to_stderr():
        builder.debug("hidden")
        builder.info("exporting %s", "tiny")
        builder.warning("a.txt: is empty")
        answerer.error("two\nlines\x1b[2J")
        library.info("hidden")
        library.warning("shown as it is")
    builder.info("hidden")
    assert capsys.readouterr() == (
        "",
        "quotewire: exporting tiny\n"
        "quotewire: warning: a.txt: is empty\n"
        "quotewire: error: two lines[2J\n"
        "shown as it is\n",
    )


def test_logging_is_left_as_it_was() -> None:
    root = logging.getLogger()
    before = list(root.handlers), root.level
    with log_to_stderr():
        assert root.level == logging.INFO
    assert (root.handlers, root.level) == before
