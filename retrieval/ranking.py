"""Hits in the order in which they answer: what search found of each, its sentences, and the rest of its article. Pure.

The figures below were measured on the development sets: benchmarks/RESULTS.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.furniture import is_caption
from index.passages import word_count
from index.sentences import sentence_spans
from index.types import Passage, Span
from index.wire import is_dateline
from retrieval.fit import Lexicon, Term, overlaps
from retrieval.rules.expected import Kind
from retrieval.rules.things import things
from retrieval.types import Hit

FIT = 0.5  # what a fit counts beside the score of search: a passage's best sentence's, and then a quote's own
# What a sentence has over others that holds a thing of the kind that is asked for. Nearly every sentence holds a name,
# so that one says little where any name would do.
BONUS = 0.2
_TELLING = frozenset(Kind) - {Kind.NAME}
ASKS = 0.3  # what a sentence counts that asks by itself: a quiz repeats the question, and does not answer it
# What an article's next two passages count for the one before them, if they fit the question too.
EVIDENCE, WITNESSES = 0.1, 2
# News says what happened first: what a passage at the start has over one at the end, and in how many code points half
# of it is gone.
LEAD, HALF_LENGTH = 0.15, 1500.0
SHORTEST = 6  # words that a story's first sentence has at least
_NOTE = re.compile(
    r"editor[’']?s?[’']? note\b|corrections? (?:&|and) clarifications?\b|a version of this (?:article|story)\b"
    r"|sign up (?:for|here|to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A hit, its passage's sentences, and how much each of them holds of the question.

    Sentences are rows of `overlap` and the question's terms are columns, 0 to 1; `weights` of the terms sum to 1.
    """

    hit: Hit
    spans: tuple[Span, ...]
    stems: tuple[str, ...]  # of the terms
    overlap: NDArray[np.float32]
    weights: NDArray[np.float32]
    telling: NDArray[np.bool_]  # which sentences hold a thing of the kind that is asked for
    score: float = 0.0  # what the passage is ranked by, once it is

    @property
    def shares(self) -> NDArray[np.float32]:
        """The share of the question's weight that each sentence holds, 0 to 1."""
        return np.asarray(self.overlap @ self.weights, dtype=np.float32)

    @property
    def fits(self) -> NDArray[np.float32]:
        """How well each sentence answers: its share, and BONUS if it holds what is asked for."""
        return np.asarray(self.shares + BONUS * self.telling, dtype=np.float32)


def fit(
    hits: Sequence[Hit], question: str, kind: Kind | None, asked: Sequence[Term], language: str | None, lexicon: Lexicon
) -> list[Fitted]:
    """The hits, which are of articles in one language, with their sentences, if they have any; fills `matched` in."""
    split = [(hit, tuple(sentences(hit.passage))) for hit in hits]
    hits, spans = [hit for hit, own in split if own], [own for _, own in split if own]
    texts = [hit.passage.article.text[slice(*span)] for hit, own in zip(hits, spans, strict=True) for span in own]
    overlap = overlaps(asked, texts, language, lexicon)
    asks = np.array([text.rstrip(" \"'”’»)").endswith(("?", "？", "؟")) for text in texts], dtype=bool)
    wanted = kind if kind in _TELLING else None
    holds = [wanted is not None and bool(things(text, wanted, question)) for text in texts]
    telling = np.array(holds, dtype=bool) & ~asks
    weights = np.array([term.weight for term in asked], dtype=np.float32)
    weights /= max(float(weights.sum()), 1e-9)
    stems = tuple(term.stem for term in asked)
    found, at = [], 0
    for hit, own in zip(hits, spans, strict=True):
        rows = slice(at, at + len(own))
        held = overlap[rows].max(axis=0, initial=0.0)
        matched = tuple(term.stem for term, value in zip(asked, held, strict=True) if value >= 1)
        counted = overlap[rows] * np.where(asks[rows], ASKS, 1)[:, None].astype(np.float32)
        found.append(Fitted(replace(hit, matched=matched), own, stems, counted, weights, telling[rows]))
        at += len(own)
    return found


def rank(fitted: Sequence[Fitted]) -> list[Fitted]:
    """The passages, best first, each with its article's other passages and its place taken into account."""
    own = [each.hit.score + FIT * float(each.fits.max(initial=0.0)) for each in fitted]
    of_article: defaultdict[str, list[float]] = defaultdict(list)
    for each, score in zip(fitted, own, strict=True):
        of_article[each.hit.passage.article.id].append(score - each.hit.recency)
    ranked = []
    for each, score in zip(fitted, own, strict=True):
        others = sorted(of_article[each.hit.passage.article.id], reverse=True)
        others.remove(score - each.hit.recency)
        lead = LEAD * 0.5 ** (each.hit.passage.start / HALF_LENGTH)
        ranked.append(replace(each, score=score + EVIDENCE * sum(others[:WITNESSES]) + lead))
    return sorted(ranked, key=lambda each: -each.score)


def from_the_lead(fitted: Fitted) -> Fitted | None:
    """The passage without what stands before its story, a heading, a byline or an editor's note.

    None if such a note is all of it; all of it if it has only short sentences.
    """
    text = fitted.hit.passage.article.text
    in_note, only_notes, end = False, True, 0
    for at, span in enumerate(fitted.spans):
        in_note = (in_note and "\n" not in text[end : span.start]) or _NOTE.match(text, span.start) is not None
        if not in_note and word_count(text[slice(*span)]) >= SHORTEST:
            spans, overlap, telling = fitted.spans[at:], fitted.overlap[at:], fitted.telling[at:]
            return replace(fitted, spans=spans, overlap=overlap, telling=telling)
        only_notes &= in_note
        end = span.end
    return None if only_notes else fitted


def sentences(passage: Passage) -> list[Span]:
    """The sentences of a passage, as spans of the article's text, without datelines and captions of galleries.

    Of a passage that is a dateline this is it; of one that is captions there are none.
    """
    text = passage.article.text
    spans = [
        Span(passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text, passage.article.language)
    ]
    spans = [span for span in spans if not is_caption(text[slice(*span)])]
    return [span for span in spans if not is_dateline(text[slice(*span)])] or spans
