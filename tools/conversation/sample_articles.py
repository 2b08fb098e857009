"""The articles of the conversation: the sample article, and invented ones about invented places."""

from __future__ import annotations

import shutil
from pathlib import Path

_SEED = Path(__file__).parent.parent.parent / "seeds"

_OPENED = """\
PORT SELBY — The new bridge over the Ard opened on Monday after three years of building. The bridge is 640 metres \
long and cost 250 million crowns, 40 million more than planned.

Mayor Ingrid Dale cut the ribbon in front of some 2,000 people. "Nobody in this town will wait for a ferry again," \
she said.

The ferries go on until the end of September. What happens to their 40 workers is open, the harbour office said.
"""

_ARTICLES = {
    "bridge.txt": ("Port Selby opens its bridge", "Harbour Post", "2022-03-28", _OPENED),
    "bridge-copy.txt": ("Bridge opens in Port Selby", "North Wire", "2022-03-29", _OPENED),
    "ferries.txt": (
        "Ferry workers ask for a plan",
        "North Wire",
        "2022-04-01",
        """\
The union of the ferry workers at Port Selby has asked the town for a plan. "We are 40 families, and nobody has talked \
to us," said its head, Tom Harker.

The town wants to answer in May. Harker said that the workers would strike in June if there was no plan by then.
""",
    ),
    "telescope.txt": (
        "Telescope on Mount Arrel sees its first stars",
        "Meridian Daily",
        "2022-03-30",
        """\
The telescope on Mount Arrel has taken its first picture, a star cluster 4,200 light years away. Its mirror is eight \
metres wide and took six years to polish.

Director Lea Moreau said the picture was sharper than the team had hoped. From autumn on the telescope will look for \
planets near small stars.
""",
    ),
    "ледокол.txt": (
        "Ледокол «Полынья» вышел на испытания",
        "Северный вестник",
        "2022-03-31",
        """\
Ледокол «Полынья» вышел из порта Заречный на ходовые испытания. Судно длиной 147 метров строили пять лет.

Капитан Анна Белова сказала, что испытания продлятся три недели. Первый рейс назначен на 1 июня.
""",
    ),
}

POST = """\
Port Selby sets a toll for its bridge

Drivers will pay a toll of 20 crowns for the new bridge from 1 June, the council decided on Saturday. Bicycles cross \
for free.

Mayor Ingrid Dale said that the toll would end once the 40 million crowns that nobody had planned for were paid."""

WRITTEN = """\
---
source: Harbour Post
published: 2022-04-04
---
Port Selby keeps one ferry

One of the three ferries will go on after September, the harbour office said. It will cross four times a day."""


def write_articles(folder: Path) -> None:
    """Write the articles into a new folder."""
    shutil.copytree(_SEED, folder)
    for name, (title, source, published, text) in _ARTICLES.items():
        head = f"---\ntitle: {title}\nsource: {source}\npublished: {published}\nurl: https://news.example/{name[:-4]}\n---\n"
        (folder / name).write_text(head + text, "utf-8")
