"""A question to what was found for it: alone or joined with the question it follows, in the period that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.storage.generations import Generation
from index.storage.lexical_index import stems
from retrieval.finder import Finder, Found
from retrieval.query.follow_up import cleaned, joined
from retrieval.query.periods import Period, find_period, is_history, is_relative
from retrieval.types import Hit, Question


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A question as it was read, and what was found for it."""

    text: str  # in one line, or in two if it was joined with the one before it
    found: Found
    period: Period | None
    subject: str  # what a question that follows this one is joined with


def read_question(finder: Finder, question: Question, threshold: float, quotes: int) -> QuestionReading:
    """Read a question alone and, if another came before it, joined with that one; return the more confident reading.

    The joined reading must win by a margin that grows with the number of content words, since long questions are seldom
    incomplete (see RankingParams), and its best sentence must have the confidence `threshold`. `quotes` is how many
    quotes are wanted.
    """
    params = finder.params
    text = cleaned(question.text)
    both = joined(question.earlier, text) if question.earlier and question.earlier.strip() else text
    if finder.reader is None:  # nothing gives confidences to compare
        is_short = len(stems(text, None)) < params.unread_standalone_words
        return _read_in_period(finder, replace(question, text=both if is_short else text), threshold, quotes)
    alone = _read_in_period(finder, replace(question, text=text), threshold, quotes)
    if both == text:
        return alone
    follows = _read_in_period(finder, replace(question, text=both), threshold, quotes)
    words = min(len(stems(text, None)), params.follow_up_max_words)
    margin = params.follow_up_word_margin * words - params.follow_up_joined_tolerance
    if (alone.found.confidence or 0.0) >= params.standalone_confidence:
        margin = max(margin, params.topic_article_bonus)
    slope = finder.calibration.slope if finder.calibration else 1.0
    is_surer = slope * (follows.found.best - alone.found.best) > margin
    if not is_surer or not follows.found.answers(threshold):
        return alone
    # If the question has an answer alone too, the conversation is about this question from now on.
    return replace(follows, subject=text) if alone.found.answers(threshold) else follows


def _read_in_period(finder: Finder, question: Question, threshold: float, quotes: int) -> QuestionReading:
    """Search for a question and read the best hits, first of the period that it names.

    If nothing answers there, all days are searched: an article of another day may be about the period.
    """
    params = finder.params
    size = params.hits_for(quotes), params.draft_depth_for(quotes), params.passages_read_for(quotes)
    period = named_period(question, finder.generation)
    asked = narrowed(question, period) if period else question
    within = () if finder.reader is None else _within_article(finder, asked, question.text)
    read = asked.text if period and is_relative(question.text, period) else question.text
    found = finder.find(asked, read, *size, within)
    if period and not found.answers(threshold):
        # An article of any day need not contain the words for the period either.
        for text in dict.fromkeys((question.text, asked.text)):
            anywhere = finder.find(replace(question, text=text), question.text, *size)
            if anywhere.answers(threshold):
                break
        # Without the filter by days other passages are read, and some of these may be of the period nevertheless.
        of_period = anywhere.of_days(asked.since, asked.until)
        if of_period.answers(threshold):
            found = of_period
        elif anywhere.answers(threshold) or not found.scored:
            # Only shown as the closest, since it is of other days than those that were asked for.
            found = replace(anywhere, within=found.confidence or 0.0)
    return QuestionReading(question.text, found, period, question.text.splitlines()[0])


def _within_article(finder: Finder, question: Question, text: str) -> Sequence[Hit]:
    """Return the hits of the last line of `text` in the article that answers the line before it.

    Only articles that pass the question's filters count. A text of one line follows no other question.
    """
    earlier, _, last = text.rpartition("\n")
    if not earlier:
        return ()
    params = finder.params
    read, depth = params.read_passages, params.draft_depth
    before = finder.find(replace(question, text=earlier), earlier, read, depth, read).scored
    article = [each.hit.passage.article.id for each in before[:1]]
    if not article:
        return ()
    return finder.search(replace(question, text=last), params.follow_up_passages, depth, article)


def named_period(question: Question, generation: Generation) -> Period | None:
    """Return the period that the question's words name.

    It is None if the question has `since` or `until`, or if the period is so long ago that it has no articles.
    """
    if question.since or question.until:
        return None
    period = find_period(question.text, question.asked)
    if period is None or is_history(period, question.asked, generation.store.first_day()):
        return None
    return period


def narrowed(question: Question, period: Period) -> Question:
    """Return the question with the period as its filter, and without the words for it, which articles seldom contain.

    The words stay if the period is open at one end, or if no others are left.
    """
    start, end = period.span
    rest = (question.text[:start].rstrip(" ") + question.text[end:]).lstrip(" ,;:")
    text = rest if period.since and period.until and stems(rest, None) else question.text
    return replace(question, text=text, since=period.since, until=period.until, last=period.last, by_newness=False)
