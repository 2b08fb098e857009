"""Check that old articles are still found: each question is a headline, and its article is the answer.

    python -m benchmarks.known_items --config FILE [--articles 300] [--json FILE]

Articles are drawn with a fixed seed from those with a date and a unique headline of at least four words. Each is asked
for today, on the day of the index's last article, and three days after its own day, with the configured recency boost
and with smaller ones. Passages do not contain headlines, so nothing is found by being equal. Nothing is refused.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.measure import show
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.generations import ARTICLES, folder_of
from index.types import Article
from retrieval.answerer import Answerer
from retrieval.params import RankingParams
from retrieval.settings import RetrievalSettings
from retrieval.types import Question

RECENCIES = (0.0, 0.1, 0.2, 0.3)


def drawn(articles: list[Article], count: int) -> list[Article]:
    titles = Counter(article.title for article in articles)
    usable = [one for one in articles if one.title and titles[one.title] == 1 and len(one.title.split()) >= 4]
    return random.Random(0).sample(usable, min(count, len(usable)))


def ranks(answerer: Answerer, articles: list[Article], days: list[date]) -> list[int]:
    """Return the rank of each article among those that its headline finds, from 1, and 0 if it is not found."""
    found = []
    for article, day in zip(articles, days, strict=True):
        asked = datetime.combine(day, time(12), UTC)
        ranking = answerer.answer(Question(article.title or "", asked)).ranking
        found.append(ranking.index(article.id) + 1 if article.id in ranking else 0)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    index = IndexSettings.load(options.config)
    settings = RetrievalSettings.load(options.config).model_copy(update={"min_confidence": 0.0})
    answerers = {
        weight: Answerer.open(index, settings, replace(RankingParams(), recency_weight=weight)) for weight in RECENCIES
    }
    store = ArticleStore.open(folder_of(index.path, answerers[0.0].generation) / ARTICLES)
    dated = [article for article in store.articles() if article.day]
    articles = drawn(dated, options.articles)
    own = [article.day for article in articles if article.day]
    last = max(article.day for article in dated if article.day)
    asked = {
        "today": [date.today()] * len(own),
        "on the last article's day": [last] * len(own),
        "three days after": [day + timedelta(3) for day in own],
    }
    table: list[dict[str, object]] = []
    for name, days in asked.items():
        for recency, answerer in answerers.items():
            found = ranks(answerer, articles, days)
            table.append(
                {
                    "asked": name,
                    "recency": recency,
                    "hit@1": round(sum(rank == 1 for rank in found) / len(found), 3),
                    "hit@5": round(sum(1 <= rank <= 5 for rank in found) / len(found), 3),
                    "MRR": round(sum(1 / rank for rank in found if rank) / len(found), 3),
                }
            )
    show(table, options.json)


if __name__ == "__main__":
    main()
