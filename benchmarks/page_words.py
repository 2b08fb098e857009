"""What of web pages is read: the words of their articles, measured against texts that people took from the pages.

    python -m benchmarks.page_words FOLDER [--only PREFIX] [--worst N] [--json FILE]

The folder holds NAME.html.gz and truth.jsonl, whose rows need page (a NAME) and text. Scored as
scrapinghub/article-extraction-benchmark does: runs of four words, precision and recall of each page, the mean of either
over the pages, and the F1 of the two means; by the part of the names before the first "-".
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import show
from index.readers import read_file

WORD = re.compile(r"\w+")
RUN = 4  # words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pages whose names begin so")
    parser.add_argument("--worst", type=int, default=0, help="name so many pages with the lowest scores")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    truth = {row["page"]: row["text"] for row in _rows(options.folder) if row["page"].startswith(options.only)}
    scores = {page: score(_read(options.folder, page), text) for page, text in truth.items()}
    groups = sorted({page.partition("-")[0] for page in scores})
    show([_figures(group, [scores[page] for page in scores if page.startswith(f"{group}-")]) for group in groups],
         options.json)  # fmt: skip
    for page in sorted(scores, key=lambda page: sum(scores[page]))[: options.worst]:
        print(page, *(f"{value:.3f}" for value in scores[page]))


def score(text: str, truth: str) -> tuple[float, float]:
    """Precision and recall of the runs of four words of a text.

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


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def _read(folder: Path, page: str) -> str:
    """The text that is read of a page, empty where none is."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"{page}.html"
        path.write_bytes(gzip.decompress((folder / f"{page}.html.gz").read_bytes()))
        return "\n".join(article.text for article in read_file(path, path.name, lambda _: None))


def _figures(group: str, scores: list[tuple[float, float]]) -> dict[str, object]:
    precision, recall = (statistics.mean(values) for values in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    names = {"precision": precision, "recall": recall, "F1": f1}
    return {"pages": f"{group}-…", "number": len(scores), **{name: f"{value:.4f}" for name, value in names.items()}}


if __name__ == "__main__":
    main()
