from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rules.things import Kind, things

SENTENCE = "In Paris, the tycoon Ann Lee at Acme University paid the Kremlin $5 million for 12 tons on 5 March 2022."


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.PERSON, ["Ann Lee", "Kremlin"]),  # nobody is in Paris
        (Kind.DATE, ["5 March 2022"]),
        (Kind.PLACE, ["Paris", "Acme University"]),
        (Kind.NUMBER, ["12 tons"]),
        (Kind.MONEY, ["$5 million"]),
        (Kind.NAME, ["Paris", "Ann Lee", "Acme University", "Kremlin"]),
    ],
)
def test_each_kind_has_its_things(kind: Kind, found: list[str]) -> None:
    assert [SENTENCE[slice(*span)] for span in things(SENTENCE, kind)] == found


@pytest.mark.parametrize(
    ("sentence", "kind", "found"),
    [
        ("Nixon asked for $2.2 billion.", Kind.NUMBER, []),
        ("They lost 45,000 pounds of powder.", Kind.NUMBER, ["45,000 pounds"]),
        ("He lives in the northern city of Łódź, Poland.", Kind.PLACE, ["Łódź", "Poland"]),
        ("Warsaw is the capital.", Kind.PLACE, ["Warsaw"]),
        ("Ann Lee met Bo near the northern Oslo, not in Lund.", Kind.PERSON, ["Ann Lee", "Bo"]),
        ("Рогозину ответил Илон Маск.", Kind.PERSON, ["Рогозину", "Илон Маск"]),
        ("Песков был в Москве.", Kind.PERSON, ["Песков"]),
        ("Он живёт в Москве.", Kind.PLACE, ["Москве"]),
        ("The British met NATO and “The Crown”.", Kind.PERSON, []),
        ("It rained.", Kind.NAME, []),
    ],
)
def test_what_is_such_a_thing(sentence: str, kind: Kind, found: list[str]) -> None:
    assert [sentence[slice(*span)] for span in things(sentence, kind)] == found


PARTS = (
    'Ann| Lee| of| the| in| 5| March| 2022|,|.| $|7| million| two|-|%|“|”|"| years| ago| Monday|\n| Москве| рублей|’s'
)


@given(st.lists(st.sampled_from(PARTS.split("|"))).map("".join) | st.text(), st.sampled_from(Kind))
def test_things_lie_inside_in_order_and_disjoint(sentence: str, kind: Kind) -> None:
    spans = things(sentence, kind)
    assert all(0 <= start < end <= len(sentence) for start, end in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
