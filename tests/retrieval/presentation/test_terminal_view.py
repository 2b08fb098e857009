"""Answers as they are printed on a terminal and through a pipe."""

import io
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from index.types import Span
from retrieval.presentation.terminal_view import print_answer
from retrieval.presentation.texts import Texts, texts_for
from retrieval.query.periods import Period
from retrieval.types import Answer, Quote
from tests.support.sample_answers import answer_of, copy_of, quote_of

EN, RU = texts_for("en"), texts_for("ru")
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


def test_the_words_that_answer_are_bold_and_underlined() -> None:
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
def test_wide_and_right_to_left_characters_are_wrapped_by_their_width(text: str, lines: list[str]) -> None:
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


def test_a_refusal_introduces_the_closest_passages() -> None:
    quote = quote_of("Rain.")
    assert shown() == "No article here answers this.\n\n"
    assert shown(closest=(quote,)) == (
        f"No article here answers this.\n\nClosest passages:\n\n{ABOVE}{quote.id}\n│ Rain.\n\n"
    )


SEVERAL = quote_of("It rained. It snowed. It hailed.")


def several(*quotes: tuple[int, int]) -> list[Quote]:
    """Quotes of one article."""
    return [replace(SEVERAL, start=start, end=end) for start, end in quotes]


def test_quotes_of_an_article_share_one_headline() -> None:
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


def test_an_uncertain_answer_is_introduced_as_such() -> None:
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
def test_read_answers_and_small_talk_have_no_such_note(answer: Answer) -> None:
    file = io.StringIO()
    print_answer(Console(file=file), answer, EN)
    assert UNREAD not in file.getvalue()
    assert file.getvalue()


def test_other_coverage_is_named_below_the_quote() -> None:
    quote = replace(quote_of("Rain."), copies=(copy_of("AP"),))
    below = "also in AP; first on 2 April 2022\n"
    assert shown(quote) == f"{ABOVE}{quote.id}\n│ Rain.\n{below}\n"
    assert f"\x1b[2m{below[:-1]}\x1b[0m\n" in shown(quote, terminal=True)


def test_the_closest_passages_are_dim_without_bold_words() -> None:
    quote = replace(quote_of("Rain.", (0, 5)), marks=(Span(0, 4),), speaker=Span(0, 4))
    printed = shown(closest=(quote,), terminal=True)
    assert printed.startswith("\x1b[1mNo article here answers this.\x1b[0m\n\n\x1b[2;3mClosest passages:\x1b[0m\n\n")
    assert "\x1b[2mRain falls\x1b[0m\n" in printed
    assert printed.endswith("\x1b[2m│ \x1b[0m\x1b[2mRain.\x1b[0m\n\n")


def test_a_refusal_names_the_searched_days() -> None:
    period = Period(date(2022, 3, 1), date(2022, 3, 31), Span(0, 1))
    assert shown(period=period) == "looking at 1–31 March 2022\n\nNo article of these days answers this.\n\n"
    other = shown(period=period, closest=(quote_of("Rain."),))
    assert "answers this.\n\nClosest passages:\n\nRain falls\nTASS · 2 April 2022 · " in other


def test_the_speaker_is_named_below_the_quote_and_above_other_coverage() -> None:
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
def test_further_quotes_are_counted_at_the_end(more: int, in_shell: bool, line: str) -> None:
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


def test_the_understood_question_is_dim_and_without_control_characters() -> None:
    assert shown(quote_of("Rain."), understood="rain\x1b[1m").startswith("understood as: rain[1m\n\nRain falls\n")
    assert shown(quote_of("Rain."), terminal=True, understood="rain").startswith("\x1b[2munderstood as: rain\x1b[0m\n")
    assert shown(understood="rain").startswith("understood as: rain\n\nNo article here answers this.")


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
