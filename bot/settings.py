"""The [bot] section of the configuration, and the bot's token, which is never part of it."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from index.errors import ConfigError
from index.settings import Section

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,80}")
_MOST_EXAMPLES, _LONGEST_EXAMPLE = 10, 100  # buttons, and code points on one
_LARGEST_ID = 2**52 - 1  # core.telegram.org/bots/api#chat: "at most 52 significant bits"
_HOW_TO_GET = "send /newbot to @BotFather in Telegram, then export the token it replies with as TELEGRAM_BOT_TOKEN"


class BotSettings(Section):
    """The settings of the bot: its Bot API server, its users, limits, webhook, monitoring and log."""

    name: ClassVar[str] = "bot"
    model_config = SettingsConfigDict(env_prefix="QUOTEWIRE_BOT_")

    api_url: str = "https://api.telegram.org"
    refine: bool = True
    state: Path = Path("state")
    allowed: Annotated[list[int], NoDecode] = []  # noqa: RUF012  pydantic copies it
    admins: Annotated[list[int], NoDecode] = []  # noqa: RUF012  pydantic copies it
    errors_to: int = 0
    language: str = "en"
    examples: Annotated[list[str], NoDecode] = []  # noqa: RUF012  pydantic copies it
    link_preview: bool = False
    backlog: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    answer_within: Annotated[float, Field(gt=0, le=24 * 36_500)] = 12
    questions_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 20
    messages_per_second: Annotated[int, Field(ge=1, le=1000)] = 25
    watches: Annotated[int, Field(ge=0, le=1000)] = 10
    notices_per_day: Annotated[int, Field(ge=1, le=1000)] = 5
    keep_days: Annotated[int, Field(ge=1, le=10_000)] = 90
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8443"
    monitor: str = "127.0.0.1:9464"
    log_level: Literal["debug", "info", "warning"] = "info"
    log_format: Literal["logfmt", "json"] = "logfmt"

    @field_validator("allowed", "admins")
    @classmethod
    def _are_ids(cls, ids: list[int], info: ValidationInfo) -> list[int]:
        if info.field_name == "admins" and any(id <= 0 for id in ids):
            raise ValueError("must be numeric ids of people, which are positive")
        if not all(0 < abs(id) <= _LARGEST_ID for id in ids):
            raise ValueError("must be numeric ids of people or groups")
        return ids

    @field_validator("examples")
    @classmethod
    def _are_questions(cls, questions: list[str]) -> list[str]:
        if not all(question.strip() and len(question) <= _LONGEST_EXAMPLE for question in questions):
            raise ValueError(f"must be questions of 1 to {_LONGEST_EXAMPLE} characters")
        if len(questions) > _MOST_EXAMPLES:
            raise ValueError(f"must be {_MOST_EXAMPLES} questions at most")
        return [" ".join(question.split()) for question in questions]

    @field_validator("errors_to")
    @classmethod
    def _is_chat(cls, id: int) -> int:
        if abs(id) > _LARGEST_ID:
            raise ValueError("must be the numeric id of a person or group, or 0")
        return id

    @field_validator("language")
    @classmethod
    def _has_texts(cls, code: str) -> str:
        from bot.messages import languages  # slow to import

        if code not in languages():
            raise ValueError(f"must be one of {', '.join(languages())}")
        return code

    @field_validator("api_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        _check_address(url, "https://api.telegram.org")
        return url.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _is_secure_address(cls, url: str) -> str:
        if url and _check_address(url, "https://bot.example.org/hook") == "http" and not _is_loopback(url):
            raise ValueError("must begin with https://, except for an address on this machine")
        return url

    @field_validator("webhook_listen", "monitor")
    @classmethod
    def _is_host_and_port(cls, address: str, info: ValidationInfo) -> str:
        if (address or info.field_name != "monitor") and not host_and_port(address)[1]:
            raise ValueError("must have a port other than 0, as in 127.0.0.1:8443")
        return address


def host_and_port(address: str) -> tuple[str, int]:
    """Split host:port, as in 127.0.0.1:8443 or [::1]:8443; raise ValueError if the address is invalid."""
    example = "must be a host and a port, as in 127.0.0.1:8443"
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(example) from None
    if not host or port is None or parts.netloc != address or "@" in address or re.search(r"\s", address):
        raise ValueError(example)
    return host, port


def _check_address(url: str, example: str) -> str:
    """Return the scheme of a URL; raise ValueError if the URL is invalid."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises if the port is invalid
    except ValueError:  # whose message may contain a password
        raise ValueError(f"must be a URL such as {example}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be a URL such as {example}")
    if "@" in parts.netloc or parts.query or parts.fragment or re.search(r"[\s{}]", url):
        raise ValueError("must be a URL without a user name, ?, #, braces or spaces")
    return parts.scheme


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_token() -> str:
    """Return the token in TELEGRAM_BOT_TOKEN, or otherwise in the file that TELEGRAM_BOT_TOKEN_FILE names.

    Raise ConfigError if there is none or it is malformed; the message never contains what was read.
    """
    origin, token = "TELEGRAM_BOT_TOKEN", os.environ.get("TELEGRAM_BOT_TOKEN", "").strip()
    file = os.environ.get("TELEGRAM_BOT_TOKEN_FILE")
    if not token and file:
        origin = f"TELEGRAM_BOT_TOKEN_FILE: {file}"
        try:
            token = Path(file).read_text("utf-8-sig").strip()
        except OSError as error:
            raise ConfigError(f"{origin}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{origin}: is not text; it must hold the bot's token and nothing else") from None
    if not token:
        empty = "is empty" if file else "is not set"
        raise ConfigError(f"{origin} {empty}; to get a token, {_HOW_TO_GET}")
    if not _TOKEN.fullmatch(token):
        raise ConfigError(f"{origin} is not a bot token, which looks like 123456789:AAE…; to get one, {_HOW_TO_GET}")
    return token
