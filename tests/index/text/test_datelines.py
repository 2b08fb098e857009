from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parsers.headline import find_headline
from index.text.datelines import is_credit, parse_dateline


@pytest.mark.parametrize(
    ("dateline", "place", "source", "day"),
    [
        ("MOSCOW, April 2. /TASS/.", "MOSCOW", "TASS", "April 2"),
        ("MOSCOW. April 2. /TASS/.", "MOSCOW", "TASS", "April 2"),
        ("LONDON, Jan 5 (Reuters) -", "LONDON", "Reuters", "Jan 5"),
        ("LONDON/PARIS, Jan. 5 (Reuters) -", "LONDON/PARIS", "Reuters", "Jan. 5"),
        ("Jan 5 (Reuters) -", None, "Reuters", "Jan 5"),
        ("KYIV, Ukraine (AP) —", "KYIV, Ukraine", "AP", None),
        ("WASHINGTON (AP) _", "WASHINGTON", "AP", None),
        ("PARIS (AFP) –", "PARIS", "AFP", None),
        ("BEIJING, April 2 (Xinhua) --", "BEIJING", "Xinhua", "April 2"),
        ("London, April 2, 2022 (AFP) -", "London", "AFP", "April 2, 2022"),
        ("MOSCOW, April 2 - RIA Novosti.", "MOSCOW", "RIA Novosti", "April 2"),
        ("MOSCOW. 2 April (Interfax) -", "MOSCOW", "Interfax", "2 April"),
        ("МОСКВА, 2 апреля. /ТАСС/.", "МОСКВА", "ТАСС", "2 апреля"),
        ("МОСКВА, 2 апреля 2022 года. /ТАСС/.", "МОСКВА", "ТАСС", "2 апреля 2022 года"),
        ("МОСКВА, 2 апреля 2022 г. /ТАСС/.", "МОСКВА", "ТАСС", "2 апреля 2022 г."),
        ("Madrid, 2 abr (EFE).-", "Madrid", "EFE", "2 abr"),
        ("SACRAMENTO, Calif. (KTLA) —", "SACRAMENTO, Calif.", "KTLA", None),
        ("(CNN)", None, "CNN", None),
        ("(CNN Business)", None, "CNN Business", None),
        ("(AP) —", None, "AP", None),
        ("Kyiv, Ukraine (CNN)", "Kyiv, Ukraine", "CNN", None),
        ("WASHINGTON –", "WASHINGTON", None, None),
        ("WASHINGTON—", "WASHINGTON", None, None),
        ("LOUISVILLE, Ky. —", "LOUISVILLE, Ky.", None, None),
        ("LEEDS, March 5, 2022 /PRNewswire/ --", "LEEDS", "PRNewswire", "March 5, 2022"),
        ("SAN FRANCISCO--(BUSINESS WIRE)--", "SAN FRANCISCO", "BUSINESS WIRE", None),
        ("LEEDS, England, March 5, 2022 (GLOBE NEWSWIRE) --", "LEEDS, England", "GLOBE NEWSWIRE", "March 5, 2022"),
        ("LEEDS, England – March 5, 2022 –", "LEEDS, England", None, "March 5, 2022"),
    ],
)
@pytest.mark.parametrize("story", ['"Rain," he said.', "It rained.", "25 people saw rain."])
def test_dateline(dateline: str, place: str | None, source: str | None, day: str | None, story: str) -> None:
    text = f"\n {dateline} {story}"
    found = parse_dateline(text)
    assert found is not None
    assert (found.place, found.source, found.day_text) == (place, source, day)
    assert text[found.span.start : found.span.end] == dateline


@pytest.mark.parametrize(
    ("text", "place", "source"),
    [
        ("CNN —\n\nIt rained.", None, "CNN"),
        ("New York CNN Business —\n\nIt rained.", "New York", "CNN Business"),
        ("Kyiv, Ukraine CNN —", "Kyiv, Ukraine", "CNN"),
    ],
)
def test_dateline_on_a_line_of_its_own(text: str, place: str | None, source: str) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert (found.place, found.source, text[found.span.end :].lstrip()) == (
        place,
        source,
        text.partition("—")[2].lstrip(),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It rained in LONDON (Reuters) - on Monday.",
        "Jim Acosta (CNN) said it rained.",
        "Jim Acosta (AP) It rained.",
        "The Associated Press (AP) Managing Editor resigned.",
        "Associated Press (AP) — The editor resigned.",
        "The president (CNN) Never said so.",
        "COVID-19 cases rose.",
        "U.S.-China talks failed.",
        "BREAKING — It rained.",
        "NATO — The alliance met.",
        "UPDATE: It rained.",
        "ASHEVILLE - It rained.",  # a city that a reader may not know, without its region or an outlet
        "WASHINGTON – and rain.",
        "CNN — It rained on the same line.",
        "Reuters - It rained.",
        "NATO (North Atlantic Treaty Organization) - It met.",
        "SPAC (ETF) - It rose.",
        "MOSCOW, April (Reuters) - It rained.",
        "SOUTH AFRICA CORN, in mln tonnes --",
        "Washington Post reporters said it rained.",
        "/home/ It rained.",
    ],
)
def test_prose_has_no_dateline(text: str) -> None:
    assert parse_dateline(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "By Jane Doe and John Roe, CNN",
        "London CNN —",
        "April 2, 2022",
        "2 APR, 14:20",
        "2022-04-02T10:00:00Z",
        "Updated 2:14 PM ET, Mon April 4, 2022",
        "Published April 2, 2022 at 10:00 a.m.",
    ],
)
def test_credits(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    ["", "By Friday the rain had stopped", "Updated guidance for 2022", "LONDON", "2022", "WASHINGTON –", "10:00"],
)
def test_lines_that_are_not_credits(line: str) -> None:
    assert not is_credit(line)


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("All news\n\nRain stops play\n\nLEEDS, April 2. /TASS/. It rained.", "Rain stops play"),
        ("WORLD\nBy Jane Doe\nApril 2, 2022\n  Rain stops play  \nIt rained.", "Rain stops play"),
        ("Will it rain?\n\nIt rained.", "Will it rain?"),
        ("Rain stops play in the U.S.\n\nIt rained.", "Rain stops play in the U.S."),
        ("雨で試合中止に\n\n雨が降った。", "雨で試合中止に"),
        ("It rained.", None),
        ("Rain stops play", None),  # all there is; a headline without a story would leave nothing to quote
        ("It rained.\n\nIt stopped.", None),
        ("“It rained.”\n\nIt stopped.", None),
        ("LEEDS, April 2. /TASS/. It rained\n\nIt stopped.", None),
        ("London CNN —\n\nIt rained.", None),
        ("rain fell\n\nIt stopped.", None),
        ("Rain fell on Monday and the match was\nstopped before the end.\n\nIt went on.", None),
        ("x " * 101 + "\n\nIt rained.", None),
        ("The mayor said:\n\nIt rained.", None),
        ("", None),
    ],
)
def test_headline(text: str, headline: str | None) -> None:
    assert find_headline(text) == headline


@pytest.mark.parametrize("line", ["By " + "A" * 100 + "!", "UTC " * 25 + "?", "A.-" * 30 + " (", "1 May " * 19 + "x"])
def test_no_line_takes_long(line: str) -> None:
    started = perf_counter()
    assert not is_credit(line)
    assert perf_counter() - started < 1


@given(st.text())
def test_a_dateline_and_a_headline_lie_within_any_text(text: str) -> None:
    dateline = parse_dateline(text)
    assert dateline is None or 0 <= dateline.span.start < dateline.span.end <= len(text)
    headline = find_headline(text)
    assert headline is None or headline in text


def test_the_day_of_a_dateline_with_its_year_is_read() -> None:
    dateline = parse_dateline("МОСКВА, 2 апреля 2022 г. /ТАСС/. Дождь остановил игру.")
    assert dateline is not None
    assert dateline.day_text == "2 апреля 2022 г."
