"""How Telegram refuses a call."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal: its description, its HTTP status, and its parameters (retry_after)."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


def bad(reason: str) -> ApiError:
    return ApiError(f"Bad Request: {reason}")


def unparsable(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")
