"""Who speaks in a sentence that quotes somebody, if the sentence itself says so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.text.languages import LANGUAGES, alternatives, any_of, words_of
from index.text.names import names
from index.types import Span


@dataclass(frozen=True, slots=True)
class AttributedQuotation:
    """A quotation with its marks, and the name of who says it, both as spans of the text."""

    quotation: Span
    speaker: Span


# A quotation in a sentence, also one that began before it or continues after it.
_QUOTED = re.compile(
    r"“[^“”]+(?:”|$)|«[^«»]+(?:»|$)|„[^„“”]+(?:[“”]|$)|^[^“”«»„\"]+[”»]|(?<!\w)‘(?:[^‘’]|’(?=\w))+’(?!\w)|"
    r"(?<![\w.,!?])\"(?=\S)[^\"]+(?:(?<=\S)\"|$)|^[^\"“”«»„]+[,.!?]\"(?=\s|$)"
)
_MARKS = re.compile(r"[“”\"«»„‘]")
# A quotation is hidden by such characters. The last one ends a sentence, so that "But" after it is no name.
_HIDDEN, _HIDDEN_END = "\ue000", "…"
_AFTER_QUOTATION = re.compile(rf"(?<={_HIDDEN}{_HIDDEN_END})[,.]?\s*(?:[—–-]+\s*)?$")
_BEFORE_TITLE = re.compile(
    rf"(?:{alternatives(lambda language: language.speech.title_openings)})[:,]?\s*$", re.IGNORECASE
)
_VERB = re.compile(rf"(?<!\w)(?:{alternatives(lambda language: language.speech.verbs)})(?!\w)")
_VERBS_WITH_OBJECT = frozenset(words_of(lambda language: language.speech.verbs_with_object))
_ACCORDING = re.compile(rf"\b(?:{alternatives(lambda language: language.speech.according)}) ")
_CITING = re.compile(rf"(?<!\w)(?:{alternatives(lambda language: language.speech.citing)}) ")
# The role between a verb and the name after it: said the company's new head, Ann Lee.
_ROLE = re.compile(
    rf"(?:(?:(?!(?:{any_of(words_of(lambda language: language.speech.no_role))})\b)"
    r"[^\W\d_][\w’'-]*|’s|'s),? ){0,6}"
)
# What may be between a name and its verb: Ann Lee, 69, who heads Acme, also | said.
_ADVERBS = rf"(?:(?:{alternatives(lambda language: language.speech.adverbs)}) )*"
_RELATIVE = any_of(words_of(lambda language: language.speech.relative))
_SUBJECT = re.compile(
    rf"(?:,? (?:{_RELATIVE}))? {_ADVERBS}|, {_ADVERBS}|,? \([^()]{{1,40}}\),? {_ADVERBS}"
    rf"|, [^{_HIDDEN}]{{1,120}}, {_ADVERBS}"
)
_PREPOSITION = re.compile(
    rf"\b(?:{any_of(words_of(lambda language: language.speech.prepositions))}) "
    rf"(?:(?:{any_of(words_of(lambda language: language.speech.determiners))}) )?(?:[\w.]+[’']s )?$",
    re.IGNORECASE,
)
_OTHER_CLAUSE = re.compile(rf"[;.!?]\s|{_VERB.pattern}")
_FURTHEST_SUBJECT, _NEAR = 140, 60  # code points
_COLON = re.compile(rf"\s*:\s*(?={_HIDDEN})")
# An office may be followed by a capitalised genitive, and a name by a patronymic.
_OFFICES = [
    (re.compile(language.speech.office_genitive), re.compile(rf"(?:{language.speech.patronymic})$"))
    for language in LANGUAGES
    if language.speech.office_genitive
]


def speaker(text: str, sentence: Span) -> AttributedQuotation | None:
    """Return the quotation that is nearest to its speaker's name; None if no speaker is named, as in "he said".

    >>> text = "“It flies,” said Dmitry Rogozin, head of Roscosmos."
    >>> text[slice(*speaker(text, Span(0, len(text))).speaker)]
    'Dmitry Rogozin'
    """
    own = text[sentence.start : sentence.end]
    if not _MARKS.search(own):
        return None
    quoted = [found.span() for found in _QUOTED.finditer(own)]
    hidden = _hide(own, quoted)
    best: tuple[int, AttributedQuotation] | None = None
    for first, last, name in _attributions(hidden):
        for start, end in quoted:
            between = hidden[last:start] if last <= start else hidden[end:first]
            nearer = best is None or len(between) < best[0]
            if nearer and not _OTHER_CLAUSE.search(between) and _is_speech(own, start, end, len(between)):
                quotation = Span(sentence.start + start, sentence.start + end)
                best = (
                    len(between),
                    AttributedQuotation(quotation, Span(sentence.start + name.start, sentence.start + name.end)),
                )
    return best[1] if best else None


def named_speakers(text: str, sentence: Span) -> list[Span]:
    """Return the names of those who say something in a sentence, quoted word for word or not, as spans of the text.

    >>> text = "The ship is ready, Roscosmos quoted its head Ann Lee as saying."
    >>> [text[slice(*name)] for name in named_speakers(text, Span(0, len(text)))]
    ['Ann Lee']
    """
    own = text[sentence.start : sentence.end]
    hidden = _hide(own, [found.span() for found in _QUOTED.finditer(own)])
    found = {Span(name.start, name.end) for _, _, name in _attributions(hidden)}
    candidates = _names_outside_quotations(hidden)
    for citing in _CITING.finditer(hidden):
        if name := _name_after(hidden, citing.end(), candidates):
            found.add(Span(name.start, name.end))
    return [Span(sentence.start + start, sentence.start + end) for start, end in sorted(found)]


def _names_outside_quotations(hidden: str) -> list[Span]:
    return [name for name in names(hidden) if _HIDDEN not in hidden[name.start : name.end]]


def _hide(sentence: str, quoted: list[tuple[int, int]]) -> str:
    """Return the sentence with its quotations hidden; offsets stay the same."""
    for start, end in quoted:
        sentence = sentence[:start] + _HIDDEN * (end - start - 1) + _HIDDEN_END + sentence[end:]
    return sentence


def _is_speech(sentence: str, start: int, end: int, gap: int) -> bool:
    """Return whether the marks enclose what somebody said, and not a title or a word used with reservation.

    `gap` is the number of code points between the quotation and the attribution.
    """
    inside = sentence[start:end].strip('“”"«»„‘’ ')
    if _BEFORE_TITLE.search(sentence, max(0, start - 30), start):
        return False
    comes_first = not sentence[:start].strip() and (inside[-1:] in tuple(",?!…") or sentence[end : end + 1] == ",")
    is_announced = sentence[start - 2 : start] in (": ", ", ")
    if (comes_first or is_announced) and gap <= _NEAR:
        return True  # “No,” Ann Lee said.
    words = inside.split()
    return len(words) >= 4 and not all(word[:1].isupper() for word in words if len(word) > 3)


def _attributions(hidden: str) -> Iterator[tuple[int, int, Span]]:
    """Yield the start, the end and the name of each attribution: name with verb, name and colon, according to name."""
    found = _names_outside_quotations(hidden)
    for verb in _VERB.finditer(hidden):
        is_first = _AFTER_QUOTATION.search(hidden, max(0, verb.start() - 8), verb.start())
        if is_first and verb[0] not in _VERBS_WITH_OBJECT:
            name = _name_after(hidden, verb.end() + 1, found)
        else:
            name = _subject(hidden, verb.start(), found)
        if name:
            yield min(name.start, verb.start()), max(name.end, verb.end()), name
    for name in found[:1]:
        is_heading = " " in hidden[name.start : name.end] and hidden[name.start : name.end].isupper()
        if _COLON.match(hidden, name.end) and not hidden[: name.start].strip("—–- ") and not is_heading:
            yield *name[:2], name
    for according in _ACCORDING.finditer(hidden):
        if name := _name_after(hidden, according.end(), found):
            yield according.start(), name.end, name


def _subject(hidden: str, verb: int, found: list[Span]) -> Span | None:
    """Return the subject of a verb: Ann Lee | said, Ann Lee, 69, who heads Acme, | said."""
    near = [name for name in found if verb - _FURTHEST_SUBJECT < name.end <= verb]
    for at, name in enumerate(near):
        if not _SUBJECT.fullmatch(hidden, name.end, verb) or _follows_preposition(hidden, name):
            continue
        after = near[at + 1] if at + 1 < len(near) else None
        listed = after and hidden[name.end : after.start] == ", " and hidden[after.end : verb] != ", "
        if not listed and not _VERB.search(hidden, name.end, verb):
            return name
    return None


def _follows_preposition(hidden: str, name: Span) -> bool:
    return _PREPOSITION.search(hidden, max(0, name.start - 30), name.start) is not None


def _name_after(hidden: str, at: int, found: list[Span]) -> Span | None:
    """Return the name after a verb, perhaps with a role between them: said | the company's head, | Ann Lee."""
    named = None
    for name in found:
        if name.start < at:
            continue
        if not _ROLE.fullmatch(hidden, at, name.start):
            break
        named, at = name, name.end
        if hidden[at : at + 2] in ("’s", "'s"):
            named, at = None, at + 2
        if hidden[at : at + 1] != " ":
            break
        at += 1
    return _without_office(hidden, named) if named else None


def _without_office(hidden: str, name: Span) -> Span:
    """Return the name without the genitive of an office before it: "глава Роскосмоса Дмитрий Рогозин"."""
    words = hidden[name.start : name.end].split(" ")
    for genitive, patronymic in _OFFICES:
        if len(words) > 2 and genitive.fullmatch(words[0]) and not patronymic.match(words[1]):
            return Span(name.start + len(words[0]) + 1, name.end)
    return name
