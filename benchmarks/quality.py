"""Compare ways to find passages: by words alone, by vectors alone, and by both, combined in several ways.

    python -m benchmarks.quality questions.jsonl            (index and model as configured)

A row of questions.jsonl holds question and articles (ids), and optionally spans ([start, end] in the first article's
text) or evidence (alternatives, each a list of such spans). Rows whose answerable is not true are skipped. For each way
it prints hit@1, hit@5 and MRR of the article: the share of questions whose right article is first, or among the first
five, and the mean of 1/rank. With spans or evidence, it also prints how often a passage with a span, or with a complete
alternative, is among the first 1, 3, 5 and 10.

The last rows find candidates by draft vectors or by words only, and rank the first 20 of them by the model's vectors.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Vectors
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import find_model, is_static
from index.encoders.static_encoder import StaticEncoder
from index.encoders.static_loading import load_static
from index.settings import IndexSettings
from index.storage.generations import Generation, open_generation
from index.storage.vectors import Ids, VectorIndex

DEPTH = 1000  # passages of each ranking
CANDIDATES = 100  # passages that each ranking contributes to a first stage
REORDERED = 20  # passages of the first stage that the model's vectors rank again
WITNESSES = 30  # first passages, among which an article's other passages count as evidence
Values = NDArray[np.float64]
Scores = dict[int, float]  # by passage
Fusion = Callable[[Scores, Scores], Scores]


def convex(weight: float) -> Fusion:
    """Return weight × cosine + (1 - weight) × BM25 / the question's best BM25, by passage."""

    def fuse(vectors: Scores, words: Scores) -> Scores:
        best = max(words.values(), default=1.0)
        return {id: weight * vectors[id] + (1 - weight) * words.get(id, 0.0) / best for id in vectors}

    return fuse


def normalised(weight: float, scale: Callable[[Values], Values]) -> Fusion:
    """Return weight × scaled cosine + (1 - weight) × scaled BM25, over the candidates; BM25 without a word is 0."""

    def fuse(vectors: Scores, words: Scores) -> Scores:
        cosines = scale(np.array(list(vectors.values())))
        bm25 = scale(np.array([words.get(id, 0.0) for id in vectors]))
        return dict(zip(vectors, (weight * cosines + (1 - weight) * bm25).tolist(), strict=True))

    return fuse


def min_max(values: Values) -> Values:
    """Scale values to the range from 0 to 1."""
    return np.asarray((values - values.min()) / max(np.ptp(values), 1e-9))


def z_score(values: Values) -> Values:
    """Scale values to mean 0 and standard deviation 1."""
    return np.asarray((values - values.mean()) / max(values.std(), 1e-9))


def reciprocal_rank(vectors: Scores, words: Scores) -> Scores:
    """Return the sum of 1 / (60 + rank) over both rankings (Cormack, Clarke and Büttcher 2009)."""
    fused: Scores = {}
    for ranking in (vectors, words):
        for rank, id in enumerate(sorted(ranking, key=lambda id: -ranking[id])[:100], 1):
            fused[id] = fused.get(id, 0.0) + 1 / (60 + rank)
    return fused


FUSIONS: dict[str, Fusion] = {
    "words alone": lambda _, words: words,
    "vectors alone": lambda vectors, _: vectors,
    "reciprocal rank": reciprocal_rank,
    **{f"convex, {weight:.1f} cosine": convex(weight) for weight in (0.5, 0.6, 0.7, 0.8)},
    **{f"min-max, {weight:.1f} cosine": normalised(weight, min_max) for weight in (0.5, 0.6, 0.7)},
    **{f"z-score, {weight:.1f} cosine": normalised(weight, z_score) for weight in (0.3, 0.4, 0.5, 0.6)},
}
EVIDENCE = "convex, 0.7 cosine, and {:g} of the article's next two"


def rank(generation: Generation, question: str, vector: Vectors) -> tuple[Scores, Scores]:
    """Compute both scores; every passage that either ranking has among its first gets a cosine."""
    words = dict(generation.words.search(question, DEPTH))
    ids, _ = generation.vectors.search(vector, DEPTH)
    ids = np.union1d(ids, np.array(list(words), dtype=np.int64))
    cosines = generation.vectors.cosines(vector, ids)
    return {int(id): float(cosine) for id, cosine in zip(ids, cosines, strict=True)}, words


def two_stages(
    generation: Generation, row: dict[str, Any], vector: Vectors, drafts: VectorIndex, draft: Vectors, weight: float
) -> Scores:
    """Rank by weight × draft cosine + (1 - weight) × words; rank the first ones again by the model's vectors."""
    words = dict(generation.words.search(row["question"], DEPTH))
    ids = np.array(list(words)[:CANDIDATES], dtype=np.int64)
    if weight:
        ids = np.union1d(ids, drafts.search(draft, CANDIDATES)[0])

    def fuse(index: VectorIndex, query: Vectors, ids: Ids, weight: float) -> Scores:
        cosines = index.cosines(query, ids)
        return convex(weight)({int(id): float(cosine) for id, cosine in zip(ids, cosines, strict=True)}, words)

    scores = fuse(drafts, draft, ids, weight)
    first = np.array(sorted(scores, key=lambda id: -scores[id])[:REORDERED], dtype=np.int64)
    # A draft's score is 1 at most, and these are more than -0.7.
    return scores | {id: 2 + score for id, score in fuse(generation.vectors, vector, first, 0.7).items()}


def with_evidence(generation: Generation, scores: Scores, share: float) -> Scores:
    """Add to each of the first passages a share of the scores of its article's two best others among them."""
    order = sorted(scores, key=lambda id: -scores[id])[:WITNESSES]
    articles = [passage.article.id for passage in generation.store.passages(order)]
    found = dict(scores)
    for id, article in zip(order, articles, strict=True):
        others = [other for other, of in zip(order, articles, strict=True) if of == article and other != id]
        found[id] += 1 + share * sum(scores[other] for other in others[:2])  # above those that are not first
    return found


def judge(generation: Generation, row: dict[str, Any], scores: Scores) -> dict[str, float]:
    order = sorted(scores, key=lambda id: -scores[id])[:200]
    passages = generation.store.passages(order)
    articles = list(dict.fromkeys(passage.article.id for passage in passages))
    at = next((rank for rank, id in enumerate(articles, 1) if id in row["articles"]), 0)
    figures = {"hit@1": float(at == 1), "hit@5": float(1 <= at <= 5), "MRR": 1 / at if at else 0.0}
    if alternatives := row.get("evidence") or [[span] for span in row.get("spans", [])]:
        right = [
            passage.article.id == row["articles"][0]
            and any(all(passage.start <= start and end <= passage.end for start, end in each) for each in alternatives)
            for passage in passages
        ]
        figures |= {f"passage@{k}": float(any(right[:k])) for k in (1, 3, 5, 10)}
    return figures


def draft_index(generation: Generation, static: StaticEncoder) -> VectorIndex:
    """Return the draft vectors of all passages."""
    vectors = static.encode([passage.text for passage in generation.store.all_passages()])
    with tempfile.TemporaryDirectory() as folder:
        VectorIndex.write_segment(Path(folder), generation.store.passage_ids(), vectors)
        return VectorIndex.open(Path(folder))


def measure(
    generation: Generation, rows: list[dict[str, Any]], vectors: Vectors, static: StaticEncoder | None
) -> dict[str, dict[str, float]]:
    found = [rank(generation, row["question"], vector) for row, vector in zip(rows, vectors, strict=True)]
    ranked = {name: [fuse(*scores) for scores in found] for name, fuse in FUSIONS.items()}
    for share in (0.05, 0.1, 0.15, 0.3):
        scores = ranked["convex, 0.7 cosine"]
        ranked[EVIDENCE.format(share)] = [with_evidence(generation, each, share) for each in scores]
    if static:
        drafts = draft_index(generation, static)
        questions = static.encode([row["question"] for row in rows])
        for name, weight in (("static + words", 0.5), ("words", 0.0)):
            ranked[f"draft: {name}, model over {REORDERED}"] = [
                two_stages(generation, row, vector, drafts, question, weight)
                for row, vector, question in zip(rows, vectors, questions, strict=True)
            ]
    table = {}
    for name, all_scores in ranked.items():
        figures = [judge(generation, row, scores) for row, scores in zip(rows, all_scores, strict=True)]
        table[name] = {key: round(float(np.mean([f[key] for f in figures])), 3) for key in figures[0]}
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--limit", type=int, help="about this many questions, evenly spread")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = IndexSettings.load(options.config)
    model = find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)
    rows = [json.loads(line) for line in options.questions.open(encoding="utf-8")]
    rows = [row for row in rows if row.get("answerable") is True and row.get("articles")]
    if options.limit:
        rows = rows[:: max(1, len(rows) // options.limit)]
    encoder = load_encoder(model, settings)
    vectors = encoder.encode_query([row["question"] for row in rows])
    static = None if is_static(model) else load_static(model, settings.path, lambda: encoder)
    table = measure(open_generation(settings.path), rows, vectors, static)
    if options.json:
        print(json.dumps({"questions": len(rows), "figures": table}))
        return
    columns = list(next(iter(table.values())))
    print(f"{len(rows)} questions".ljust(50), *(f"{column:>10}" for column in columns))
    for name, figures in table.items():
        print(name.ljust(50), *(f"{figures[column]:>10.3f}" for column in columns))


if __name__ == "__main__":
    main()
