"""retrieval.ranking by hand: words that are held or not, and round figures in place of those that were measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

import retrieval.ranking
from index.types import Article, Passage, Span
from retrieval.fit import Lexicon, Term
from retrieval.ranking import Fitted, fit, from_the_lead, rank, sentences
from retrieval.rules.expected import Kind
from retrieval.types import Hit
from tests.test_fit import FakeStatic, lexicon

WITHOUT = Lexicon(None)
RAIN, SUN = Term("rain", "rain", 3.0), Term("sun", "sun", 1.0)


@pytest.fixture(autouse=True)
def _round_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Halves and quarters, which floating point adds exactly."""
    figures = {"FIT": 0.5, "BONUS": 0.25, "ASKS": 0.25, "EVIDENCE": 0.125, "WITNESSES": 2, "LEAD": 0.5}
    for name, value in (figures | {"HALF_LENGTH": 1000.0}).items():
        monkeypatch.setattr(retrieval.ranking, name, value)


def hit(text: str, language: str | None = "en", score: float = 0.5, start: int = 0, end: int | None = None) -> Hit:
    article = Article("a", text, "a.txt", language=language)
    return Hit(Passage(article, start, end or len(text)), score, 0.4, 1.0)


def one(
    text: str,
    asked: Sequence[Term],
    lexicon: Lexicon = WITHOUT,
    kind: Kind | None = None,
    question: str = "",
    language: str = "en",
) -> Fitted:
    [found] = fit([hit(text, language)], question, kind, asked, language, lexicon)
    return found


def test_a_sentence_fits_by_its_share_of_the_questions_weight() -> None:
    found = one("Rain fell. The sun shone. Nobody came.", [RAIN, SUN])
    assert found.spans == (Span(0, 10), Span(11, 25), Span(26, 38))
    assert found.stems == ("rain", "sun")
    assert found.weights.tolist() == [0.75, 0.25]
    assert found.overlap.tolist() == [[1, 0], [0, 1], [0, 0]]
    assert found.shares.tolist() == found.fits.tolist() == [0.75, 0.25, 0]
    assert found.hit.matched == ("rain", "sun")
    assert found.score == 0, "it is not ranked yet"


def test_what_is_only_near_counts_in_part_and_is_not_matched() -> None:
    found = one("A storm raged. The sun shone.", [RAIN, SUN], lexicon())
    np.testing.assert_allclose(found.shares, [0.75, 0.25], atol=1e-6)  # (0.8·3 + 0.6) / 4, and (0·3 + 1) / 4
    assert found.hit.matched == ("sun",)


def test_hits_keep_their_order_and_what_they_came_with() -> None:
    hits = [hit("The sun shone. It set.", score=0.9), hit("No. Rain fell.", score=0.2, start=4)]
    found = fit(hits, "", None, [RAIN, SUN], "en", WITHOUT)
    assert [each.fits.tolist() for each in found] == [[0.25, 0], [0.75]]
    assert [each.spans for each in found] == [(Span(0, 14), Span(15, 22)), (Span(4, 14),)]
    assert [(each.hit.score, each.hit.cosine, each.hit.words) for each in found] == [(0.9, 0.4, 1), (0.2, 0.4, 1)]
    assert [each.hit.matched for each in found] == [("sun",), ("rain",)]


@pytest.mark.parametrize("own", [WITHOUT, lexicon(FakeStatic())])
def test_nothing_asked_and_nothing_found(own: Lexicon) -> None:
    assert fit([], "Rain?", Kind.DATE, [RAIN], "en", own) == []
    found = one("Rain fell. It stopped.", [], own)
    assert (found.overlap.shape, found.fits.tolist(), found.hit.matched) == ((2, 0), [0, 0], ())


@pytest.mark.parametrize(
    ("kind", "bonus"),
    [
        (Kind.DATE, [1, 0, 0, 0]),
        (Kind.MONEY, [0, 1, 0, 0]),
        (Kind.NUMBER, [0, 0, 1, 0]),
        (Kind.PERSON, [0, 0, 0, 1]),  # nobody is in Oslo
        (Kind.PLACE, [1, 0, 0, 1]),  # Ann Lee too: where no preposition tells, any name may be a place
        (Kind.NAME, [0, 0, 0, 0]),  # any name would do, so that it says nothing
        (None, [0, 0, 0, 0]),
    ],
)
def test_what_is_of_the_kind_that_is_asked_for_has_a_bonus(kind: Kind | None, bonus: list[int]) -> None:
    text = "Rain fell in Oslo on 5 March 2022. It cost $7 million. It hit 40 houses. It was seen by Ann Lee."
    found = one(text, [RAIN], kind=kind, question="Rain?")
    assert found.telling.tolist() == [bool(has) for has in bonus]
    assert found.shares.tolist() == [1, 0, 0, 0], "the bonus says nothing of words"
    assert found.fits.tolist() == [1 + 0.25 * bonus[0], *(0.25 * has for has in bonus[1:])]


def test_what_the_question_says_itself_has_no_bonus() -> None:
    text = "Rain fell in Oslo. Rain fell in Bergen."
    found = one(text, [RAIN], kind=Kind.PLACE, question="Where but in Oslo did rain fall?")
    assert found.fits.tolist() == [1, 1.25]


@pytest.mark.parametrize(
    ("language", "text", "share"),
    [
        ("en", "Did rain fall?", 0.25),
        ("en", "“Did rain fall?”", 0.25),
        ("en", "(Did rain fall?)", 0.25),
        ("en", "Rain fell!", 1.0),
        ("en", "“Why?” rain fell.", 1.0),  # the mark is not at its end
        ("ru", "Шёл ли rain?", 0.25),
        ("ar", "هل rain؟", 0.25),
        ("fr", "rain ?", 0.25),
    ],
)
def test_a_sentence_that_asks_counts_a_part(language: str, text: str, share: float) -> None:
    found = one(text, [RAIN], language=language)
    assert found.shares.tolist() == [share]
    assert found.hit.matched == ("rain",), "it holds the word all the same"


def test_a_sentence_that_asks_tells_nothing() -> None:
    found = one("Did rain fall on 5 March 2022? Rain fell on 7 May 2022.", [RAIN], kind=Kind.DATE)
    assert found.telling.tolist() == [False, True]
    assert found.fits.tolist() == [0.25, 1.25]


def test_a_dateline_is_no_sentence() -> None:
    found = one("MOSCOW, April 2. /TASS/. Rain fell. It stopped.", [Term("moscow", "moscow", 1.0), RAIN])
    assert len(found.spans) == 2
    assert found.fits.tolist() == [0.75, 0]
    assert found.hit.matched == ("rain",)


def test_a_caption_of_a_gallery_is_no_sentence() -> None:
    captions = "Hide Caption 1 of 44 Photos: Rain falls. Hide Caption 2 of 44 Photos: Snow falls."
    mixed, only = (
        Passage(Article("a", text, "a.txt", language="en"), 0, len(text))
        for text in (f"Rain fell on Oslo. {captions}", captions)
    )
    assert [mixed.article.text[slice(*span)] for span in sentences(mixed)] == ["Rain fell on Oslo."]
    assert sentences(only) == []
    hits = [Hit(passage, 0.5, 0.5, 0.5) for passage in (only, mixed)]
    assert [each.hit.passage for each in fit(hits, "", None, (), "en", Lexicon(None))] == [mixed]


def test_sentences_are_spans_of_the_article_without_a_dateline() -> None:
    assert sentences(hit("Headline. Rain fell. Snow fell.", start=10).passage) == [Span(10, 20), Span(21, 31)]
    text = "MOSCOW, April 2. /TASS/. Rain fell. It stopped."
    assert [text[slice(*span)] for span in sentences(hit(text).passage)] == ["Rain fell.", "It stopped."]
    text = "Rain in Oslo, Ann Lee says.\n\nMOSCOW, April 2. /TASS/.\n\nRain fell."
    assert [text[slice(*span)] for span in sentences(hit(text).passage)] == [
        "Rain in Oslo, Ann Lee says.", "Rain fell.",
    ]  # fmt: skip
    alone = "MOSCOW, April 2. /TASS/."
    assert sentences(hit(alone).passage) == [Span(0, len(alone))]


STORY = "Rain fell on all of Oslo."
NOTE = "Editor’s note: this story was changed on Monday."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{STORY} It stopped.", [STORY, "It stopped."]),
        (f"Rain in Oslo\n\nBy Ann Lee\n\n{STORY} It stopped.", [STORY, "It stopped."]),  # from six words on
        (f"Rain fell on Oslo today.\n\n{STORY}", [STORY]),
        (f"{NOTE} It said before that snow had fallen.\n\n{STORY}", [STORY]),  # to the end of its paragraph
        (f"Corrections and clarifications: a name was spelt wrongly.\n\n{STORY}", [STORY]),
        (f"Sign up for our letter on all that rains.\n\n{STORY}", [STORY]),
        ("Rain fell. It stopped.", ["Rain fell.", "It stopped."]),  # nothing but short sentences
        (f"{NOTE}\n\nRain fell.", [NOTE, "Rain fell."]),
    ],
)
def test_a_story_begins_behind_headings_and_notes(text: str, expected: list[str]) -> None:
    every = one(text, [RAIN])
    lead = from_the_lead(every)
    assert lead is not None
    assert [text[slice(*span)] for span in lead.spans] == expected
    gone = len(every.spans) - len(lead.spans)
    assert lead.overlap.tolist() == every.overlap[gone:].tolist()
    assert lead.telling.tolist() == every.telling[gone:].tolist()


@pytest.mark.parametrize("text", [NOTE, f"{NOTE} It said before that snow had fallen."])
def test_a_passage_that_is_a_note_tells_no_story(text: str) -> None:
    assert from_the_lead(one(text, [RAIN])) is None


FAR = 4000  # code points in, where half a lead of 0.5 is gone four times: 0.03125


def found(
    score: float,
    *shares: float,
    article: str = "a",
    start: int = 100_000,  # where nothing is left of the lead that floating point would keep
    recency: float = 0.0,
    telling: bool = False,
) -> Fitted:
    """A passage of as many sentences as there are shares."""
    passage = Passage(Article(article, "x" * (start + 1), "a.txt"), start, start + 1)
    own = Hit(passage, score, 0.4, 1.0, recency)
    overlap = np.array([shares], dtype=np.float32).T.reshape(len(shares), 1)
    ones = np.ones(1, dtype=np.float32)
    return Fitted(own, (), ("rain",), overlap, ones, np.full(len(shares), telling, dtype=bool))


def scores(*fitted: Fitted) -> list[float]:
    """What passages are ranked by, in the order in which they are given."""
    ranked = {id(each.hit): each.score for each in rank(fitted)}
    return [ranked[id(each.hit)] for each in fitted]


def test_nothing_is_ranked_as_nothing() -> None:
    assert rank([]) == []


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (found(0.5), 0.5),  # no sentence at all
        (found(0.5, 0.0), 0.5),
        (found(0.5, 0.25, 0.75, 0.5), 0.875),  # 0.5 + 0.5 · 0.75
        (found(0.5, 0.25, 0.75, 0.5, telling=True), 1.0),  # 0.5 + 0.5 · (0.75 + 0.25)
        (found(0.5, 0.5, recency=0.125), 0.75),  # recency is in the score already
    ],
)
def test_a_passages_best_sentence_counts(each: Fitted, expected: float) -> None:
    assert scores(each) == [expected]


@pytest.mark.parametrize(("start", "lead"), [(0, 0.5), (1000, 0.25), (2000, 0.125), (FAR, 0.03125)])
def test_a_passage_at_the_start_leads(start: int, lead: float) -> None:
    assert scores(found(0.5, 0.5, start=start)) == [0.75 + lead]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((1.0, 0.5), (1.0625, 0.625)),  # each speaks for the other with an eighth of its score
        ((1.0, 0.5, 0.25), (1.09375, 0.65625, 0.4375)),
        ((1.0, 0.5, 0.25, 0.125), (1.09375, 0.65625, 0.4375, 0.3125)),  # the next two, and no third
        ((0.5, 0.5, 0.5), (0.625, 0.625, 0.625)),  # its equals are others, itself is not
    ],
)
def test_an_articles_next_two_passages_are_evidence(own: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert scores(*(found(score) for score in own)) == list(expected)


def test_evidence_is_of_what_search_and_the_sentences_say() -> None:
    assert scores(found(0.5, 1.0), found(0.25, 0.5)) == [1.0 + 0.5 / 8, 0.5 + 1.0 / 8]


def test_other_articles_are_no_evidence() -> None:
    assert scores(found(1.0), found(0.5, article="b"), found(0.25)) == [1.03125, 0.5, 0.375]


def test_neither_recency_nor_the_lead_is_evidence() -> None:
    """An article's newness is in each of its scores once, and what makes one of them count more not in the others."""
    assert scores(found(1.0, recency=0.5), found(0.75, recency=0.5, start=0)) == [1.0 + 0.25 / 8, 0.75 + 0.5 / 8 + 0.5]


def test_the_best_passage_is_first_and_equals_stay_in_their_order() -> None:
    given = [found(0.25, article="a"), found(0.5, article="b"), found(0.5, article="c"), found(0.75, article="d")]
    assert [each.hit.passage.article.id for each in rank(given)] == ["d", "b", "c", "a"]
    assert [each.hit.passage.article.id for each in rank(given[::-1])] == ["d", "c", "b", "a"]


def test_ranking_changes_nothing_but_scores() -> None:
    given = found(0.5, 0.25, 1.0)
    [after] = rank([given])
    assert (after.hit, after.spans, after.stems, after.score) == (given.hit, (), ("rain",), 1.0)
    assert after.overlap is given.overlap
    assert given.score == 0
