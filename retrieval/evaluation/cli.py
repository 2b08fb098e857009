"""quotewire evaluate: measure how well labelled questions are answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.console import counted, say

if TYPE_CHECKING:
    from retrieval.evaluation.evaluate import Evaluation
    from retrieval.evaluation.judge import JudgedAnswer
    from retrieval.evaluation.tabulate import Row
    from retrieval.evaluation.watch_replay import WatchEvaluation

SKIPPED = 3  # the exit code if a row was not a labelled question

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(short_help="Measure the answers over labelled questions.")
def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", help="The questions, .jsonl or .jsonl.gz.")],
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures and one row per question.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an HTML page with plots and the worst failures.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with an evaluation that --json wrote.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Take only so many questions, spread evenly.", show_default="all")
    ] = None,
    watches: Annotated[bool, typer.Option("--watches", help="Measure watches instead of answers.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="The largest number of processes.", show_default="usable cores")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.", show_default="./config.toml")] = None,
) -> None:
    """Ask questions whose answers are known, and measure how well they are answered.

    QUESTIONS has one JSON object per line. Its fields are question; answerable (true, false, or null if it is not
    known; by default, a row with answers or articles is answerable); articles (ids of those that answer); and the
    answer itself in the first of these articles, either as evidence (alternatives, each a list of sentences as
    [start, end] in code points, each of which answers) or as answers (texts, each of them right) with their spans
    ([start, end]). Optional are id, asked, since, until, source, lang and type (figures are also shown by these two;
    in a question of type list, all alternatives are wanted), about (the id of the article that it asks about) and near
    ([start, end] of a sentence there that only sounds like an answer).

    A line can also be a conversation: id, lang and turns, each with question, article, evidence, answerable, depends
    (whether it depends on earlier turns) and also (other articles that answer, each with article and evidence). Its
    questions are asked in order. A later one that does not depend is of the same story if an earlier turn has its
    article.

    Hit@k is the share of questions whose right article is among the first k that were found, and MRR (mean reciprocal
    rank) is the mean of 1 divided by its rank; both count refused questions, too. In all other figures of quotes a
    refusal is a miss, and the first quote must hold a whole alternative. "Quotes on the point" counts all quotes of
    answerable questions. Times are those of about 100 questions, asked one at a time.

    Confidence is the probability that the best sentence answers. AUROC is the probability that an answerable question
    has a higher confidence than an unanswerable one: .5 is chance, 1 is perfect. The Brier score is the mean squared
    error of the confidence, and the expected calibration error (ECE) the mean difference between the confidence and
    the share of sentences that do answer; of both, lower is better. The report plots risk (the share of answers that
    are wrong) over coverage (the share of questions that are answered) for every threshold of the confidence.

    The interval of a difference from the baseline is that of a paired bootstrap: questions are resampled 1,000 times,
    each with both of its results. If it contains 0, the difference can be chance.

    With --watches, the first answerable English question about each of 60 articles is watched while all articles of
    the file arrive one by one.

    Exit code: 0 measured, 3 a row was not a labelled question, 1 an error, 2 wrong usage.

    Example: quotewire evaluate questions.jsonl --json now.json --baseline before.json --report now.html
    """
    _check_outputs(questions, json, report)
    if watches and (report or baseline):
        raise typer.BadParameter("cannot be combined with --report or --baseline", param_hint="--watches")
    from index.settings import IndexSettings
    from retrieval.evaluation.evaluate import read_judged
    from retrieval.evaluation.labelled import read_conversations, spread_evenly
    from retrieval.settings import RetrievalSettings

    index, retrieval = IndexSettings.load(config), RetrievalSettings.load(config)
    warnings: list[str] = []
    conversations = read_conversations(questions, warnings.append)
    for warning in warnings:
        say(f"warning: {warning}")
    before = read_judged(baseline) if baseline else None

    from retrieval.evaluation.evaluation_run import measure_answers, measure_watches
    from retrieval.evaluation.process_pool import usable_cores

    most = jobs or usable_cores()
    if watches:
        labelled = [one for conversation in conversations for one in conversation]
        _show_watches(measure_watches(index, retrieval, questions.name, labelled, limit, most), json)
    else:
        taken = spread_evenly(conversations, limit)
        _show_answers(measure_answers(index, retrieval, questions.name, taken, most), json, report, baseline, before)
    if warnings:
        raise typer.Exit(SKIPPED)


def _show_answers(
    done: Evaluation, json: Path | None, report: Path | None, baseline: Path | None, before: list[JudgedAnswer] | None
) -> None:
    from retrieval.evaluation.compare import compare
    from retrieval.evaluation.evaluate import to_json
    from retrieval.evaluation.html_report import render
    from retrieval.evaluation.tabulate import DIFFERENCES, difference_rows, figure_table, group_tables

    pairs, differences = compare(before, done.judged) if before is not None else (0, None)
    if json:
        _write(json, to_json(done, differences))
    if report:
        _write(report, render(done, baseline.name if baseline else "", pairs, differences))
    print(f"{counted(len(done.cases), 'question')}, generation {done.generation}, {done.model}\n")
    _print(*figure_table(done.judged))
    for head, rows in group_tables(done.judged):
        print()
        _print(head, rows)
    if baseline and differences is not None:
        print(f"\nagainst {baseline}: {counted(pairs, 'question')} in both\n")
        _print(DIFFERENCES, difference_rows(differences))


def _show_watches(done: WatchEvaluation, json: Path | None) -> None:
    from retrieval.evaluation.tabulate import WATCHES, watch_rows
    from retrieval.evaluation.watch_replay import watch_figures, watches_to_json

    if json:
        _write(json, watches_to_json(done))
    watched, came = counted(len(done.watched), "question"), counted(done.came, "article")
    print(f"{watched} watched while {came} came, generation {done.generation}, {done.model}\n")
    _print(WATCHES, watch_rows(watch_figures(done.watched)))


def _check_outputs(questions: Path, json: Path | None, report: Path | None) -> None:
    """Raise BadParameter for an output that could not be written at the end, or would overwrite the questions."""
    for path, name in ((json, "--json"), (report, "--report")):
        if path and (path.is_dir() or not path.parent.is_dir()):
            raise typer.BadParameter(
                f"{path} cannot be written: it is a folder, or its folder does not exist", param_hint=name
            )
        if path and path.resolve() == questions.resolve():
            raise typer.BadParameter("would overwrite the questions", param_hint=name)
    if json and report and json.resolve() == report.resolve():
        raise typer.BadParameter("is the same file as --json", param_hint="--report")


def _write(path: Path, text: str) -> None:
    from index.errors import StorageError

    try:  # a lone surrogate has no UTF-8 encoding; in JSON, the escape stands for it
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror or error}") from None


def _print(head: Row, rows: list[Row]) -> None:
    """Print a styled table on a terminal, aligned lines elsewhere."""
    from rich.table import Table

    from index.rich_console import console_on
    from retrieval.evaluation.tabulate import aligned_lines

    console = console_on()
    if not console.is_terminal:
        print("\n".join(aligned_lines(head, rows)))
        return
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for at, title in enumerate(head):
        shown.add_column(title, justify="right" if at else "left")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
