"""The values of a call, which all come as strings, as what they stand for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.support.telegram.errors import bad


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Values:
    """What was sent with a call."""

    given: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """A number; what is none counts as the default, as with Telegram."""
        try:
            return int(self.given.get(name, default))
        except ValueError:
            return default

    def identifier(self, name: str, what: str) -> int:
        """A number that must be there."""
        if not self.text(name):
            raise bad(f"{what} is not specified")
        try:
            return int(self.given[name])
        except ValueError:
            raise bad(f"can't parse {what} as a Number") from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def decoded(self, name: str, what: str) -> Any:
        """What JSON says, None if there is none."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.given[name])
        except ValueError:
            raise bad(f"can't parse {what} JSON object") from None


def as_strings(values: dict[str, Any]) -> dict[str, str]:
    """As a request has them."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
