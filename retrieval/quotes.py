"""Scored sentences to quotes: which sentences are quoted together, which is bold, and what makes them understandable.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.text.datelines import is_dateline
from index.text.dependent_sentences import needs_previous, reverses_previous
from index.text.long_sentences import is_too_long
from index.text.passages import stretch_around
from index.text.quotations import quotation_spans
from index.text.sentences import whole_sentence_spans
from index.text.speakers import speaker
from index.text.word_count import word_count
from index.types import Article, Span
from retrieval.params import RankingParams
from retrieval.scoring import Scored
from retrieval.types import Quote


def extract_quotes(
    scored: Scored, least: float, params: RankingParams, adjoining: float | None = None
) -> Iterator[Quote]:
    """Yield disjoint quotes, best first, that contain each sentence of a passage with a score of `least` or more.

    Consecutive sentences become one quote, in which the best sentence is bold. Sentences next to it only need the score
    `adjoining` (default: `least`).
    """
    adjoining = least if adjoining is None else adjoining
    article, spans, scores = scored.hit.passage.article, scored.sentences, scored.scores
    free = set(range(len(spans)))
    for best in sorted(free, key=lambda at: (-scores[at], at)):
        if best not in free or scores[best] < least:
            continue
        chosen = {at for at in free if scores[at] >= adjoining}
        first, last = _run(best, chosen, article, spans, params.quote_words)
        first, last = _with_context(first, last, free, article, spans, params.quote_words)
        free -= set(range(first, last + 1))
        answered = scored.answers[best]
        marks = (answered.span,) if answered and answered.probability >= params.answer_span_confidence else ()
        yield Quote(
            article, spans[first].start, spans[last].end, (spans[best],), float(scores[best]), scored.hit, marks=marks
        )


def best_quote(scored: Scored, params: RankingParams) -> Quote | None:
    """Return the quote around a passage's best sentence, whatever its score; None for a passage without sentences."""
    return next(extract_quotes(scored, scored.best, params), None)


def _run(best: int, chosen: set[int], article: Article, spans: Sequence[Span], most_words: int) -> tuple[int, int]:
    """Return the first and last of the chosen sentences that adjoin the best one, in at most `most_words` words."""
    first = last = best
    words = word_count(article.text[slice(*spans[best])])
    for step in (1, -1):
        while (at := (last if step > 0 else first) + step) in chosen:
            words += word_count(article.text[slice(*spans[at])])
            if words > most_words or _are_apart(article, spans, max(at, at - step)):
                break
            first, last = min(first, at), max(last, at)
    return first, last


def _are_apart(article: Article, spans: Sequence[Span], last: int) -> bool:
    """Return whether text that is no sentence, such as a dateline, separates a sentence from the one before it."""
    return bool(article.text[spans[last - 1].end : spans[last].start].strip())


def _with_context(
    first: int, last: int, free: set[int], article: Article, spans: Sequence[Span], most_words: int
) -> tuple[int, int]:
    """Return the first and last sentence of a quote, extended so that it is understood correctly.

    It gains the rest of a quotation, the sentence that its first one depends on (a pronoun refers to it, for example),
    and a next sentence that reverses what its last one says ("But the ban was lifted.").
    """
    text, start = article.text[spans[0].start : spans[-1].end], spans[0].start
    for span in quotation_spans(text):
        of = [at for at, own in enumerate(spans) if own.start - start < span.end and span.start < own.end - start]
        if any(first <= at <= last for at in of):
            whole = min(first, *of), max(last, *of)
            size = word_count(article.text[spans[whole[0]].start : spans[whole[1]].end])
            if size <= most_words and free.issuperset(range(whole[0], whole[1] + 1)):
                first, last = whole
    may_need_previous = first - 1 in free and not _are_apart(article, spans, first)
    if may_need_previous and needs_previous(article.text[slice(*spans[first])], article.language):
        first -= 1
    may_be_reversed = last + 1 in free and not _are_apart(article, spans, last + 1)
    if may_be_reversed and reverses_previous(article.text[slice(*spans[last + 1])]):
        last += 1
    return first, last


def completed(quote: Quote, params: RankingParams) -> Quote:
    """Return a quote with the sentences outside of its passage that it needs to be understood correctly.

    These are the sentence before, if the quote depends on it and it is no dateline, and the sentence after, if it
    reverses what the quote says.
    """
    article, start, end = quote.article, quote.start, quote.end
    may_need_previous = start <= quote.hit.passage.start and needs_previous(article.text[start:end], article.language)
    may_be_reversed = end >= quote.hit.passage.end
    if not may_need_previous and not may_be_reversed:
        return quote
    story = stretch_around(article, start, end)
    if may_need_previous:
        edge = max(story.start, start - params.completion_window)
        before = whole_sentence_spans(article.text[edge:start], article.language)
        if before and (len(before) > 1 or edge == story.start):
            first, last = before[-1]
            sentence = article.text[edge + first : edge + last]
            if not is_dateline(sentence) and not is_too_long(sentence):
                start = edge + first
    if may_be_reversed:
        edge = min(story.end, end + params.completion_window)
        after = whole_sentence_spans(article.text[end:edge], article.language)
        is_whole = after and (len(after) > 1 or edge == story.end)
        sentence = article.text[end + after[0].start : end + after[0].end] if after else ""
        if is_whole and reverses_previous(sentence) and not is_too_long(sentence):
            end += after[0].end
    return replace(quote, start=start, end=end)


def attributed(quote: Quote) -> Quote:
    """Return a quote with its speaker, if the bold sentence itself names one."""
    spoken = speaker(quote.article.text, quote.highlights[0])
    return replace(quote, speaker=spoken.speaker if spoken else None)
