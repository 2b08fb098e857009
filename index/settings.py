"""Settings: the [index] section, and what all sections share. The environment overrides the file, it the defaults."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from index.errors import ConfigError
from index.files import expanded
from index.parsers.field_aliases import FIELD_ALIASES

SECTIONS = ("index", "retrieval", "bot")
DEFAULT_MODEL = "multilingual-e5-small"

Precision = Literal["fp32", "int8"]


class Section(BaseSettings):
    """A table of the configuration file; key `k` of table [t] can also be set as QUOTEWIRE_T_K in the environment."""

    name: ClassVar[str]
    gone: ClassVar[dict[str, str]] = {}  # removed keys, and what to do instead
    model_config = SettingsConfigDict(extra="forbid", frozen=True, validate_default=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, whose values are passed as init_settings."""
        return env_settings, init_settings

    @field_validator("*", mode="before")
    @classmethod
    def _split(cls, value: Any, info: ValidationInfo) -> Any:
        """Split a list from the environment at commas; refuse an empty path, which would be the current folder."""
        if isinstance(value, str) and _is_list(cls, info.field_name):
            return [part.strip() for part in value.split(",") if part.strip()]
        if value == "" and info.field_name and cls.model_fields[info.field_name].annotation is Path:
            raise ValueError("must be the path of a folder")
        return value

    @classmethod
    def load(cls, config: Path | None = None) -> Self:
        """Read this section from the configuration file that `find_config` finds, and from the environment.

        Raises ConfigError for a file that cannot be read, and, with the full name of the setting, for an unknown key
        (suggesting the nearest known one) and for a value of the wrong type or out of range.
        """
        path = find_config(config)
        table = read_tables(path).get(cls.name, {}) if path else {}
        origin = f"{path}: " if path else ""
        for key, value in table.items():
            if key in cls.gone:
                raise ConfigError(f"{origin}[{cls.name}] {key}: is no longer a setting; {cls.gone[key]}")
            if key not in cls.model_fields:
                raise ConfigError(f"{origin}[{cls.name}] {key}: unknown key{_nearest(key, cls.model_fields)}")
            if wanted := _wrong_type(cls, key, value):
                raise ConfigError(f"{origin}[{cls.name}] {key}: must be {wanted}, and is {value!r}")
        _refuse_unknown_variables(cls)
        try:
            return cls(**_relative_to(path.parent if path else Path(), cls, table))
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0]) if first["loc"] else ""
            raise ConfigError(f"{_origin(cls, key, origin)}: {_reason(first)}") from None
        except SettingsError as error:
            raise ConfigError(f"environment: [{cls.name}]: {error}") from None


class IndexSettings(Section):
    """The [index] section: what is indexed, with which model, and where the index is kept."""

    name: ClassVar[str] = "index"
    model_config = SettingsConfigDict(env_prefix="QUOTEWIRE_INDEX_")

    sources: Annotated[list[Path], NoDecode, Field(min_length=1)] = [Path("seeds")]
    exclude: Annotated[list[str], NoDecode] = []
    follow_links: bool = False
    fields: Annotated[dict[str, str], NoDecode] = {}
    path: Path = Path("data")
    model: Annotated[str, Field(min_length=1)] = DEFAULT_MODEL
    query_prompt: str | None = None
    document_prompt: str | None = None
    runtime: Literal["auto", "onnx", "torch"] = "auto"
    precision: Precision = "fp32"
    language: Annotated[str, Field(pattern="^(auto|[a-z]{2})$")] = "auto"
    passage_words: Annotated[int, Field(ge=20, le=1000)] = 110
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 16
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    keep: Annotated[int, Field(ge=0, le=1000)] = 2

    @field_validator("fields", mode="before")
    @classmethod
    def _check_fields(cls, value: Any) -> Any:
        """Check a table of field names; from the environment it comes as text=story,title=kop."""
        if isinstance(value, str):
            pairs = [part.partition("=") for part in value.split(",") if part.strip()]
            value = {field.strip(): key.strip() for field, _, key in pairs}
        for field, key in value.items():
            if field not in FIELD_ALIASES:
                raise ValueError(f"{field}: no such field{_nearest(field, FIELD_ALIASES)}")
            if not key.strip():
                raise ValueError(f"{field}: must name a key of the files")
        return value

    @classmethod
    def load(cls, config: Path | None = None) -> Self:
        """Read the section; a model that is a folder is, like every path, relative to the configuration file."""
        settings = super().load(config)
        return settings.model_copy(update={"model": beside_file(cls, "model", settings.model, config)})


def beside_file(cls: type[Section], key: str, name: str, config: Path | None) -> str:
    """Return a model's name; if the file sets it to a folder's path relative to itself, return the folder's path."""
    path = find_config(config)
    if path and f"{cls.model_config['env_prefix']}{key.upper()}" not in os.environ and (path.parent / name).is_dir():
        return str(path.parent / name)
    return name


def find_config(named: Path | None = None) -> Path | None:
    """Return the file named, else the one that QUOTEWIRE_CONFIG names, else ./config.toml if it exists, else None.

    Raises ConfigError if a named file does not exist.
    """
    if named is None and os.environ.get("QUOTEWIRE_CONFIG"):
        named = Path(os.environ["QUOTEWIRE_CONFIG"])
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"{named}: no such configuration file; config.example.toml shows what one holds")
        return named
    return Path("config.toml") if Path("config.toml").is_file() else None


def read_tables(path: Path) -> dict[str, dict[str, Any]]:
    """Read the tables of a configuration file; raises ConfigError for invalid TOML and unknown tables."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except ValueError as error:  # also for bytes that are not UTF-8, and for numbers of thousands of digits
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not valid TOML: it is nested too deep") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    for name, table in tables.items():
        if name not in SECTIONS:
            raise ConfigError(f"{path}: [{name}]: unknown section{_nearest(name, SECTIONS)}")
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {name}: must be a table, [{name}]")
        for key, value in table.items():
            if any("\0" in text for text in _strings(value)):
                raise ConfigError(f"{path}: [{name}] {key}: contains the character NUL; remove it")
    return tables


def _is_list(cls: type[Section], key: str | None) -> bool:
    return key in cls.model_fields and get_origin(cls.model_fields[key].annotation) is list


def _wrong_type(cls: type[Section], key: str, value: Any) -> str | None:
    """Return what the value in the file should be, if it has the wrong type; the environment has only strings."""
    annotation = cls.model_fields[key].annotation
    if annotation == float | None:
        annotation = float
    if _is_list(cls, key):
        kind: type = str
        wanted = 'a list of strings, as in ["a", "b"]'
        if get_args(annotation) == (int,):
            kind, wanted = int, "a list of whole numbers, as in [12345, 67890]"
        return None if isinstance(value, list) and all(type(v) is kind for v in value) else wanted
    if get_origin(annotation) is dict:
        is_table = isinstance(value, dict) and all(isinstance(name, str) for name in value.values())
        return None if is_table else 'a table of strings, as in {text = "story"}'
    if annotation is int:
        return None if type(value) is int else "a whole number"
    if annotation is float:
        return None if type(value) in (int, float) else "a number"
    if annotation is bool:
        return None if type(value) is bool else "true or false"
    if annotation is Path:
        return None if isinstance(value, str) and value else "the path of a folder"
    return None if isinstance(value, str) else "a string"


def _strings(value: object) -> Iterator[str]:
    """Yield the strings in a TOML value, which may be a list or a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _relative_to(base: Path, cls: type[Section], table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with its paths, and the default ones, resolved against the file's folder."""
    values = dict(table)
    for key, field in cls.model_fields.items():
        value = values.get(key, field.default)
        if field.annotation is Path and isinstance(value, str | Path):
            values[key] = base / expanded(value)
        elif get_args(field.annotation) == (Path,) and isinstance(value, list):
            values[key] = [base / expanded(v) if isinstance(v, str | Path) else v for v in value]
    return values


def _refuse_unknown_variables(cls: type[Section]) -> None:
    prefix = str(cls.model_config["env_prefix"])
    prefixes = tuple(f"QUOTEWIRE_{section.upper()}_" for section in SECTIONS)
    for variable in os.environ:
        if not variable.upper().startswith("QUOTEWIRE_") or variable == "QUOTEWIRE_CONFIG":
            continue
        if not variable.upper().startswith(prefixes):
            raise ConfigError(f"environment: {variable}: unknown setting; known begin with {', '.join(prefixes)}")
        key = variable.upper().removeprefix(prefix).lower()
        if variable.upper().startswith(prefix) and key in cls.gone:
            raise ConfigError(f"environment: {variable}: is no longer a setting; {cls.gone[key]}")
        if variable.upper().startswith(prefix) and key not in cls.model_fields:
            near = difflib.get_close_matches(key, cls.model_fields, 1, 0.5)
            hint = f"; did you mean {prefix}{near[0].upper()}?" if near else ""
            raise ConfigError(f"environment: {variable}: unknown setting{hint}")


def _origin(cls: type[Section], key: str, file: str) -> str:
    variable = f"{cls.model_config['env_prefix']}{key.upper()}"
    return f"environment: {variable}" if variable in os.environ else f"{file}[{cls.name}] {key}"


def _reason(error: Any) -> str:
    given = error["input"]
    if isinstance(given, str) and "@" in given:  # what precedes the @ of an address can be a password
        given = f"…@{given.rpartition('@')[2]}"
    shown = repr(given)
    where = "".join(f"item {part + 1} " for part in error["loc"][1:] if isinstance(part, int))
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    if error["type"] == "string_pattern_mismatch":  # only `language` has a pattern
        message = "must be auto or a two-letter code such as en"
    return f"{where}{message}, and is {shown if len(shown) < 80 else shown[:77] + '...'}"


def _nearest(key: str, known: Any) -> str:
    near = difflib.get_close_matches(key, list(known), 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
