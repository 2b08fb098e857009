"""What `quotewire index` prints: the result of a build, a preview of one, and the state of the index."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.console import counted, print_json, say

if TYPE_CHECKING:
    from index.build.builder import BuildResult
    from index.build.omissions import Omissions
    from index.build.preview import BuildPreview
    from index.storage.articles import Summary
    from index.storage.manifest import Manifest


def print_built(built: BuildResult) -> None:
    """Print what a build published, and on stderr what it left out."""
    holds = f"{counted(built.summary.articles, 'article')} in {counted(built.summary.passages, 'passage')}"
    for line in built.omissions.lines():
        say(line)
    if built.published and built.to_embed:
        print(f"published generation {built.generation}, a draft: {holds}, {built.to_embed:,} still to embed")
    elif built.published:
        print(f"published generation {built.generation}: {holds}, {built.embedded:,} embedded")
    elif built.to_embed:
        print(
            f"nothing has changed: generation {built.generation}, a draft, holds {holds}, {built.to_embed:,} to embed"
        )
    else:
        print(f"nothing has changed: generation {built.generation} holds {holds}, 0 embedded")


def print_preview(changes: BuildPreview) -> None:
    """Print what a build would change: up to 20 articles of each kind, and the counts."""
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


def print_status(folder: Path, manifest: Manifest, summary: Summary, omissions: Omissions) -> None:
    """Print what a generation holds, for people."""
    from index.storage.generations import age

    if summary.first_day:
        dates = f"{summary.first_day} to {summary.last_day}"
        dates += f", {counted(summary.undated, 'article')} without a whole date" if summary.undated else ""
    else:
        dates = "no article has a whole date"
    shown = [f"{outlet} ({count:,})" for outlet, count in summary.outlets[:5]]
    more = f" and {len(summary.outlets) - 5:,} more" if len(summary.outlets) > 5 else ""
    print(f"generation  {manifest.generation}, {age(manifest, datetime.now(UTC))}")
    print(f"articles    {summary.articles:,}")
    print(f"passages    {summary.passages:,}")
    print(f"dates       {dates}")
    print(f"outlets     {', '.join(shown) or 'no article names one'}{more}")
    dimensions = f", {manifest.dimension} dimensions" if manifest.dimension else ""
    print(f"model       {manifest.model}{dimensions}")
    if manifest.is_draft:
        print(f"draft       {manifest.fine:,} passages have full-model embeddings; continue with: quotewire index")
    for segment in manifest.segments:
        recall = f", recall@100 {segment['recall']:.3f}" if segment["kind"] != "exact" else ""
        print(f"vectors     {segment['rows']:,}, {segment['kind']}{recall}")
    for line in omissions.lines():
        print(f"note        {line}")
    print(f"size        {_size(manifest) / 1e6:,.1f} MB in {folder}")


def print_status_json(folder: Path, manifest: Manifest, summary: Summary, omissions: Omissions) -> None:
    """Print what a generation holds, as one JSON object."""
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
        "bytes": _size(manifest),
        "path": str(folder),
    }
    print_json(values)


def _size(manifest: Manifest) -> int:
    """Return the size in bytes of a generation's files, without its manifest."""
    return sum(size for size, _ in manifest.files.values())
