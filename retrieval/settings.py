"""The [retrieval] section of the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from index.settings import Section, beside_file


class RetrievalSettings(Section):
    """How many quotes an answer has, what puts them in order, and when there is none."""

    name: ClassVar[str] = "retrieval"
    model_config = SettingsConfigDict(env_prefix="QUOTEWIRE_RETRIEVAL_")

    quotes: Annotated[int, Field(ge=1, le=50)] = 5
    per_article: Annotated[int, Field(ge=1, le=50)] = 3
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.32
    reranker: Annotated[str, Field(min_length=1)] | None = None

    @classmethod
    def load(cls, config: Path | None = None) -> Self:
        """Read the section; a reranker that is a folder is, like every path, relative to the file."""
        settings = super().load(config)
        if settings.reranker is None:
            return settings
        return settings.model_copy(update={"reranker": beside_file(cls, "reranker", settings.reranker, config)})
