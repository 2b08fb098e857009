"""Measure refusals where no answer exists: ask questions about one set of articles of other sets.

    python -m benchmarks.elsewhere questions.jsonl --config A --config B … [--limit N] [--json FILE]

Rows need `question` and `answerable`, which is about the questions' own articles. For each index, the benchmark reports
how many of the answerable and of the unanswerable questions are refused with its min_confidence, and the median
confidence. An index of other articles should refuse both, except for the few that it answers by chance.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from functools import partial
from pathlib import Path

from benchmarks.measure import show
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.evaluation.labelled import read_labelled, spread_evenly
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path, action="append", required=True)
    parser.add_argument("--limit", type=int, help="questions of each kind, spread evenly over the file")
    parser.add_argument("--show", action="store_true", help="print the question and the first quote of each answer")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    labelled = read_labelled(options.questions, partial(print, file=sys.stderr))
    kinds = {kind: [one for one in labelled if one.answerable is kind] for kind in (False, True)}
    table: list[dict[str, object]] = []
    for config in options.config:
        answerer = Answerer.open(IndexSettings.load(config), RetrievalSettings.load(config))
        row: dict[str, object] = {"index": config.stem}
        for kind, of in kinds.items():
            answers = [answerer.answer(one.question) for one in spread_evenly(of, options.limit)]
            name = "answerable" if kind else "unanswerable"
            refused = sum(answer.status != "answered" for answer in answers)
            row[f"{name}, refused"] = f"{refused} of {len(answers)}"
            sure = [answer.confidence for answer in answers if answer.confidence is not None]
            row[f"{name}, confidence"] = round(statistics.median(sure), 2) if sure else None
            if options.show:
                for answer in answers:
                    tell(answer)
        table.append(row)
    show(table, options.json)


def tell(answer: Answer) -> None:
    for quote in answer.quotes[:1]:
        sure = "–" if answer.confidence is None else f"{answer.confidence:.2f}"
        print(f"{sure} {answer.question.text}\n     {quote.text}", file=sys.stderr)


if __name__ == "__main__":
    main()
