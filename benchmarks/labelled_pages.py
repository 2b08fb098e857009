"""Read labelled web pages: a folder with NAME.html.gz files, and truth.jsonl with a row of labels for each page."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.parsers.source_files import read_file
from index.types import Article


def read_truth(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of truth.jsonl."""
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def read_page(folder: Path, name: str) -> Article | None:
    """Return the article that is read from a page, or None if there is none."""
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / f"{name}.html"
        page.write_bytes(gzip.decompress((folder / f"{name}.html.gz").read_bytes()))
        return next(iter(read_file(page, page.name, lambda _: None)), None)
