"""Articles cut into passages: whole sentences, about as many words as a model reads well."""

from __future__ import annotations

import re

from index.furniture import story_spans
from index.sentences import sentence_spans
from index.types import Article, Passage, Span

UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\r[^\S\r\n]*\r|[\f\u2029]")


def split_article(article: Article, words: int = 110) -> list[Passage]:
    """The article's story in passages of whole sentences, about `words` words each."""
    passages = []
    for stretch in _stretches(article):
        passages += [Passage(article, start, end) for start, end in _packed(article.text, stretch, words)]
    return passages


def word_count(text: str) -> int:
    """Words between white space; where a script has none between words, two characters count as one word.

    >>> word_count("It rained."), word_count("下雨了。")
    (2, 2)
    """
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2 if unspaced else len(text.split())


def _stretches(article: Article) -> list[list[Span]]:
    """Each stretch of the story that nothing was left out of, as its sentences."""
    stretches: list[Span] = []
    for span in story_spans(article):
        if stretches and not article.text[stretches[-1].end : span.start].strip():
            stretches[-1] = Span(stretches[-1].start, span.end)
        else:
            stretches.append(span)
    return [
        [Span(at.start + s, at.start + e) for s, e in sentence_spans(article.text[at.start : at.end], article.language)]
        for at in stretches
    ]


def _packed(text: str, sentences: list[Span], words: int) -> list[Span]:
    """Sentences in passages: whole paragraphs while they fit, a longer paragraph in parts of about one size."""
    passages: list[Span] = []
    held = 0
    for paragraph in _paragraphs(text, sentences):
        for part in _parts(text, paragraph, words):
            size = sum(word_count(text[s:e]) for s, e in part)
            if passages and held + size <= words:
                passages[-1] = Span(passages[-1].start, part[-1].end)
                held += size
            else:
                passages.append(Span(part[0].start, part[-1].end))
                held = size
    return passages


def _paragraphs(text: str, sentences: list[Span]) -> list[list[Span]]:
    paragraphs: list[list[Span]] = []
    for sentence in sentences:
        if paragraphs and not BLANK_LINE.search(text, paragraphs[-1][-1].end, sentence.start):
            paragraphs[-1].append(sentence)
        else:
            paragraphs.append([sentence])
    return paragraphs


def _parts(text: str, paragraph: list[Span], words: int) -> list[list[Span]]:
    """One paragraph cut at sentence ends into the fewest parts of at most `words` words, about equally long."""
    sizes = [word_count(text[s:e]) for s, e in paragraph]
    total = sum(sizes)
    count = -(-total // words)
    parts: list[list[Span]] = [[]]
    held = done = 0
    for sentence, size in zip(paragraph, sizes, strict=True):
        if parts[-1] and (held + size > words or done + size / 2 > total * len(parts) / count):
            parts.append([])
            held = 0
        parts[-1].append(sentence)
        held += size
        done += size
    return parts
