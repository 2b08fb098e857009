"""How long after the days that a question names an article was published: those nearest to them come first. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from retrieval.params import RankingParams
from retrieval.types import Hit

_DAY = timedelta(days=1)


def lateness(day: date | None, last: date | None) -> int:
    """Return 0 for an article up to `last`, the last day that a question names, 1 for the day after it, 2 for later.

    An undated article is not late, and none is if the question names no day.

    >>> [lateness(date(2022, 3, day), date(2022, 3, 14)) for day in (13, 14, 15, 16)]
    [0, 0, 1, 2]
    """
    if last is None or day is None or day <= last:
        return 0
    return 1 if day == last + _DAY else 2


def reading_order(hits: Sequence[Hit], last: date | None, most: int, params: RankingParams) -> list[Hit]:
    """Return the hits with the `most` ones first that are to be read.

    A share of these, `params.read_by_rank`, are the best hits; the others are the best of the days that the question
    names, so that later reports of the same kind do not crowd these out. `hits` come best first, and so do both groups.
    """
    best = math.ceil(most * params.read_by_rank)
    rest = sorted(hits[best:], key=lambda hit: lateness(hit.passage.article.day, last) > 0)
    chosen = {id(hit) for hit in (*hits[:best], *rest[: most - best])}
    return [hit for hit in hits if id(hit) in chosen] + [hit for hit in hits if id(hit) not in chosen]
