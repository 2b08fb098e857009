"""Follow-ups as the fakes tell them: by how a question begins."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.query.follow_up import cleaned, joined, noted
from retrieval.types import Question


@dataclass(frozen=True, slots=True)
class Meant:
    """A question as it is understood, and what an answer says of that."""

    text: str
    subject: str
    note: str | None = None


def meant_by(question: Question) -> Meant:
    """Join a question with the earlier one if it begins with "and" or "what about"."""
    text = cleaned(question.text)
    follows = text.lower().startswith(("and ", "what about ", "when?"))
    if not question.earlier or not follows:
        return Meant(text, text)
    both = joined(question.earlier, text)
    return Meant(both, both.splitlines()[0], noted(both))
