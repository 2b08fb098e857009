from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.names import names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Oslo, Dmitry Rogozin spoke.", ["Oslo", "Dmitry Rogozin"]),
        ("However, Rogozin spoke.", ["Rogozin"]),
        ("The White House spoke.", ["White House"]),
        ("He saw the Duke of York.", ["Duke of York"]),
        ("With Ursula von der Leyen and Osama bin Laden.", ["Ursula von der Leyen", "Osama bin Laden"]),
        ("It was Abdel Fattah al-Sisi.", ["Abdel Fattah al-Sisi"]),
        ("Mr. Smith, J. K. Rowling and W. E. B. Du Bois.", ["Mr. Smith", "J. K. Rowling", "W. E. B. Du Bois"]),
        ("Trump's aide and Russia’s envoy met Sean O’Neil.", ["Trump", "Russia", "Sean O’Neil"]),
        ("In the U.S. on Monday, in May, I met NASA.", ["U.S.", "NASA"]),
        ("Apollo 11 and Falcon 9 flew.", ["Apollo 11", "Falcon 9"]),
        ("He saw Lee Monday, and Kim June 22.", ["Lee", "Kim"]),
        ("New York grew.", ["New York"]),
        ('He saw “The Crown” and "Squid Game," too.', ["The Crown", "Squid Game"]),
        ("He said: “We are here.”", []),
        ("“But Smith left.”", ["Smith"]),
        ("It rained. Then it snowed.", []),
        ("В Москве вчера Дмитрий Песков сказал.", ["Москве", "Дмитрий Песков"]),
        ("Однако он читал «Войну и мир».", ["Войну"]),
        ("Müller met Ørsted in Łódź.", ["Müller", "Ørsted", "Łódź"]),
        ("ALL IS IN CAPITALS.", []),
        ("北京で会った。", []),
        ("قال الرئيس في القاهرة.", []),
        ("", []),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert [text[name.start : name.end] for name in names(text)] == found


@given(
    st.lists(
        st.sampled_from(
            ["Ann", "Lee", "of", "the", "al-", "Monday", "11", " ", " ", '"', "“", "”", ".", "'s", "б", "Б"]
        )
    ).map("".join)
)
def test_names_are_disjoint_in_order_and_trimmed(text: str) -> None:
    found = names(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
    for name in found:
        inside = text[name.start : name.end]
        assert inside
        assert inside == inside.strip()
        assert any(sign.isupper() or sign.isdigit() for sign in inside)
