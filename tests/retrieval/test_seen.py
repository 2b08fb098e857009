import pytest

from index.types import Article, Passage, Span
from retrieval.params import RankingParams
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import look_up
from retrieval.seen import Seen
from retrieval.types import Hit, Quote

PARAMS = RankingParams()
RAIN = Article("rain", "Rain fell on Oslo. It stopped at noon. Oslo was wet.", "rain.txt")
CHANGED = Article("rain", "Rain fell on Rome. It stopped at noon. Rome was wet.", "rain.txt")
RENAMED = Article("other", RAIN.text, "other.txt")
NOON = QuoteId.of(RAIN, 0, 38)  # Rain fell on Oslo. It stopped at noon.


def quote(article: Article, start: int, end: int, bold: Span | None = None) -> Quote:
    hit = Hit(Passage(article, 0, len(article.text)), 0.5, 0.5, 0.5)
    return Quote(article, start, end, (bold or Span(start, end),), 0.5, hit)


def seen(id: QuoteId, *articles: Article) -> Seen:
    standing = look_up(id, articles)
    return Seen.of([id], [standing] if standing else [])


@pytest.mark.parametrize(
    ("article", "start", "end", "bold", "held"),
    [
        (RAIN, 0, 38, Span(0, 18), True),
        (RAIN, 19, 38, None, True),  # a part of it
        (RAIN, 19, 52, Span(19, 38), True),  # … and more, which is not bold
        (RAIN, 19, 52, Span(39, 52), False),  # its other sentence is bold, and was not seen
        (RAIN, 39, 52, None, False),
        (RENAMED, 0, 38, None, True),  # the same words
        (RENAMED, 19, 38, None, False),
        (CHANGED, 0, 38, Span(0, 18), False),
    ],
)
def test_a_quote_was_seen_if_its_bold_sentence_was(
    article: Article, start: int, end: int, bold: Span | None, held: bool
) -> None:
    there = (CHANGED,) if article is CHANGED else (RAIN,)
    assert seen(NOON, *there).holds(quote(article, start, end, bold), PARAMS) == held


def test_nothing_was_seen() -> None:
    assert not Seen().holds(quote(RAIN, 0, 18), PARAMS)


def test_quotes_shown_count_as_seen() -> None:
    then = seen(NOON, RAIN).also([quote(RAIN, 39, 52), quote(RENAMED, 19, 38)])
    assert then.ids == (NOON,)
    assert then.spans == {"rain": (Span(0, 38), Span(39, 52)), "other": (Span(19, 38),)}
    assert then.holds(quote(RENAMED, 0, 52, Span(19, 38)), PARAMS)
    assert not then.holds(quote(RENAMED, 0, 18), PARAMS)
