"""quotewire chat: commands, follow-ups, the language, and the keyboard of a terminal."""

import io
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.terminal import chat
from retrieval.presentation.texts import texts_for
from tests.support.echo_bot import EchoAnswers
from tests.support.sample_answers import quote_of

EN, RU = texts_for("en"), texts_for("ru")
NO_QUESTION = EN("no-question", example="Who is under sanctions?")
UNKNOWN = EN("unknown-command")
HELP = f"""{EN("about")}

{EN("newest-headlines")}
• Rain falls

{EN("follow-up")}"""
ABOVE = "Rain falls\nTASS · 2 April 2022 · https://example.org/rain\n"


COMMANDS = EN("terminal-commands")


def piped(text: str) -> tuple[str, list[str]]:
    answers, output = EchoAnswers(), io.StringIO()
    chat(answers, io.StringIO(text), output)
    return output.getvalue(), [question.text for question in answers.asked]


def test_a_pipe_is_answered_line_by_line_without_a_prompt() -> None:
    output, asked = piped("who?\n\n  /ask   why?\n \n/ask\n/nonsense\n/help\nlast")
    assert asked == ["who?", "why?", "last"]
    ids = [quote_of(text).id for text in asked]
    assert output == (
        f"{ABOVE}{ids[0]}\n│ who?\n\n"
        f"{ABOVE}{ids[1]}\n│ why?\n\n{NO_QUESTION}\n\n{UNKNOWN}\n\n"
        f"{HELP}\n\n{COMMANDS}\n\n{ABOVE}{ids[2]}\n│ last\n\n"
    )


def test_a_conversation_keeps_its_subject_through_small_talk() -> None:
    answers, output = EchoAnswers(), io.StringIO()
    chat(answers, io.StringIO("hi\nwho sold grain?\nthanks\nand when?\nwho bought oil?\n"), output)
    assert [question.earlier for question in answers.asked] == [
        None, None, "who sold grain?", "who sold grain?", "who sold grain?\nand when?",
    ]  # fmt: skip
    assert output.getvalue().startswith(f"{EN('talk-greeting')}\n\n{ABOVE}")
    assert f"│ who sold grain?\n\n{EN('talk-thanks')}\n\nunderstood as: who sold grain? … and when?\n\n" in (
        output.getvalue()
    )


def test_a_message_without_words_is_not_searched() -> None:
    answers, output = EchoAnswers(), io.StringIO()
    chat(answers, io.StringIO("who sold grain?\n?\nand when?\n"), output)
    assert [question.earlier for question in answers.asked] == [None, "who sold grain?", "who sold grain?"]
    assert f"{EN('talk-nothing')}\n\nunderstood as: who sold grain? … and when?\n" in output.getvalue()


def test_more_and_the_latest() -> None:
    output, asked = piped("/more\nwho?\nthanks\n/more\n/more\n/latest\n/more\n")
    quotes = [quote_of(text).id for text in ("who?", "more on who?", "the latest", "the latest but one")]
    nothing = [EN(id) for id in ("nothing-asked", "nothing-more")]
    assert asked == ["who?", "thanks"]
    assert output == (
        f"{nothing[0]}\n\n{ABOVE}{quotes[0]}\n│ who?\n\n{EN('talk-thanks')}\n\n"
        f"{ABOVE}{quotes[1]}\n│ more on who?\n\n{nothing[1]}\n\n{ABOVE}{quotes[2]}\n│ the latest\n\n"
        f"and one more quote\n\n{ABOVE}{quotes[3]}\n│ the latest but one\n\n"
    )


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ru", "LC_ALL": ""}, "ru"),
        ({"LANG": "xx_XX"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:ru:en"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "ru"}, "en"),
        ({"LANGUAGE": "ru"}, "en"),
        ({}, "en"),
    ],
)
def test_it_speaks_the_language_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert piped("/nonsense\n")[0] == f"{texts_for(language)('unknown-command')}\n\n"


def test_a_conversation_is_wholly_russian_in_a_russian_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    output, _ = piped("привет\n/more\n/ask\n/nonsense\n/help\n")
    assert output == "".join(
        f"{line}\n\n"
        for line in (
            RU("talk-greeting"),
            RU("nothing-asked"),
            RU("no-question", example="Кто под санкциями?"),
            RU("unknown-command"),
            RU("about"),
            "Последние заголовки:\n• Rain falls",
            RU("follow-up"),
            RU("terminal-commands"),
        )
    )
    assert not re.search(r"[A-Za-z]{3,}", re.sub(r"/\w+|Ctrl|Rain falls", "", output))


def test_quit_ends_it() -> None:
    assert piped("/quit\nwho?\n") == ("", [])


def test_a_question_is_asked_now() -> None:
    answers = EchoAnswers()
    chat(answers, io.StringIO("who?"), io.StringIO())
    assert abs((datetime.now(UTC) - answers.asked[0].asked).total_seconds()) < 60


def test_invalid_utf_8_is_answered() -> None:
    answers = EchoAnswers()
    chat(answers, io.TextIOWrapper(io.BytesIO(b"caf\xe9?\n"), "utf-8"), io.StringIO())
    assert [question.text for question in answers.asked] == ["caf\ufffd?"]


class Terminal:
    """A chat at the other end of a pseudo-terminal."""

    def __init__(self, file: int, process: subprocess.Popen[bytes]) -> None:
        self.file = file
        self.process = process
        self.seen = ""

    def type(self, keys: str) -> None:
        self.seen = ""
        os.write(self.file, keys.encode())

    def wait(self, text: str) -> None:
        """Until that was printed and then a prompt, with or without what turns on bracketed paste."""
        end = time.monotonic() + 10
        while not re.search(rf"{re.escape(text)}\r\n\r\n(\x1b\[\?2004h)?(you|вы)> ", self.seen):
            assert time.monotonic() < end, self.seen
            self.seen += os.read(self.file, 1000).decode(errors="replace")


@contextmanager
def terminal(state: Path, **variables: str) -> Iterator[Terminal]:
    code = "from bot.terminal import chat; from tests.support.echo_bot import EchoAnswers; chat(EchoAnswers())"
    mine, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(state), "NO_COLOR": "1", **variables}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=its, stdout=its, env=environment, start_new_session=True
    )
    os.close(its)
    try:
        yield Terminal(mine, process)
    finally:
        process.kill()
        process.wait()
        os.close(mine)


def test_a_terminal_has_a_prompt_line_editing_and_history(tmp_path: Path) -> None:
    with terminal(tmp_path) as first:
        first.wait("/quit ends.")
        first.type("rain\x01the \x05?\n")  # Ctrl-A and Ctrl-E: to the start and the end of the line
        first.wait("│ the rain?")
        first.type("\x04")
        assert first.process.wait(10) == 0
    history = tmp_path / "quotewire" / "history"
    assert history.read_text() == "the rain?\n"
    assert history.stat().st_mode & 0o777 == 0o600
    with terminal(tmp_path) as second:
        second.wait("/quit ends.")
        second.type("\x1b[A\n")  # the arrow up
        second.wait("│ the rain?")
        time.sleep(0.2)  # Python misses a signal between the prompt and its wait for a key
        second.process.send_signal(2)
        assert second.process.wait(10) == 0


def test_the_prompt_of_a_terminal_is_in_its_language(tmp_path: Path) -> None:
    with terminal(tmp_path, LANG="ru_RU.UTF-8", PYTHONUTF8="1") as russian:
        russian.wait("/quit – выход.")
        assert "вы> " in russian.seen
        assert "you> " not in russian.seen
