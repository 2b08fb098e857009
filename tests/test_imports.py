"""Which module may import what: bot → retrieval → index, and each large library in one place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "retrieval", "bot")
MODULES = {path.relative_to(ROOT).as_posix(): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


@cache
def imports(source: str, anywhere: bool = True) -> list[str]:
    """The dotted names that a module imports: anywhere in it, or only where it does so on being imported itself."""
    return list(_imports(source, anywhere))


def _imports(source: str, anywhere: bool) -> Iterator[str]:
    tree = ast.parse(source)
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not anywhere:
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not anywhere:
            pending += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it goes"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "importlib.import_module"):
            [name] = node.args
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
                yield str(name.values[0].value)
        pending += ast.iter_child_nodes(node)


def roots(source: str, anywhere: bool = True) -> set[str]:
    return {name.split(".")[0] for name in imports(source, anywhere)}


def importers(library: str, anywhere: bool = True) -> set[str]:
    return {name for name, path in MODULES.items() if library in roots(path.read_text("utf-8"), anywhere)}


def test_the_test_can_tell() -> None:
    source = (
        "import a.b\nfrom c import d\nif TYPE_CHECKING:\n    import e\nelse:\n    import f\n"
        "def g():\n    from h.i import j\n    import_module(f'k.{name}')\nclass L:\n    import m\n"
    )
    assert sorted(imports(source)) == ["a.b", "c.d", "e", "f", "h.i.j", "k.", "m"]
    assert sorted(imports(source, anywhere=False)) == ["a.b", "c.d", "f", "m"]
    assert len(MODULES) > 25


def test_imports_go_one_way() -> None:
    assert {name for name in importers("bot") if not name.startswith("bot/")} == set()
    assert {name for name in importers("retrieval") if name.startswith("index/")} == set()
    assert any(name.startswith("retrieval/") for name in importers("index"))


@pytest.mark.parametrize(
    ("library", "where"),
    [
        ("sentence_transformers", {"index/reference.py", "retrieval/passage_reader.py"}),
        ("torch", {"index/reference.py"}),
        ("transformers", {"index/reference.py", "retrieval/extractive_reader.py"}),
        ("onnxruntime", {"index/runtime.py"}),
        ("onnx", {"index/runtime.py"}),
        ("huggingface_hub", {"index/models.py"}),
        ("faiss", {"index/segments.py"}),
        ("tantivy", {"index/words.py"}),
        ("filelock", {"index/lock.py"}),
        ("py3langid", {"index/language.py", "index/readers/guessing.py"}),
        ("razdel", {"index/cyrillic.py"}),
        ("webencodings", {"index/readers/decoding.py"}),
        ("rensa", {"index/stories.py"}),
        (
            "html",
            {
                "bot/render/markup.py",
                "index/readers/linked_data.py",
                "index/readers/markup.py",
                "retrieval/evaluation/report.py",
            },
        ),
        ("cssselect", {"index/readers/styles.py"}),
        ("fluent", {"bot/texts/__init__.py"}),
        ("babel", {"bot/texts/__init__.py"}),
        ("prometheus_client", {"bot/monitor/metrics.py"}),
    ],
)
def test_one_place_for_a_library(library: str, where: set[str]) -> None:
    assert importers(library) == where


@pytest.mark.parametrize(
    "library",
    [
        "sentence_transformers",
        "torch",
        "transformers",
        "onnxruntime",
        "onnx",
        "tokenizers",
        "huggingface_hub",
        "py3langid",
    ],
)
def test_what_is_slow_to_import_waits(library: str) -> None:
    assert importers(library, anywhere=False) == set()


def test_only_the_bot_knows_telegram() -> None:
    assert {name for name in importers("telegram") if not name.startswith("bot/")} == set()


@pytest.mark.parametrize("library", ["pickle", "cPickle", "dill", "joblib", "shelve", "marshal"])
def test_nothing_is_pickled(library: str) -> None:
    assert importers(library) == set()
    assert not [name for name, path in MODULES.items() if "allow_pickle=True" in path.read_text("utf-8")]


def test_no_module_imports_the_tests() -> None:
    assert importers("tests") | importers("benchmarks") == set()


def test_training_is_built_on_the_others_and_nothing_on_it() -> None:
    assert importers("training") == set()
    paths = sorted((ROOT / "training").rglob("*.py"))
    assert len(paths) > 5
    for path in paths:
        source = path.read_text("utf-8")
        assert not roots(source) & {"bot", "tests", "benchmarks", "pickle"}, path.name
        assert "weights_only=False" not in source, f"{path.name} would run what lies in a checkpoint"


def test_nothing_that_answers_signs_articles() -> None:
    code = "import retrieval.answer, retrieval.show, bot.cli, sys; print({'rensa', 'index.stories'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def of(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_rules_need_nothing_but_text() -> None:
    """No index, model or question's record, and no file, clock or chance: what they say depends on their text alone."""
    allowed = ("retrieval.rules", "index.types", "index.spelling", "index.stopwords", "anyascii")
    outside = {"io", "os", "pathlib", "random", "socket", "sqlite3", "subprocess", "sys", "time", "urllib"}
    rules = {name: path for name, path in MODULES.items() if name.startswith("retrieval/rules/")}
    assert len(rules) > 10
    for module, path in rules.items():
        names = set(imports(path.read_text("utf-8")))
        ours = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
        assert not {name for name in ours if not any(of(name, one) for one in allowed)}, module
        assert not {name.split(".")[0] for name in names} & outside, module


def test_nothing_that_answers_knows_how_it_is_evaluated() -> None:
    known = {
        module
        for module, path in MODULES.items()
        if any(of(name, "retrieval.evaluation") for name in imports(path.read_text("utf-8")))
    }
    assert {module for module in known if not module.startswith("retrieval/evaluation/")} == {"bot/cli.py"}
    code = "import retrieval.answer, bot.cli, sys; print(sorted(name for name in sys.modules if 'evaluation' in name))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "['retrieval.evaluation', 'retrieval.evaluation.cli']\n"
