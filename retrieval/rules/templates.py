"""Questions that a sentence answers, made of its own words by templates that are surely grammatical. Pure.

A question that reads wrong is worse than none: each template asks for signs that its words can stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.types import Span
from retrieval.rules.expected import Kind
from retrieval.rules.names import names
from retrieval.rules.speakers import speaker
from retrieval.rules.things import DEMONYM, things


class Form(StrEnum):
    """What kind of question it is, the most telling first."""

    WHO = "who"
    WHEN = "when"
    SAID_OF = "said of"
    WHAT = "what"
    NEW = "new"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Template:
    """A question, and the names that it is made of; one of a person may be the answer."""

    text: str
    form: Form
    name: str
    topic: str = ""  # what it asks about beside the name


_CAPITALISED = r"[A-Z][a-zé]+(?:-[A-Z][a-zé]+)?"
_PERSON = (
    rf"(?!(?:The|A|An|New|East|West|North|South|Saint|San|Los|Former) ){_CAPITALISED} "
    rf"(?:[A-Z]\. |(?:de|van|von|al|bin) )?(?:Mc|Mac|O’|O'|De)?{_CAPITALISED}"
)
# Ann Lee, the head of Acme, …
_OFFICE_OF = (
    r"(?:deputy |vice )?(?:president|prime minister|chief executive|CEO|chairman|chairwoman|executive director|"
    r"director general|director|secretary general|head|founder|co-founder|governor|mayor|leader|commander|editor|"
    r"owner|manager|coach|dean)"
)
_APPOSITION = re.compile(rf", (?:the )?(?P<office>{_OFFICE_OF}) of (?P<the>the )?(?=[A-Z])")
_BEHIND = re.compile(r"[,.]|$")
# Acme Director General Ann Lee
_TITLED = re.compile(
    r"(?:(?P<body>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)?) )?"
    r"(?P<office>President|CEO|Prime Minister|Director General|Secretary General|Secretary-General|Governor|Mayor) "
    rf"(?P<person>{_PERSON})"
)
_NO_BODY = re.compile(r"\b(?:Former|Vice|Deputy|Acting|Ex|Then|House|Senate|State|Council|County|City|Party|The|GOP)\b")
_WAS = re.compile(
    r" was (?P<verb>founded|established|born|launched|released|opened|created|built|arrested|elected|appointed|"
    r"published|signed|abolished|discovered|invented|completed|crowned|assassinated|inaugurated) "
    r"(?:(?P<by>by )|(?=(?:in|on) (?:\d|[A-Z])))"
)
_BY_SOMEBODY = frozenset(("founded", "established", "created", "built", "discovered", "invented", "appointed"))
_IS = re.compile(r"(?: \([^()]*\))? (?P<be>is|was|are|were) (?:a|an|the|one of the) ")
_SAID = re.compile(r" (?:said|announced|warned|argued|admitted|insisted|claimed|explained|predicted) ")
# Behind a name that stands for itself, and is no part of a longer expression as in "House bill".
_ENDS_TEXT = """
and or but is was are were has have had will would can could may might should must to in on at for with from by that who
which as than because after before when while if over
"""
_STANDS_ALONE = re.compile(rf"[.,;:!?)”\"]|[’'](?!s)|$| (?:{'|'.join(_ENDS_TEXT.split())})\b")
_NO_TOPIC = re.compile(rf"(?:{DEMONYM.pattern}|God|Mr|Mrs|Ms|Dr|Republican|Democrat)\b")
# Before a name that is the rest of a longer one: First | Mississippi, French and | Indian War.
_IN_LARGER = re.compile(
    r"\b(?!(?:The|An?|In|On|At|As|And|But|For|With|When|While|After) )[A-Z][\w.-]* (?:(?:and|&|of|for) (?:the )?)?$|"
    r"[-/&]$"
)
_RUSSIAN_PERSON = re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
_RUSSIAN_VERB = re.compile(
    r"(?:сказал|заявил|сообщил|отметил|добавил|подчеркнул|рассказал|пояснил|уточнил|написал|объявил|предупредил|"
    r"ответил|признал|напомнил|заметил|указал|объяснил)(?P<she>а)?"
)


def templates(headline: str | None, sentences: Sequence[str], language: str | None) -> Iterator[Template]:
    """The questions that an article answers: in Russian or English, of another language none."""
    story = "\n".join(sentences)
    if language == "ru":
        for sentence in sentences:
            yield from _said_in_russian(sentence)
        yield from (Template(f"Что нового: {name}?", Form.NEW, name) for name in _told_of(headline, sentences))
    elif language == "en":
        if headline and sentences:
            yield from _what(headline, sentences[0], story)
        for sentence in sentences:
            yield from _who(sentence, story)
            yield from _when(sentence)
            yield from _said(sentence, story)
        for name in _told_of(headline, sentences):
            if named := _with_article(name, story):
                yield Template(f"What is new about {named}?", Form.NEW, name)


def _who(sentence: str, story: str) -> Iterator[Template]:
    """Who holds an office, of a sentence that says so beside a name."""
    for one in names(sentence):
        titled = _TITLED.fullmatch(sentence, one.start, one.end)
        if titled and titled["body"]:
            of = None if _is_no_body(titled["body"]) else _with_article(titled["body"], story)
            if of and not _IN_LARGER.search(sentence[: one.start]):
                office = titled["office"] if titled["office"].isupper() else titled["office"].lower()
                yield Template(f"Who is the {office} of {of}?", Form.WHO, titled["person"])
            continue
        office_of = _APPOSITION.match(sentence, one.end)
        is_whole = not _IN_LARGER.search(sentence[: one.start])
        if office_of and is_whole and re.fullmatch(_PERSON, sentence[one.start : one.end]):
            body = next((other for other in names(sentence) if other.start == office_of.end()), None)
            if body and _BEHIND.match(sentence, body.end):
                of = f"{office_of['the'] or ''}{sentence[body.start : body.end]}"
                yield Template(f"Who is the {office_of['office']} of {of}?", Form.WHO, sentence[one.start : one.end])


def _is_no_body(name: str) -> bool:
    return _NO_TOPIC.match(name) is not None or _NO_BODY.search(name) is not None


def _when(sentence: str) -> Iterator[Template]:
    """Acme was founded in 1998, or by Ann Lee."""
    first = next(iter(names(sentence)), None)
    was = _WAS.match(sentence, first.end) if first else None
    if first is None or was is None or sentence[: first.start] not in ("", "The "):
        return
    name, verb = sentence[first.start : first.end], was["verb"]
    subject = f"the {name}" if first.start else name
    if not was["by"]:
        yield Template(f"When was {subject} {verb}?", Form.WHEN, name)
    elif verb in _BY_SOMEBODY and any(person.start == was.end() for person in things(sentence, Kind.PERSON)):
        yield Template(f"Who {verb} {subject}?", Form.WHO, name)


def _what(headline: str, sentence: str, story: str) -> Iterator[Template]:
    """What an entry of an encyclopedia is about, unless that may be a person."""
    start = len("The ") if sentence.startswith("The ") else 0
    name = headline.removeprefix("The ").strip()
    is_it = _IS.match(sentence, start + len(name)) if sentence.startswith(name, start) else None
    if is_it and name[:1].isupper() and (start or not re.fullmatch(_PERSON, name)):
        common = name[:1].lower() + name[1:]
        shown = common if re.search(rf"[\w,] {re.escape(common)}\b", story) else name
        yield Template(f"What {is_it['be']} {'the ' if start else ''}{shown}?", Form.WHAT, name)


def _said(sentence: str, story: str) -> Iterator[Template]:
    spoken = speaker(sentence, Span(0, len(sentence)))
    if spoken is None:
        for one in things(sentence, Kind.PERSON):  # without quotation marks
            name = _without_office(sentence[slice(*one)])
            is_said = _SAID.match(sentence, one.end) or sentence[: one.start].endswith(" quoted ")
            if name and is_said and not _IN_LARGER.search(sentence[: one.start]):
                yield Template(f"What did {name} say?", Form.SAID, name)
        return
    name = _without_office(sentence[slice(*spoken.speaker)])
    is_whole = not _IN_LARGER.search(sentence[: spoken.speaker.start])
    if name is None or not is_whole or spoken.speaker not in things(sentence, Kind.PERSON):
        return
    for topic in names(sentence):
        inside = spoken.quotation.start < topic.start and topic.end <= spoken.quotation.end
        if not inside or topic.is_title or sentence[topic.start - 1] != " ":  # the first word's capital says nothing
            continue
        word = sentence[topic.start : topic.end]
        stands = _STANDS_ALONE.match(sentence, topic.end) and not _IN_LARGER.search(sentence[: topic.start])
        if stands and not _NO_TOPIC.match(word) and (about := _with_article(word, story)):
            yield Template(f"What did {name} say about {about}?", Form.SAID_OF, name, word)
    yield Template(f"What did {name} say?", Form.SAID, name)


def _without_office(run: str) -> str | None:
    """The person of "Acme Director General Ann Lee", or of a full name alone."""
    titled = _TITLED.fullmatch(run)
    return titled["person"] if titled else run if re.fullmatch(_PERSON, run) else None


def _with_article(name: str, story: str) -> str | None:
    """The name with "the" if the story writes it so; None of initials that it always writes in longer expressions."""
    with_it = len(re.findall(rf"\b[Tt]he {re.escape(name)}\b(?! [A-Z])", story))
    without = len(re.findall(rf"(?<![Tt]he )\b{re.escape(name)}\b(?! [A-Z])", story))
    if with_it > without:
        return f"the {name}"
    return None if with_it or (name.isupper() and len(name) <= 3) else name


def _told_of(headline: str | None, sentences: Sequence[str]) -> Iterator[str]:
    """The names of the headline that the story begins with: a headline may write every word in capitals."""
    for sentence in sentences[:3]:
        for one in names(sentence):
            name = sentence[one.start : one.end]
            is_long = " " in name or name[1:] != name[1:].lower()
            is_whole = is_long and not one.is_title and not _IN_LARGER.search(sentence[: one.start])
            if is_whole and re.search(rf"\b{re.escape(name)}\b", headline or ""):
                yield name


def _said_in_russian(sentence: str) -> Iterator[Template]:
    """A name beside a verb is its subject, and the verb tells who it is."""
    spoken = speaker(sentence, Span(0, len(sentence)))
    if spoken is None:
        return
    start, end = spoken.speaker
    name = sentence[start:end]
    before, after = sentence[:start].rstrip().rsplit(" ", 1)[-1], sentence[end:].lstrip().split(" ", 1)[0]
    verb = _RUSSIAN_VERB.fullmatch(before) or _RUSSIAN_VERB.fullmatch(after.rstrip(",.:"))
    if verb and _RUSSIAN_PERSON.fullmatch(name):
        yield Template(f"Что сказал{verb['she'] or ''} {name}?", Form.SAID, name)
