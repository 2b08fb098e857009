"""The same questions answered with one choice changed at a time, side by side.

    python -m benchmarks.variants questions.jsonl --config FILE [--limit N] [--only PATTERN] [--json FILE]

Only answerable questions are asked, and nothing is refused. `cpu ms` is the median of the processor time of an answer,
without the encoding of its question, which is the same for all. A star is a difference from the default whose 95 %
interval, of the paired bootstrap, leaves 0 out. `alike` is the highest cosine between two bold sentences of an answer,
by the static encoder, on average over the answers; `changed` is the share of answers with other quotes, or another
order of them, than the default's.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.measure import show
from index.encoder import Vectors
from index.generation import ARTICLES, folder_of
from index.settings import IndexSettings
from index.store import PassageStore
from retrieval import answer, fit, quotes, ranking, search, selection
from retrieval.answer import Answerer
from retrieval.evaluation.compare import Difference, compare
from retrieval.evaluation.figures import figures
from retrieval.evaluation.judge import Judged, judge
from retrieval.evaluation.labels import Labelled, read_labelled, spread
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer

MODULES = {module.__name__.rpartition(".")[2]: module for module in (answer, fit, quotes, ranking, search, selection)}
SHOWN = {
    "article_hit@1": "hit@1",
    "article_hit@5": "hit@5",
    "article_mrr": "MRR",
    "answer_in_first": "in first",
    "answer_in_first_3": "in first 3",
    "sentence": "bold sentence",
    "words_first": "words",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """What is not as it is by default: constants by module and name, settings, and whether words have vectors."""

    name: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    lexicon: bool = True


def of(name: str, constant: str, *values: float) -> list[Variant]:
    return [Variant(f"{name} {value:g}", {constant: value}) for value in values]


VARIANTS = [
    Variant("default"),
    *of("recency", "search.RECENCY", 0, 0.1, 0.3, 0.4),
    *of("half of it gone after days:", "search.HALF_LIFE", 7, 30),
    *of("article evidence", "ranking.EVIDENCE", 0, 0.05, 0.15),
    *of("lead", "ranking.LEAD", 0, 0.1, 0.2, 0.3),
    *of("fit", "ranking.FIT", 0, 0.3, 0.7),
    *of("bonus", "ranking.BONUS", 0, 0.1, 0.3),
    *of("sentences that ask", "ranking.ASKS", 1),
    Variant("words only equal or not", lexicon=False),
    *(Variant(f"cosine {mix:g}", {"search.COSINE": mix, "search.WORDS": 1 - mix}) for mix in (0.5, 0.6, 0.8)),
    *of("words of a quote", "quotes.WORDS", 50, 60, 70, 90),
    *of("a sentence beside others adds", "quotes.ADDS", 0, 0.03),
    *of("quotes a passage", "quotes.PER_PASSAGE", 1),
    *(Variant(f"quotes an article {count}", settings={"per_article": count}) for count in (1, 2, 5)),
    *of("redundancy", "selection.REDUNDANCY", 0, 0.1, 0.4, 0.8),
    *of("the same from cosine", "selection.SAME", 1.1),
    *of("further quotes from a fit of", "answer._BESIDE", 0, 0.7),
]


@contextmanager
def changed(constants: Mapping[str, Any]) -> Iterator[None]:
    """Each constant has another value for a while, in its own module and in those that import it by its name."""
    with ExitStack() as stack:
        for name, value in constants.items():
            home, _, constant = name.rpartition(".")
            old = vars(MODULES[home])[constant]
            for module in MODULES.values():
                if vars(module).get(constant) is old:
                    stack.enter_context(patch.object(module, constant, value))
        yield


def ask(answerer: Answerer, variant: Variant, labelled: Sequence[Labelled]) -> tuple[list[Answer], float]:
    """The answers, and the median of their milliseconds."""
    answers, times = [], []
    settings = answerer._settings.model_copy(update=variant.settings)
    lexicon = answerer._lexicon if variant.lexicon else fit.Lexicon(None)
    with (
        changed(variant.constants),
        patch.object(answerer, "_settings", settings),
        patch.object(answerer, "_lexicon", lexicon),
    ):
        for one in labelled:
            answerer._encoder.encode_query([one.question.text])
            started = time.process_time()
            answers.append(answerer.answer(one.question))
            times.append((time.process_time() - started) * 1000)
    return answers, statistics.median(times)


def alike(answerer: Answerer, answers: Sequence[Answer]) -> float:
    """The mean of the highest cosine between two bold sentences of an answer; NaN without a static encoder."""
    if answerer._static is None:
        return float("nan")
    highest = []
    for one in answers:
        vectors = answerer._static.encode([quote.article.text[slice(*quote.highlights[0])] for quote in one.quotes])
        if len(vectors) > 1:
            highest.append((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].max())
    return float(np.mean(highest))


def is_sure(difference: Difference) -> bool:
    low, high = difference.low, difference.high
    return low is not None and high is not None and not low <= 0 <= high


def row(name: str, judged: Sequence[Judged], default: Sequence[Judged]) -> dict[str, object]:
    """The figures that are shown, starred where they differ from the default's by more than chance."""
    differences = compare(default, judged)[1] if judged is not default else {}
    cells: dict[str, object] = {"": name}
    for key, label in SHOWN.items():
        value = figures(judged)[key].value
        star = "*" if key in differences and is_sure(differences[key]) else ""
        digits = 1 if key == "words_first" else 3
        cells[label] = "" if value is None else f"{value:.{digits}f}{star}"
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--limit", type=int, help="take so many questions at even distances")
    parser.add_argument("--only", default="", help="only variants whose names have this pattern, and the default")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    index = IndexSettings.load(options.config)
    settings = RetrievalSettings.load(options.config).model_copy(update={"min_confidence": 0.0})
    answerer = Answerer.open(index, settings)
    encode = answerer._encoder.encode_query
    vectors: dict[str, Vectors] = {}

    def encoded_once(texts: Sequence[str]) -> Vectors:
        for text in texts:
            vectors[text] = vectors[text] if text in vectors else encode([text])[0]
        return np.array([vectors[text] for text in texts])

    answerer._encoder.encode_query = encoded_once  # type: ignore[method-assign]
    warn = partial(print, file=sys.stderr)
    labelled = [one for one in read_labelled(options.questions, warn) if one.answerable]
    labelled = spread(labelled, options.limit)
    ask(answerer, VARIANTS[0], labelled)  # so that the words' vectors are there for all
    table: list[dict[str, object]] = []
    first: tuple[list[Answer], list[Judged]] | None = None
    with closing(PassageStore.open(folder_of(index.path, answerer.generation) / ARTICLES)) as store:

        def stored(id: str) -> str | None:
            article = store.article(id)
            return article.text if article else None

        for variant in VARIANTS:
            if not re.search(options.only, variant.name) and variant is not VARIANTS[0]:
                continue
            answers, took = ask(answerer, variant, labelled)
            judged = [judge(one, found, stored) for one, found in zip(labelled, answers, strict=True)]
            first = first or (answers, judged)
            ids = [[[quote.id for quote in one.quotes] for one in all] for all in (first[0], answers)]
            differ = np.mean([before != now for before, now in zip(*ids, strict=True)])
            likeness = alike(answerer, answers)
            cells = row(variant.name, judged, first[1])
            cells |= {"alike": f"{likeness:.3f}", "changed": f"{differ:.3f}", "cpu ms": f"{took:.0f}"}
            table.append(cells)
            print(*cells.values(), sep="\t", file=sys.stderr, flush=True)
    print(f"{len(labelled)} questions\n")
    show(table, options.json)


if __name__ == "__main__":
    main()
