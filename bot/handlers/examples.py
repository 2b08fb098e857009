"""Example questions, for /start, /help and wherever a question is missing."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.presentation.texts import Texts


class ExampleQuestions:
    """The questions of [bot] examples, else those of the catalogue."""

    def __init__(self, configured: Sequence[str]) -> None:
        self.configured = tuple(configured)

    def of(self, texts: Texts) -> Sequence[str]:
        """Return at least one question, in the language of the texts if none is configured."""
        return self.configured or texts("examples").splitlines()
