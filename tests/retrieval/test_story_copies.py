"""Quotes of several articles that tell the same story."""

import numpy as np
import pytest

from index.types import Article, Passage
from retrieval.params import RankingParams
from retrieval.selection import select
from retrieval.types import Hit, Quote

STORY = ("a", "b", "c")  # the articles of one story; any other is alone
UNLIKE = np.eye(9, dtype=np.float32)

LONG = "The minister said on Friday that the bridge would be closed until the end of May."
CUT = "The minister said that the bridge would be closed until the end of May."
OTHER = "Engineers found cracks in three of its pillars."


def quote(id: str, text: str, score: float) -> Quote:
    article = Article(id, text, f"{id}.txt")
    copies = tuple(Article(other, "Copy.", "x") for other in STORY if id in STORY and other != id)
    hit = Hit(Passage(article, 0, len(text)), score, score, score)
    return Quote(article, 0, len(text), (), score, hit, copies=copies)


def selected(*rows: tuple[str, str], limit: int = 5, per_article: int = 2, every: bool = False) -> tuple[str, int]:
    quotes = [quote(id, text, 0.9 - at / 10) for at, (id, text) in enumerate(rows)]
    every_one = select(quotes, UNLIKE[: len(rows)], per_article, RankingParams(), every)
    taken, more = every_one[:limit], max(0, len(every_one) - limit)
    return "".join(one.article.id for one in taken), more


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([("a", LONG), ("b", LONG)], "a"),
        ([("a", LONG), ("b", CUT)], "a"),
        ([("b", CUT), ("a", LONG)], "b"),  # the better one, however long
        ([("a", LONG), ("x", CUT)], "ax"),  # of another story
        ([("a", LONG), ("a", CUT)], "aa"),  # no copy: the article says it twice
        ([("a", LONG), ("b", OTHER)], "ab"),  # another passage of the story
        ([("a", LONG), ("b", OTHER), ("c", "It was built in 1931.")], "ab"),  # as many as of one article
        ([("a", LONG), ("b", OTHER), ("x", "It was built in 1931.")], "abx"),
        ([("a", "At least 82 people died on the island."), ("b", "At least 98 people died on the island.")], "ab"),
        ([("a", "At least 82 people died on the island."), ("b", "At least 82 people died on Bali island.")], "a"),
    ],
)
def test_a_story_is_quoted_once_and_an_update_may_say_more(rows: list[tuple[str, str]], ids: str) -> None:
    assert selected(*rows) == (ids, 0)


def test_every_copy_is_quoted_on_request() -> None:
    rows = [("a", LONG), ("x", LONG), ("y", LONG)]
    assert selected(*rows) == ("a", 0)
    assert selected(*rows, every=True) == ("axy", 0)
    assert selected(*rows, every=True, limit=2) == ("ax", 1)


def test_folded_copies_are_not_counted_as_more() -> None:
    assert selected(("a", LONG), ("b", CUT), ("x", OTHER), ("y", "It was built in 1931."), limit=1) == ("a", 2)
