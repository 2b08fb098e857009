from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rules.expected import Kind
from retrieval.rules.things import things

SENTENCE = "In Paris, the tycoon Ann Lee at Acme University paid the Kremlin $5 million for 12 tons on 5 March 2022."


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.PERSON, ["Ann Lee", "Kremlin"]),
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
    ("sentence", "kind", "question", "found"),
    [
        ("Ann Lee met Bo Lund.", Kind.PERSON, "Who met Ann Lee?", ["Bo Lund"]),
        ("Ann Lee left in 1755.", Kind.DATE, "When, in 1755, did she leave?", []),
        ("Harvard Yard is the centre of Harvard.", Kind.NAME, "What is Harvard's centre?", ["Harvard Yard"]),
        ("Песков встретил Рогозина.", Kind.PERSON, "Кого встретил Песков?", ["Рогозина"]),
        ("Рогозину ответил Илон Маск.", Kind.PERSON, "Кто ответил Рогозину?", ["Илон Маск"]),
        ("Nixon asked for $2.2 billion.", Kind.NUMBER, "How much was the aid?", ["$2.2 billion"]),
        ("Nixon asked for $2.2 billion.", Kind.NUMBER, "How many asked?", []),
        ("They lost 45,000 pounds of powder.", Kind.NUMBER, "How many pounds?", ["45,000 pounds"]),
        ("He lives in the northern city of Łódź, Poland.", Kind.PLACE, "Where?", ["Łódź", "Poland"]),
        ("Warsaw is the capital.", Kind.PLACE, "What is the capital?", ["Warsaw"]),
        ("Он живёт в Москве.", Kind.PLACE, "Где он живёт?", ["Москве"]),
        ("The British met NATO and “The Crown”.", Kind.PERSON, "Who?", []),
        ("It rained.", Kind.NAME, "Which company?", []),
    ],
)
def test_what_the_question_says_is_no_answer(sentence: str, kind: Kind, question: str, found: list[str]) -> None:
    assert [sentence[slice(*span)] for span in things(sentence, kind, question)] == found


PARTS = (
    'Ann| Lee| of| the| in| 5| March| 2022|,|.| $|7| million| two|-|%|“|”|"| years| ago| Monday|\n| Москве| рублей|’s'
)


@given(st.lists(st.sampled_from(PARTS.split("|"))).map("".join) | st.text(), st.sampled_from(Kind))
def test_things_lie_inside_in_order_and_disjoint(sentence: str, kind: Kind) -> None:
    spans = things(sentence, kind, "how much was it?")
    assert all(0 <= start < end <= len(sentence) for start, end in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
