"""What a build costs beside the bare model: `quotewire index` and SentenceTransformer.encode over the same passages.

    python -m benchmarks.build articles.jsonl.gz --articles 150 --rounds 3

Both run in processes of their own, in turn, A B A B …; printed are wall seconds, passages a second and peak resident
memory of each round, then the median of the ratios. `quotewire index` starts from nothing each time: it reads, splits,
embeds, indexes the words, syncs and verifies. Without --articles it takes the whole file, which for 40,000 passages
on two cores is some 20 minutes a run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

PLAIN = """
import json, sys
from sentence_transformers import SentenceTransformer
from index.models import find_model
texts = json.load(open(sys.argv[1]))
SentenceTransformer(str(find_model("all-MiniLM-L6-v2").folder)).encode(texts, show_progress_bar=False)
"""


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of a process that must succeed."""
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], command, {**os.environ, **environment})
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def passages(root: Path) -> list[str]:
    from index.generation import open_generation

    return [passage.text for passage in open_generation(root).store.all_passages()]


def rounds(articles: Path, count: int, keep: Path | None) -> Iterator[dict[str, float]]:
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            root = keep / f"round{number}" if keep else Path(folder)
            root.mkdir(parents=True, exist_ok=True)
            ours = {"QUOTEWIRE_INDEX_SOURCES": str(articles), "QUOTEWIRE_INDEX_PATH": str(root / "data")}
            a_seconds, a_memory = run([sys.executable, "-m", "index"], ours)
            texts = passages(root / "data")
            (root / "texts.json").write_text(json.dumps(texts))
            b_seconds, b_memory = run([sys.executable, "-c", PLAIN, str(root / "texts.json")], {})
        yield {
            "passages": len(texts),
            "index_seconds": round(a_seconds, 1),
            "index_per_second": round(len(texts) / a_seconds, 1),
            "index_peak_mb": round(a_memory),
            "plain_seconds": round(b_seconds, 1),
            "plain_per_second": round(len(texts) / b_seconds, 1),
            "plain_peak_mb": round(b_memory),
            "time_ratio": round(a_seconds / b_seconds, 3),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="a .jsonl or .jsonl.gz of articles")
    parser.add_argument("--articles", type=int, dest="count", help="take this many, evenly spaced")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for the indexes; else they are removed")
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    with ExitStack() as stack:
        source = options.articles
        if options.count:
            opener = gzip.open if source.suffix == ".gz" else open
            with opener(source, "rt", encoding="utf-8") as file:
                lines = file.readlines()
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            source = Path(folder) / "sample.jsonl"
            source.write_text("".join(islice(lines, 0, None, max(1, len(lines) // options.count))))
        results = []
        for result in rounds(source, options.rounds, options.keep):
            results.append(result)
            print(json.dumps(result), flush=True)
    print(f"quotewire index / plain encode, median of {len(results)}: "
          f"{statistics.median(result['time_ratio'] for result in results):.3f} in time")  # fmt: skip


if __name__ == "__main__":
    main()
