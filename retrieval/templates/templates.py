"""Questions that a sentence answers, made of its own words by templates that are surely grammatical. Pure.

A question that reads wrong is worse than none: each template asks for signs that its words can stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.names import names
from index.text.speakers import speaker
from index.types import Span
from retrieval.templates.event_templates import events, is_surname
from retrieval.templates.forms import (
    IN_LARGER,
    NO_TOPIC,
    PERSON,
    STANDS_ALONE,
    TITLED,
    Form,
    Template,
    with_article,
    without_office,
)
from retrieval.templates.russian_templates import russian
from retrieval.templates.things import ThingKind, things

# Ann Lee, the head of Acme, …
_OFFICE_OF = (
    r"(?:deputy |vice )?(?:president|prime minister|chief executive|CEO|chairman|chairwoman|executive director|"
    r"director general|director|secretary general|head|founder|co-founder|governor|mayor|leader|commander|editor|"
    r"owner|manager|coach|dean)"
)
_APPOSITION = re.compile(rf", (?:the )?(?P<office>{_OFFICE_OF}) of (?P<the>the )?(?=[A-Z])")
_BEHIND = re.compile(r"[,.]|$")
_NO_BODY = re.compile(r"\b(?:Former|Vice|Deputy|Acting|Ex|Then|House|Senate|State|Council|County|City|Party|The|GOP)\b")
_WAS = re.compile(
    r" was (?P<verb>founded|established|born|launched|released|opened|created|built|arrested|elected|appointed|"
    r"published|signed|abolished|discovered|invented|completed|crowned|assassinated|inaugurated) "
    r"(?:(?P<by>by )|(?=(?:in|on) (?:\d|[A-Z])))"
)
_BY_SOMEBODY = frozenset(("founded", "established", "created", "built", "discovered", "invented", "appointed"))
_IS = re.compile(r"(?: \([^()]*\))? (?P<be>is|was|are|were) (?:a|an|the|one of the) ")
# A German professor of theology and …
_ROLE = re.compile(
    r"(?:[\w’'-]+,? (?:and )?){0,4}(?:professor|politician|actor|actress|singer|writer|author|poet|scientist|physicist|"
    r"chemist|mathematician|inventor|engineer|composer|musician|emperor|king|queen|philosopher|theologian|lawyer|statesman|"
    r"footballer|player|coach|businessman|businesswoman|journalist|activist|novelist|painter|artist|entrepreneur|"
    r"astronaut|cosmonaut|economist)\b"
)
_SAID = re.compile(r" (?:said|announced|warned|argued|admitted|insisted|claimed|explained|predicted) ")


def templates(headline: str | None, sentences: Sequence[str], language: str | None) -> Iterator[Template]:
    """The questions that an article answers: in Russian or English, of another language none."""
    story = "\n".join(sentences)
    if language == "ru":
        for sentence in sentences:
            yield from russian(sentence)
        yield from (Template(f"Что нового: {name}?", Form.NEW, name) for name in _told_of(headline, sentences))
    elif language == "en":
        if headline and sentences:
            yield from _what(headline, sentences[0], story)
        for sentence in sentences:
            yield from _who(sentence, story)
            yield from _when(sentence)
            yield from events(sentence, story)
            yield from _said(sentence, story)
            yield from _about(sentence, story)
        for name in _told_of(headline, sentences):
            if named := with_article(name, story):
                yield Template(f"What is new about {named}?", Form.NEW, name)


def _who(sentence: str, story: str) -> Iterator[Template]:
    """Who holds an office, of a sentence that says so beside a name."""
    for one in names(sentence):
        titled = TITLED.fullmatch(sentence, one.start, one.end)
        if titled and titled["body"]:
            of = None if _is_no_body(titled["body"]) else with_article(titled["body"], story)
            before = sentence[: one.start]
            if of and not IN_LARGER.search(before) and not before.endswith(("’ ", "' ")):
                office = titled["office"] if titled["office"].isupper() else titled["office"].lower()
                yield Template(f"Who is the {office} of {of}?", Form.WHO, titled["person"])
            continue
        office_of = _APPOSITION.match(sentence, one.end)
        is_whole = not IN_LARGER.search(sentence[: one.start])
        if office_of and is_whole and re.fullmatch(PERSON, sentence[one.start : one.end]):
            body = next((other for other in names(sentence) if other.start == office_of.end()), None)
            if body and _BEHIND.match(sentence, body.end) and not _is_short(sentence[body.start : body.end]):
                of = f"{office_of['the'] or ''}{sentence[body.start : body.end]}"
                yield Template(f"Who is the {office_of['office']} of {of}?", Form.WHO, sentence[one.start : one.end])


def _is_short(name: str) -> bool:
    """Whether it is no more than an abbreviation, as in "vice president of A&R"."""
    return name.isupper() and len(name) <= 3


def _is_no_body(name: str) -> bool:
    return NO_TOPIC.match(name) is not None or _NO_BODY.search(name) is not None


def _when(sentence: str) -> Iterator[Template]:
    """Acme was founded in 1998, or by Ann Lee."""
    first = next(iter(names(sentence)), None)
    was = _WAS.match(sentence, first.end) if first else None
    if first is None or was is None or sentence[: first.start] not in ("", "The "):
        return
    name, verb = sentence[first.start : first.end], was["verb"]
    subject = f"the {name}" if first.start else name
    if was["by"]:
        is_somebody = any(person.start == was.end() for person in things(sentence, ThingKind.PERSON))
        if verb in _BY_SOMEBODY and is_somebody:
            yield Template(f"Who {verb} {subject}?", Form.WHO, name)
    elif any(date.start == was.end() + len("in ") for date in things(sentence, ThingKind.DATE)):
        yield Template(f"When was {subject} {verb}?", Form.WHEN, name)


def _what(headline: str, sentence: str, story: str) -> Iterator[Template]:
    """What an entry of an encyclopedia is about, or who."""
    start = len("The ") if sentence.startswith("The ") else 0
    name = headline.removeprefix("The ").strip()
    is_it = _IS.match(sentence, start + len(name)) if sentence.startswith(name, start) else None
    if is_it and not start and re.fullmatch(PERSON, name):
        if is_it["be"] in ("is", "was") and _ROLE.match(sentence, is_it.end()):
            yield Template(f"Who {is_it['be']} {name}?", Form.WHO, name)
    elif is_it and name[:1].isupper():
        common = name[:1].lower() + name[1:]
        shown = common if re.search(rf"[\w,] {re.escape(common)}\b", story) else name
        yield Template(f"What {is_it['be']} {'the ' if start else ''}{shown}?", Form.WHAT, name)


def _said(sentence: str, story: str) -> Iterator[Template]:
    spoken = speaker(sentence, Span(0, len(sentence)))
    if spoken is None:
        for one in things(sentence, ThingKind.PERSON):  # without quotation marks
            name = without_office(sentence[slice(*one)])
            is_said = _SAID.match(sentence, one.end) or sentence[: one.start].endswith(" quoted ")
            if name and is_said and not IN_LARGER.search(sentence[: one.start]):
                yield Template(f"What did {name} say?", Form.SAID, name)
        return
    name = without_office(sentence[slice(*spoken.speaker)])
    is_whole = not IN_LARGER.search(sentence[: spoken.speaker.start])
    if name is None or not is_whole or spoken.speaker not in things(sentence, ThingKind.PERSON):
        return
    for topic in names(sentence):
        inside = spoken.quotation.start < topic.start and topic.end <= spoken.quotation.end
        if not inside or topic.is_title or sentence[topic.start - 1] != " ":  # the first word's capital says nothing
            continue
        word = sentence[topic.start : topic.end]
        stands = STANDS_ALONE.match(sentence, topic.end) and not IN_LARGER.search(sentence[: topic.start])
        if stands and not NO_TOPIC.match(word) and (about := with_article(word, story)):
            yield Template(f"What did {name} say about {about}?", Form.SAID_OF, name, word)
    yield Template(f"What did {name} say?", Form.SAID, name)


def _about(sentence: str, story: str) -> Iterator[Template]:
    """What is said of a name inside of a sentence, where the capital means something."""
    for one in names(sentence):
        name = sentence[one.start : one.end]
        stands = STANDS_ALONE.match(sentence, one.end) and sentence[one.start - 1 : one.start] == " "
        if stands and not one.is_title and not IN_LARGER.search(sentence[: one.start]):
            is_fit = name[-1].isalpha() and not NO_TOPIC.match(name) and not TITLED.fullmatch(name)
            if is_fit and not is_surname(name, story) and (named := with_article(name, story)):
                yield Template(f"What is said about {named}?", Form.ABOUT, name, name)


def _told_of(headline: str | None, sentences: Sequence[str]) -> Iterator[str]:
    """The names of the headline that the story begins with: a headline may write every word in capitals."""
    for sentence in sentences[:3]:
        for one in names(sentence):
            name = sentence[one.start : one.end]
            is_long = " " in name or name[1:] != name[1:].lower()
            is_whole = is_long and not one.is_title and not IN_LARGER.search(sentence[: one.start])
            if is_whole and re.search(rf"\b{re.escape(name)}\b", headline or ""):
                yield name
