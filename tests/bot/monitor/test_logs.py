"""Logging: one line per event in three formats, without the token, however it was logged."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.monitor.logs import LogFormat, LogLevel, Secrets, configure_logging
from bot.settings import BotSettings
from index.console import log_to_stderr
from tests.support.telegram import TOKEN

NUMBER, SECRET = TOKEN.split(":")
FORMATS: tuple[LogFormat, ...] = get_args(LogFormat)

log = structlog.get_logger("bot.test")
foreign = logging.getLogger("httpx")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _restore_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restore the global state of logging after each test."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    handlers, level = list(root.handlers), root.level  # a copy: configure_logging replaces the list
    monkeypatch.setattr("bot.monitor.logs.secrets", Secrets())
    structlog.contextvars.clear_contextvars()
    yield
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def logged(
    do: Callable[[], object], monkeypatch: pytest.MonkeyPatch, line_format: LogFormat = "logfmt", **more: Any
) -> str:
    """Return what is on stderr after a call, without the times."""
    stderr = more.pop("stderr", io.StringIO())
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        configure_logging(TOKEN, line_format=line_format, **more)
        do()
    return str(stderr.getvalue())


def untimed(line: str) -> str:
    return line.split(" ", 1)[1]


def test_one_line_per_event(monkeypatch: pytest.MonkeyPatch) -> None:
    said = logged(lambda: log.info("answered", quotes=3, ms=12.5, ok=True, none=None, why='a "b"\nc'), monkeypatch)
    assert untimed(said) == (
        r'level=info logger=bot.test event=answered quotes=3 ms=12.5 ok=true none= why="a \"b\"\nc"' + "\n"
    )


def test_events_of_other_packages_are_logged_once_in_the_same_format(monkeypatch: pytest.MonkeyPatch) -> None:
    with log_to_stderr():
        said = logged(lambda: logging.getLogger("index.build").info("exporting %s", "tiny"), monkeypatch)
    assert untimed(said) == 'level=info logger=index.build event="exporting tiny"\n'


def test_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    said = logged(lambda: log.warning("answered", why="Да\n\x85\u2028\u202e", quotes=[1, 2]), monkeypatch, "json")
    assert said.count("\n") == len(said.splitlines()) == 1
    assert "Да" in said
    line = json.loads(said)
    assert list(line) == ["timestamp", "level", "logger", "event", "why", "quotes"]
    del line["timestamp"]
    assert line == {
        "level": "warning",
        "logger": "bot.test",
        "event": "answered",
        "why": "Да\n\x85\u2028\u202e",
        "quotes": [1, 2],
    }


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_the_format_on_a_terminal(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colours: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = logged(lambda: log.info("answered", why="\x1b[2J"), monkeypatch, stderr=Terminal())
    assert ("\x1b[" in said) == colours
    assert "\x1b[2J" not in said
    assert "level=" not in said
    if not colours:
        assert " ".join(untimed(said).split()) == r"[info ] answered [bot.test] why=\u001b[2J"


def test_json_stays_json_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    said = logged(lambda: log.info("answered"), monkeypatch, "json", stderr=Terminal())
    assert json.loads(said)["event"] == "answered"


@pytest.mark.parametrize("line_format", ["logfmt", "json"])
@given(text=st.text())
def test_any_text_is_one_line(line_format: LogFormat, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        said = logged(lambda: log.info("said", text=text), patch, line_format)
    assert len(said.splitlines()) == 1
    assert not [char for char in said[:-1] if not char.isprintable() and char < "\xa0"]
    if line_format == "json":
        assert json.loads(said)["text"] == text


def test_tracebacks_are_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        try:
            raise ValueError("a bug")
        except ValueError:
            log.exception("failed", id="ab12")
            foreign.exception("failed too")

    for line in logged(fail, monkeypatch, "json").splitlines():
        assert json.loads(line)["exception"].endswith("ValueError: a bug")
    first, second = logged(fail, monkeypatch).splitlines()
    assert first.endswith(r'\nValueError: a bug"')
    assert second.endswith(r'\nValueError: a bug"')
    assert "\nValueError: a bug\n" in logged(fail, monkeypatch, "pretty")


def chain() -> None:
    try:
        try:
            raise ValueError(f"inner {TOKEN}")
        except ValueError as error:
            error.add_note(f"a note, {TOKEN}")
            raise ExceptionGroup(f"outer {SECRET}", [KeyError(TOKEN)]) from error
    except ExceptionGroup:
        log.exception("failed")
        foreign.exception("failed")


class Named:
    def __repr__(self) -> str:
        return f"<{TOKEN}>"


WAYS: dict[str, Callable[[], object]] = {
    "event": lambda: log.info(f"got {TOKEN}"),
    "field": lambda: log.info("got", url=f"https://example.org/bot{TOKEN}/getMe"),
    "inside": lambda: log.info("got", fields={"a": [TOKEN.encode(), (SECRET,)]}),
    "object": lambda: log.info("got", it=Named()),
    "key": lambda: log.info("got", **{TOKEN: 1}),
    "bytes": lambda: log.info("got", raw=TOKEN.encode()),
    "context": lambda: structlog.contextvars.bind_contextvars(token=TOKEN) and log.info("got"),
    "exception": chain,
    "message": lambda: foreign.warning(f"got {TOKEN}"),
    "args": lambda: foreign.warning("got %s and %r", TOKEN, SECRET.encode()),
    "mapping": lambda: foreign.warning("got %(it)s", {"it": TOKEN}),
    "extra": lambda: foreign.warning("got", extra={"it": TOKEN}),
    "stack": lambda: foreign.warning(TOKEN, stack_info=True),
    "address": lambda: foreign.warning("got bot%s, %s", TOKEN.replace(":", "%3A"), TOKEN.replace(":", "%253a")),
    "cut short": lambda: foreign.warning("got bot%s", TOKEN[:-9]),
    "not to be formatted": lambda: foreign.warning(f"%d {TOKEN}", TOKEN),
    "not to be keyed": lambda: log.info("got", **{"a b": TOKEN}),
    "name": lambda: logging.getLogger(TOKEN).warning("got"),
    "warning": lambda: warnings.warn(TOKEN, stacklevel=1),
    "thread": lambda: in_thread(),
    "uncaught": lambda: sys.excepthook(ValueError, ValueError(TOKEN), None),
    "task": lambda: asyncio.run(forgotten()),
}


def in_thread() -> None:
    def fail() -> None:
        raise ValueError(TOKEN)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


async def forgotten() -> None:
    async def fail() -> None:
        raise ValueError(TOKEN)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task


@pytest.mark.parametrize("line_format", FORMATS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings("always")
def test_no_line_shows_the_token(monkeypatch: pytest.MonkeyPatch, way: str, line_format: LogFormat) -> None:
    said = logged(WAYS[way], monkeypatch, line_format, level="debug")
    assert "<token>" in said
    assert SECRET[:-9] not in said
    assert line_format == "pretty" or len(said.splitlines()) <= 2


def test_the_forms_of_a_hidden_token() -> None:
    secrets = Secrets()
    secrets.add_token(TOKEN)
    secrets.add("a+webhook/secret")
    text = f"a {TOKEN} b {TOKEN.replace(':', '%3A')} c {SECRET.lower()} d {NUMBER}"
    text = f"{text} e a+webhook/secret f a%2Bwebhook%2fsecret"
    assert secrets.hide(text) == f"a <token> b <token> c <token> d {NUMBER} e <secret> f <secret>"


def test_a_secret_added_later(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.monitor import logs

    def learn() -> None:
        logs.secrets.add("of-the-webhook")
        log.info("got of-the-webhook", it="of-the-webhook")

    assert untimed(logged(learn, monkeypatch)) == ('level=info logger=bot.test event="got <secret>" it=<secret>\n')


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (
            "debug",
            ["bot.test debug", "bot.test info", "bot.test warning", "httpx debug", "httpx info", "httpx warning"],
        ),
        ("info", ["bot.test info", "bot.test warning", "httpx warning"]),
        ("warning", ["bot.test warning", "httpx warning"]),
    ],
)
def test_levels(monkeypatch: pytest.MonkeyPatch, level: str, said: list[str]) -> None:
    def talk() -> None:
        for name in ("debug", "info", "warning"):
            getattr(log, name)("it")
        for name in ("debug", "info", "warning"):
            getattr(foreign, name)("it")

    lines = [json.loads(line) for line in logged(talk, monkeypatch, "json", level=level).splitlines()]
    assert [f"{line['logger']} {line['level']}" for line in lines] == said


def test_context_variables_are_in_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(number: int) -> None:
        with structlog.contextvars.bound_contextvars(update=number):
            await asyncio.sleep(0)
            log.info("ours")
            foreign.warning("theirs")

    async def both() -> None:
        await asyncio.gather(handle(1), handle(2))

    lines = [json.loads(line) for line in logged(lambda: asyncio.run(both()), monkeypatch, "json").splitlines()]
    assert [(line["event"], line["update"]) for line in lines] == [
        ("ours", 1), ("theirs", 1), ("ours", 2), ("theirs", 2)
    ]  # fmt: skip


def test_the_settings_allow_all_levels_and_formats_of_the_log() -> None:
    fields = BotSettings.model_fields
    assert get_args(fields["log_level"].annotation) == get_args(LogLevel)
    assert (*get_args(fields["log_format"].annotation), "pretty") == FORMATS
