"""Captions, styles and lines of answers, in English. How they are shown is tested with each renderer."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.harmless import harmless
from index.types import Span
from retrieval.presentation.answer_lines import (
    also_in,
    dated,
    headline,
    left_out,
    refusal,
    said_by,
    understood,
)
from retrieval.presentation.answer_parts import (
    Caption,
    OtherCoverage,
    Style,
    arrange_by_article,
    caption,
    grouped_by_article,
    one_line,
    other_coverage,
    refusal_scope,
    speaker_name,
    styled_pieces,
    without_emphasis,
)
from retrieval.presentation.texts import texts_for
from retrieval.query.periods import Period
from tests.support.sample_answers import answer_of, copy_of, quote_of

EN, RU = texts_for("en"), texts_for("ru")
LATER, EARLIER = date(2022, 4, 3), date(2022, 4, 1)


@pytest.mark.parametrize(
    ("copies", "line"),
    [
        ([], None),
        ([("AP", LATER)], "also in AP; first on 2 April 2022"),
        ([("AP", EARLIER)], "also in AP; first on 1 April 2022"),
        ([("AP", None), ("DW", LATER)], "also in 2 outlets: AP, DW; first on 2 April 2022"),
        ([("AP", LATER), ("ap", LATER), ("tass", LATER)], "also in AP; first on 2 April 2022"),
        ([("TASS", EARLIER)], "also in one other article; first on 1 April 2022"),
        ([(None, LATER), ("TASS", EARLIER)], "also in 2 other articles; first on 1 April 2022"),
        ([("A\n\x1b\u202eP", LATER)], "also in A P; first on 2 April 2022"),
        (
            [(name, LATER) for name in "ABCDEFGH"],
            "also in 8 outlets: A, B, C, D, E, F, …; first on 2 April 2022",
        ),
    ],
)
def test_other_coverage_names_outlets_and_the_first_day(
    copies: list[tuple[str | None, date | None]], line: str | None
) -> None:
    assert also_in(replace(quote_of("Rain."), copies=tuple(copy_of(*each) for each in copies)), EN) == line


def test_other_coverage_without_a_date_or_an_outlet() -> None:
    undated = quote_of("Rain.", published=None, source=None)
    assert also_in(replace(undated, copies=(copy_of("AP", None),)), EN) == "also in AP"
    assert also_in(replace(undated, copies=(copy_of(None, None),)), EN) == "also in one other article"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=12))
def test_quotes_of_one_article_are_grouped_in_order(places: list[tuple[str, int]]) -> None:
    quotes = [replace(quote_of("0123456789", title=title), start=start) for title, start in places]
    shown = [(quote.article.title, quote.start) for quote in grouped_by_article(quotes)]
    articles = list(dict.fromkeys(title for title, _ in places))
    assert shown == [place for article in articles for place in places if place[0] == article]


def test_an_answer_is_arranged_by_article() -> None:
    first, other, second = quote_of("Rain."), quote_of("Snow."), replace(quote_of("Rain."), end=4)
    answer = answer_of(first, other, second, more=2)
    assert arrange_by_article(answer) == replace(answer, quotes=(first, second, other))
    assert arrange_by_article(answer_of(closest=(first, other, second))).closest == (first, second, other)


TEXT = "Rain fell. It stopped on Monday."


@pytest.mark.parametrize(
    ("bold", "marks", "pieces"),
    [
        ([], [], [(TEXT, 0)]),
        ([(11, 32)], [], [("Rain fell. ", 0), ("It stopped on Monday.", 1)]),
        ([(11, 32)], [(25, 31)], [("Rain fell. ", 0), ("It stopped on ", 1), ("Monday", 2), (".", 1)]),
        ([(0, 10)], [(0, 4), (5, 10)], [("Rain", 2), (" ", 1), ("fell.", 2), (" It stopped on Monday.", 0)]),
        ([(0, 10)], [(0, 4), (2, 10)], [("Ra", 2), ("in", 2), (" fell.", 2), (" It stopped on Monday.", 0)]),
    ],
)
def test_styles(bold: list[tuple[int, int]], marks: list[tuple[int, int]], pieces: list[tuple[str, int]]) -> None:
    quote = replace(quote_of(TEXT, *bold), marks=tuple(Span(*mark) for mark in marks))
    assert styled_pieces(quote) == pieces
    assert styled_pieces(without_emphasis(quote)) == [(TEXT, Style.PLAIN)]


def test_styles_outside_of_the_quote_are_ignored() -> None:
    part = replace(quote_of(TEXT), start=11, end=21, highlights=(Span(11, 21),), marks=(Span(25, 31), Span(0, 13)))
    assert styled_pieces(part) == [("It", Style.MARKED), (" stopped", Style.BOLD)]


@given(st.text(min_size=1), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))), st.booleans())
def test_styled_pieces_have_every_character_in_order(text: str, marks: list[tuple[int, int]], bold: bool) -> None:
    spans = [(0, len(text))] if bold else []
    quote = replace(quote_of(text, *spans), marks=tuple(Span(*mark) for mark in marks))
    assert "".join(piece for piece, _ in styled_pieces(quote)) == harmless(text)
    assert "" not in [piece for piece, _ in styled_pieces(quote)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Ann Lee", "said by Ann Lee"),
        ("Дмитрий Рогозин", "said by Дмитрий Рогозин"),
        ("Ann\n \x1b\u202eLee", "said by Ann Lee"),
        ("\x1b", None),
        (None, None),
    ],
)
def test_the_speaker_is_named(name: str | None, line: str | None) -> None:
    quote = quote_of(f"“No,” said {name}.")
    assert said_by(replace(quote, speaker=Span(11, 11 + len(name)) if name else None), EN) == line


@pytest.mark.parametrize(
    ("more", "line"),
    [(0, None), (1, "and one more quote"), (1200, "and 1,200 more quotes")],
)
def test_further_quotes_are_counted(more: int, line: str | None) -> None:
    assert left_out(answer_of(quote_of("Rain."), more=more), EN) == line


@pytest.mark.parametrize(
    ("since", "until", "line"),
    [
        (EARLIER, LATER, "No article of these days answers this."),
        (EARLIER, EARLIER, "No article of this day answers this."),
        (EARLIER, None, "No article of these days answers this."),
        (None, EARLIER, "No article of these days answers this."),
    ],
)
def test_a_refusal_within_a_period_names_its_days(since: date | None, until: date | None, line: str) -> None:
    assert refusal(answer_of(period=Period(since, until, Span(0, 1))), EN) == line
    assert refusal(answer_of(), EN) == "No article here answers this."


def test_captions() -> None:
    above = caption(quote_of("Rain.", title="Rain\n\u200bfalls").article)
    assert above == Caption("Rain falls", "TASS", date(2022, 4, 2), None, "https://example.org/rain")
    assert (headline(above, EN), dated(above, EN)) == ("Rain falls", "2 April 2022")
    above = caption(quote_of("Rain.", title=None, published=None, published_text="April\n2").article)
    assert (headline(above, EN), dated(above, EN)) == ("Untitled", "April 2")
    assert dated(caption(quote_of("Rain.", published=None).article), EN) == "undated"


def test_the_day_of_the_last_update_is_shown_if_it_differs() -> None:
    def shown(modified: date, published: date | None = date(2022, 4, 2)) -> str:
        return dated(caption(replace(quote_of("Rain.").article, modified=modified, published=published)), EN)

    assert shown(LATER) == "2 April 2022, updated 3 April 2022"
    assert shown(date(2022, 4, 2)) == "2 April 2022"
    assert shown(LATER, published=None) == "undated, updated 3 April 2022"


def test_speakers_coverage_and_refusals_as_data() -> None:
    quote = replace(quote_of("No, said Lee."), speaker=Span(9, 12), copies=(copy_of("AP"), copy_of(None, EARLIER)))
    assert other_coverage(quote) == OtherCoverage(2, ("AP",), EARLIER)
    assert other_coverage(quote_of("No.")) is None
    assert (speaker_name(quote), speaker_name(quote_of("No."))) == ("Lee", None)
    assert [refusal_scope(answer_of(period=period)) for period in (None, Period(LATER, LATER, Span(0, 1)))] == [
        "all",
        "day",
    ]


def test_how_a_follow_up_was_understood() -> None:
    assert understood(answer_of(understood="rain … why?"), EN) == "understood as: rain … why?"
    assert understood(answer_of(), EN) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        (" \n\x00", None),
        ("\u200b\u2060\ufeff", None),
        ("\u200d\u0301 ", None),  # joiners and accents of nothing
        ("\u3164", None),  # a letter that is blank
        ("a\u200bb\u00adc\u200ed\u2066e", "abcde"),
        ("\U000e0041x", "x"),
        ("a\u2028b\tc", "a b c"),
        ("👩\u200d👧 می\u200cشود e\u0301", "👩\u200d👧 می\u200cشود e\u0301"),
        ("❤️", "❤️"),
    ],
)
def test_one_line_has_only_visible_characters(text: str | None, shown: str | None) -> None:
    assert one_line(text) == shown
