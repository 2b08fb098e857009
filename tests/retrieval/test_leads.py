"""Which sentence is the lead of an article, and which text before it is skipped."""

from __future__ import annotations

import pytest

from index.types import Article, Passage
from retrieval.leads import lead_quote
from retrieval.params import RankingParams
from retrieval.types import Hit

PARAMS = RankingParams()
STORY = "A flood took three bridges off."


def hit(text: str, start: int = 0) -> Hit:
    return Hit(Passage(Article("a", text, "a.txt", language="en"), start, len(text)), 2.0, 0.5, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY} Two of them stay closed.",
        f"Alabama\n\n{STORY}",  # a heading
        f"By Ann Lee\n\n{STORY}",
        f"Editor’s Note: Ann Lee is the author of two books. She is a professor at Acme University.\n\n{STORY}",
        f"A version of this story first appeared in the newsletter of Acme.\n\n{STORY}",
        f"Sign up here to get this in your inbox every day.\n\n{STORY}",
        f"Corrections & clarifications: An earlier version gave another name.\n\n{STORY}",
    ],
)
def test_the_lead_is_the_first_whole_sentence(text: str) -> None:
    quote = lead_quote(hit(text), PARAMS)
    assert quote is not None
    assert (quote.text, quote.score) == (STORY, 2.0)
    assert quote.highlights == ((quote.start, quote.end),)


def test_if_all_sentences_are_short_the_lead_is_the_first() -> None:
    quote = lead_quote(hit("Rain fell. Snow fell."), PARAMS)
    assert quote is not None
    assert quote.text == "Rain fell."


def test_if_only_a_short_sentence_follows_a_note_the_lead_is_the_note() -> None:
    quote = lead_quote(hit("Editor's note: This was written by readers of ours.\n\nRain fell."), PARAMS)
    assert quote is not None
    assert quote.text == "Editor's note: This was written by readers of ours."


def test_a_passage_of_a_note_alone_has_no_lead() -> None:
    assert lead_quote(hit("Editor's note: This was written by readers of ours. They came in May."), PARAMS) is None


def test_offsets_are_those_of_the_article() -> None:
    text = f"😀 Weather.\n\n{STORY}"
    quote = lead_quote(hit(text, start=2), PARAMS)
    assert quote is not None
    assert text[quote.start : quote.end] == STORY
