"""Measure the time and memory of a question: in a new process, and in a warm one for one and for eight people.

    python -m benchmarks.question_times questions.jsonl [--limit 200] [--json FILE]   (index as configured)

Cold is the wall time of `quotewire ask` in a new process, the median of five runs; for a draft, each run asks another
question, whose passages have not been embedded. Warm times are those of complete answers. Eight at a time means that
eight people wait for one answering thread, as in the bot. The limit of a search is the size of the vectors that an
exact scan reads, divided by the memory bandwidth.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.measure import memory_bandwidth, percentiles, run, show
from index.console import say
from index.settings import IndexSettings
from index.storage.generations import current_manifest
from retrieval.answerer import Answerer
from retrieval.evaluation.labelled import read_labelled, spread_evenly
from retrieval.settings import RetrievalSettings
from retrieval.types import Question


def cold(questions: list[str]) -> float:
    ask = [sys.executable, "-m", "retrieval"]
    run([*ask, questions[0]], {})  # loads the files into the system's cache
    return statistics.median(run([*ask, question], {})[0] for question in questions[1:6])


def warm(answerer: Answerer, questions: list[Question]) -> list[float]:
    times = []
    for question in questions:
        started = time.perf_counter()
        answerer.answer(question)
        times.append((time.perf_counter() - started) * 1000)
    return times


def eight_at_a_time(answerer: Answerer, questions: list[Question]) -> list[float]:
    lock = threading.Lock()

    def ask(question: Question) -> float:
        started = time.perf_counter()
        with lock:
            answerer.answer(question)
        return (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(8) as people:
        return list(people.map(ask, questions))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--no-cold", action="store_true", help="skip the measurements in new processes")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    if options.config:
        os.environ["QUOTEWIRE_CONFIG"] = str(options.config)
    labelled = list(read_labelled(options.questions, lambda problem: say(f"warning: {problem}")))
    questions = [row.question for row in spread_evenly(labelled, options.limit)]  # asked at the times in the rows
    index = IndexSettings.load()
    manifest = current_manifest(index.path)
    found: dict[str, object] = {
        "passages": manifest.passages,
        "fine": manifest.fine,
        "vectors": ", ".join(sorted({str(segment["kind"]) for segment in manifest.segments})),
    }
    if not options.no_cold:
        found["cold s"] = round(cold([question.text for question in questions[::-1]]), 2)
    answerer = Answerer.open(index, RetrievalSettings.load())
    first = warm(answerer, questions)  # embeds a draft's passages; otherwise it only warms up
    if manifest.is_draft:
        found |= {f"first time {name} ms": value for name, value in percentiles(first).items()}
    found |= {f"{name} ms": value for name, value in percentiles(warm(answerer, questions)).items()}
    found |= {
        f"8 at a time {name} ms": value for name, value in percentiles(eight_at_a_time(answerer, questions)).items()
    }
    found["resident MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    scan = manifest.fine * manifest.dimension * 2 / memory_bandwidth() / 1e6
    found["limit of a scan ms"] = round(scan, 1)
    show([{"figure": name, "value": value} for name, value in found.items()], options.json)


if __name__ == "__main__":
    main()
