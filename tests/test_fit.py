"""retrieval.fit against hand-worked examples: words that are vectors of two numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

import retrieval.fit
from index.encoder import Vectors
from index.words import stems
from retrieval.fit import Lexicon, Term, overlaps, terms

VECTORS = {
    "rain": (1.0, 0.0), "storm": (0.8, 0.6), "sun": (0.0, 1.0), "oslo": (-1.0, 0.0), "bergen": (-0.6, 0.8),
    "дождь": (1.0, 0.0), "ливень": (0.6, 0.8), "regen": (1.0, 0.0), "schauer": (0.6, -0.8),
    "制裁": (1.0, 0.0), "北京": (0.0, 1.0), "禁令": (0.8, 0.6),
}  # fmt: skip


class FakeStatic:
    """The vectors above, and zeros for any other word; `calls` are what was encoded."""

    dimension = 2

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        rows = [VECTORS.get(text, (0.0, 0.0)) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 2)


WITHOUT = Lexicon(None)


def lexicon(static: FakeStatic | None = None) -> Lexicon:
    return Lexicon(static or FakeStatic())  # type: ignore[arg-type]


RAIN, SUN = Term("rain", "rain", 3.0), Term("sun", "sun", 1.0)


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        (
            "en",
            "Who said that rains hit Oslo?",
            [("said", "said"), ("rains", "rain"), ("hit", "hit"), ("oslo", "oslo")],
        ),
        ("en", "Rain, rains and raining", [("raining", "rain")]),  # one term, in the last word's spelling
        ("en", "the U.S.", [("usa", "usa")]),
        ("ru", "Какие санкции у «Союза»?", [("какие", "как"), ("санкции", "санкц"), ("союза", "союз")]),
        ("de", "Wann regnete es?", [("wann", "wann"), ("regnete", "regn")]),
        ("zh", "制裁？", [("制", "制"), ("制裁", "制裁"), ("裁", "裁")]),
        ("hi", "हिन्दी", [("हिन्दी", "हिन"), ("हिन्दी", "दी")]),  # as tantivy cuts
        ("ru", "Рого\u0301зин", [("рогозин", "рогозин")]),
        (None, "Rains of Oslo", [("rains", "rains"), ("of", "of"), ("oslo", "oslo")]),
        ("en", "?!", []),
        ("en", "", []),
    ],
)
def test_terms(language: str | None, question: str, expected: list[tuple[str, str]]) -> None:
    found = terms(question, language, lambda stem: float(len(stem)))
    assert found == tuple(Term(word, stem, float(len(stem))) for word, stem in expected)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The U.S. Army’s F-16 of AT&T in C++, U.S.-led: 1,000 O'Neils don’t."),
        ("en", "习近平 met Zu\u0308rich’s İstanbul"),
        ("ru", "Рого\u0301зин и «Союз-2» т.е. 5 млрд. и\u0306"),
        ("ar", "قال مُحَمَّد نعم ال\u0640\u0640سلام ٢٥٠"),
        ("he", "הוא אמר שָׁלוֹם לכולם רה״מ"),
        ("hi", "दिल्ली में हिन्दी बोली।"),
        ("ta", "தமிழ் மொழி"),
        ("zh", "北京宣布 NASA 制裁。"),
        ("ja", "東京タワー"),
        ("th", "ฝนตกที่กรุงเทพฯ"),
        (None, "Fußball à l’État"),
    ],
)
def test_the_stems_of_a_question_are_those_of_the_word_index(language: str | None, text: str) -> None:
    assert [term.stem for term in terms(text, language, len)] == list(dict.fromkeys(stems(text, language)))


def test_a_sentence_holds_a_term_or_does_not_where_there_is_no_lexicon() -> None:
    found = overlaps([RAIN, SUN], ["Raining again.", "The storm.", "Sun and rains.", ""], "en", WITHOUT)
    assert found.dtype == np.float32
    assert found.tolist() == [[1, 0], [0, 0], [1, 1], [0, 0]]


def test_words_that_are_near_in_meaning_hold_a_part_of_a_term() -> None:
    """Storm is 0.8 like rain and 0.6 like sun, Oslo -1 like rain, less than nothing held, Bergen -0.6 and 0.8."""
    sentences = ["A storm raged.", "Oslo.", "Bergen had a storm.", "Rain in Bergen.", "Nothing.", "", "The."]
    found = overlaps([RAIN, SUN], sentences, "en", lexicon())
    nothing = [0.0, 0.0]
    expected = [[0.8, 0.6], nothing, [0.8, 0.8], [1.0, 0.8], nothing, nothing, nothing]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("language", "term", "sentences", "expected"),
    [
        ("ru", Term("дождь", "дожд", 1), ["Шли дожди.", "Ливень шёл.", "Шёл снег."], [1, 0.6, 0]),
        ("de", Term("regen", "reg", 1), ["Der Regen fiel.", "Ein Schauer fiel.", "Schnee."], [1, 0.6, 0]),
        ("zh", Term("制裁", "制裁", 1), ["制裁。", "禁令。", "北京。", "下雨了。"], [1, 0.8, 0, 0]),
        (None, Term("rain", "rain", 1), ["Rain.", "Rains.", "Storm."], [1, 0, 0.8]),
    ],
)
def test_other_languages(language: str | None, term: Term, sentences: list[str], expected: list[float]) -> None:
    np.testing.assert_allclose(overlaps([term], sentences, language, lexicon())[:, 0], expected, atol=1e-6)


@pytest.mark.parametrize("static", [None, FakeStatic()])
def test_nothing_asked_and_nothing_to_look_at(static: FakeStatic | None) -> None:
    own = lexicon(static) if static else WITHOUT
    assert overlaps([], ["Rain.", "Sun."], "en", own).shape == (2, 0)
    assert overlaps([RAIN], [], "en", own).shape == (0, 1)
    assert overlaps([RAIN], ["?", ""], "en", own).tolist() == [[0], [0]]


def test_a_lexicon_encodes_a_word_once_and_keeps_the_order() -> None:
    static = FakeStatic()
    words = lexicon(static)
    assert words.vectors(["sun", "rain", "sun"]).tolist() == [[0, 1], [1, 0], [0, 1]]
    assert words.vectors(["rain", "storm"]).tolist() == pytest.approx(np.array([[1, 0], [0.8, 0.6]]))
    assert words.vectors([]).size == 0
    assert [word for call in static.calls for word in dict.fromkeys(call)] == ["sun", "rain", "storm"]
    assert (bool(words), bool(WITHOUT)) == (True, False)


def test_a_lexicon_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.fit, "_KEPT", 2)
    words = lexicon()
    for ask in (["rain", "sun"], ["oslo"], ["rain", "storm"]):  # the third finds three and begins anew
        expected = [VECTORS[word] for word in ask]
        np.testing.assert_allclose(words.vectors(ask), expected, atol=1e-6)
    assert set(words._vectors) == {"rain", "storm"}
