"""Settings: the environment overrides the file, it the defaults, and every error names the setting."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.settings import BotSettings
from index.errors import ConfigError
from index.settings import SECTIONS, IndexSettings, Section, find_config, read_tables
from tests.support.paths import ROOT

EXAMPLE = ROOT / "config.example.toml"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder without a config.toml."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def load(config: Path, text: str) -> IndexSettings:
    config.write_text(text, "utf-8")
    return IndexSettings.load(config)


def error(config: Path, text: str) -> str:
    """Return the error message for a configuration file with this text."""
    with pytest.raises(ConfigError) as raised:
        load(config, text)
    assert "\n" not in str(raised.value)
    return str(raised.value).replace(str(config), "FILE")


def test_defaults_without_a_file() -> None:
    assert IndexSettings.load().model_dump() == {
        "sources": [Path("seeds")],
        "exclude": [],
        "follow_links": False,
        "fields": {},
        "path": Path("data"),
        "model": "multilingual-e5-small",
        "query_prompt": None,
        "document_prompt": None,
        "runtime": "auto",
        "precision": "fp32",
        "language": "auto",
        "passage_words": 110,
        "batch_size": 16,
        "threads": 0,
        "keep": 2,
    }


def test_paths_are_relative_to_the_file(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    settings = load(config, '[index]\nsources = ["news", "/srv/news", "~/news"]')
    assert settings.sources == [tmp_path / "news", Path("/srv/news"), Path("/home/ann/news")]
    assert settings.path == tmp_path / "data"


def test_a_model_folder_is_relative_to_the_file_and_a_name_is_not(config: Path, tmp_path: Path) -> None:
    (tmp_path / "models" / "mine").mkdir(parents=True)
    assert load(config, '[index]\nmodel = "models/mine"').model == str(tmp_path / "models" / "mine")
    assert load(config, '[index]\nmodel = "BAAI/bge-small-en"').model == "BAAI/bge-small-en"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[index]\nbatchsize = 3", "FILE: [index] batchsize: unknown key; did you mean batch_size?"),
        ("[index]\nsource = []", "FILE: [index] source: unknown key; did you mean sources?"),
        (
            "[index]\nzzz = 1",
            "FILE: [index] zzz: unknown key; known are sources, exclude, follow_links, fields, path, model, "
            "query_prompt, document_prompt, runtime, precision, language, passage_words, batch_size, threads, keep",
        ),
        ("[indx]\nkeep = 1", "FILE: [indx]: unknown section; did you mean index?"),
        ("keep = 1", "FILE: [keep]: unknown section; known are index, retrieval, bot"),
        ("index = 1", "FILE: index: must be a table, [index]"),
        ("[[index]]\nkeep = 1", "FILE: index: must be a table, [index]"),
        ("[index]\nkeep = '2'", "FILE: [index] keep: must be a whole number, and is '2'"),
        ("[index]\nkeep = true", "FILE: [index] keep: must be a whole number, and is True"),
        ("[index]\nkeep = 2.0", "FILE: [index] keep: must be a whole number, and is 2.0"),
        ("[index]\nmodel = 7", "FILE: [index] model: must be a string, and is 7"),
        ("[index]\nmodel = ''", "FILE: [index] model: String should have at least 1 character, and is ''"),
        (
            "[index]\nsources = 'news'",
            """FILE: [index] sources: must be a list of strings, as in ["a", "b"], and is 'news'""",
        ),
        (
            "[index]\nexclude = [3]",
            """FILE: [index] exclude: must be a list of strings, as in ["a", "b"], and is [3]""",
        ),
        ("[index]\npath = ''", "FILE: [index] path: must be the path of a folder, and is ''"),
        ("[index]\nkeep = -1", "FILE: [index] keep: should be greater than or equal to 0, and is -1"),
        (
            "[index]\npassage_words = 9",
            "FILE: [index] passage_words: should be greater than or equal to 20, and is 9",
        ),
        (
            "[index]\nlanguage = 'english'",
            "FILE: [index] language: must be auto or a two-letter code such as en, and is 'english'",
        ),
        (
            "[index]\nruntime = 'tensorrt'",
            "FILE: [index] runtime: should be 'auto', 'onnx' or 'torch', and is 'tensorrt'",
        ),
        ("[index]\nprecision = 'int4'", "FILE: [index] precision: should be 'fp32' or 'int8', and is 'int4'"),
        ("[index]\nprecision = 8", "FILE: [index] precision: must be a string, and is 8"),
        (
            "[index]\nsources = []",
            "FILE: [index] sources: List should have at least 1 item after validation, not 0, and is []",
        ),
    ],
)
def test_mistakes_in_the_file(config: Path, text: str, said: str) -> None:
    assert error(config, text) == said


def test_broken_toml(config: Path) -> None:
    assert error(config, "[index]\nkeep = " + "9" * 5000).startswith("FILE: not valid TOML: Exceeds the limit ")
    assert error(config, '[index]\npath = "a\\u0000b"') == "FILE: [index] path: contains the character NUL; remove it"
    assert error(config, '[index]\nsources = ["a\\u0000b"]').startswith(
        "FILE: [index] sources: contains the character NUL"
    )
    assert error(config, '[index]\nfields = {text = "a\\u0000"}').startswith(
        "FILE: [index] fields: contains the character"
    )
    assert error(config, "[index]\nkeep = ").startswith("FILE: not valid TOML: Invalid value (at ")
    config.write_bytes("[index]\nmodel = 'café'".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config.toml: not valid TOML: 'utf-8' codec can't decode byte 0xe9"):
        IndexSettings.load(config)


def test_a_byte_order_mark_is_accepted(config: Path) -> None:
    config.write_bytes(b"\xef\xbb\xbf[index]\r\nkeep = 7\r\n")
    assert IndexSettings.load(config).keep == 7


def test_other_sections_are_left_to_their_packages(config: Path) -> None:
    assert load(config, "[bot]\nwhatever = 1\n[index]\nkeep = 7").keep == 7


def test_environment_over_file_over_default(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTEWIRE_INDEX_KEEP", "9")
    settings = load(config, "[index]\nkeep = 7\nbatch_size = 5")
    assert (settings.keep, settings.batch_size, settings.passage_words) == (9, 5, 110)


def test_lists_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTEWIRE_INDEX_SOURCES", "news, /srv/old news,")
    monkeypatch.setenv("QUOTEWIRE_INDEX_EXCLUDE", "*.bak.txt")
    settings = IndexSettings.load()
    assert (settings.sources, settings.exclude) == ([Path("news"), Path("/srv/old news")], ["*.bak.txt"])


def test_a_path_in_the_environment_is_relative_to_the_working_directory(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTEWIRE_INDEX_PATH", "elsewhere")
    monkeypatch.setenv("QUOTEWIRE_INDEX_MODEL", "models/mine")
    (config.parent / "models" / "mine").mkdir(parents=True)
    settings = load(config, "[index]\npath = 'data'")
    assert (settings.path, settings.model) == (Path("elsewhere"), "models/mine")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KEEP", "many", "should be a valid integer, unable to parse string as an integer, and is 'many'"),
        ("KEEP", "1001", "should be less than or equal to 1000, and is '1001'"),
        ("SOURCES", " , ", "List should have at least 1 item after validation, not 0, and is []"),
        ("KEPT", "1", "unknown setting; did you mean QUOTEWIRE_INDEX_KEEP?"),
        ("ZZZ", "1", "unknown setting"),
    ],
)
def test_mistakes_in_the_environment(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"QUOTEWIRE_INDEX_{variable}", value)
    assert error(config, "[index]\nkeep = 7") == f"environment: QUOTEWIRE_INDEX_{variable}: {said}"


@pytest.mark.parametrize("variable", ["QUOTEWIRE_INDEX_PATH", "QUOTEWIRE_BOT_STATE"])
def test_an_empty_path_in_the_environment(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "")
    with pytest.raises(ConfigError) as raised:
        (IndexSettings if "INDEX" in variable else BotSettings).load()
    assert str(raised.value) == f"environment: {variable}: must be the path of a folder, and is ''"


_PEOPLE = "FILE: [bot] admins: must be numeric ids of people, which are positive, and is "
_LANGUAGES = "FILE: [bot] language: must be one of en, ru, and is "
_USER = "FILE: [bot] api_url: must be a URL without a user name, ?, #, braces or spaces, and is "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("admins = [5, -100]", f"{_PEOPLE}[5, -100]"),
        ("admins = [0]", f"{_PEOPLE}[0]"),
        (
            f"admins = [{2**52}]",
            f"FILE: [bot] admins: must be numeric ids of people or groups, and is [{2**52}]",
        ),
        ("allowed = [5, -100, 0]", "FILE: [bot] allowed: must be numeric ids of people or groups, and is [5, -100, 0]"),
        (
            f"errors_to = {-(2**52)}",
            f"FILE: [bot] errors_to: must be the numeric id of a person or group, or 0, and is {-(2**52)}",
        ),
        ("language = 'de'", f"{_LANGUAGES}'de'"),
        ("language = 'auto'", f"{_LANGUAGES}'auto'"),
        ("state = ''", "FILE: [bot] state: must be the path of a folder, and is ''"),
        ("api_url = 'https://ann:secret@x/'", f"{_USER}'…@x/'"),
        ("api_url = 'https://:secret@x'", f"{_USER}'…@x'"),
        (
            "api_url = 'https://ann:secret/of@x'",
            "FILE: [bot] api_url: must be a URL such as https://api.telegram.org, and is '…@x'",
        ),
        (
            "webhook_url = 'ann:secret@x'",
            "FILE: [bot] webhook_url: must be a URL such as https://bot.example.org/hook, and is '…@x'",
        ),
        (
            "monitor = 'ann:secret@x:80'",
            "FILE: [bot] monitor: must be a host and a port, as in 127.0.0.1:8443, and is '…@x:80'",
        ),
    ],
)
def test_mistakes_in_the_bot_section(config: Path, line: str, said: str) -> None:
    config.write_text(f"[bot]\n{line}\n", "utf-8")
    with pytest.raises(ConfigError) as raised:
        BotSettings.load(config)
    assert str(raised.value).replace(str(config), "FILE") == said
    assert "secret" not in str(raised.value)


def test_groups_may_use_the_bot_and_receive_errors(config: Path) -> None:
    config.write_text("[bot]\nadmins = [5]\nallowed = [7, -100]\nerrors_to = -1001\nlanguage = 'ru'\n", "utf-8")
    settings = BotSettings.load(config)
    assert (settings.admins, settings.allowed, settings.errors_to) == ([5], [7, -100], -1001)


def test_which_file_is_read(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_config() is None
    Path("config.toml").touch()
    assert find_config() == Path("config.toml")
    config.touch()
    monkeypatch.setenv("QUOTEWIRE_CONFIG", str(config))
    assert find_config() == config
    (tmp_path / "named.toml").touch()
    assert find_config(tmp_path / "named.toml") == tmp_path / "named.toml"


@pytest.mark.parametrize("name", ["nowhere.toml", "empty"])  # the latter is a folder
def test_a_named_file_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    said = re.escape(f"{tmp_path / name}: no such configuration file; config.example.toml shows what one holds")
    with pytest.raises(ConfigError, match=said):
        IndexSettings.load(tmp_path / name)
    monkeypatch.setenv("QUOTEWIRE_CONFIG", str(tmp_path / name))
    with pytest.raises(ConfigError, match=said):
        IndexSettings.load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        IndexSettings.load().keep = 3


def section(name: str) -> type[Section]:
    """Return the settings class of a section, which is in the package of the same name."""
    found: Any = getattr(importlib.import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
    assert found.name == name
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", SECTIONS)
def test_the_example_holds_every_key_with_its_default(name: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    part = text.split(f"\n[{name}]\n")[1].split("\n[")[0]
    table = read_tables(EXAMPLE)[name]
    optional = set()
    for key, field in section(name).model_fields.items():
        default = field.get_default(call_default_factory=True)
        if default is None:  # shown, and commented out
            optional.add(key)
            assert re.search(rf"^# {key} = .", part, re.MULTILINE), key
        else:
            shown = [str(v) for v in default] if isinstance(default, list) else default
            assert table[key] == (str(shown) if isinstance(shown, Path) else shown), key
    assert set(table) == set(section(name).model_fields) - optional


@pytest.mark.parametrize("name", SECTIONS)
def test_the_example_parses_with_its_commented_out_keys_too(name: str, config: Path) -> None:
    assert section(name).load(EXAMPLE)
    config.write_text(re.sub(r"^# (\w+ = )", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert tomllib.loads(config.read_text("utf-8"))[name].keys() == section(name).model_fields.keys()
    assert section(name).load(config)


def test_a_variable_of_an_unknown_section_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTEWIRE_INDEXX_KEEP", "3")
    with pytest.raises(ConfigError, match="QUOTEWIRE_INDEXX_KEEP: unknown setting; known begin with QUOTEWIRE_INDEX_"):
        IndexSettings.load()


def test_fields_under_other_names(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(config, '[index]\nfields = {text = "story", title = "kop"}').fields == {"text": "story", "title": "kop"}
    said = 'FILE: [index] fields: txt: no such field; did you mean text?, and is {"txt": "story"}'
    assert error(config, '[index]\nfields = {txt = "story"}') == said.replace('"', "'")
    said = """FILE: [index] fields: must be a table of strings, as in {text = "story"}, and is """
    assert error(config, "[index]\nfields = {text = 3}") == said + "{'text': 3}"
    assert error(config, '[index]\nfields = ["text"]') == said + "['text']"
    monkeypatch.setenv("QUOTEWIRE_INDEX_FIELDS", "text=story, title=kop")
    assert load(config, '[index]\nfields = {text = "body"}').fields == {"text": "story", "title": "kop"}
