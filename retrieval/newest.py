"""The newest articles about a person, place or thing: those with the name in the headline or the first sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from anyascii import anyascii

from index.storage.lexical_index import ArticleFilters, stems
from index.text.passages import passage_sentences
from index.types import Passage
from retrieval.finder import Finder
from retrieval.lateness import lateness
from retrieval.leads import lead_quote
from retrieval.params import RankingParams
from retrieval.query.subjects import Subject, names_subject, resembles
from retrieval.quotes import best_quote
from retrieval.scoring import score_by_reading
from retrieval.types import Hit, Question, Quote

_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)


def newest_on(finder: Finder, subject: Subject, question: Question, k: int) -> list[Hit]:
    """Return the first passages of the k newest articles on a subject that pass the question's filters.

    If the question names days, articles of these come first, then those of the next day, then the later ones.
    """
    found = sorted(_articles(finder, subject, question), key=lambda passage: _order(passage.article.day, question.last))
    return [Hit(passage, float(k - at), 0.0, 0.0) for at, passage in enumerate(found[:k])]


def main_news(finder: Finder, asked: str, hits: Sequence[Hit], least: float, most: int) -> list[Quote]:
    """Return a quote from each hit: the sentence that tells the main news.

    That is the one that answers the question `asked` best, if the reader gives it log odds of `least` or more, and
    otherwise the first of the story. At most `most` hits are read, in one call.
    """
    read: list[Quote | None] = []
    if finder.reader:
        equal = [replace(hit, score=0.0) for hit in hits[:most]]  # their order is that of time, not of relevance
        scored = score_by_reading(finder.reader, asked, equal, finder.params)
        read = [best_quote(each, finder.params) if each.best >= least else None for each in scored]
    quotes = []
    for hit, best in zip_longest(hits, read):
        if first := lead_quote(hit, finder.params):
            quotes.append(replace(best, score=hit.score, hit=hit) if best else first)
    return quotes


def is_name(subject: Subject, hits: Sequence[Hit]) -> bool:
    """Return whether articles write a subject as a name: with capitals wherever it does not begin a sentence.

    >>> is_name(Subject("Norland", True), [])
    True
    """
    if subject.is_named:
        return True
    name = re.compile(rf"(?<!\w){re.escape(subject.name)}(?!\w)", re.IGNORECASE)
    texts = [hit.passage.article.text for hit in hits]
    written = [(text[: match.start()], match[0]) for text in texts for match in name.finditer(text)]
    inside = [words for before, words in written if before.strip() and before.rstrip()[-1] not in '.!?…\n“"«']
    return bool(inside) and all(words[0].isupper() for words in inside)


def may_be_about(name: str, passage: Passage) -> bool:
    """Return whether a passage or its headline may contain a name: spelt similarly, or in another script."""
    text = f"{passage.article.title or ''} {passage.text}"
    if bool(_CYRILLIC.search(name)) != bool(_CYRILLIC.search(text)):
        return True
    return resembles(name, text)


def _order(day: date | None, last: date | None) -> tuple[int, int]:
    return lateness(day, last), -(day.toordinal() if day else 0)


def _articles(finder: Finder, subject: Subject, question: Question) -> Iterator[Passage]:
    """Yield the first passages of the articles on a subject."""
    generation, filters = finder.generation, ArticleFilters(question.since, question.until, question.source)
    most = finder.params.subject_candidates
    names = [subject.name, *_in_latin_letters(subject.name)]
    ids = generation.words.newest(map(_without_initials, names), most, filters)
    articles = {passage.article.id: passage.article for passage in generation.store.each(ids)}
    titled = generation.store.in_headlines(_word_starts(names), filters, most)
    articles |= {passage.article.id: passage.article for passage in titled}
    for article in articles.values():
        first = next(iter(generation.store.passages(generation.store.ids_of([article.id])[:1].tolist())))
        if any(_is_on(first, name, finder.params) for name in names):
            yield first


def _is_on(first: Passage, name: str, params: RankingParams) -> bool:
    """Return whether the headline or the first sentences of an article name the subject."""
    article = first.article
    spans = passage_sentences(first)[: params.subject_sentences]
    texts = [article.title or "", *(article.text[slice(*span)] for span in spans)]
    words = stems(name, article.language)
    return any(names_subject(words, stems(text, article.language)) for text in texts)


def _word_starts(names: Sequence[str]) -> list[str]:
    """Return the stems of the last words of names in lower case, capitalised and in capitals, to search headlines."""
    last = [name.split()[-1] for name in names if name.split()]
    found = [stem for word in last for language in ("en", "ru") for stem in stems(word, language)[-1:]]
    return list(dict.fromkeys(form for stem in found for form in (stem, stem.capitalize(), stem.upper())))


def _without_initials(name: str) -> str:
    return " ".join(word for word in name.split() if len(word.rstrip(".")) > 1) or name


def _in_latin_letters(name: str) -> list[str]:
    """Return a Cyrillic name in Latin letters, without its case ending, as a list of one; else an empty list."""
    return [" ".join(map(anyascii, stems(name, "ru")))] if _CYRILLIC.search(name) else []
