"""The lead of an article, its first sentence, as a quote: this is how the newest articles are shown. Pure."""

from __future__ import annotations

import re

from index.text.passages import passage_sentences
from index.text.word_count import word_count
from index.types import Passage, Span
from retrieval.params import RankingParams
from retrieval.types import Hit, Quote

_NOTE = re.compile(
    r"editor[’']?s?[’']? note\b|corrections? (?:&|and) clarifications?\b|a version of this (?:article|story)\b"
    r"|sign up (?:for|here|to)\b",
    re.IGNORECASE,
)


def lead_quote(hit: Hit, params: RankingParams) -> Quote | None:
    """Return the first sentence of the story in a passage, in bold; None if the passage only contains an editor's note.

    Headings, bylines and editor's notes are skipped. If nothing else follows them, the first sentence of all is
    returned.
    """
    spans = passage_sentences(hit.passage)
    first = _first(hit.passage, spans, params)
    if first is None or not spans:
        return None
    return Quote(hit.passage.article, *spans[first], (spans[first],), hit.score, hit)


def _first(passage: Passage, spans: list[Span], params: RankingParams) -> int | None:
    """Return the number of the sentence that the story begins with."""
    text = passage.article.text
    in_note, only_notes, end = False, True, 0
    for at, span in enumerate(spans):
        in_note = (in_note and "\n" not in text[end : span.start]) or _NOTE.match(text, span.start) is not None
        if not in_note and word_count(text[slice(*span)]) >= params.lead_sentence_words:
            return at
        only_notes &= in_note
        end = span.end
    return None if only_notes else 0
