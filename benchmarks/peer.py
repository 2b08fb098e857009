"""Compare Quotewire with txtai, over the same passages, model and questions, in one run.

    pip install txtai && python -m benchmarks.peer questions.jsonl     (index as configured)

Both embed the first passages of the index and answer the questions: txtai by its own hybrid search over what it
embedded, Quotewire with complete answers over its whole index. Peak memory is not compared, as both share the process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.measure import show
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import find_model
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.settings import RetrievalSettings
from retrieval.types import Question


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def median_ms(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    return round(statistics.median(seconds(partial(ask, question)) for question in questions) * 1000, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    settings = IndexSettings.load(options.config)
    model = find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)
    answerer = Answerer.open(settings, RetrievalSettings.load(options.config))
    passages = answerer._generation.store.all_passages()
    texts = [passage.text for passage in islice(passages, options.passages)]
    questions = [json.loads(line)["question"] for line in islice(options.questions.open(encoding="utf-8"), 100)]
    encoder = load_encoder(model, settings)
    by_length = sorted(texts, key=len)
    batches = [by_length[at : at + settings.batch_size] for at in range(0, len(texts), settings.batch_size)]
    ours = seconds(lambda: [encoder.encode_document(batch) for batch in batches])
    asked = median_ms(lambda question: answerer.answer(Question(question, datetime.now(UTC))), questions)
    importing = time.perf_counter()
    from txtai import Embeddings  # type: ignore[import-not-found, unused-ignore]

    imported = time.perf_counter() - importing
    embeddings = Embeddings(path=str(model.folder), hybrid=True)
    theirs = seconds(lambda: embeddings.index(texts))
    theirs_asked = median_ms(lambda question: embeddings.search(question, 5), questions)
    rows = (
        ("Quotewire", ours, asked, ""),
        ("txtai", theirs, theirs_asked, round(imported, 1)),
    )
    show(
        [
            {"": name, "passages/s": round(len(texts) / took, 1), "question ms": ms, "import s": imports}
            for name, took, ms, imports in rows
        ],
        options.json,
    )


if __name__ == "__main__":
    main()
