"""quotewire init: a configuration file to begin with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from index.errors import ConfigError

_NAME = "config.toml"
_TEMPLATE = """\
# Quotewire's configuration. Paths are relative to this file. Every key may be left out; all keys with their defaults
# are in config.example.toml, in Quotewire's repository. A variable such as QUOTEWIRE_INDEX_PATH goes before this file.

[index]
# Files and folders with articles: .txt, .md, .html and .jsonl, also gzipped.
sources = {sources}
# Where the index is kept.
path = "data"

[retrieval]
# The number of quotes in an answer.
quotes = 5

[bot]
# Numeric ids of people and groups who may use the bot; empty: everyone. The bot's token is never written here: set
# TELEGRAM_BOT_TOKEN, or TELEGRAM_BOT_TOKEN_FILE to the path of a file that holds it.
allowed = []
"""


def init(
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders with articles.", show_default="articles")
    ] = None,
) -> None:
    """Write config.toml in this folder, and say what to do next. A file that exists is left as it is.

    Exit code: 0 written, 2 wrong usage or a config.toml that exists.

    Example: quotewire init ~/articles
    """
    named = [str(source) for source in sources or [Path("articles")]]
    try:
        with Path(_NAME).open("x", encoding="utf-8") as file:
            file.write(_TEMPLATE.format(sources=json.dumps(named, ensure_ascii=False)))
    except FileExistsError:
        raise ConfigError(f"{_NAME}: exists already and was left as it is; edit it, or go to another folder") from None
    print(f"wrote {_NAME}")
    if missing := [name for name in named if not os.path.exists(os.path.expanduser(name))]:
        print(f"next: put articles into {', '.join(missing)}, then run: quotewire index")
    else:
        print("next: quotewire index")
    print('then: quotewire ask "…", quotewire chat, or with a token: quotewire bot')
