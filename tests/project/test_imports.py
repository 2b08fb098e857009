"""Which module may import what: bot → retrieval → index, and each large library in one place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.support.paths import ROOT

PACKAGES = ("index", "retrieval", "bot")
MODULES = {path.relative_to(ROOT).as_posix(): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
DOTTED = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for name, path in MODULES.items()}


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


def module_of(name: str) -> str | None:
    """The module of ours that a dotted name is, or is in."""
    while name and name not in DOTTED:
        name = name.rpartition(".")[0]
    return name or None


@cache
def imported() -> dict[str, set[str]]:
    """For each module the modules of ours that it imports, be it within a function."""
    known = {name: {module_of(one) for one in imports(path.read_text("utf-8"))} for name, path in DOTTED.items()}
    return {name: {one for one in modules if one and one != name} for name, modules in known.items()}


def package_of(module: str) -> str:
    """A sub-package such as index.text; a module that is in none, such as index.types, is by itself."""
    return ".".join(module.split(".")[:2])


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """The nodes that are on a circle, or between circles."""
    left = {name: set(others) for name, others in graph.items()}
    while ends := [name for name, others in left.items() if not others & left.keys()]:
        for name in ends:
            del left[name]
    return sorted(left)


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == ["a", "b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_modules_import_one_another() -> None:
    assert circle(imported()) == []


def test_no_packages_import_one_another() -> None:
    packages: dict[str, set[str]] = {}
    for module, others in imported().items():
        package = package_of(module)
        packages.setdefault(package, set()).update(package_of(one) for one in others if package_of(one) != package)
    assert circle(packages) == []


ORDER = (
    *("index.text", "index.parsers", "index.encoders", "index.storage", "index.build", "index.cli"),
    *("retrieval.query", "retrieval.reader", "retrieval.answerer", "retrieval.presentation", "retrieval.evaluation"),
    *(
        "bot.messages",
        "bot.render",
        "bot.memory",
        "bot.updates",
        "bot.handlers",
        "bot.admin",
        "bot.registry",
        "bot.running",
    ),
)


def test_packages_import_those_before_them() -> None:
    place = {package: number for number, package in enumerate(ORDER)}
    assert place.keys() <= {package_of(module) for module in DOTTED}
    for module, others in imported().items():
        package = package_of(module)
        if package in place:
            assert not {one for one in others if place.get(package_of(one), -1) > place[package]}, module


COMMANDS = {f"training.{name}" for name in ("data", "train", "calibrate", "export", "evaluate")}
SAME_IN_EACH = {"__init__", "__main__", "types", "settings", "cli"}


def test_names_of_modules_are_unique() -> None:
    everywhere = [
        path for folder in (*PACKAGES, "training", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")
    ]
    modules = [path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in everywhere]
    names = Counter(module.rpartition(".")[2] for module in modules if module not in COMMANDS)
    assert {name for name, count in names.items() if count > 1} - SAME_IN_EACH == set()
    packages = Counter(path.parent.name for path in everywhere if path.name == "__init__.py")
    assert {name for name, count in packages.items() if count > 1} == set()


def test_names_of_public_classes_are_unique() -> None:
    names = Counter(
        node.name
        for path in [*MODULES.values(), *(ROOT / "training").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == set()
    assert names["Article"] == 1


@pytest.mark.parametrize(
    ("library", "where"),
    [
        (
            "sentence_transformers",
            {"index/encoders/sentence_transformer.py", "retrieval/reader/cross_encoder_reader.py"},
        ),
        ("torch", {"index/encoders/sentence_transformer.py"}),
        ("transformers", {"index/encoders/sentence_transformer.py", "retrieval/reader/extractive_reader.py"}),
        ("onnxruntime", {"index/encoders/onnx_encoder.py"}),
        ("onnx", {"index/encoders/onnx_encoder.py"}),
        ("huggingface_hub", {"index/encoders/model_files.py"}),
        ("faiss", {"index/storage/segments.py"}),
        ("tantivy", {"index/storage/lexical_index.py"}),
        ("filelock", {"index/lock.py"}),
        ("py3langid", {"index/text/language.py", "index/parsers/encoding_guess.py"}),
        ("razdel", {"index/text/cyrillic_sentences.py"}),
        ("webencodings", {"index/parsers/decoding.py"}),
        ("rensa", {"index/text/duplicates.py"}),
        (
            "html",
            {
                "bot/render/markup.py",
                "index/parsers/linked_data.py",
                "index/parsers/field_markup.py",
                "retrieval/evaluation/html_report.py",
            },
        ),
        ("cssselect", {"index/parsers/styles.py"}),
        ("fluent", {"retrieval/presentation/texts/__init__.py"}),
        ("babel", {"retrieval/presentation/texts/__init__.py"}),
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
    code = "import retrieval.answerer, retrieval.presentation.terminal_view, bot.cli, sys\n"
    code += "print({'rensa', 'index.text.duplicates'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def of(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_rules_about_text_need_nothing_but_text() -> None:
    """No index, model or record of a question, and no file, clock or chance: the result depends on the text alone."""
    allowed = ("retrieval.query", "index.types", "index.text", "anyascii")
    outside = {"io", "os", "pathlib", "random", "socket", "sqlite3", "subprocess", "sys", "time", "urllib"}
    rules = {name: path for name, path in MODULES.items() if name.startswith("retrieval/query/")}
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
    code = (
        "import retrieval.answerer, bot.cli, sys; print(sorted(name for name in sys.modules if 'evaluation' in name))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "['retrieval.evaluation', 'retrieval.evaluation.cli']\n"
