"""Suggestions for people who do not know what to ask: questions from the configuration, or the newest headlines."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.console import say
from index.settings import IndexSettings
from retrieval.presentation.answer_parts import caption
from retrieval.types import Answer

MOST = 5  # suggestions at a time


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline of an article, and the id of the quote that its first sentence makes."""

    text: str
    quote: str


def headlines(latest: Answer) -> tuple[Headline, ...]:
    """Return the headlines of the newest articles, at most MOST, without articles that have none."""
    captions = ((caption(quote.article).headline, quote.id) for quote in latest.quotes)
    return tuple(Headline(text, id) for text, id in captions if text)[:MOST]


def suggest_question(config: Path | None, index: IndexSettings) -> None:
    """Say what to ask about a new index: the first of [bot] examples, else the newest headline, if there is one."""
    from bot.settings import BotSettings

    question = next(iter(BotSettings.load(config).examples), None) or _newest_headline(index)
    if question:
        is_plain = not set(question) & set('"$`\\!')
        quoted = f'"{question}"' if is_plain else shlex.quote(question)
        say(f"try: quotewire ask {quoted}")


def _newest_headline(index: IndexSettings) -> str | None:
    from index.storage.generations import open_articles
    from index.storage.lexical_index import ArticleFilters

    with closing(open_articles(index.path)) as store:
        return _first(caption(passage.article).headline for passage in store.latest(ArticleFilters(), MOST))


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
