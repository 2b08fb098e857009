"""What of an answer is new to somebody who had an earlier one: nothing that was found then, and no copy of it. Pure.

What is known is kept as marks, short texts of two kinds: an article as it stands, and the words of a sentence.
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

_SYMBOLS = 8  # one pair in 2⁴⁰ shares a mark
_WORD = re.compile(r"\w+")


def keep_confident(answer: Answer, params: RankingParams) -> Answer:
    """Return the answer with only those quotes that are sure enough to be told unasked; all, where nothing tells."""
    least = params.watch_confidence
    return replace(
        answer, quotes=tuple(one for one in answer.quotes if one.confidence is None or one.confidence >= least)
    )


def answer_marks(answer: Answer) -> set[str]:
    """What is known once there was this answer: of everything that was found, shown or not, and its copies.

    Keep them with those of the answers before: what is found no more may be found again.
    """
    articles = {hit.passage.article.id: hit.passage.article for hit in answer.hits}
    known = set()
    for quote in answer.quotes:
        articles |= {article.id: article for article in (quote.article, *quote.copies)}
        known |= quote_marks(quote)
    for passage in {hit.passage for hit in answer.hits}:
        known |= {_sentence(passage.article.text[slice(*span)]) for span in passage_sentences(passage)}
    return known | {_article(article) for article in articles.values()}


def quote_marks(quote: Quote) -> set[str]:
    """The marks by which a quote is known; without them it stays new."""
    return {_article(quote.article), *(_sentence(quote.article.text[slice(*bold)]) for bold in quote.highlights)}


def new_quotes(answer: Answer, known: Collection[str], params: RankingParams) -> tuple[Quote, ...]:
    """The quotes that are new: of an article that is, or in a sentence that its article has gained or changed.

    A copy of a known article is new only in what that does not say. Needs a set where `known` is large.
    """
    unknown = [quote for quote in answer.quotes if quote_marks(quote).isdisjoint(known)]
    return tuple(quote for quote in unknown if not _is_told(quote, known, params))


def _is_told(quote: Quote, known: Collection[str], params: RankingParams) -> bool:
    """Whether a known copy of the article has the bold sentence too, in nearly the same words."""
    bold = " ".join(quote.article.text[slice(*span)] for span in quote.highlights)
    return any(
        holds_nearly(copy.text[slice(*span)], bold, params)
        for copy in quote.copies
        if _article(copy) in known
        for span in sentence_spans(copy.text, copy.language)
    )


def _article(article: Article) -> str:
    return hash_key(f"{article.id}\n{article.text}", _SYMBOLS)


def _sentence(text: str) -> str:
    """However its words are set and parted."""
    return hash_key(" ".join(_WORD.findall(text.casefold())), _SYMBOLS)
