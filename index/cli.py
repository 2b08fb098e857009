"""quotewire index: build the index, show what it holds, check it, go back to an earlier one."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from typer.core import TyperGroup

from index.build_report import print_built, print_preview, print_status, print_status_json
from index.console import print_json, run, say
from index.errors import UsageError
from index.folders_or_subcommand import FoldersOrSubcommand

if TYPE_CHECKING:
    from index.build.builder import BuildResult
    from index.settings import IndexSettings

SKIPPED = 3  # the exit code of a build that published an index and had to leave something out

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Gently = Annotated[bool, typer.Option("--gently", help="Run at the lowest CPU priority.")]

# Called after each build that publishes. A program that includes this command puts them into the context's `obj`.
AfterBuild: TypeAlias = "Callable[[Path | None, IndexSettings], object]"


app = typer.Typer(cls=FoldersOrSubcommand, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def index(
    context: typer.Context,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders and files to read.", show_default="[index] sources"),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again, ignoring the cache.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, without writing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing if a source has a problem.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Publish a draft, which answers at once, and stop.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep running, and build whenever files change.")] = False,
    gently: Gently = False,
    config: Config = None,
) -> None:
    """Read articles and publish an index of them.

    The articles are those of the folders and files named here, relative to the working directory, else those of
    [index] sources in the configuration. The index then holds just these: articles of earlier builds that are not
    among them are removed. A folder that has the name of a subcommand is given as ./status.

    What has not changed is neither read nor embedded again. If there is much to embed, a draft answers after about
    half a minute, with less precise search, and the full index follows. Ctrl-C keeps what is done, and the next build
    continues from there. The published index is replaced in one step; if a build fails, the previous index keeps
    answering.

    Exit code: 0 published or unchanged, 3 published but something was left out, 1 an error, 2 wrong usage, 130
    interrupted. Pages without an article, unsupported files, and articles without a date or headline are reported,
    but are no reason for exit code 3.

    Example: quotewire index news/ --dry-run
    """
    if context.invoked_subcommand is not None:
        if rebuild or dry_run or strict or draft or watch or gently or config:
            raise typer.BadParameter(
                f"put options after the subcommand: quotewire index {context.invoked_subcommand} …"
            )
        return
    if dry_run and watch:
        raise typer.BadParameter("--dry-run and --watch cannot be combined")
    if gently:
        _lower_priority()
    settings = _settings(config)
    if sources:
        assert isinstance(context.command, TyperGroup)
        _check_exist(sources, context.command.commands)
        settings = settings.model_copy(update={"sources": sources})
    if watch:
        from index.build.source_watch import watch as build_and_watch

        def show(built: BuildResult) -> None:
            print_built(built)
            if built.published:
                _run_hooks(context.obj or (), config, settings)

        build_and_watch(settings, rebuild, strict, draft, show)
        return
    if dry_run:
        from index.build.preview import preview

        changes = preview(settings, strict)
        print_preview(changes)
        problems = changes.problems
    else:
        from index.build.builder import build_index

        built = build_index(settings, rebuild, strict, draft)
        print_built(built)
        if built.published:
            _run_hooks(context.obj or (), config, settings)
        problems = built.problems
    if skipped := sum(problem.skipped for problem in problems):
        say(f"{skipped:,} {'was' if skipped == 1 else 'were'} skipped, as warned above")
        raise typer.Exit(SKIPPED)


@app.command(short_help="Complete a draft, without reading the sources.")
def refine(
    gently: Gently = False,
    config: Config = None,
) -> None:
    """Embed the passages that a draft lacks, and publish the full index; the sources are not read.

    Builds and answers may run at the same time. A running bot does this automatically.

    Exit code: 0 done, 1 an error, 2 wrong usage, 130 interrupted; what was embedded is kept.

    Example: quotewire index refine
    """
    from index.build.builder import complete_index

    if gently:
        _lower_priority()
    settings = _settings(config)
    embedded = complete_index(settings)
    from index.storage.generations import current_manifest

    manifest = current_manifest(settings.path)
    state = "is still a draft" if manifest.is_draft else "is complete"
    print(f"generation {manifest.generation} {state}: {embedded:,} embedded")


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """Show what the index holds; `verify` checks it for damage.

    Exit code: 0 done, 1 an error, 2 wrong usage.

    Example: quotewire index status --json
    """
    from index.build.omissions import stored_omissions
    from index.storage.articles import ArticleStore
    from index.storage.generations import ARTICLES, summarize

    settings = _settings(config)
    folder, manifest, summary = summarize(settings.path)
    with closing(ArticleStore.open(folder / ARTICLES)) as store:
        omissions = stored_omissions(settings, store, summary.articles)
    show = print_status_json if as_json else print_status
    show(folder, manifest, summary, omissions)


@app.command(short_help="Check every checksum and every count.")
def verify(config: Config = None) -> None:
    """Check every checksum and every count of the published index; exit code 1 if anything is wrong.

    Example: quotewire index verify
    """
    from index.storage.generations import current_number
    from index.storage.generations import verify as problems_of

    root = _settings(config).path
    number = current_number(root)
    problems = problems_of(root, number)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print(f"generation {number} is intact")


@app.command("list", short_help="List the published index and the earlier ones.")
def list_(config: Config = None, as_json: Json = False) -> None:
    """List the generations that are kept: the published index, marked with a star, and earlier ones.

    Exit code: 0 done, 1 an error, 2 wrong usage.

    Example: quotewire index list
    """
    from index.errors import DamagedIndexError
    from index.storage.generations import current_number, folder_of, list_generations
    from index.storage.manifest import read_manifest

    root = _settings(config).path
    current = current_number(root)
    for number in list_generations(root):
        try:
            manifest = read_manifest(folder_of(root, number))
        except DamagedIndexError as error:
            say(f"warning: {error}")
            continue
        if as_json:
            values = {
                "generation": number,
                "current": number == current,
                "created": manifest.created,
                "articles": manifest.articles,
                "passages": manifest.passages,
                "model": manifest.model,
                "draft": manifest.is_draft,
            }
            print_json(values)
        else:
            star = "*" if number == current else " "
            print(
                f"{star} {number:>6}  {manifest.created}  {manifest.articles:>9,} articles  "
                f"{manifest.passages:>11,} passages  {manifest.model}{'  draft' if manifest.is_draft else ''}"
            )


@app.command()
def rollback(
    number: Annotated[
        int | None, typer.Argument(help="The generation's number.", show_default="the previous one")
    ] = None,
    config: Config = None,
) -> None:
    """Publish an earlier generation again.

    Exit code: 0 done, 1 an error, 2 wrong usage.

    Example: quotewire index rollback 3
    """
    from index.storage.generations import roll_back

    settings = _settings(config)
    print(f"generation {roll_back(settings.path, number)} answers now")


def _lower_priority() -> None:
    os.nice(19)


def _check_exist(sources: Iterable[Path], subcommands: Iterable[str]) -> None:
    """Raise UsageError for a source that does not exist; it may be a misspelt subcommand."""
    for source in sources:
        if not os.path.exists(source):  # unlike Path.exists, never raises
            near = difflib.get_close_matches(str(source), list(subcommands), 1)
            hint = f"did you mean the subcommand {near[0]}?" if near else "see quotewire index --help"
            raise UsageError(f"{source}: no such file, folder or subcommand; {hint}")


def _settings(config: Path | None) -> IndexSettings:
    from index.settings import IndexSettings

    return IndexSettings.load(config)


def _run_hooks(hooks: Iterable[AfterBuild], config: Path | None, settings: IndexSettings) -> None:
    """Call the hooks after a successful build; one that fails is reported and does not fail the build."""
    for hook in hooks:
        try:
            hook(config, settings)
        except Exception as error:
            say(f"warning: the index was built, but a later step failed: {type(error).__name__}: {error}")


def main() -> None:
    """Run the command `python -m index`."""
    run(lambda: app(prog_name="python -m index"))
