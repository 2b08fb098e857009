"""Different spellings of one word are normalised to the same stems."""

from __future__ import annotations

import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.text.normalize
from index.storage.lexical_index import stems
from index.text.normalize import normalize


def test_the_examples() -> None:
    assert doctest.testmod(index.text.normalize) == doctest.TestResults(0, 3)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Canada's", "Canada’s"),
        ("en", "Canada's", "Canadaʼs"),
        ("en", "Canada’s", "Canada"),
        ("en", "CO₂", "CO2"),
        ("en", "U.S.", "US"),
        ("en", "the U.S.A.", "USA"),
        ("en", "U.S", "USA"),
        ("en", "the U.N. Charter", "UN charter"),
        ("en", "J.K. Rowling", "JK Rowling"),
        ("en", "AT&T's", "ATT"),
        ("en", "C++", "cpp"),
        ("en", "C#", "CSharp"),
        ("en", "1,000", "1000"),
        ("en", "1,234,567", "1234567"),
        ("en", "F-16", "F\u201116"),
        ("en", "Zu\u0308rich", "Zürich"),
        ("en", "Zürich", "Zurich"),
        ("en", "co\u00adoper\u00adation", "cooperation"),
        ("ru", "Рого\u0301зин", "Рогозин"),
        ("ru", "Зелёный", "Зеленый"),
        ("ru", "и\u0306", "й"),
        ("ar", "مُحَمَّد", "محمد"),
        ("ar", "مح\u0640\u0640\u0640مد", "محمد"),
        ("tr", "İstanbul", "istanbul"),
        ("fr", "l’État", "L'État"),
    ],
)
def test_two_spellings_of_one_word(language: str, first: str, second: str) -> None:
    assert stems(first, language) == stems(second, language) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The end. A new one.", None),
        ("At 5.30 or 2.5, 10,20 and 1,0000", None),
        ("Q: a, b & c; 4 + 4 ++ 4; # 1", None),
        ("tell us, USSR, BUS", None),
        ("-16 and - 16", None),
        ("COVID-19", "COVID-19 COVID19"),
        ("Soyuz-2.1a", "Soyuz-2 Soyuz2.1a"),
        ("\u2068Ann\u2069 at 2\u202f000", None),
        ("NASA 北京F-16。", "NASA  北 北京 京 F-16 F16。"),
        ("คน", " ค คน น "),
    ],
)
def test_normalised_texts(text: str, expected: str | None) -> None:
    assert normalize(text) == (text if expected is None else expected)


@given(st.text() | st.text("a.,-1&+#US 中คЁ\u0301ا\u064b"))
def test_composed_and_decomposed_texts_are_equal(text: str) -> None:
    composed, split = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert normalize(composed) == normalize(split)
