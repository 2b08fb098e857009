"""Split articles into passages: whole sentences, of about as many words as a model reads well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.limits import WORD_LETTERS
from index.text.datelines import is_dateline
from index.text.sentences import sentence_spans
from index.text.word_count import word_count
from index.types import Article, Passage, Span

SLACK = 1.2  # a passage may have this many times the words, since whole paragraphs often leave room
_SHORTEST_LAST = 4  # a last passage with less than this fraction (one fourth) of the words joins the one before it
_NEAR = 10_000  # code points before and after a slice, within which its stretch is looked for
# The caption of a picture in a gallery, which runs into the paragraphs around it
_CAPTION = re.compile(r"(?:hide|show) caption \d+ of \d+\b|\d+ of \d+ photos?:", re.IGNORECASE)


def split_article(article: Article, words: int = 110) -> list[Passage]:
    """Return the story of an article as passages of whole sentences, of about `words` words each, in order.

    Paragraphs stay whole if they fit. A longer one is cut at the ends of sentences into parts of about the same size,
    and a sentence that is longer than a passage makes one alone. A passage does not continue over a line of
    boilerplate, and WORD_LETTERS code points count as at least one word. Every code point of the story that is not
    white space is in one passage.

    >>> article = Article("a", "Rain fell. It stopped.\\n\\nThe sun came out.", "a.txt")
    >>> [passage.text for passage in split_article(article, words=5)]
    ['Rain fell. It stopped.', 'The sun came out.']
    """
    passages = []
    for stretch in stretches(article):
        part = article.text[stretch.start : stretch.end]
        sentences = sentence_spans(part, article.language)
        for start, end in _pack(part, sentences, int(words * SLACK)):
            passages.append(Passage(article, stretch.start + start, stretch.start + end))
    return passages


def is_caption(sentence: str) -> bool:
    """Return whether a sentence begins like a caption in a gallery.

    >>> is_caption("Hide Caption 17 of 44 Photos: Rain falls."), is_caption("5 of 10 people were asked.")
    (True, False)
    """
    return _CAPTION.match(sentence) is not None


def passage_sentences(passage: Passage) -> list[Span]:
    """Return the sentences of a passage as spans of the article's text, without datelines and captions of galleries.

    A passage that is only a dateline yields it; one that is only captions yields nothing.
    """
    text = passage.article.text
    spans = [
        Span(passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text, passage.article.language)
    ]
    spans = [span for span in spans if not is_caption(text[slice(*span)])]
    return [span for span in spans if not is_dateline(text[slice(*span)])] or spans


def stretches(article: Article, has_start: bool = True) -> list[Span]:
    """Return the story of an article as spans; those with only white space between them are joined.

    `has_start` says whether the text has the start of the article.
    """
    # Slow to import, and most questions only need the sentences of passages
    from index.text.boilerplate import story_spans

    found: list[Span] = []
    for span in story_spans(article, has_start):
        if found and not article.text[found[-1].end : span.start].strip():
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def stretch_around(article: Article, start: int, end: int) -> Span:
    """Return the stretch around a slice of an article, up to 10,000 code points away; the slice if it is in none.

    The time that this takes does not grow with the article.
    """
    first = max(0, start - _NEAR)
    near = replace(article, text=article.text[first : end + _NEAR])
    spans = (Span(first + span.start, first + span.end) for span in stretches(near, first == 0))
    return next((span for span in spans if span.start <= start and end <= span.end), Span(start, end))


def _pack(text: str, sentences: list[Span], words: int) -> list[Span]:
    """Return passages of sentences: paragraphs, or parts of long ones, are joined as long as the next one fits."""
    passages: list[Span] = []
    held: list[int] = []  # words of each passage
    before = sentences[0].start if sentences else 0
    for paragraph in _paragraphs(text, sentences):
        ends = [before, *(sentence.end for sentence in paragraph)]
        sizes = [_size(text, start, *span) for start, span in zip(ends, paragraph, strict=False)]
        before = ends[-1]
        for part in _parts(sizes, words):
            start, end, size = paragraph[part[0]].start, paragraph[part[-1]].end, sum(sizes[i] for i in part)
            if passages and held[-1] + size <= words:
                passages[-1] = Span(passages[-1].start, end)
                held[-1] += size
            else:
                passages.append(Span(start, end))
                held.append(size)
    if len(passages) > 1 and held[-1] * _SHORTEST_LAST < words and held[-2] <= words:
        passages[-2:] = [Span(passages[-2].start, passages[-1].end)]
    return passages


def _size(text: str, before: int, start: int, end: int) -> int:
    """Return the words of a sentence, or its code points with the space before it by WORD_LETTERS, if that is more."""
    return max(word_count(text[start:end]), (end - before) // WORD_LETTERS)


def _paragraphs(text: str, sentences: list[Span]) -> list[list[Span]]:
    """Return the sentences by paragraph, or by line if sentences end with their lines."""
    paragraphs: list[list[Span]] = []
    for sentence in sentences:
        if paragraphs and "\n" not in text[paragraphs[-1][-1].end : sentence.start]:
            paragraphs[-1].append(sentence)
        else:
            paragraphs.append([sentence])
    return paragraphs


def _parts(sizes: list[int], words: int) -> Iterator[range]:
    """Yield ranges of consecutive sentences: the fewest parts of at most `words` words, of about the same size."""
    total = sum(sizes)
    even = total / max(1, -(-total // words))
    first = held = 0
    done = 0.0  # words since the part would have started if all were of the same size
    for number, size in enumerate(sizes):
        if held and (held + size > words or done + size / 2 > even):
            yield range(first, number)
            first, held, done = number, 0, done - even
        held += size
        done += size
    if sizes:
        yield range(first, len(sizes))
