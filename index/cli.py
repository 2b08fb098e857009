"""quotewire index: build the index, look at it, check it, go back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from index.console import counted, print_json, run, say

if TYPE_CHECKING:
    from index.build.builder import BuildResult
    from index.build.preview import Changes
    from index.settings import IndexSettings

SKIPPED = 3  # the exit code of a build that published and had to leave something out

Config = Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default="./config.toml")]
Json = Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")]
Gently = Annotated[bool, typer.Option("--gently", help="Only with what others leave of the processor.")]

# What the program that this command is a part of does after a build; it puts such into the context's `obj`.
AfterBuild: TypeAlias = "Callable[[Path | None, IndexSettings], object]"

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again, ignoring the cache.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing if a source has a problem.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Publish a draft that answers at once, and end.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and build whenever files change.")] = False,
    gently: Gently = False,
    config: Config = None,
) -> None:
    """Read the articles that the configuration names and publish an index of them.

    What has not changed is neither read nor embedded again. Where there is much to embed, a draft answers within
    about half a minute, and the full index follows; Ctrl-C keeps what is done, and the next build goes on. The index
    that answers is replaced in one step; if anything goes wrong, the old one answers.

    Exit code: 0 published or unchanged, 3 published but something was left out, 1 an error, 2 wrong use, 130
    interrupted, and what was embedded is kept. Pages without an article, files of other kinds and articles without a
    date or headline are reported and do not change it.

    Example: quotewire index --dry-run
    """
    if context.invoked_subcommand is not None:
        if rebuild or dry_run or strict or draft or watch or gently or config:
            raise typer.BadParameter(f"options go after the command: quotewire index {context.invoked_subcommand} …")
        return
    if dry_run and watch:
        raise typer.BadParameter("--dry-run and --watch do not go together")
    if gently:
        _give_way()
    settings = _settings(config)
    if watch:
        from index.build.source_watch import watch as build_and_watch

        def show(built: BuildResult) -> None:
            _print_built(built)
            if built.published:
                _follow_up(context.obj or (), config, settings)

        build_and_watch(settings, rebuild, strict, draft, show)
        return
    if dry_run:
        from index.build.preview import preview

        changes = preview(settings, strict)
        _print_changes(changes)
        problems = changes.problems
    else:
        from index.build.builder import build_index

        built = build_index(settings, rebuild, strict, draft)
        _print_built(built)
        if built.published:
            _follow_up(context.obj or (), config, settings)
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

    Builds and answers may go on meanwhile. A running bot does this by itself.

    Exit code: 0 done, 1 an error, 2 wrong use, 130 interrupted, and what was embedded is kept.

    Example: quotewire index refine
    """
    from index.build.builder import complete_index

    if gently:
        _give_way()
    settings = _settings(config)
    embedded = complete_index(settings)
    from index.storage.generations import current_manifest

    manifest = current_manifest(settings.path)
    what = "is still a draft" if manifest.is_draft else "is complete"
    print(f"generation {manifest.generation} {what}: {embedded:,} embedded")


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """Show what the index holds; `verify` says whether it is whole.

    Exit code: 0 done, 1 an error, 2 wrong use.

    Example: quotewire index status --json
    """
    from index.build.omissions import omissions_of
    from index.storage.articles import ArticleStore
    from index.storage.generations import ARTICLES, age, summarize

    settings = _settings(config)
    folder, manifest, summary = summarize(settings.path)
    with closing(ArticleStore.open(folder / ARTICLES)) as store:
        omissions = omissions_of(settings, store)
    size = sum(size for size, _ in manifest.files.values())
    if as_json:
        values = {
            "generation": manifest.generation,
            "created": manifest.created,
            "articles": summary.articles,
            "passages": summary.passages,
            "undated": summary.undated,
            **omissions.values(),
            "first": summary.first_day and summary.first_day.isoformat(),
            "last": summary.last_day and summary.last_day.isoformat(),
            "outlets": dict(summary.outlets),
            "languages": summary.languages,
            "model": manifest.model,
            "fingerprint": manifest.fingerprint,
            "dimension": manifest.dimension,
            "draft": manifest.is_draft,
            "fine": manifest.fine,
            "segments": manifest.segments,
            "bytes": size,
            "path": str(folder),
        }
        print_json(values)
        return
    if summary.first_day:
        dates = f"{summary.first_day} to {summary.last_day}"
        dates += f", {counted(summary.undated, 'article')} without a whole one" if summary.undated else ""
    else:
        dates = "no article has a whole one"
    shown = [f"{outlet} ({count:,})" for outlet, count in summary.outlets[:5]]
    more = f" and {len(summary.outlets) - 5:,} more" if len(summary.outlets) > 5 else ""
    print(f"generation  {manifest.generation}, {age(manifest, datetime.now(UTC))}")
    print(f"articles    {summary.articles:,}")
    print(f"passages    {summary.passages:,}")
    print(f"dates       {dates}")
    print(f"outlets     {', '.join(shown) or 'none named'}{more}")
    dimensions = f", {manifest.dimension} dimensions" if manifest.dimension else ""
    print(f"model       {manifest.model}{dimensions}")
    if manifest.is_draft:
        print(f"draft       {manifest.fine:,} passages have the model's vectors; go on with: quotewire index")
    for segment in manifest.segments:
        recall = f", recall@100 {segment['recall']:.3f}" if segment["kind"] != "exact" else ""
        print(f"vectors     {segment['rows']:,}, {segment['kind']}{recall}")
    for line in omissions.lines():
        print(f"note        {line}")
    print(f"size        {size / 1e6:,.1f} MB in {folder}")


@app.command(short_help="Compare every checksum and every count.")
def verify(config: Config = None) -> None:
    """Compare every checksum and every count of the index; exit code 1 if anything is wrong.

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
    print(f"generation {number} is whole")


@app.command("list", short_help="List the generations that are kept.")
def list_(config: Config = None, as_json: Json = False) -> None:
    """List the generations that are kept; the one that answers is marked with a star.

    Exit code: 0 done, 1 an error, 2 wrong use.

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
    number: Annotated[int | None, typer.Argument(help="The generation.", show_default="the one before")] = None,
    config: Config = None,
) -> None:
    """Make an earlier generation the one that answers.

    Exit code: 0 done, 1 an error, 2 wrong use.

    Example: quotewire index rollback 3
    """
    from index.storage.generations import roll_back

    settings = _settings(config)
    print(f"generation {roll_back(settings.path, number)} answers now")


def _give_way() -> None:
    import os

    os.nice(19)


def _settings(config: Path | None) -> IndexSettings:
    from index.settings import IndexSettings

    return IndexSettings.load(config)


def _follow_up(hooks: Iterable[AfterBuild], config: Path | None, settings: IndexSettings) -> None:
    """Do what is to be done after a build, which has succeeded, whatever becomes of this."""
    for hook in hooks:
        try:
            hook(config, settings)
        except Exception as error:
            say(f"warning: the index is built, and {type(error).__name__} came after it: {error}")


def _print_built(built: BuildResult) -> None:
    holds = f"{counted(built.summary.articles, 'article')} in {counted(built.summary.passages, 'passage')}"
    for line in built.omissions.lines():
        say(line)
    if built.published and built.lacking:
        print(f"published generation {built.generation}, a draft: {holds}, {built.lacking:,} still to embed")
    elif built.published:
        print(f"published generation {built.generation}: {holds}, {built.embedded:,} embedded")
    elif built.lacking:
        print(f"nothing has changed: generation {built.generation}, a draft, holds {holds}, {built.lacking:,} to embed")
    else:
        print(f"nothing has changed: generation {built.generation} holds {holds}, 0 embedded")


def _print_changes(changes: Changes) -> None:
    for what, ids in (("new", changes.new), ("changed", changes.changed), ("gone", changes.gone)):
        for id in ids[:20]:
            print(f"{what:<8} {id}")
        if len(ids) > 20:
            print(f"{what:<8} … and {len(ids) - 20:,} more")
    for line in changes.omissions.lines():
        print(line)
    print(
        f"{len(changes.new):,} new, {len(changes.changed):,} changed, {len(changes.gone):,} gone, "
        f"{changes.unchanged:,} unchanged articles; {changes.to_embed:,} passages to embed"
    )


def main() -> None:
    """The command `python -m index`."""
    run(lambda: app(prog_name="python -m index"))
