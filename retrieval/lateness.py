"""How long after the days that a question asks about an article is: what is nearest to them comes first. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from retrieval.params import RankingParams
from retrieval.types import Hit

_DAY = timedelta(days=1)


def lateness(day: date | None, last: date | None) -> int:
    """Return 0 for an article of the days that are asked about, up to `last`, 1 for the day after them, 2 for later.

    >>> [lateness(date(2022, 3, day), date(2022, 3, 14)) for day in (13, 14, 15, 16)]
    [0, 0, 1, 2]
    """
    if last is None or day is None or day <= last:
        return 0
    return 1 if day == last + _DAY else 2


def reading_order(hits: Sequence[Hit], last: date | None, most: int, params: RankingParams) -> list[Hit]:
    """Put those hits first, the best of all, of which `most` are read.

    Half of them are the best ones, the others the best of the days that are asked about, so that later reports of the
    same kind do not crowd these out.
    """
    best = math.ceil(most * params.read_by_rank)
    rest = sorted(hits[best:], key=lambda hit: lateness(hit.passage.article.day, last) > 0)
    chosen = {id(hit) for hit in (*hits[:best], *rest[: most - best])}
    return [hit for hit in hits if id(hit) in chosen] + [hit for hit in hits if id(hit) not in chosen]
