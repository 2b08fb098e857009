"""quotewire evaluate: how good the answers are, over questions whose answers are known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.console import counted, say

if TYPE_CHECKING:
    from retrieval.evaluation.tabulate import Row

SKIPPED = 3  # the exit code when a row could not be read as a labelled question

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(short_help="Measure the answers over labelled questions.")
def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", help="The questions, .jsonl or .jsonl.gz.")],
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write figures and a row a question.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with plots and the worst failures.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with an evaluation that --json wrote.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Take only so many, spread evenly.", show_default="all")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.", show_default="./config.toml")] = None,
) -> None:
    """Answer questions whose answers are known, and say how good the answers are.

    A row is a JSON object: question; answers (texts, any of them right); articles (ids of those that answer); spans
    ([start, end] of the answers in the first of these, in code points); answerable (true, false, or null where it is
    not known; without it a row that names answers or articles is); and perhaps id, asked, since, until and source.

    Article hits are those of what was found, refused or not; an answer in a quote must have been given. A difference
    from the baseline can be chance if its interval holds 0.

    Exit code: 0 measured, 3 a row was no labelled question, 1 an error, 2 wrong use.

    Example: quotewire evaluate questions.jsonl --json now.json --baseline before.json --report now.html
    """
    _check_outputs(questions, json, report)
    from index.settings import IndexSettings
    from retrieval.evaluation.evaluate import Evaluation, missing, read_judged, to_json
    from retrieval.evaluation.evaluate import evaluate as answer_and_judge
    from retrieval.evaluation.labels import read_labelled, spread
    from retrieval.settings import RetrievalSettings

    index, retrieval = IndexSettings.load(config), RetrievalSettings.load(config)
    warnings: list[str] = []
    labelled = spread(read_labelled(questions, warnings.append), limit)
    for warning in warnings:
        say(f"warning: {warning}")
    before = read_judged(baseline) if baseline else None

    from index.generation import ARTICLES, folder_of
    from index.manifest import read_manifest
    from index.progress import progress
    from index.store import PassageStore
    from retrieval.answer import Answerer
    from retrieval.evaluation.compare import compare
    from retrieval.evaluation.figures import figures
    from retrieval.evaluation.report import render
    from retrieval.evaluation.tabulate import DIFFERENCES, FIGURES, difference_rows, figure_rows

    answerer = Answerer.open(index, retrieval)
    folder = folder_of(index.path, answerer.generation)
    with closing(PassageStore.open(folder / ARTICLES)) as store:
        if gone := missing(store, labelled):
            named = ", ".join(gone[:3]) + (", …" if len(gone) > 3 else "")
            say(f"note: the index does not hold {counted(len(gone), 'article')} that questions name: {named}")
        with progress("evaluating", "questions", len(labelled)) as advance:
            cases = answer_and_judge(answerer, store, labelled, advance)
    done = Evaluation(questions.name, answerer.generation, read_manifest(folder).model, cases)
    pairs, differences = compare(before, done.judged) if before is not None else (0, None)
    if json:
        _write(json, to_json(done, differences))
    if report:
        _write(report, render(done, baseline.name if baseline else "", pairs, differences))
    print(f"{counted(len(cases), 'question')}, generation {done.generation}, {done.model}\n")
    _print(FIGURES, figure_rows(figures(done.judged)))
    if baseline and differences is not None:
        print(f"\nagainst {baseline}: {counted(pairs, 'question')} in both\n")
        _print(DIFFERENCES, difference_rows(differences))
    if warnings:
        raise typer.Exit(SKIPPED)


def _check_outputs(questions: Path, json: Path | None, report: Path | None) -> None:
    """Raise BadParameter for what would only fail after all questions were answered, or write over them."""
    for path, name in ((json, "--json"), (report, "--report")):
        if path and (path.is_dir() or not path.parent.is_dir()):
            raise typer.BadParameter(f"{path} cannot be written: no such folder, or a folder itself", param_hint=name)
        if path and path.resolve() == questions.resolve():
            raise typer.BadParameter("would write over the questions", param_hint=name)
    if json and report and json.resolve() == report.resolve():
        raise typer.BadParameter("is the same file as --json", param_hint="--report")


def _write(path: Path, text: str) -> None:
    from index.errors import StorageError

    try:  # half a character has no UTF-8; JSON reads the escape as what it was
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror or error}") from None


def _print(head: Row, rows: list[Row]) -> None:
    """A table on a terminal, aligned lines elsewhere."""
    from rich.console import Console
    from rich.table import Table

    from retrieval.evaluation.tabulate import lines

    console = Console(highlight=False)
    if not console.is_terminal:
        print("\n".join(lines(head, rows)))
        return
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for at, title in enumerate(head):
        shown.add_column(title, justify="right" if at else "left")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
