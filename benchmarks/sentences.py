"""Whether the sentence that answers holds a thing of the kind that the question asks for, and what that is worth.

    python -m benchmarks.sentences questions.jsonl articles.jsonl [--json FILE]

Rows need question, spans ([start, end] of the answer in the article's text), paragraph ([start, end]) and articles
(ids); rows with answerable other than true are left out, and paragraphs of one sentence. For each kind: how many of
the sentences that answer hold such a thing and how many of the paragraph's others; then how often the sentence that is
chosen answers, by the share of the question's weight in idf that it holds alone, and with a bonus for holding a thing.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import show
from index.sentences import sentence_spans
from index.words import stems
from retrieval.rules.expected import Kind, expected
from retrieval.rules.things import things

BONUSES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6)


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a known kind, and of each sentence of its paragraph whether it answers, its fit and its things."""

    kind: Kind
    answers: list[bool]
    fits: list[float]
    holds: list[bool]

    def is_right(self, bonus: float) -> bool:
        """Whether the sentence answers that is best with this bonus for those that hold a thing."""
        scores = [fit + bonus * held for fit, held in zip(self.fits, self.holds, strict=True)]
        return self.answers[scores.index(max(scores))]


def read(questions: Path, articles: Path) -> list[Row]:
    texts = {row["id"]: row["text"] for row in map(json.loads, articles.open(encoding="utf-8"))}
    held = Counter(
        stem
        for text in texts.values()
        for start, end in sentence_spans(text)
        for stem in set(stems(text[start:end], "en"))
    )
    total = sum(len(sentence_spans(text)) for text in texts.values())
    rows = []
    for row in map(json.loads, questions.open(encoding="utf-8")):
        kind = expected(row["question"])
        if not row["answerable"] or not kind:
            continue
        text, (first, last) = texts[row["articles"][0]], row["paragraph"]
        spans = [(first + start, first + end) for start, end in sentence_spans(text[first:last])]
        answers = [any(start <= at < end for at, _ in row["spans"]) for start, end in spans]
        if len(spans) > 1 and any(answers):
            weights = {stem: math.log(1 + (total + 0.5) / (held[stem] + 0.5)) for stem in stems(row["question"], "en")}
            sentences = [text[start:end] for start, end in spans]
            whole = sum(weights.values()) or 1.0
            fits = [sum(weights[stem] for stem in weights.keys() & stems(each, "en")) / whole for each in sentences]
            rows.append(Row(kind, answers, fits, [bool(things(each, kind, row["question"])) for each in sentences]))
    return rows


def share(values: list[bool]) -> float:
    return round(sum(values) / len(values), 3) if values else math.nan


def table(rows: list[Row]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for kind in (*Kind, None):
        of = [row for row in rows if kind in (row.kind, None)]
        pairs = [pair for row in of for pair in zip(row.answers, row.holds, strict=True)]
        found.append(
            {
                "kind": kind or "all",
                "questions": len(of),
                "answers hold": share([held for answers, held in pairs if answers]),
                "others hold": share([held for answers, held in pairs if not answers]),
            }
            | {f"+{bonus:g}": share([row.is_right(bonus) for row in of]) for bonus in BONUSES}
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    show(table(read(options.questions, options.articles)), options.json)


if __name__ == "__main__":
    main()
