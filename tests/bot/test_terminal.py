import io
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.terminal import chat
from index.types import Span
from retrieval.presentation.terminal_view import print_answer
from retrieval.presentation.texts import Texts, texts_for
from retrieval.query.periods import Period
from retrieval.types import Answer, Quote
from tests.support.echo_bot import EchoAnswers
from tests.support.sample_answers import answer_of, copy_of, quote_of

EN, RU = texts_for("en"), texts_for("ru")
NO_QUESTION = EN("no-question", example="Who is under sanctions?")
UNKNOWN = EN("unknown-command")
HELP = f"""{EN("about")}

{EN("newest-headlines")}
• Rain falls

{EN("follow-up")}"""
ABOVE = "Rain falls\nTASS · 2 April 2022 · https://example.org/rain\n"


def shown(
    *quotes: Quote,
    texts: Texts = EN,
    terminal: bool = False,
    explain: bool = False,
    in_shell: bool = False,
    **rest: Any,
) -> str:
    file = io.StringIO()
    color: Literal["standard"] | None = "standard" if terminal else None
    console = Console(file=file, width=40, highlight=False, force_terminal=terminal, color_system=color)
    print_answer(console, answer_of(*quotes, **rest), texts, explain=explain, in_shell=in_shell)
    return file.getvalue()


def test_quotes_through_a_pipe_are_plain_and_never_wrapped() -> None:
    text = "It rained [bold]all[/] day :smile: and all night.\n\nThen it stopped." + " word" * 50
    assert shown(quote_of(text, (0, 5))) == (
        f"{ABOVE}{quote_of(text).id}\n│ It rained [bold]all[/] day :smile: and all night.\n│ \n"
        f"│ Then it stopped.{' word' * 50}\n\n"
    )


def test_quotes_on_a_terminal_are_wrapped_behind_a_bar_and_highlights_are_bold() -> None:
    printed = shown(quote_of("It rained all day and all night. Then it stopped.", (33, 49)), terminal=True)
    assert "\x1b[1mRain falls\x1b[0m\n" in printed
    assert printed.endswith(
        "\x1b[36m│ \x1b[0mIt rained all day and all night. \x1b[1mThen \x1b[0m\n"
        "\x1b[36m│ \x1b[0m\x1b[1mit stopped.\x1b[0m\n\n"
    )
    assert "https://example.org/rain" in printed  # in one piece, although it is wider than what is left


def test_what_is_asked_for_is_bold_and_underlined() -> None:
    quote = replace(quote_of("It stopped on Monday.", (0, 21)), marks=(Span(14, 20),))
    assert "│ \x1b[0m\x1b[1mIt stopped on \x1b[0m\x1b[1;4mMonday\x1b[0m\x1b[1m.\x1b[0m\n" in shown(quote, terminal=True)
    assert "│ It stopped on Monday.\n" in shown(quote)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("雨" * 60, ["雨" * 19, "雨" * 19, "雨" * 19, "雨" * 3]),
        ("😀 " * 20, ["😀 " * 13, "😀 " * 7]),
        ("ירד גשם בירושלים כל היום וגם כל הלילה ואז", ["ירד גשם בירושלים כל היום וגם כל הלילה ", "ואז"]),
    ],
)
def test_wide_letters_and_those_from_right_to_left_are_wrapped_where_they_end(text: str, lines: list[str]) -> None:
    body = [
        line for line in re.sub("\x1b\\[[0-9;]*m", "", shown(quote_of(text), terminal=True)).split("\n") if "│" in line
    ]
    assert [line.rstrip() for line in body] == [f"│ {line.rstrip()}" for line in lines]
    assert all(cell_len(line.rstrip()) <= 40 for line in body)


PRINTS = """
from index.rich_console import console_on
from retrieval.presentation.terminal_view import print_answer
from retrieval.presentation.texts import texts_for
from tests.support.sample_answers import answer_of, quote_of
print_answer(console_on(), answer_of(quote_of("Rain.", (0, 5)), more=2), texts_for("en"))
print_answer(console_on(), answer_of(closest=(quote_of("Rain.", (0, 5)),), understood="rain"), texts_for("en"))
"""
CODES = re.compile("\x1b\\[[0-9;]*m")


def printed(on_a_terminal: bool, **environment: str) -> str:
    """What a process prints, on a pseudo-terminal or into a pipe."""
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    run = [sys.executable, "-c", PRINTS]
    if not on_a_terminal:
        return subprocess.run(run, env={**clean, **environment}, capture_output=True, text=True, check=True).stdout
    mine, its = pty.openpty()
    subprocess.run(run, env={**clean, "TERM": "xterm", **environment}, stdout=its, check=True)
    os.close(its)
    output = os.read(mine, 100_000).decode()
    os.close(mine)
    return output.replace("\r\n", "\n")


def test_a_process_prints_escape_codes_on_a_terminal_only_and_never_with_no_color() -> None:
    plain = printed(False)
    assert "│ Rain.\n\nand 2 more quotes\n\nunderstood as: rain\n\nNo article here answers this.\n" in plain
    assert "\x1b" not in plain
    assert printed(True, NO_COLOR="1") == plain
    coloured = printed(True)
    assert "\x1b[1mRain.\x1b[0m" in coloured
    assert CODES.sub("", coloured) == plain


def test_control_characters_are_harmless() -> None:
    quote = quote_of("a\x1b]0;t\x07b\rc\u202ed", title="x\x1b[31m\r\u202ey", source="T\x9bS", published=None)
    assert shown(quote) == f"x[31my\nTS · undated · https://example.org/rain\n{quote.id}\n│ a]0;tbcd\n\n"


def test_when_nothing_answers_it_says_so_and_sets_the_closest_apart() -> None:
    quote = quote_of("Rain.")
    assert shown() == "No article here answers this.\n\n"
    assert shown(closest=(quote,)) == (
        f"No article here answers this.\n\nClosest passages:\n\n{ABOVE}{quote.id}\n│ Rain.\n\n"
    )


SEVERAL = quote_of("It rained. It snowed. It hailed.")


def several(*quotes: tuple[int, int]) -> list[Quote]:
    """Quotes of one article."""
    return [replace(SEVERAL, start=start, end=end) for start, end in quotes]


def test_one_headline_stands_over_all_quotes_of_an_article() -> None:
    first, second = several((0, 10), (22, 32))
    second = replace(second, speaker=Span(22, 24), copies=(copy_of("AP"),))
    other = quote_of("Snow fell.", title="Snow")
    assert shown(replace(first, copies=(copy_of("AP"),)), other, second) == (
        f"{ABOVE}{first.id}\n│ It rained.\n\n"
        f"{second.id}\n│ It hailed.\nsaid by It\nalso in AP; first on 2 April 2022\n\n"
        f"Snow\nTASS · 2 April 2022 · https://example.org/rain\n{other.id}\n│ Snow fell.\n\n"
    )
    first, second = several((0, 10), (11, 21))
    assert shown(closest=(first, second)) == (
        "No article here answers this.\n\nClosest passages:\n\n"
        f"{ABOVE}{first.id}\n│ It rained.\n\n{second.id}\n│ It snowed.\n\n"
    )


def test_what_perhaps_answers_is_introduced_as_that() -> None:
    quote = quote_of("It rained all day. Then it stopped.", (19, 35))
    assert shown(closest=(quote,), perhaps=True) == (
        f"Perhaps this answers it:\n\n{ABOVE}{quote.id}\n│ It rained all day. Then it stopped.\n\n"
    )
    printed = shown(closest=(quote,), perhaps=True, terminal=True)
    assert printed.startswith("\x1b[1mPerhaps this answers it:\x1b[0m\n\n\x1b[1mRain falls\x1b[0m\n")
    assert "\x1b[1mThen it stopped.\x1b[0m" in printed


UNREAD = EN("unread")


def test_an_answer_that_was_not_read_says_so() -> None:
    quote, note = quote_of("Rain."), f"{UNREAD}\n\n"
    assert shown(quote, confidence=None) == f"{note}{ABOVE}{quote.id}\n│ Rain.\n\n"
    assert shown(closest=(quote,), confidence=None, understood="rain").startswith(f"understood as: rain\n\n{note}No ")
    assert shown(quote, terminal=True, confidence=None).startswith(f"\x1b[2m{UNREAD}\x1b[0m\n\n")


@pytest.mark.parametrize(
    "answer",
    [
        answer_of(quote_of("Rain.")),
        answer_of(quote_of("Rain."), question="", confidence=None),  # the latest
        answer_of(small_talk="thanks", confidence=None),
        answer_of(confidence=None),
    ],
)
def test_no_other_answer_says_so(answer: Answer) -> None:
    file = io.StringIO()
    print_answer(Console(file=file), answer, EN)
    assert UNREAD not in file.getvalue()
    assert file.getvalue()


def test_who_else_has_the_story_stands_below_the_quote() -> None:
    quote = replace(quote_of("Rain."), copies=(copy_of("AP"),))
    below = "also in AP; first on 2 April 2022\n"
    assert shown(quote) == f"{ABOVE}{quote.id}\n│ Rain.\n{below}\n"
    assert f"\x1b[2m{below[:-1]}\x1b[0m\n" in shown(quote, terminal=True)


def test_the_closest_passages_are_dim_and_nothing_stands_out() -> None:
    quote = replace(quote_of("Rain.", (0, 5)), marks=(Span(0, 4),), speaker=Span(0, 4))
    printed = shown(closest=(quote,), terminal=True)
    assert printed.startswith("\x1b[1mNo article here answers this.\x1b[0m\n\n\x1b[2;3mClosest passages:\x1b[0m\n\n")
    assert "\x1b[2mRain falls\x1b[0m\n" in printed
    assert printed.endswith("\x1b[2m│ \x1b[0m\x1b[2mRain.\x1b[0m\n\n")


def test_the_days_that_were_looked_at_are_what_a_refusal_speaks_of() -> None:
    period = Period(date(2022, 3, 1), date(2022, 3, 31), Span(0, 1))
    assert shown(period=period) == "looking at 1–31 March 2022\n\nNo article of these days answers this.\n\n"
    other = shown(period=period, closest=(quote_of("Rain."),))
    assert "answers this.\n\nClosest passages:\n\nRain falls\nTASS · 2 April 2022 · " in other


def test_who_says_it_stands_below_the_quote_and_before_who_else_has_it() -> None:
    quote = replace(quote_of("“No,” said Ann Lee."), speaker=Span(11, 18), copies=(copy_of("AP"),))
    assert shown(quote).endswith("│ “No,” said Ann Lee.\nsaid by Ann Lee\nalso in AP; first on 2 April 2022\n\n")
    assert "\x1b[2msaid by Ann Lee\x1b[0m\n" in shown(quote, terminal=True)


@pytest.mark.parametrize(
    ("more", "in_shell", "line"),
    [
        (3, False, "and 3 more quotes\n\n"),
        (3, True, "and 3 more quotes: -k 4 shows them\n\n"),
        (1, True, "and one more quote: -k 2 shows it\n\n"),
        (0, True, ""),
    ],
)
def test_how_many_more_answer_is_said_last(more: int, in_shell: bool, line: str) -> None:
    assert shown(quote_of("Rain."), more=more, in_shell=in_shell).endswith(f"│ Rain.\n\n{line}")


@pytest.mark.parametrize(
    ("score", "of_hit", "line"),
    [
        (1.93, {"score": 0.95, "recency": 0.004}, "similarity .71 · words .90 · search .95 · score 1.93"),
        (1.93, {"score": 1.2, "recency": 0.21},
         "similarity .71 · words .90 · newness +.21 · search 1.20 · score 1.93"),
        (10.5, {"score": 10.5, "cosine": -0.05, "words": 1.0},
         "similarity -.05 · words 1.00 · search 10.50 · score 10.50"),
    ],
)  # fmt: skip
def test_explain(score: float, of_hit: dict[str, Any], line: str) -> None:
    quote = quote_of("Rain.")
    quote = replace(quote, score=score, hit=replace(quote.hit, **of_hit))
    assert shown(quote, explain=True).endswith(f"│ Rain.\nmatched: rain, fall · {line}\n\n")
    assert "matched" not in shown(quote)


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


def test_what_has_no_word_is_not_searched() -> None:
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


def test_how_it_was_understood_is_dim_and_harmless() -> None:
    assert shown(quote_of("Rain."), understood="rain\x1b[1m").startswith("understood as: rain[1m\n\nRain falls\n")
    assert shown(quote_of("Rain."), terminal=True, understood="rain").startswith("\x1b[2munderstood as: rain\x1b[0m\n")
    assert shown(understood="rain").startswith("understood as: rain\n\nNo article here answers this.")


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


def test_an_answer_is_wholly_russian_in_a_russian_locale() -> None:
    quote = replace(quote_of("Да, говорит Ли.", published=None), speaker=Span(12, 14), copies=(copy_of("AP"),))
    period = Period(date(2022, 11, 28), date(2022, 11, 29), Span(0, 1))
    above = "Rain falls\nTASS · без даты · https://example.org/rain\n"
    assert shown(
        quote, texts=RU, explain=True, in_shell=True, more=2, period=period, understood="дождь … где?", confidence=None
    ) == (
        "вопрос понят так: дождь … где?\n\nищу за 28–29 ноября 2022\n\n"
        "найдено только поиском; отвечает ли это на вопрос, не проверено\n\n"
        f"{above}{quote.id}\n│ Да, говорит Ли.\nговорит Ли\nтакже в AP; впервые 3 апреля 2022\n"
        "совпали слова: rain, fall · близость .71 · слова .90 · поиск .03 · оценка .03\n\n"
        "и ещё 2 цитаты: их покажет -k 3\n\n"
    )
    assert shown(texts=RU, period=period, closest=(quote,)) == (
        "ищу за 28–29 ноября 2022\n\nВ статьях за эти дни ответа нет.\n\nБлиже всего к вопросу:\n\n"
        f"{above}{quote.id}\n│ Да, говорит Ли.\nтакже в AP; впервые 3 апреля 2022\n\n"
    )
    assert shown(texts=RU, perhaps=True, closest=(quote,)).startswith("Возможно, ответ здесь:\n\n")


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


def test_the_time_of_a_question_is_now() -> None:
    answers = EchoAnswers()
    chat(answers, io.StringIO("who?"), io.StringIO())
    assert abs((datetime.now(UTC) - answers.asked[0].asked).total_seconds()) < 60


def test_bytes_that_are_no_text_are_answered_too() -> None:
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
