import gzip
import json
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from razdel import sentenize
from sentencex import get_sentence_boundaries

from index.text.sentences import sentence_spans
from index.types import Span
from tests.support.fuzzing import no_hang
from tests.support.paths import CASES, SHARED

CORPORA = [SHARED / "eval/news/articles.jsonl.gz", SHARED / "corpora/reuters21578.jsonl.gz"]
CYRILLIC = [
    (language, row)
    for language in ("ru", "uk")
    for rows in yaml.safe_load((CASES / f"sentences-{language}.yaml").read_text("utf-8")).values()
    for row in rows
]
ROWS = [
    (group, row)
    for group, rows in yaml.safe_load((CASES / "sentences.yaml").read_text("utf-8")).items()
    for row in rows
]

# Text with many hard cases: ends, marks, spaces, joiners, combining marks, right-to-left letters, emoji
TRICKY = st.text(st.sampled_from("aB1.!?…。؟ \n\r\t\"“”'’()«»-—ш中م\u0301\u200d\u200f\ufe0f👩🚀\xa0"))


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


def wanted(row: str) -> tuple[str, list[str]]:
    return row.replace("|", ""), [sentence.strip() for sentence in row.split("|")]


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_english_cases_are_cut_where_the_row_says(group: str, row: str) -> None:
    text, expected = wanted(row)
    assert sentences(text) == expected


@pytest.mark.parametrize(("language", "row"), CYRILLIC)
def test_russian_and_ukrainian_cases_are_cut_where_the_row_says(language: str, row: str) -> None:
    text, expected = wanted(row)
    assert sentences(text, language) == expected


def test_there_are_enough_cases() -> None:
    assert sum(language == "ru" for language, _ in CYRILLIC) >= 150
    assert sum(language == "uk" for language, _ in CYRILLIC) >= 60


def test_razdel_alone_gets_fewer_cases_right() -> None:
    right = [row for _, row in CYRILLIC if [part.text for part in sentenize(wanted(row)[0])] == wanted(row)[1]]
    assert len(right) < 0.85 * len(CYRILLIC)


@given(st.text(st.sampled_from("бГ1 .!?…;)»«г\xa0\n-см")))
def test_cyrillic_text_is_covered(text: str) -> None:
    check_laws(text)


def test_sentencex_alone_gets_fewer_cases_right() -> None:
    def library(text: str) -> list[str]:
        parts = [text[end["start_index"] : end["end_index"]].strip() for end in get_sentence_boundaries("en", text)]
        return [part for part in parts if part]

    right = [row for _, row in ROWS if library(wanted(row)[0]) == wanted(row)[1]]
    assert len(ROWS) >= 50
    assert len(right) < 0.7 * len(ROWS)


def check_laws(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
    for start, end in spans:
        assert "\n\n" not in text[start:end].replace("\r", "")
        assert start == 0 or text[start - 1].isspace() or unicodedata.category(text[start])[0] != "M"
        assert text[start - 1 : start] != "\u200d"


@given(TRICKY | st.text())
@example("")
@example(" \n ")
@example("It ended.\u0301 Then 👩\u200d🚀 flew.")
@example("Hi!\u200d🚀")
def test_sentences_are_in_order_and_cover_the_text(text: str) -> None:
    check_laws(text)


@given(st.text(alphabet="aB. \n", max_size=60), st.sampled_from(["xx", "", "en-US", "ru", "zh", "de"]))
def test_any_language_code_is_accepted(text: str, language: str) -> None:
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())


def test_a_long_quotation_is_cut_at_the_ends_inside_it() -> None:
    short, long = "“Rain fell. It stopped,” he said.", f"“Rain fell. It {'really ' * 50}stopped,” he said."
    assert sentences(short) == [short]
    assert sentences(long) == ["“Rain fell.", long.removeprefix("“Rain fell. ")]


def test_wrapping_does_not_change_the_sentences() -> None:
    text = "The mayor of Oslo met Mr. Lund on Jan. 3 in the old town hall. They spoke of Norway and of the U.S. Senate."
    wrapped = text.replace("old town", "old\ntown").replace("Norway and", "Norway\nand")
    assert [" ".join(sentence.split()) for sentence in sentences(wrapped)] == sentences(text)


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("de", "Der 1. Preis ging an die Stadt. |Der Rest kam später."),
        ("de", "Man beging den 33. Jahrestag der Wahl. |Es regnete."),
        ("de", "Die 2. Bundesliga beginnt am Samstag. |Alle freuen sich."),
        ("de", "Es kam die Fa. Meier zu Wort. |Dann war Schluss."),
        ("de", "Er war Platz 3. |Danach ging er."),
        ("de", "Es war 1945. |Dann kam Frieden."),
        ("pl", "Spotkanie o godz. 17 odbędzie się w Łodzi. |Będzie padać."),
        ("pl", "W 1945 r. Niemcy skapitulowały. |Było cicho."),
        ("pl", "Urodził się w 1945 r. |Potem wyjechał."),
        ("pl", "Ks. Jan i gen. Nowak przyszli. |Wyszli."),
        ("pl", "Kosztuje 5 tys. |Potem będzie więcej."),
        ("en", "He was 1. |Then he left."),
    ],
)
def test_german_and_polish(language: str, row: str) -> None:
    text, expected = wanted(row)
    assert sentences(text, language) == expected


def test_lines_too_wide_to_be_wrapped_are_paragraphs() -> None:
    lines = ["Rain fell " * 15 + "on the", "Town hall of Oslo and on all who had come there to see it"]
    assert sentences("\n".join(lines)) == lines


LARGE = {
    "words": "a " * 500_000,
    "full stops": "." * 3 * 10**5,
    "brackets": "(" * 3 * 10**5,
    "straight quotes": '"' * 3 * 10**5,
    "opening quotes": "“" * 3 * 10**5,
    "backticks": "`" * 3 * 10**5,
    "single guillemets": "‹" * 3 * 10**5,
    "apostrophes turned around": "a‘" * 2 * 10**5,
    "blank lines": "\n" * 3 * 10**5,
    "spaces": "a" + " " * 3 * 10**5,
    "short lines": "A.\n" * 10**5,
    "small letters": "a.\n" * 10**5,
    "Cyrillic full stops": "б" + "." * 10**5,
    "Cyrillic abbreviations": "и т. д. Б. " * 10**4,
    "Cyrillic years": "в 1945 г. Б" * 10**4,
    "Cyrillic brackets": "б) " * 10**5,
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_texts_take_no_quadratic_time(text: str) -> None:
    """Quadratic time would be hours at these lengths."""
    with no_hang():
        spans = sentence_spans(text)
    assert all(first.end <= second.start for first, second in pairwise(spans))


@pytest.mark.parametrize("corpus", CORPORA, ids=["news", "reuters"])
def test_the_laws_hold_for_the_development_corpora(corpus: Path) -> None:
    if not corpus.exists():
        pytest.skip(f"{corpus} is not here")
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(150), lines, strict=False):
            check_laws(json.loads(line)["text"])


def test_a_space_of_two_bytes_before_a_full_stop() -> None:
    """sentencex would cut between its bytes."""
    text = "B\xa0.\t\u0301\t\u200f"
    assert "".join(text[start:end] for start, end in sentence_spans(text)).split() == text.split()


def test_a_lone_surrogate_is_treated_like_a_letter() -> None:
    """sentencex would raise UnicodeEncodeError."""
    text = "It rained \ud800. It stopped."
    assert sentence_spans(text) == [Span(0, 12), Span(13, 24)]


@pytest.mark.parametrize(
    "sentence",
    ["‹Nein. Nie!› sagte sie.", "``No. Never!'' she said.", "In Hawai‘i it rained.", "The O‘. Nazarov prize."],
)
def test_quotations_in_other_marks_are_not_cut(sentence: str) -> None:
    assert sentences(f"{sentence} It stopped.") == [sentence, "It stopped."]
