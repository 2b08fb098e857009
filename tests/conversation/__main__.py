"""python -m tests.conversation: have the whole conversation, and write docs/conversation.md and .svg."""

from __future__ import annotations

import argparse
import shutil
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conversation.articles import write_articles
from tests.conversation.play import play
from tests.conversation.scenes import NAMES
from tests.conversation.stage import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.conversation", description=__doc__)
    parser.add_argument("--models", type=Path, help="a data/models that is there already, which saves its computing")
    sections = play(parser.parse_args().models)


if __name__ == "__main__":
    main()
