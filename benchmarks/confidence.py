"""Fits the weights in retrieval/confidence.toml, and says what they do.

    python -m benchmarks.confidence questions.jsonl [--write]     (the index and the model are the configuration's)

Rows need question and answerable, and are asked when they say; those with answerable neither true nor false are left
out. Prints the fitted weights, the area under the ROC curve (of ten-fold cross-validation, so that no question judges
itself), and for some thresholds how many answerable questions would be refused and how many unanswerable ones. A
question of a period that has no article is refused in any case, and teaches the weights nothing.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from index.console import say
from index.settings import IndexSettings
from retrieval.answer import Answerer
from retrieval.confidence import FITTED, Signals
from retrieval.evaluation.labels import read_labelled
from retrieval.settings import RetrievalSettings

_HEAD = """# Weights of retrieval/confidence.py: a logistic regression over the news development set.
# Made by: python -m benchmarks.confidence questions.jsonl --write
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {FITTED.name}")
    options = parser.parse_args()
    answerer = Answerer.open(IndexSettings.load(options.config), RetrievalSettings.load(options.config))
    rows = [
        row
        for row in read_labelled(options.questions, lambda line: say(f"warning: {line}"))
        if row.answerable is not None
    ]
    signals = [answerer.signals(row.question) for row in rows]
    found = np.array([each != Signals() for each in signals])
    values, right = (
        np.array([astuple(each) for each in signals]),
        np.array([row.answerable for row in rows], dtype=bool),
    )
    model = LogisticRegression(C=100).fit(values[found], right[found])
    weights = [model.intercept_[0], *model.coef_[0]]
    names = ["bias", *(field.name for field in fields(Signals))]
    fitted = _HEAD + "".join(f"{name} = {weight:.2f}\n" for name, weight in zip(names, weights, strict=True))
    print(fitted)
    if options.write:
        FITTED.write_text(fitted, "utf-8")
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    sure = np.zeros(len(rows))
    sure[found] = cross_val_predict(model, values[found], right[found], cv=folds, method="predict_proba")[:, 1]
    print(f"{right.sum()} answerable, {(~right).sum()} not; AUROC {roc_auc_score(right, sure):.3f}")
    for threshold in (*np.quantile(sure[right], [0.02, 0.05, 0.1]), 0.5):
        wrong, refused = np.mean(sure[right] < threshold), np.mean(sure[~right] < threshold)
        print(f"below {threshold:.2f}: {wrong:.1%} of the answerable refused, {refused:.1%} of the others")


if __name__ == "__main__":
    main()
