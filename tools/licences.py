"""Generate the table in docs/licences.md: the licence of each package in constraints.txt, from its installed metadata.

    python -m tools.licences     (make licences)

Licences that are not permissive need an entry below the table, which is written by hand.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
SPDX = {  # names in packages' metadata -> SPDX identifiers
    "3-Clause BSD License": "BSD-3-Clause",
    "APL 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0"),
    *("CNRI-Python", "ISC", "MIT", "PSF-2.0", "Zlib"),
}


def licences() -> dict[str, str]:
    """Return the SPDX identifier of each package's licence, by package."""
    return {name: _licence(name) for name, _ in _pins("constraints.txt")}


def is_permissive(licence: str) -> bool:
    """Return whether a licence only asks for being passed on with the package."""
    return set(re.split(" AND | OR ", licence)) <= PERMISSIVE


def page(before: str) -> str:
    """Return the page with a new table; `before` is the page with the old one."""
    locked = {name for name, _ in _pins("requirements.lock")} | {"torch"}
    found = licences()
    rows = [
        f"| {name} | {version} | {found[name]} | {'' if re.sub('[_.]', '-', name.lower()) in locked else 'tests'} |"
        for name, version in _pins("constraints.txt")
    ]
    head, _, rest = before.partition("| --- | --- | --- | --- |\n")
    return head + "\n".join(["| --- | --- | --- | --- |", *rows]) + "\n" + re.sub(r"^\|.*\n", "", rest, flags=re.M)


def _licence(package: str) -> str:
    about = metadata(package)
    classifiers = [
        text.split(" :: ")[-1] for text in about.get_all("Classifier") or [] if text.startswith("License ::")
    ]
    stated = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or []), *classifiers]
    name = str(next(text for text in stated if text and "\n" not in text))  # some state the whole text
    return SPDX.get(name, name)


def _pins(file: str) -> list[tuple[str, str]]:
    return re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text("utf-8"), re.M)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
