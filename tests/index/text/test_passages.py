import gzip
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.limits import SENTENCE_LETTERS, SENTENCE_WORDS, WORD_LETTERS
from index.text.boilerplate import story_spans
from index.text.passages import SLACK, split_article, stretch_around, stretches
from index.text.sentences import sentence_spans
from index.text.word_count import word_count
from index.types import Article, Passage
from tests.support.paths import SHARED

CORPORA = [SHARED / "eval/news/articles.jsonl.gz", SHARED / "corpora/reuters21578.jsonl.gz"]
ALPHABET = [*"aB1. \n\r\t“”()—中م\u0301\u200d\u200f👩🚀\xa0", "\n\n", "Advertisement\n", "It rained. "]
TEXTS = st.text() | st.lists(st.sampled_from(ALPHABET), max_size=80).map("".join)


def passages(text: str, words: int = 110, title: str | None = None) -> list[str]:
    return [passage.text for passage in split_article(Article("a", text, "a.txt", title=title), words)]


def test_paragraphs_that_fit_together_make_one_passage() -> None:
    text = "One two three.\n\nFour five six.\n\nSeven eight nine."
    assert passages(text, 8) == [text]
    assert passages(text, 7) == ["One two three.\n\nFour five six.", "Seven eight nine."]
    assert passages(text, 4) == text.split("\n\n")


def test_a_paragraph_that_does_not_fit_the_room_left_starts_the_next_passage() -> None:
    text = "One two three.\n\nFour five six. Seven eight nine."
    assert passages(text, 5) == ["One two three.", "Four five six. Seven eight nine."]


def test_a_long_paragraph_is_cut_into_even_parts_and_leaves_no_orphan() -> None:
    text = "A one two. B one two. C one two. D one two. E one two."
    assert passages(text, 10) == ["A one two. B one two. C one two.", "D one two. E one two."]
    assert passages(text, 12) == ["A one two. B one two. C one two.", "D one two. E one two."]


def test_a_short_last_passage_goes_into_the_one_before() -> None:
    text = "A one two three. B one two three.\n\nBye."
    assert passages(text, 7) == [text]
    assert passages(text, 4) == ["A one two three.", "B one two three.", "Bye."]


def test_a_sentence_longer_than_a_passage_makes_one_alone() -> None:
    long = "And " + "on " * 20 + "it went."
    assert passages(f"It began. {long} It ended.", 10) == ["It began.", long, "It ended."]


def test_boilerplate_separates_passages() -> None:
    text = "Rain in Oslo\n\nRain fell.\n\nAdvertisement\n\nIt stopped.\n\nTags"
    assert passages(text, title="Rain in Oslo") == ["Rain fell.", "It stopped."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain fell.\n\nIt stopped.\n", ["Rain fell.\n\nIt stopped."]),
        (
            "Rain in Oslo\n\nRain fell.\nIt rained.\n\nAdvertisement\n\nIt stopped.",
            ["Rain fell.\nIt rained.", "It stopped."],
        ),
        ("Rain fell.\n\nAdvertisement", ["Rain fell."]),
        ("Advertisement", []),
        ("", []),
    ],
)
def test_stretches_are_the_story_between_boilerplate(text: str, expected: list[str]) -> None:
    article = Article("a", text, "a.txt", title="Rain in Oslo")
    assert [text[start:end].strip() for start, end in stretches(article)] == expected


@pytest.mark.parametrize("text", ["", " \n\n\u00a0", "Advertisement"])
def test_an_article_without_a_story_has_no_passages(text: str) -> None:
    assert passages(text) == []


def test_a_text_without_spaces_is_cut_too() -> None:
    text = "今天下雨了。" * 40
    assert word_count(text) == 120
    assert passages(text, 50) == ["今天下雨了。" * 20] * 2


@pytest.mark.parametrize(
    "text",
    [
        "The ship landed in " + "2022 " * 24_000,
        "so we went down to the harbour and " * 4000,
        "x" * 100_000,
        "“" * 50_000,
        "a. " * 30_000,
        "Rain fell." + " " * 100_000 + "It stopped.",
        "Rain fell." + "\n\n" * 50_000 + "It stopped.",
        "下" * 50_000,
        "e" + "\u0301" * 50_000,
    ],
    ids=["2022", "speech", "one word", "marks", "letters", "spaces", "blank lines", "unspaced", "accents"],
)
def test_no_passage_and_no_sentence_grows_with_its_article(text: str) -> None:
    found = split_article(Article("a", text, "a.txt"), 110)
    assert max(len(passage.text) for passage in found) <= 1.25 * SLACK * 110 * WORD_LETTERS
    sentences = [passage.text[start:end] for passage in found[:3] for start, end in sentence_spans(passage.text)]
    assert max(map(len, sentences)) <= SENTENCE_LETTERS
    assert max(map(word_count, sentences)) <= SENTENCE_WORDS


def test_a_stretch_is_searched_only_near_its_slice() -> None:
    text = "Rain fell. " * 100_000 + "\n\nAdvertisement\n\nIt stopped. Then it rained."
    article, start = Article("a", text, "a.txt"), text.index("Then")
    assert stretch_around(article, start, len(text)) == (text.index("It stopped"), len(text))
    first, last = stretch_around(article, 500_000, 500_010)
    assert 480_000 < first < 500_000
    assert 500_010 < last < 520_000
    assert stretch_around(article, text.index("Advert"), text.index("It stopped")) == (
        text.index("Advert"),
        text.index("It stopped"),
    )


def check_laws(article: Article, words: int) -> None:
    found = split_article(article, words)
    assert all(article.text[p.start : p.end] == p.text == p.text.strip() for p in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    story = "".join(article.text[start:end] for start, end in story_spans(article))
    assert "".join("".join(p.text for p in found).split()) == "".join(story.split())
    for passage in found:
        check_size(passage, words)


def check_size(passage: Passage, words: int) -> None:
    sentences = [passage.text[start:end] for start, end in sentence_spans(passage.text, passage.article.language)]
    assert len(sentences) == 1 or word_count(passage.text) < 1.25 * SLACK * words


@given(TEXTS, st.integers(1, 12), st.sampled_from([None, "B1"]))
@example("He said שלום. Then 👩\u200d🚀 flew to Malmo\u0308. She stayed.", 3, None)
def test_passages_are_slices_and_hold_the_story_once(text: str, words: int, title: str | None) -> None:
    check_laws(Article("a", text, "a.txt", title=title), words)


@pytest.mark.parametrize("corpus", CORPORA, ids=["news", "reuters"])
def test_the_laws_hold_for_the_development_corpora(corpus: Path) -> None:
    if not corpus.exists():
        pytest.skip(f"{corpus} is not here")
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(100), lines, strict=False):
            row = json.loads(line)
            check_laws(Article(row["id"], row["text"], corpus.name, title=row["title"]), 110)


def test_only_the_start_of_an_article_has_a_header() -> None:
    """A later part may begin with lines like those of a copy's header."""
    labelled = "What the agency wrote\nDate: 5 March 2022\nPublication: Bay Post\n\n"
    rain = "Rain fell on the harbour for three days. " * 300
    article = Article("a", f"{rain}\n\n{labelled}{rain}", "a.txt")
    first = article.text.index("What the agency")
    near = Article("a", article.text[first:], "a.txt")
    assert stretches(near)[0].start > 0
    assert stretches(near, has_start=False)[0].start == 0
    assert stretch_around(article, first + 10_000, first + 10_040).start == first
