"""Which language an article is in, where its source does not say."""

from __future__ import annotations

import re
from dataclasses import replace

from index.types import Article

_SAMPLE = 1000  # code points; more changes no verdict on news and costs time


def with_language(article: Article, setting: str) -> Article:
    """The article with its language: as its source says, else as configured, else ("auto") as it reads."""
    stated = re.match(r"[a-z]{2}(?![a-z])", (article.language or "").lower())  # "en", "en-GB", and not "english"
    if stated:
        return replace(article, language=stated.group())
    return replace(article, language=detect(article.text) if setting == "auto" else setting)


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that a text is most likely in."""
    from py3langid.langid import classify  # unpacks its model on import

    return str(classify(text[:_SAMPLE])[0])
