"""Measure how the time for reading, splitting and answering grows with unusual inputs; it should grow linearly.

    python -m benchmarks.growth [--only WORDS] [--times 3] [--json FILE]

Each kind of input (benchmarks/odd_inputs.py) is measured at sizes n, 2n and 4n: the best of several runs, in seconds of
CPU time. "growth" is the second and the third time, each divided by the one before: about 2 is linear, 4 is quadratic,
and 1 means that a limit applies. Articles are split and quoted as for a question; files are parsed, in this process and
so without its limits, and their articles are split; questions are understood.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import show
from benchmarks.odd_inputs import ARTICLES, FILES, QUESTIONS, Odd
from index.parsers.source_files import read_file
from index.text.passages import passage_sentences, split_article
from index.types import Article
from retrieval.leads import lead_quote
from retrieval.params import RankingParams
from retrieval.query.attribution import asked_speaker, says
from retrieval.query.periods import find_period
from retrieval.query.small_talk import small_talk
from retrieval.query.subjects import asked_subject
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import look_up
from retrieval.quotes import attributed, completed, extract_quotes
from retrieval.scoring import Scored
from retrieval.types import Hit

PARAMS = RankingParams()
HITS = 10  # passages to quote from, about as many as for a question
ASKED = datetime(2022, 4, 13, tzinfo=UTC)


def ask(text: str) -> None:
    """Process an article as when it is indexed, and some of its passages as when they are found."""
    article = Article("a", text, "a.txt", "Rain")
    for passage in split_article(article)[:HITS]:
        spans = passage_sentences(passage)
        hit = Hit(passage, 0.5, 0.7, 0.9)
        scored = Scored(hit, tuple(spans), np.zeros(len(spans), dtype=np.float32), (None,) * len(spans))
        for quote in extract_quotes(scored, 0.0, PARAMS):
            shown = attributed(completed(quote, PARAMS))
            look = look_up(QuoteId.of(article, shown.start, shown.end), [article])
            assert look is None or look.context
        lead_quote(hit, PARAMS)
        for span in spans:
            says(text, span, "Ann Lee")


def understand(text: str) -> None:
    """Process a question as before a search."""
    asked_subject(text, find_period(text, ASKED))
    asked_speaker(text)
    small_talk(text)


def read(path: Path) -> None:
    """Parse a file in this process, and split its articles as when they are indexed."""
    for article in read_file(path, path.name, lambda _: None):
        split_article(article)


def seconds(case: Odd, n: int, times: int, work: Callable[[str], None]) -> float:
    """Return the CPU time in seconds for an input of size n, the best of `times` runs."""
    text = case.make(n)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{case.ending}"
        path.write_text(text, "utf-8")
        found = []
        for _ in range(times):
            started = time.process_time()
            if case.ending:
                read(path)
            else:
                work(text)
            found.append(time.process_time() - started)
    return min(found)


def figures(case: Odd, times: int, work: Callable[[str], None]) -> dict[str, object]:
    """Return a row of the table: times, and their growth unless they are 5 ms or less, which is too little to tell."""
    seconds(case, 2, 1, work)  # imports what is imported on first use
    taken = [seconds(case, n, times, work) for n in (case.n, 2 * case.n, 4 * case.n)]
    growth = ["-" if before < 0.005 else f"{after / before:.1f}" for before, after in pairwise(taken)]
    return {
        "kind": f"{case.kind}{f' ({case.ending})' if case.ending else ''}",
        "n": f"{case.n:,}",
        **{f"{name} ms": f"{1000 * each:,.0f}" for name, each in zip(("n", "2n", "4n"), taken, strict=True)},
        "growth": ", ".join(growth),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="measure only kinds whose name and file ending contain this")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for cases, work in ((ARTICLES, ask), (FILES, ask), (QUESTIONS, understand)):
        rows += [figures(case, options.times, work) for case in cases if options.only in f"{case.kind} {case.ending}"]
    show(rows, options.json)


if __name__ == "__main__":
    main()
