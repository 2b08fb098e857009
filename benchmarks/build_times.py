"""Measure builds: the first draft, nothing changed, ten articles changed, the full index, and the machine's limit.

    python -m benchmarks.build_times articles.jsonl.gz --work /tmp/work [--full] [--json FILE]

The rows of the source are distributed over files of --rows rows each, so that a change affects few articles in many
files; then ten rows in ten files are changed by one word. Everything starts from nothing but the model: the first run
exports and distils it, and is reported separately. Without --full, the full-model embeddings are not computed. The
limit of a full build is 2 × parameters × tokens, divided by the measured peak speed of a matrix product.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import folder_megabytes, peak_flops, run, show
from index.storage.generations import current_manifest

PARAMETERS = 10_647_936  # all-MiniLM-L6-v2 without embedding tables: 6 layers, hidden size 384, inner 1536
TOKENS = 150  # about those of a passage of 110 words


def spread(source: Path, folder: Path, rows: int) -> list[Path]:
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf-8") as file:
        lines = file.readlines()
    folder.mkdir(parents=True)
    paths = []
    for at in range(0, len(lines), rows):
        paths.append(folder / f"{at:07}.jsonl")
        paths[-1].write_text("".join(lines[at : at + rows]), "utf-8")
    return paths


def change(paths: list[Path], count: int) -> None:
    """Add a word to one article in each of `count` files."""
    for path in paths[:: max(1, len(paths) // count)][:count]:
        first, *rest = path.read_text("utf-8").splitlines(keepends=True)
        row = json.loads(first)
        row["text"] = f"{row['text']}\n\nCorrected."
        path.write_text("".join([json.dumps(row) + "\n", *rest]), "utf-8")


def rows(work: Path, paths: list[Path], full: bool) -> Iterator[dict[str, object]]:
    data = work / "data"
    environment = {"QUOTEWIRE_INDEX_SOURCES": str(work / "news"), "QUOTEWIRE_INDEX_PATH": str(data)}
    flops = peak_flops()

    def step(name: str, *arguments: str, encoded: int = 0) -> dict[str, object]:
        seconds, memory = run([sys.executable, "-m", "index", *arguments], environment)
        manifest = current_manifest(data)
        limit = encoded * 2 * PARAMETERS * TOKENS / flops
        return {
            "step": name,
            "seconds": round(seconds, 1),
            "peak MB": round(memory),
            "passages": manifest.passages,
            "fine": manifest.fine,
            "disk MB": round(folder_megabytes(data)),
            "limit s": round(limit, 1) if encoded else "",
        }

    yield step("first draft, with export and distilling", "--draft")
    for path in data.iterdir():
        if path.name != "models":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    yield step("draft from nothing", "--draft")
    yield step("unchanged draft", "--draft")
    change(paths, 10)
    yield step("10 articles changed, draft", "--draft")
    if full:
        before = current_manifest(data)
        yield step("full", encoded=before.passages - before.fine)
        yield step("unchanged")
        change(paths, 10)
        yield step("10 articles changed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="a .jsonl or .jsonl.gz of articles")
    parser.add_argument("--work", type=Path, required=True, help="an empty or new folder")
    parser.add_argument("--rows", type=int, default=10, help="articles per file")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    paths = spread(options.articles, options.work / "news", options.rows)
    found = []
    for row in rows(options.work, paths, options.full):
        print(json.dumps(row), file=sys.stderr, flush=True)
        found.append(row)
    show(found, options.json)


if __name__ == "__main__":
    main()
