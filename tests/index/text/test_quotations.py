from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.quotations import quotation_spans


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said no.", []),
        ("“One. Two,” he said.", ["“One. Two,”"]),
        ('"One. Two," he said. "Three."', ['"One. Two,"', '"Three."']),
        ("«Раз. Два», — сказал он.", ["«Раз. Два»"]),
        ("„Eins. Zwei“, sagte er.", ["„Eins. Zwei“"]),
        ("„Ena. Dve”, je rekel.", ["„Ena. Dve”"]),
        ("「一。二」と言った。", ["「一。二」"]),
        ("A 5'10\" man said “no”.", ["“no”"]),
        ('A 12" record, he said.', []),
        ("(“One.”) Two.", ["“One.”"]),
        ("“He said ‘no’ twice.” So.", ["“He said ‘no’ twice.”"]),
        ("«Он сказал “нет” дважды». Вот.", ["«Он сказал “нет” дважды»"]),
        ("“One.\n\n“Two.\n\n“Three,” he said.", ["“One.\n\n“Two.\n\n“Three,”"]),
        ("“One.\n“Two,” he said.", ["“One.\n“Two,”"]),
        ('"One.\n\n"Two," he said.', ['"One.\n\n"Two,"']),
        ("“One.\n\nRain fell. “Two,” he said.", ["“One.", "“Two,”"]),
        ("“One is\nwrapped,” he said.", ["“One is\nwrapped,”"]),
        ("“One.", ["“One."]),
        ("One,” he said.", []),
        ("“One.\nRain fell. “Two,” he said.", ["“One.", "“Two,”"]),
        ("“One “two,” he said.", ["“two,”"]),
    ],
)
def test_quotations_include_their_marks(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotation_spans(text)] == quoted


@pytest.mark.parametrize(
    ("longest", "quoted"),
    [(20, "“One two three.”"), (16, "“One two three.”"), (15, "“One two"), (8, "“One two"), (3, "“On")],
)
def test_a_long_quotation_is_cut_before_the_word_that_exceeds_the_limit(longest: int, quoted: str) -> None:
    text = "So: “One two three.” Four."
    assert [text[start:end] for start, end in quotation_spans(text, longest)] == [quoted]


@given(st.text(st.sampled_from('aB. \n“”"«»„')), st.integers(1, 12))
def test_quotations_are_disjoint_and_in_order(text: str, longest: int) -> None:
    spans = quotation_spans(text, longest)
    assert all(0 <= start < end <= len(text) and end - start <= longest for start, end in spans)
    assert all(text[start] in '“"«„' for start, _ in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
