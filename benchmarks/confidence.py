"""Fits the weights in retrieval/confidence.toml, and says what they do.

    python -m benchmarks.confidence news.jsonl --config news.toml --also wiki.jsonl wiki.toml [--write]

Rows need question and answerable, and are asked when they say; those with answerable neither true nor false are left
out. Of the other set only what is answerable teaches the weights, each question a part of one: it is long encyclopedia
articles with short questions, which are far from their passages by their vectors, and answered by them nevertheless.
Prints the fitted weights, the area under the ROC curve (of ten-fold cross-validation, so that no question judges
itself), and for some thresholds how many answerable questions would be refused and how many unanswerable ones. A
question of a period that has no article is refused in any case, and teaches nothing.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from index.console import say
from index.settings import IndexSettings
from retrieval.answer import Answerer
from retrieval.confidence import FITTED, Signals
from retrieval.evaluation.labels import read_labelled
from retrieval.settings import RetrievalSettings

_HEAD = """# Weights of retrieval/confidence.py: a logistic regression over the development sets.
# Made by: python -m benchmarks.confidence news.jsonl --config news.toml --also wiki.jsonl wiki.toml --write
"""


ALSO = 0.1  # what a question of the other set counts


def ask(questions: Path, config: Path | None) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """The signals of the questions of a file, whether they are answerable, and whether anything was found."""
    answerer = Answerer.open(IndexSettings.load(config), RetrievalSettings.load(config))
    labelled = read_labelled(questions, lambda problem: say(f"warning: {problem}"))
    rows = [row for row in labelled if row.answerable is not None]
    signals = [answerer.signals(row.question) for row in rows]
    right = np.array([row.answerable for row in rows], dtype=bool)
    return np.array([astuple(each) for each in signals]), right, np.array([each != Signals() for each in signals])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--also", type=Path, nargs=2, metavar=("QUESTIONS", "CONFIG"))
    parser.add_argument("--write", action="store_true", help=f"write {FITTED.name}")
    options = parser.parse_args()
    signals, right, found = ask(options.questions, options.config)
    other = ask(*options.also) if options.also else (signals[:0], right[:0], found[:0])
    more = other[0][other[1]]

    def fit(chosen: NDArray[np.intp]) -> LogisticRegression:
        counts = np.concatenate([np.ones(len(chosen)), np.full(len(more), ALSO)])
        answers = np.concatenate([right[chosen], np.ones(len(more), dtype=bool)])
        return LogisticRegression(C=100).fit(np.concatenate([signals[chosen], more]), answers, counts)

    places = np.flatnonzero(found)
    model = fit(places)
    names = ["bias", *(field.name for field in fields(Signals))]
    weights = zip(names, [model.intercept_[0], *model.coef_[0]], strict=True)
    fitted = _HEAD + "".join(f"{name} = {weight:.2f}\n" for name, weight in weights)
    print(fitted)
    if options.write:
        FITTED.write_text(fitted, "utf-8")
    sure = np.zeros(len(right))
    for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(places, right[places]):
        sure[places[test]] = fit(places[train]).predict_proba(signals[places[test]])[:, 1]
    print(f"{right.sum()} answerable, {(~right).sum()} not; AUROC {roc_auc_score(right, sure):.3f}")
    elsewhere = model.predict_proba(more)[:, 1] if len(more) else np.ones(1)
    for threshold in (*np.quantile(sure[right], [0.02, 0.045, 0.1]), 0.5):
        wrong, refused = np.mean(sure[right] < threshold), np.mean(sure[~right] < threshold)
        print(
            f"below {threshold:.2f}: {wrong:.1%} of the answerable refused, {refused:.1%} of the others; "
            f"{np.mean(elsewhere < threshold):.1%} of the other set's answerable"
        )


if __name__ == "__main__":
    main()
