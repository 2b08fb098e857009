"""Score what is read from web pages about their articles (headline, day, outlet) against labels.

    python -m benchmarks.page_scores FOLDER [--show] [--json FILE]

FOLDER holds NAME.html.gz files and truth.jsonl, with a row for each page: page and, if known, title, published and
outlet. Pages are grouped by the part of their names before the first "-". A headline or outlet is right if it is equal
except for case and punctuation; a day, if it is the same, or if none is read where published_why is "none". Days that
are read where the label leaves them open are listed, to be checked by eye.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from benchmarks.labelled_pages import read_page, read_truth
from benchmarks.measure import show
from index.types import Article

FIELDS = {"headline": "title", "day": "published", "outlet": "outlet"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the errors")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    counts: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for truth in read_truth(options.folder):
        kind = truth["page"].partition("-")[0]
        read = about(read_page(options.folder, truth["page"]))
        for field, label in FIELDS.items():
            stated = truth.get(label)
            if stated is None and field == "day":
                what, right = "day, where none is labelled", read["day"] is None
            elif stated is None:
                continue
            else:
                what, right = field, same(read[field], stated)
            if what != field and truth.get("published_why") == "none":
                what = field  # labelled as stating none
            counts[kind][what].append(right)
            if options.show and not right:
                print(f"{truth['page']} {what}: {read[field]!r}, and is {stated!r}")
    rows = [
        {"pages": kind, "what": what, "right": f"{sum(right)} of {len(right)}"}
        for kind, whats in sorted(counts.items())
        for what, right in whats.items()
    ]
    show(rows, options.json)


def about(article: Article | None) -> Mapping[str, str | None]:
    day: date | None = article.day if article else None
    return {
        "headline": article.title if article else None,
        "day": day.isoformat() if day else None,
        "outlet": article.source if article else None,
    }


def same(one: str | None, other: str) -> bool:
    return one is not None and words(one) == words(other)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['’‘]", "", text.lower()))


if __name__ == "__main__":
    main()
