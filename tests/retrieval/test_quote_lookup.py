"""A quote is found in its place, elsewhere in the article, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Span
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote, look_up

TEXT = "Rain fell on Oslo.\n\nThe mayor spoke. It would stop at noon, she said. Nobody else did.\n\nIt stopped.\n\nSun."
QUOTE = "It would stop at noon, she said."
RAIN = Article("rain", TEXT, "rain.txt")
ID = QuoteId.of(RAIN, TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))


def located_in(text: str) -> LocatedQuote:
    found = look_up(ID, [replace(RAIN, text=text)])
    assert found is not None
    return found


def status_and_words(found: LocatedQuote) -> tuple[str, str | None]:
    return found.status, found.article.text[slice(*found.span)] if found.span else None


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        (TEXT, "unchanged", QUOTE),
        (TEXT.replace("Sun.", "Snow."), "unchanged", QUOTE),  # a change elsewhere
        (TEXT.replace("Oslo", "Lillehammer"), "moved", QUOTE),
        ("New: " + TEXT, "moved", QUOTE),
        (TEXT.replace("Rain fell on Oslo.\n\n", ""), "moved", QUOTE),
        (QUOTE, "moved", QUOTE),
        (TEXT.replace("noon", "dusk"), "changed", QUOTE.replace("noon", "dusk")),
        (TEXT.replace("noon", "midnight"), "changed", "It would stop at midnight, she s"),
        (TEXT[: ID.start + 8], "changed", "It would"),
        ("Rain fell on Oslo.", "changed", None),
        (f"x{QUOTE}", "changed", None),  # inside another word
    ],
)
def test_a_quote_after_a_change_of_its_article(text: str, status: str, words: str | None) -> None:
    assert status_and_words(located_in(text)) == (status, words)


def test_the_nearest_of_several_places() -> None:
    text = f"{QUOTE} Then more. {QUOTE} And so it went on for the whole of that day. {QUOTE}"
    assert located_in(text).span == Span(text.index(QUOTE, 1), text.index(QUOTE, 1) + len(QUOTE))


def test_an_article_with_the_words_is_preferred() -> None:
    other, moved = replace(RAIN, id="other", text="Something else."), replace(RAIN, id="moved", text=f"Now. {TEXT}")
    articles = [other, moved, RAIN]
    found = [look_up(ID, articles[:count]) for count in (0, 1, 2, 3)]
    assert [located and (located.article.id, located.status) for located in found] == [
        None, ("other", "changed"), ("moved", "moved"), ("rain", "unchanged"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "quote", "before", "after"),
    [
        (TEXT, QUOTE, "Rain fell on Oslo.\n\nThe mayor spoke. ", " Nobody else did.\n\nIt stopped."),
        (TEXT, "Rain fell on Oslo.", "", TEXT[18 : TEXT.index("\n\nIt stopped")]),
        (TEXT, "Sun.", "It stopped.\n\n", ""),
        (TEXT, TEXT, "", ""),
        ("One.\nTwo.\nThree.\nFour.\nFive.", "Three.", "Two.\n", "\nFour."),
        ("One.\n \t\nTwo,\nwrapped. Three.\n\n\nFour.\n\nFive.", "Three.", "One.\n \t\nTwo,\nwrapped. ", "\n\n\nFour."),
        ("Three.", "Three.", "", ""),
    ],
)
def test_the_context_is_the_paragraph_and_its_neighbours(text: str, quote: str, before: str, after: str) -> None:
    article = Article("a", text, "a.txt")
    found = look_up(QuoteId.of(article, text.index(quote), text.index(quote) + len(quote)), [article])
    assert found
    assert (found.before, found.after) == (before, after)


@given(st.text(st.sampled_from("ab .\n雨"), min_size=1, max_size=60), st.data())
def test_context_and_quote_are_a_slice_of_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = Article("a", text, "a.txt")
    id = QuoteId.of(article, start, end)
    found = look_up(id, [article])
    assert found
    assert (found.status, found.span) == ("unchanged", (start, end))
    assert found.before + text[start:end] + found.after == text[slice(*found.context)]
    changed = replace(article, text=data.draw(st.text(st.sampled_from("ab .\n雨"))) + text)
    moved = look_up(id, [changed])
    assert moved
    if moved.status != "changed":
        assert moved.span
        assert changed.text[slice(*moved.span)] == text[start:end]


def test_the_search_is_limited_in_long_articles() -> None:
    """Words that moved too far are not found, and an id with a made-up length shows no more than a quote's length."""
    far = "on " * 10_000
    assert status_and_words(located_in(f"{far[:15_000]} {QUOTE}")) == ("moved", QUOTE)
    assert located_in(f"{far[:25_000]} {QUOTE}").status == "changed"
    made_up = look_up(replace(ID, length=32**7), [replace(RAIN, text=far)])
    assert made_up
    assert made_up.span == Span(ID.start, ID.start + 5_000)
    around = located_in(f"{TEXT[: ID.start]}{QUOTE} {far}")
    assert around.after == " on" * 1666  # whole words within 5,000 code points


def test_the_context_in_a_long_paragraph_is_limited() -> None:
    text = f"{'on ' * 5_000}{QUOTE}{' on' * 5_000}"
    start = text.index(QUOTE)
    found = look_up(QuoteId.of(replace(RAIN, text=text), start, start + len(QUOTE)), [replace(RAIN, text=text)])
    assert found
    assert (found.before, found.after) == ("on " * 1666, " on" * 1666)
