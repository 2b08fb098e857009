import pytest

from index.types import Article, Passage, Span
from retrieval.quotes import fit, quote, select, sentences
from retrieval.types import Hit, Quote

SEED = (
    "Rogozin was sending letters. The head said that the segments are interconnected. "
    "The Russian segment is controlled from the Center (which is under sanctions). "
    "From 2010 to 2019, Soyuz MS were the only means. "
    "Both are launched by boosters, which are produced at Progress, which is also under sanctions."
)


def hit(text: str, id: str = "a", score: float = 0.5, start: int = 0) -> Hit:
    article = Article(id, text, f"{id}.txt", language="en")
    return Hit(Passage(article, start, len(text)), score, score, score)


def test_fit_is_the_share_of_the_questions_weight() -> None:
    weights = {"sanction": 3.0, "russian": 1.0}
    assert fit("Sanctions hit.", "en", weights) == 0.75
    assert fit("Russian sanctions hit.", "en", weights) == 1.0
    assert fit("It rained.", "en", weights) == 0.0
    assert fit("It rained.", "en", {}) == 0.0


def test_the_best_sentence_is_bold_and_others_that_answer_are_quoted_with_it() -> None:
    found = quote(hit(SEED), {"sanction": 1.0})
    assert found.text == SEED[SEED.index("The Russian segment") :]
    (bold,) = found.highlights
    assert SEED[slice(*bold)] == "The Russian segment is controlled from the Center (which is under sanctions)."


def test_a_single_answer_is_quoted_alone() -> None:
    found = quote(hit(SEED), {"booster": 1.0, "sanction": 0.2})
    assert found.text.startswith("Both are launched by boosters")
    assert found.highlights == (Span(found.start, found.end),)


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    found = quote(hit("Rain fell. Lisa Campbell spoke. She said that it would go on. It did."), {"go": 1.0})
    assert found.text == "Lisa Campbell spoke. She said that it would go on."
    assert found.article.text[slice(*found.highlights[0])] == "She said that it would go on."


def test_the_first_sentence_has_none_before_it() -> None:
    assert quote(hit("It rained. Then it stopped."), {"rain": 1.0}).text == "It rained."


def test_offsets_are_those_of_the_article_not_of_the_passage() -> None:
    found = quote(hit("😀 Headline. Rain fell. Snow fell too.", start=12), {"snow": 1.0})
    assert (found.start, found.end, found.text) == (23, 37, "Snow fell too.")


def test_without_words_in_common_the_first_sentence_speaks_for_the_passage() -> None:
    assert quote(hit("Rain fell. Snow fell."), {"sun": 1.0}).text == "Rain fell."


def test_sentences_are_spans_of_the_article() -> None:
    found = hit("Headline. Rain fell. Snow fell.", start=10)
    assert sentences(found.passage) == [Span(10, 20), Span(21, 31)]


def test_a_dateline_is_not_quoted() -> None:
    found = quote(hit("MOSCOW, April 2. /TASS/. Rain fell. It stopped."), {"moscow": 1.0})
    assert found.text == "Rain fell."
    assert quote(hit("MOSCOW, April 2. /TASS/."), {}).text == "MOSCOW, April 2. /TASS/."


def _quotes() -> list[Quote]:
    texts = [("a", "One."), ("a", "Two."), ("a", "Three."), ("b", "One."), ("c", "Four.")]
    return [quote(hit(text, id, score), {}) for (id, text), score in zip(texts, (0.9, 0.8, 0.7, 0.6, 0.5), strict=True)]


@pytest.mark.parametrize(
    ("limit", "per_article", "expected"),
    [
        (5, 2, ["One.", "Two.", "Four."]),
        (5, 3, ["One.", "Two.", "Three.", "Four."]),
        (1, 2, ["One."]),
        (5, 1, ["One.", "Four."]),
    ],
)
def test_no_text_twice_and_not_all_from_one_article(limit: int, per_article: int, expected: list[str]) -> None:
    assert [found.text for found in select(_quotes(), limit, per_article)] == expected
