from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.templates.things import ThingKind, things

SENTENCE = "In Paris, the tycoon Ann Lee at Acme University paid the Kremlin $5 million for 12 tons on 5 March 2022."


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (ThingKind.PERSON, ["Ann Lee", "Kremlin"]),  # nobody is in Paris
        (ThingKind.DATE, ["5 March 2022"]),
        (ThingKind.PLACE, ["Paris", "Acme University"]),
        (ThingKind.NUMBER, ["12 tons"]),
        (ThingKind.MONEY, ["$5 million"]),
        (ThingKind.NAME, ["Paris", "Ann Lee", "Acme University", "Kremlin"]),
    ],
)
def test_each_kind_has_its_things(kind: ThingKind, found: list[str]) -> None:
    assert [SENTENCE[slice(*span)] for span in things(SENTENCE, kind)] == found


@pytest.mark.parametrize(
    ("sentence", "kind", "found"),
    [
        ("Nixon asked for $2.2 billion.", ThingKind.NUMBER, []),
        ("They lost 45,000 pounds of powder.", ThingKind.NUMBER, ["45,000 pounds"]),
        ("He lives in the northern city of Łódź, Poland.", ThingKind.PLACE, ["Łódź", "Poland"]),
        ("Warsaw is the capital.", ThingKind.PLACE, ["Warsaw"]),
        ("Ann Lee met Bo near the northern Oslo, not in Lund.", ThingKind.PERSON, ["Ann Lee", "Bo"]),
        ("Рогозину ответил Илон Маск.", ThingKind.PERSON, ["Рогозину", "Илон Маск"]),
        ("Песков был в Москве.", ThingKind.PERSON, ["Песков"]),
        ("Он живёт в Москве.", ThingKind.PLACE, ["Москве"]),
        ("The British met NATO and “The Crown”.", ThingKind.PERSON, []),
        ("It rained.", ThingKind.NAME, []),
    ],
)
def test_what_is_such_a_thing(sentence: str, kind: ThingKind, found: list[str]) -> None:
    assert [sentence[slice(*span)] for span in things(sentence, kind)] == found


PARTS = (
    'Ann| Lee| of| the| in| 5| March| 2022|,|.| $|7| million| two|-|%|“|”|"| years| ago| Monday|\n| Москве| рублей|’s'
)


@given(st.lists(st.sampled_from(PARTS.split("|"))).map("".join) | st.text(), st.sampled_from(ThingKind))
def test_things_lie_inside_in_order_and_disjoint(sentence: str, kind: ThingKind) -> None:
    spans = things(sentence, kind)
    assert all(0 <= start < end <= len(sentence) for start, end in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
