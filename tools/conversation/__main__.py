"""python -m tools.conversation: play the conversation, and write it to docs/ as text and as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.conversation.normal import normal
from tools.conversation.picture import picture
from tools.conversation.play import ALL, core, play
from tools.conversation.stage import ROOT
from tools.conversation.transcript import transcript

_ABOUT = """\
What people and the owner of a bot get, all of it, in order. `make conversation` writes this page: the real bot, in a
process of its own, with the real model, talks to people by way of the strict server of the tests, which takes and
refuses what Telegram takes and refuses; the page fails to be written if anything else comes than what is expected.
Nothing is edited afterwards but times, ages, and ids and lines of errors, so that every run writes the same.

The article from TASS is the one in seeds/. All others, with their papers, places and people, are made up. The bot shows
two quotes at a time here (`[retrieval] quotes = 2`), so that there are more to be asked for.

![The same as it looks](conversation.svg)"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.conversation")
    parser.add_argument("--models", type=Path, help="the models/ of an index, which saves their computing")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where it is written")
    arguments = parser.parse_args()
    sections = play(ALL, arguments.models)
    arguments.docs.mkdir(exist_ok=True)
    page = normal(transcript("The whole conversation", _ABOUT, sections))
    (arguments.docs / "conversation.md").write_text(page, "utf-8")
    (arguments.docs / "conversation.svg").write_text(picture(core(sections)), "utf-8")


if __name__ == "__main__":
    main()
