"""The language of an article."""

from __future__ import annotations

import re
from dataclasses import replace

from index.types import Article

_SAMPLE = 1000  # code points; more never changed the result on news, and costs time


def with_language(article: Article, setting: str) -> Article:
    """Return the article with its language: as its source states, else the setting, or detected if that is "auto"."""
    stated = re.match(r"[a-z]{2}(?![a-z])", (article.language or "").lower())  # "en" or "en-GB", but not "english"
    if stated:
        return replace(article, language=stated.group())
    return replace(article, language=detect(article.text) if setting == "auto" else setting)


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the most likely language of a text."""
    from py3langid.langid import classify  # slow to import: it unpacks its model

    return str(classify(text[:_SAMPLE])[0])
