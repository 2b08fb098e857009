"""Which articles are one story, and which only look like one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.duplicates import SignedArticle, group, sign
from index.text.passages import split_article
from index.types import Article

DAY = date(2022, 4, 2)
# Sentences of ten words that have no word in common
SENTENCES = [" ".join(f"w{10 * number + at}" for at in range(10)).capitalize() + "." for number in range(40)]


def article(*sentences: str, title: str | None = None, before: str = "", after: str = "") -> Article:
    text = "\n\n".join(part for part in (before, " ".join(sentences), after) if part)
    return Article("a", text, "a.txt", title, language="en")


def signed(*articles: Article | tuple[Article, date | None], first: int = 1) -> list[SignedArticle]:
    """Return signed articles of one day, unless a day is given, numbered from `first`."""
    pairs = [item if isinstance(item, tuple) else (item, DAY) for item in articles]
    numbers = count(first)
    return [SignedArticle(next(numbers), day, sign(item, split_article(item))) for item, day in pairs]


LONG = article(*SENTENCES[:20])
SHORT = article(*SENTENCES[:3])


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (LONG, True),
        (article(*SENTENCES[:20], title="Another headline altogether of some words"), True),
        (article(*(sentence.upper() for sentence in SENTENCES[:20])), True),
        (article(*SENTENCES[:19], "The last sentence was written anew, with an update."), True),
        (article(*SENTENCES[:19], before="All news", after="Share this article\n\nRelated articles: Weather"), True),
        (article(*SENTENCES[:11]), True),  # a cut
        (article(*SENTENCES[5:16]), True),  # cut at the other end
        (article(*SENTENCES[:7]), False),  # too small a part to estimate the similarity
        (article(*SENTENCES[:11], *SENTENCES[20:29]), False),  # half of it, and as much that is new
        (article(*SENTENCES[20:40]), False),
    ],
)
def test_copies_and_cuts_are_one_story(other: Article, alike: bool) -> None:
    assert group(signed(LONG, other), []) == {1: 1, 2: 1 if alike else 2}


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (SHORT, True),
        (article(*SENTENCES[:2], SENTENCES[2].replace("w25", "w99")), False),  # one figure of a form
        (article(*SENTENCES[:3], title="Net of another company"), False),
        (article(*SENTENCES[:2]), False),  # too short to count as a cut
    ],
)
def test_short_articles_must_be_nearly_equal(other: Article, alike: bool) -> None:
    assert group(signed(SHORT, other), []) == {1: 1, 2: 1 if alike else 2}


@pytest.mark.parametrize(
    ("days", "alike"), [(0, True), (3, True), (-3, True), (4, False), (-4, False), (7, False), (None, True)]
)
def test_copies_are_published_within_three_days(days: int | None, alike: bool) -> None:
    other = None if days is None else DAY + timedelta(days)
    assert group(signed(LONG, (LONG, other)), []) == {1: 1, 2: 1 if alike else 2}


def test_common_boilerplate_does_not_join_articles() -> None:
    boilerplate = "Home\n\nAll news\n\nSubscribe now\n\nRead more about\n\nShare this article\n\nSign up\n\nMost read"
    others = [article(*SENTENCES[4 * n : 4 * n + 4], before=boilerplate, after=boilerplate) for n in range(3)]
    assert group(signed(*others), []) == {1: 1, 2: 2, 3: 3}
    bare = article(*SENTENCES[:4])
    assert sign(others[0], split_article(others[0])) == sign(bare, split_article(bare))


def test_a_chain_of_small_changes_does_not_join_articles_that_differ() -> None:
    """Each article is like the one before it, but a story only has articles that are like its first one."""
    chain = [article(*SENTENCES[n : n + 20]) for n in range(0, 20, 2)]
    stories = group(signed(*chain), [])
    assert stories[1] == stories[2] == 1
    assert stories[10] != 1
    assert all(stories[story] == story for story in stories.values())


def test_an_article_joins_the_most_similar_story() -> None:
    near, nearer = article(*SENTENCES[:18], *SENTENCES[20:22]), article(*SENTENCES[:19], SENTENCES[39])
    far = article(*SENTENCES[:15], *SENTENCES[25:30])
    assert group(signed(nearer, first=8), signed(far, near, first=3)) == {8: 4}


def test_one_text_in_three_outlets() -> None:
    text = (
        "A ferry with 61 people on board sank off the island of Fenn on Thursday night. All passengers were rescued by "
        "fishing boats, the coast guard said."
    )
    copies = [
        Article(
            f"s-{outlet}", text, "articles.jsonl", "Ferry sinks off Fenn", source=outlet, published=DAY, language="en"
        )
        for outlet in ("AP", "DW", "Local Eye")
    ]
    assert group(signed(*copies), []) == {1: 1, 2: 1, 3: 1}


def test_new_articles_join_existing_stories() -> None:
    firsts = signed(LONG, article(*SENTENCES[20:40]))
    new = signed(article(*SENTENCES[20:39]), article(*SENTENCES[:19]), SHORT, SHORT, first=7)
    assert group(new, firsts) == {7: 2, 8: 1, 9: 9, 10: 9}


def test_no_new_articles() -> None:
    assert group([], signed(LONG)) == {}


@pytest.mark.parametrize("text", ["?!", "…", "Rain", "雨"])
def test_tiny_texts_are_alike_only_if_they_are_equal(text: str) -> None:
    one, other = Article("a", text, "a.txt"), Article("b", "Wind", "b.txt")
    signatures = [sign(one, split_article(one)), sign(one, split_article(one)), sign(other, split_article(other))]
    assert signatures[0] == signatures[1] != signatures[2]
    assert group([SignedArticle(at, DAY, signature) for at, signature in enumerate(signatures)], []) == {
        0: 0,
        1: 0,
        2: 2,
    }


def test_characters_are_compared_in_scripts_without_spaces() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 150))) + "。"
    others = [Article("a", body, "a.txt") for body in (text, text.replace(text[70:72], "雨雪"), text[::-1])]
    assert group(signed(*others), []) == {1: 1, 2: 1, 3: 3}


@given(st.text(min_size=1), st.text())
def test_a_signature_has_260_bytes_and_is_deterministic(text: str, title: str) -> None:
    one = Article("a", text, "a.txt", title or None)
    passages = split_article(one)
    assert len(sign(one, passages)) == 260
    assert sign(one, passages) == sign(one, passages)


def test_signatures_are_the_same_as_in_earlier_versions() -> None:
    """If they change, index.build.changes.READING must be raised, as stored signatures are no longer comparable."""
    signature = sign(LONG, split_article(LONG))
    assert int.from_bytes(signature[:4], "little") == 198
    assert signature[4:12].hex() == "34870bc578bc8e8d"
