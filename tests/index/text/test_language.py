"""The language of an article: as stated, else as configured, else detected."""

from __future__ import annotations

import pytest

from index.text.language import detect, with_language
from index.types import Article

ENGLISH = "The government said on Friday that it would not raise taxes before the end of the year."
RUSSIAN = "Правительство сообщило в пятницу, что не будет повышать налоги до конца года."
GERMAN = "Die Regierung teilte am Freitag mit, dass sie die Steuern vor Jahresende nicht erhöhen werde."


@pytest.mark.parametrize(
    ("stated", "setting", "language"),
    [
        ("de", "auto", "de"),
        ("DE", "fr", "de"),
        ("en-GB", "auto", "en"),
        ("zh_CN", "auto", "zh"),
        (None, "fr", "fr"),
        ("", "fr", "fr"),
        (None, "auto", "en"),
        ("german", "fr", "fr"),  # not a code; "ge" would be a guess
        ("??", "auto", "en"),
    ],
)
def test_order_of_precedence(stated: str | None, setting: str, language: str) -> None:
    article = Article("a", ENGLISH, "a.txt", language=stated, title="A title", tags=("x",))
    assert with_language(article, setting) == Article(
        "a", ENGLISH, "a.txt", language=language, title="A title", tags=("x",)
    )


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (RUSSIAN, "ru"), (GERMAN, "de")])
def test_detection(text: str, language: str) -> None:
    assert detect(text) == language


def test_detection_reads_the_beginning_only() -> None:
    assert detect(ENGLISH * 12 + RUSSIAN * 100) == "en"
