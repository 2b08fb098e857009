"""The [retrieval] section of the configuration."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from index.settings import Section


class RetrievalSettings(Section):
    """How many quotes an answer has, and when there is none."""

    name: ClassVar[str] = "retrieval"
    model_config = SettingsConfigDict(env_prefix="QUOTEWIRE_RETRIEVAL_")

    quotes: Annotated[int, Field(ge=1, le=50)] = 5
    per_article: Annotated[int, Field(ge=1, le=50)] = 3
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.25
