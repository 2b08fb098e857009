"""What is new in an answer for somebody who has seen earlier ones: no quote that was found before, and no copy. Pure.

What is known is stored as marks: short hashes of two kinds of text, an article as it is, and the words of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from index.keys import hash_key
from index.text.passages import passage_sentences
from index.text.sentences import sentence_spans
from index.types import Article
from retrieval.params import RankingParams
from retrieval.selection import holds_nearly
from retrieval.types import Answer, Quote

_SYMBOLS = 8  # of 5 bits each: one pair of texts in 2⁴⁰ has the same mark
_WORD = re.compile(r"\w+")


def keep_confident(answer: Answer, params: RankingParams) -> Answer:
    """Return the answer with only the quotes that are confident enough to be sent unasked.

    Quotes without a confidence, from a reader that gives none, are kept.
    """
    least = params.watch_confidence
    kept = (quote for quote in answer.quotes if quote.confidence is None or quote.confidence >= least)
    return replace(answer, quotes=tuple(kept))


def answer_marks(answer: Answer) -> set[str]:
    """Return the marks of everything that an answer found, shown or not, and of its copies.

    Keep them together with those of earlier answers: an article that is not found now may be found again later.
    """
    articles = {hit.passage.article.id: hit.passage.article for hit in answer.hits}
    known = set()
    for quote in answer.quotes:
        articles |= {article.id: article for article in (quote.article, *quote.copies)}
        known |= quote_marks(quote)
    for passage in {hit.passage for hit in answer.hits}:
        known |= {_sentence_mark(passage.article.text[slice(*span)]) for span in passage_sentences(passage)}
    return known | {_article_mark(article) for article in articles.values()}


def quote_marks(quote: Quote) -> set[str]:
    """Return the marks of a quote: of its article and of its bold sentences. While none is known, the quote is new."""
    sentences = (quote.article.text[slice(*bold)] for bold in quote.highlights)
    return {_article_mark(quote.article), *map(_sentence_mark, sentences)}


def new_quotes(answer: Answer, known: Collection[str], params: RankingParams) -> tuple[Quote, ...]:
    """Return the quotes that are new: neither their article as it is now nor their bold sentence is known.

    A quote of a copy is new only if no known copy says nearly the same. Pass a set if `known` is large.
    """
    unknown = [quote for quote in answer.quotes if quote_marks(quote).isdisjoint(known)]
    return tuple(quote for quote in unknown if not _is_in_known_copy(quote, known, params))


def _is_in_known_copy(quote: Quote, known: Collection[str], params: RankingParams) -> bool:
    """Return whether a known copy of the article contains the bold sentence too, in nearly the same words."""
    bold = " ".join(quote.article.text[slice(*span)] for span in quote.highlights)
    return any(
        holds_nearly(copy.text[slice(*span)], bold, params)
        for copy in quote.copies
        if _article_mark(copy) in known
        for span in sentence_spans(copy.text, copy.language)
    )


def _article_mark(article: Article) -> str:
    return hash_key(f"{article.id}\n{article.text}", _SYMBOLS)


def _sentence_mark(text: str) -> str:
    """Return the mark of a sentence; case, punctuation and white space do not matter."""
    return hash_key(" ".join(_WORD.findall(text.casefold())), _SYMBOLS)
