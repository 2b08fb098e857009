"""Compare types of vector indexes by size: what exact, approximate and rejected types cost, and what they find.

    python -m benchmarks.index_types --passages 300000 --from data/embeddings.sqlite --json vectors.json

The vectors of an embedding cache are multiplied to --passages: each new one is a mixture of two real ones and a little
noise, so that they are distributed like those of news. Queries are stored vectors with noise of length 0.8, or real
questions' vectors from a .npy file (--questions). Each type is built and searched in processes of its own, with one
thread per query. recall@100 compares with float32 by NumPy. ms are the p50 and p95 of warm queries, also with filters
that pass 10 % and 1 % of the passages; cpu ms (p50) exclude other work on the machine. Types that are not ours re-rank
with the same fp16 vectors, with the smallest nprobe or efSearch that reaches a recall of 98 %, or the largest tried.
The limit is the time in which memory delivers the fp16 vectors of all passages to one core.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.encoders.encoder import Vectors
from index.storage.vectors import Ids, VectorIndex

BLOCK, K, NOISE = 8192, 100, 0.8
FILTERS = {"": 1.0, " 10 %": 0.1, " 1 %": 0.01}
OTHERS = {  # FAISS's factory string, and the parameter that trades speed for recall
    "flat-fp32": ("Flat", ""),
    "flat-sq8": ("SQ8", ""),
    "ivf-sq8": ("IVF{lists},SQ8", "nprobe"),
    "ivf-fp16": ("IVF{lists},SQfp16", "nprobe"),
    "hnsw-sq8": ("HNSW16_SQ8", "efSearch"),
}
Search = Callable[[Vectors, Ids | None], Ids]


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def noise(random: np.random.Generator, count: int, dimension: int, length: float) -> Vectors:
    return random.standard_normal((count, dimension), dtype=np.float32) * np.float32(length / np.sqrt(dimension))


def prepare(cache: Path, passages: int, queries: int, questions: Path | None, folder: Path) -> None:
    """Write vectors.f32 and, for each filter, the passages that pass and the 100 true neighbours of each query."""
    with sqlite3.connect(f"file:{cache}?mode=ro&immutable=1", uri=True) as db:
        rows = [row[0] for row in db.execute("SELECT vector FROM embeddings ORDER BY key")]
    real = np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
    random = np.random.default_rng(1)
    with (folder / "vectors.f32").open("wb") as file:
        for at in range(0, passages, BLOCK):
            count = min(BLOCK, passages - at)
            a, b = (real[random.integers(len(real), size=count)] for _ in range(2))
            mix = random.uniform(0, 0.5, (count, 1)).astype(np.float32)
            unit((1 - mix) * a + mix * b + noise(random, count, real.shape[1], 0.3)).tofile(file)
    vectors = np.memmap(folder / "vectors.f32", dtype=np.float32, mode="r").reshape(passages, -1)
    if questions:
        asked = np.load(questions)[:queries]
    else:
        chosen = vectors[np.sort(random.choice(passages, queries, replace=False))]
        asked = unit(chosen + noise(random, queries, real.shape[1], NOISE))
    np.save(folder / "queries.npy", asked)
    cosines = np.concatenate([asked @ vectors[at : at + BLOCK].T for at in range(0, passages, BLOCK)], axis=1)
    for number, share in enumerate(FILTERS.values()):
        among = np.sort(random.choice(passages, int(share * passages), replace=False))
        np.save(folder / f"among{number}.npy", among)
        nearest = [among[np.argpartition(-row[among], min(K, len(among) - 1))[:K]] for row in cosines]
        np.save(folder / f"nearest{number}.npy", nearest)


def blocks(folder: Path, dimension: int) -> Iterator[Vectors]:
    with (folder / "vectors.f32").open("rb") as file:  # not memory-mapped, or it would count as resident
        while len(block := np.fromfile(file, dtype=np.float32, count=BLOCK * dimension)):
            yield block.reshape(-1, dimension)


def build(kind: str, folder: Path) -> None:
    dimension = np.load(folder / "queries.npy").shape[1]
    passages = len(np.load(folder / "among0.npy"))
    if kind in ("exact", "approximate"):
        limit = 10**12 if kind == "exact" else 0
        VectorIndex.write_segment(folder / kind, np.arange(passages), blocks(folder, dimension), limit)
        return
    (folder / kind).mkdir()
    lists = 2 ** round(np.log2(2 * np.sqrt(passages)))
    base = faiss.index_factory(dimension, OTHERS[kind][0].format(lists=lists), faiss.METRIC_INNER_PRODUCT)
    if not base.is_trained:
        base.train(np.concatenate([block for block, _ in zip(blocks(folder, dimension), range(16), strict=False)]))
    fine = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for block in blocks(folder, dimension):
        base.add(block)
        fine.add(block)
    faiss.write_index(base, str(folder / kind / "base.faiss"))
    faiss.write_index(fine, str(folder / kind / "fine.faiss"))


def opened(kind: str, folder: Path, recall: Callable[[Search], float]) -> tuple[Search, str]:
    if kind in ("exact", "approximate"):
        ours = VectorIndex.open(folder / kind)
        factor = ours.segments[0].factor
        return lambda query, among: ours.search(query, K, among)[0], f"{factor:g} × k" if factor > 1 else ""
    faiss.omp_set_num_threads(1)
    base: Any = faiss.read_index(str(folder / kind / "base.faiss"))
    refined: Any = faiss.IndexRefine(base, faiss.read_index(str(folder / kind / "fine.faiss")))
    refined.k_factor = 2

    def search(query: Vectors, _: Ids | None) -> Ids:
        return np.asarray(refined.search(query[None], K)[1][0])

    tuned = OTHERS[kind][1]
    if not tuned:
        return search, ""
    for value in (8, 16, 32, 64, 128, 256, 512, 1024, 2048):
        faiss.ParameterSpace().set_index_parameter(base, tuned, value)
        if recall(search) >= 0.98:
            break
    return search, f"{tuned} {value}"


def measure(kind: str, folder: Path) -> dict[str, Any]:
    queries = np.load(folder / "queries.npy")

    def recall(search: Search, number: int = 0) -> float:
        among = np.load(folder / f"among{number}.npy") if number else None
        nearest = np.load(folder / f"nearest{number}.npy")
        pairs = zip(queries, nearest, strict=True)
        return float(np.mean([len(np.intersect1d(search(query, among), near)) / len(near) for query, near in pairs]))

    search, setting = opened(kind, folder, recall)
    row: dict[str, Any] = {"setting": setting}
    for number, name in enumerate(FILTERS):
        if number and kind in OTHERS:
            break
        row["recall@100" + name] = round(recall(search, number), 4)
        among = np.load(folder / f"among{number}.npy") if number else None
        wall, cpu = [], []
        for query in queries:
            started, at_work = time.perf_counter(), time.thread_time()
            search(query, among)
            wall.append(1000 * (time.perf_counter() - started))
            cpu.append(1000 * (time.thread_time() - at_work))
        row["ms" + name] = "/".join(f"{np.quantile(wall, q):.2f}" for q in (0.5, 0.95))
        row["cpu ms" + name] = round(float(np.median(cpu)), 2)
    return row


def bandwidth() -> float:
    """Return the bytes per second that one core reads from memory, the best of ten runs."""
    array, times = np.ones(100_000_000, dtype=np.float32), []
    for _ in range(10):
        started = time.perf_counter()
        array.sum()
        times.append(time.perf_counter() - started)
    return float(array.nbytes / min(times))


def peak() -> int:
    """Return the peak memory of this process in megabytes; ru_maxrss would include its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def child(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.index_types", *arguments]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def run(step: str, kind: str, folder: Path) -> dict[str, Any]:
    """Run one step, in the process that was started for it."""
    if step == "build":
        started = time.perf_counter()
        build(kind, folder)
        size = sum(path.stat().st_size for path in (folder / kind).iterdir())
        return {"build s": round(time.perf_counter() - started, 1), "MB": size // 10**6, "build peak MB": peak()}
    return {**measure(kind, folder), "search peak MB": peak()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=300_000)
    parser.add_argument("--from", type=Path, dest="cache", help="an embedding cache")
    parser.add_argument("--kinds", default="exact,approximate", help=f"also {', '.join(OTHERS)}")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--questions", type=Path, help="a .npy file with the vectors of questions")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, kind, folder = options.step
        print(json.dumps(run(step, kind, Path(folder))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(options.cache, options.passages, options.queries, options.questions, folder)
        dimension = np.load(folder / "queries.npy").shape[1]
        speed = bandwidth()
        limit = round(1000 * 2 * options.passages * dimension / speed, 2)
        print(f"{options.passages:,} × {dimension}; one core reads {speed / 1e9:.1f} GB/s, all fp16 in {limit} ms")
        rows: list[dict[str, Any]] = []
        for kind in options.kinds.split(","):
            row = {"kind": kind, **child("--step", "build", kind, name), **child("--step", "search", kind, name)}
            if not rows:
                print("| " + " | ".join(row) + " |\n" + "| --- " * len(row) + "|")
            print("| " + " | ".join(map(str, row.values())) + " |", flush=True)
            rows.append(row)
    if options.json:
        figures = {"passages": options.passages, "dimension": dimension, "limit ms": limit, "kinds": rows}
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
