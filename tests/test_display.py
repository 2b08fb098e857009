"""retrieval.display: who else has a story. The rest of it is tested where it is shown, in a terminal and a message."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval.display import also
from tests.fakes_bot import copy_of, quote_of

LATER, EARLIER = date(2022, 4, 3), date(2022, 4, 1)


@pytest.mark.parametrize(
    ("copies", "line"),
    [
        ([], None),
        ([("AP", LATER)], "also in AP; first on 2 April 2022"),
        ([("AP", EARLIER)], "also in AP; first on 1 April 2022"),
        ([("AP", None), ("DW", LATER)], "also in 2 outlets: AP, DW; first on 2 April 2022"),
        ([("AP", LATER), ("ap", LATER), ("tass", LATER)], "also in AP; first on 2 April 2022"),
        ([("TASS", EARLIER)], "also in 1 other article; first on 1 April 2022"),
        ([(None, LATER), ("TASS", EARLIER)], "also in 2 other articles; first on 1 April 2022"),
        ([("A\n\x1b\u202eP", LATER)], "also in A P; first on 2 April 2022"),
        (
            [(name, LATER) for name in "ABCDEFGH"],
            "also in 8 outlets: A, B, C, D, E, F, …; first on 2 April 2022",
        ),
    ],
)
def test_who_else_has_it_and_since_when(copies: list[tuple[str | None, date | None]], line: str | None) -> None:
    assert also(replace(quote_of("Rain."), copies=tuple(copy_of(*each) for each in copies))) == line


def test_without_a_date_or_an_outlet() -> None:
    undated = quote_of("Rain.", published=None, source=None)
    assert also(replace(undated, copies=(copy_of("AP", None),))) == "also in AP"
    assert also(replace(undated, copies=(copy_of(None, None),))) == "also in 1 other article"
