"""What a question made by a template is, and when a name can stand in one by itself. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.templates.things import DEMONYM


class Form(StrEnum):
    """What kind of question it is, the most telling first."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MUCH = "how much"
    UNDER = "under"
    WANTS = "wants"
    SAID_OF = "said of"
    WHAT = "what"
    NEW = "new"
    SAID = "said"
    ABOUT = "about"  # where there is nothing better


@dataclass(frozen=True, slots=True)
class Template:
    """A question, and the names that it is made of; one of a person may be the answer."""

    text: str
    form: Form
    name: str
    topic: str = ""  # what it asks about beside the name


_CAPITALISED = r"[A-Z][a-zé]+(?:-[A-Z][a-zé]+)?"
PERSON = (
    rf"(?!(?:The|A|An|New|East|West|North|South|Saint|San|Los|Former) ){_CAPITALISED} "
    rf"(?:[A-Z]\. |(?:de|van|von|al|bin) )?(?:Mc|Mac|O’|O'|De)?{_CAPITALISED}"
)
# Acme Director General Ann Lee
TITLED = re.compile(
    r"(?:(?P<body>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)?) )?"
    r"(?P<office>President|CEO|Prime Minister|Director General|Secretary General|Secretary-General|Governor|Mayor) "
    rf"(?P<person>{PERSON})"
)
# Behind a name that stands for itself, and is no part of a longer expression as in "House bill".
_ENDS_TEXT = """
and or but is was are were has have had will would can could may might should must to in on at for with from by that who
which as than because after before when while if over
"""
STANDS_ALONE = re.compile(rf"[.,;:!?)”\"]|[’'](?!s)|$| (?:{'|'.join(_ENDS_TEXT.split())})\b")
NO_TOPIC = re.compile(
    rf"(?:{DEMONYM.pattern}|God|Slovak|Kazakh|Uzbek|Serb|Croat|Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Republican|Democrat)\b"
)
# Before a name that is the rest of a longer one: First | Mississippi, French and | Indian War.
IN_LARGER = re.compile(
    r"\b(?!(?:The|An?|In|On|At|As|And|But|For|With|When|While|After) )[A-Z][\w.-]* (?:(?:and|&|of|for) (?:the )?)?$|"
    r"[-/&]$"
)


def with_article(name: str, story: str) -> str | None:
    """The name with "the" if the story writes it so; None of initials that it always writes in longer expressions."""
    with_it = len(re.findall(rf"\b[Tt]he {re.escape(name)}\b(?! [A-Z])", story))
    without = len(re.findall(rf"(?<![Tt]he )\b{re.escape(name)}\b(?! [A-Z])", story))
    if with_it > without:
        return f"the {name}"
    return None if with_it or (name.isupper() and len(name) <= 3) else name


def without_office(run: str) -> str | None:
    """The person of "Acme Director General Ann Lee", or of a full name alone."""
    titled = TITLED.fullmatch(run)
    if run.endswith(("Republicans", "Democrats")):
        return None
    return titled["person"] if titled else run if re.fullmatch(PERSON, run) else None
