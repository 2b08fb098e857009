"""Fits the numbers of retrieval/confidence.py, and says what they do.

    python -m benchmarks.confidence questions.jsonl        (the index and the model are those of the configuration)

Rows need question and answerable; those with neither true nor false are left out. Prints the fitted numbers, the area
under the ROC curve (of ten-fold cross-validation, so that no question judges itself), and for some thresholds how many
answerable questions would be refused and how many unanswerable ones.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from index.settings import IndexSettings
from retrieval.answer import Answerer
from retrieval.settings import RetrievalSettings
from retrieval.types import Question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    options = parser.parse_args()
    answerer = Answerer.open(IndexSettings.load(options.config), RetrievalSettings.load(options.config))
    rows = [json.loads(line) for line in options.questions.open(encoding="utf-8")]
    rows = [row for row in rows if row["answerable"] is not None]
    signals = np.array([answerer.signals(Question(row["question"], datetime.now(UTC))) for row in rows])
    right = np.array([row["answerable"] for row in rows])
    model = LogisticRegression(C=100, class_weight="balanced").fit(signals, right)
    (closeness, coverage), bias = model.coef_[0], model.intercept_[0]
    print(f"BIAS, CLOSENESS, COVERAGE = {bias:.1f}, {closeness:.1f}, {coverage:.1f}")
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    sure = cross_val_predict(model, signals, right, cv=folds, method="predict_proba")[:, 1]
    print(f"{right.sum()} answerable, {(~right).sum()} not; AUROC {roc_auc_score(right, sure):.3f}")
    for threshold in (*np.quantile(sure[right], [0.02, 0.05, 0.1]), 0.5):
        wrong, refused = np.mean(sure[right] < threshold), np.mean(sure[~right] < threshold)
        print(f"below {threshold:.2f}: {wrong:.1%} of the answerable refused, {refused:.1%} of the others")


if __name__ == "__main__":
    main()
