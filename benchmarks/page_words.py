"""Score the text that is read from web pages against texts that people took from them.

    python -m benchmarks.page_words FOLDER [--only PREFIX] [--worst N] [--json FILE]

FOLDER holds NAME.html.gz files and truth.jsonl, whose rows have page (a NAME) and text. The score is that of
scrapinghub/article-extraction-benchmark: precision and recall of each page over runs of four words, the means of both
over the pages, and the F1 of these means; by the part of the names before the first "-".
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections import Counter
from pathlib import Path

from benchmarks.labelled_pages import read_page, read_truth
from benchmarks.measure import show

WORD = re.compile(r"\w+")
RUN = 4  # words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="score only pages whose names begin with this")
    parser.add_argument("--worst", type=int, default=0, help="list this many pages with the lowest scores")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    truth = {row["page"]: row["text"] for row in read_truth(options.folder) if row["page"].startswith(options.only)}
    read = {page: read_page(options.folder, page) for page in truth}
    scores = {page: score(article.text if (article := read[page]) else "", text) for page, text in truth.items()}
    groups = sorted({page.partition("-")[0] for page in scores})
    show([_figures(group, [scores[page] for page in scores if page.startswith(f"{group}-")]) for group in groups],
         options.json)  # fmt: skip
    for page in sorted(scores, key=lambda page: sum(scores[page]))[: options.worst]:
        print(page, *(f"{value:.3f}" for value in scores[page]))


def score(text: str, truth: str) -> tuple[float, float]:
    """Return precision and recall of the runs of four words of a text.

    >>> score("It rained in all of Leeds", "In Leeds it rained in all of Leeds")
    (1.0, 0.6)
    """
    found, wanted = _runs(text), _runs(truth)
    if found == wanted:
        return 1.0, 1.0
    both = (found & wanted).total()
    return both / max(1, found.total()), both / max(1, wanted.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return Counter(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)) if words)


def _figures(group: str, scores: list[tuple[float, float]]) -> dict[str, object]:
    precision, recall = (statistics.mean(values) for values in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    names = {"precision": precision, "recall": recall, "F1": f1}
    return {"pages": f"{group}-…", "number": len(scores), **{name: f"{value:.4f}" for name, value in names.items()}}


if __name__ == "__main__":
    main()
