"""The [retrieval] section of the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from index.settings import Section, beside_file

BUILT_IN = "built-in"  # the reader that is installed with this package


class RetrievalSettings(Section):
    """How many quotes an answer has, how confident they must be, and which reader gives confidences."""

    name: ClassVar[str] = "retrieval"
    gone: ClassVar[dict[str, str]] = {"reranker": "name the cross-encoder in reader"}
    model_config = SettingsConfigDict(env_prefix="QUOTEWIRE_RETRIEVAL_")

    quotes: Annotated[int, Field(ge=1, le=50)] = 5
    per_article: Annotated[int, Field(ge=1, le=50)] = 3
    min_confidence: Annotated[float | None, Field(ge=0, le=1)] = None
    reader: str = BUILT_IN

    @classmethod
    def load(cls, config: Path | None = None) -> Self:
        """Read the section; a relative path of a reader, like every path, is relative to the configuration file."""
        settings = super().load(config)
        if settings.reader in ("", BUILT_IN):
            return settings
        return settings.model_copy(update={"reader": beside_file(cls, "reader", settings.reader, config)})
