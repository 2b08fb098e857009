"""Who speaks in a sentence that quotes, where the sentence itself says so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.text.calendar_names import WEEKDAYS
from index.text.names import Name, names
from index.types import Span


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is quoted, with its marks, and the name of who says it, both as spans of the text."""

    quotation: Span
    speaker: Span


# A quotation in a sentence; one that has begun before it or goes on behind it too.
_QUOTED = re.compile(
    r"“[^“”]+(?:”|$)|«[^«»]+(?:»|$)|„[^„“”]+(?:[“”]|$)|^[^“”«»„\"]+[”»]|(?<!\w)‘(?:[^‘’]|’(?=\w))+’(?!\w)|"
    r"(?<![\w.,!?])\"(?=\S)[^\"]+(?:(?<=\S)\"|$)|^[^\"“”«»„]+[,.!?]\"(?=\s|$)"
)
_MARKS = re.compile(r"[“”\"«»„‘]")
_INSIDE, _LAST = (
    "\ue000",
    "…",
)  # what hides a quotation: the last sign ends a sentence, so that "But" is no name behind it
_AFTER = rf"(?<={_INSIDE}{_LAST})[,.]?\s*(?:[—–-]+\s*)?"
_BEFORE_TITLE = re.compile(
    r"(?:so-called|called|titled|entitled|named|dubbed|nicknamed|labell?ed|known as|termed|word|phrase|term|song|"
    r"single|album|film|movie|book|novel|show|series|hit|episode|musical|play|так называем\w+|фильм\w*|книг\w+|песн\w+|"
    r"компани\w+|газет\w+|журнал\w*|партии|партия|корабл\w+|спутник\w*|ракет\w+)[:,]?\s*$",
    re.IGNORECASE,
)
_SAY = (
    r"(?:said|says|told|tells|tweeted|tweets|wrote|writes|added|adds|announced|announces|warned|warns|asked|asks|replied|"
    r"replies|stated|states|declared|declares|explained|explains|noted|notes|insisted|insists|argued|argues|claimed|"
    r"claims|acknowledged|admitted|admits|recalled|recalls|continued|concluded|confirmed|commented|remarked|"
    r"responded|suggested|suggests|joked|quipped|shouted|testified|vowed|pledged|promised|urged|predicted|emphasi[sz]ed|"
    r"stressed|reiterated|observed|observes|complained|lamented|called|described|informed|informs|notified|notifies|"
    r"assured|assures|reminded|reminds|"
    r"(?:сказал|заявил|сообщил|отметил|добавил|подчеркнул|рассказал|пояснил|уточнил|написал|объявил|предупредил|ответил|"
    r"признал|напомнил|заметил|указал|объяснил|спросил|призвал|пообещал|назвал|подытожил|проинформировал|уведомил|"
    r"известил|заверил)(?:а|и)?|"
    r"говорит|считает|утверждает|пишет|заявляет|отмечает|подч[её]ркивает)"
)
_VERB = re.compile(rf"(?<!\w){_SAY}(?!\w)")
_VERB_FIRST = re.compile(rf"{_AFTER}$")
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Пп]о словам|[Пп]о мнению) ")
_QUOTING = re.compile(r"(?<!\w)(?:quot(?:ed|es|ing)|cit(?:ed|es|ing)|процитировал[аи]?|цитиру(?:ет|ют|я)) ")
# What may stand between a verb and the name behind it, said the company's new head, Ann Lee: no preposition.
_SMALL = re.compile(
    r"(?:(?:(?!(?:of|to|on|in|at|that|it|he|she|they|we|i|you|about|after|when|while|as|if|for|from|by|with|and|but|"
    r"during|before|because|what|how|why|who|whom|which|там|он|она|они|что|о|об|в|на|и|но|когда|мы|я)\b)"
    r"[^\W\d_][\w’'-]*|’s|'s),? ){0,6}"
)
_ADVERBS = (
    r"(?:(?:also|later|then|had|has|have|just|once|previously|recently|reportedly|would|himself|herself|[a-z]+ly|"
    rf"(?:on |last )?{WEEKDAYS}|this week|last week|(?:earlier|later) (?:on )?\w+|"
    r"также|ранее|позже|позднее|затем|уже|сам|сама|накануне|однако) )*"
)
_SUBJECT = re.compile(
    rf"(?:,? who)? {_ADVERBS}|, {_ADVERBS}|,? \([^()]{{1,40}}\),? {_ADVERBS}|, [^{_INSIDE}]{{1,120}}, {_ADVERBS}"
)
_PREPOSITION = re.compile(
    r"\b(?:of|for|from|by|with|in|at|to|on|about|against|near|and|or|than|via|under|after|before|between|into|over|like|"
    r"что|о|об|от|для|с|у|в|на|из|и|к|по) (?:the |a |his |her )?(?:[\w.]+[’']s )?$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(rf"[;.!?]\s|{_VERB.pattern}")  # another clause between who speaks and what is said
_WITH_OBJECT = frozenset(
    {"told", "tells", "called", "described", "informed", "informs", "notified", "notifies", "assured", "assures"}
    | {"reminded", "reminds"}
)
_FURTHEST, _NEAR = 140, 60  # code points
_COLON = re.compile(rf"\s*:\s*(?={_INSIDE})")
_PATRONYMIC = re.compile(r".*(?:вич|вна|ична)$")


def speaker(text: str, sentence: Span) -> Spoken | None:
    """The first quotation in the sentence whose speaker the sentence names, or None: "he said" names nobody.

    >>> text = "“It flies,” said Dmitry Rogozin, head of Roscosmos."
    >>> text[slice(*speaker(text, Span(0, len(text))).speaker)]
    'Dmitry Rogozin'
    """
    own = text[sentence.start : sentence.end]
    if not _MARKS.search(own):
        return None
    quoted = [found.span() for found in _QUOTED.finditer(own)]
    hidden = _hide(own, quoted)
    best: tuple[int, Spoken] | None = None
    for first, last, name in _attributions(hidden):
        for start, end in quoted:
            between = hidden[last:start] if last <= start else hidden[end:first]
            nearer = best is None or len(between) < best[0]
            if nearer and not _ELSEWHERE.search(between) and _is_speech(own, start, end, len(between)):
                quotation = Span(sentence.start + start, sentence.start + end)
                best = len(between), Spoken(quotation, Span(sentence.start + name.start, sentence.start + name.end))
    return best[1] if best else None


def sayers(text: str, sentence: Span) -> list[Span]:
    """Return the names of those who say something in a sentence, in quotation marks or not, as spans of the text.

    >>> text = "The ship is ready, Roscosmos quoted its head Ann Lee as saying."
    >>> [text[slice(*name)] for name in sayers(text, Span(0, len(text)))]
    ['Ann Lee']
    """
    own = text[sentence.start : sentence.end]
    hidden = _hide(own, [found.span() for found in _QUOTED.finditer(own)])
    found = {Span(name.start, name.end) for _, _, name in _attributions(hidden)}
    known = [name for name in names(hidden) if _INSIDE not in hidden[name.start : name.end]]
    for quoting in _QUOTING.finditer(hidden):
        if name := _named(hidden, quoting.end(), known):
            found.add(Span(name.start, name.end))
    return [Span(sentence.start + start, sentence.start + end) for start, end in sorted(found)]


def _hide(sentence: str, quoted: list[tuple[int, int]]) -> str:
    """The sentence with its quotations hidden, and every offset where it was."""
    for start, end in quoted:
        sentence = sentence[:start] + _INSIDE * (end - start - 1) + _LAST + sentence[end:]
    return sentence


def _is_speech(sentence: str, start: int, end: int, gap: int) -> bool:
    """Whether the marks enclose what somebody said, rather than a title, or a word that is used with reserve."""
    inside = sentence[start:end].strip('“”"«»„‘’ ')
    if _BEFORE_TITLE.search(sentence, max(0, start - 30), start):
        return False
    comes_first = not sentence[:start].strip() and (inside[-1:] in tuple(",?!…") or sentence[end : end + 1] == ",")
    is_announced = sentence[start - 2 : start] in (": ", ", ")
    if (comes_first or is_announced) and gap <= _NEAR:
        return True  # “No,” Ann Lee said.
    words = inside.split()
    return len(words) >= 4 and not all(word[:1].isupper() for word in words if len(word) > 3)


def _attributions(hidden: str) -> Iterator[tuple[int, int, Name]]:
    """What says who speaks, with its span: verb and name, name and verb, name and colon, according to name."""
    found = [name for name in names(hidden) if _INSIDE not in hidden[name.start : name.end]]
    for verb in _VERB.finditer(hidden):
        if _VERB_FIRST.search(hidden, max(0, verb.start() - 8), verb.start()) and verb[0] not in _WITH_OBJECT:
            name = _named(hidden, verb.end() + 1, found)
        else:
            name = _subject(hidden, verb.start(), found)
        if name:
            yield min(name.start, verb.start()), max(name.end, verb.end()), name
    for name in found[:1]:
        is_heading = " " in hidden[name.start : name.end] and hidden[name.start : name.end].isupper()
        if _COLON.match(hidden, name.end) and not hidden[: name.start].strip("—–- ") and not is_heading:
            yield *name[:2], name
    for according in _ACCORDING.finditer(hidden):
        if name := _named(hidden, according.end(), found):
            yield according.start(), name.end, name


def _subject(hidden: str, verb: int, found: list[Name]) -> Name | None:
    """The name that the verb is said of: Ann Lee | said, Ann Lee, 69, who heads Acme, | said."""
    near = [name for name in found if verb - _FURTHEST < name.end <= verb]
    for at, name in enumerate(near):
        if not _SUBJECT.fullmatch(hidden, name.end, verb) or _is_behind_a_preposition(hidden, name):
            continue
        after = near[at + 1] if at + 1 < len(near) else None
        listed = after and hidden[name.end : after.start] == ", " and hidden[after.end : verb] != ", "
        if not listed and not _VERB.search(hidden, name.end, verb):
            return name
    return None


def _is_behind_a_preposition(hidden: str, name: Name) -> bool:
    return _PREPOSITION.search(hidden, max(0, name.start - 30), name.start) is not None


def _named(hidden: str, at: int, found: list[Name]) -> Name | None:
    """The name behind a verb, perhaps with a role between them: said | the company's head, | Ann Lee."""
    named = None
    for name in found:
        if name.start < at:
            continue
        if not _SMALL.fullmatch(hidden, at, name.start):
            break
        named, at = name, name.end
        if hidden[at : at + 2] in ("’s", "'s"):
            named, at = None, at + 2
        if hidden[at : at + 1] != " ":
            break
        at += 1
    return _without_office(hidden, named) if named else None


def _without_office(hidden: str, name: Name) -> Name:
    """The name alone of "глава Роскосмоса Дмитрий Рогозин", where the office's genitive is in capitals too."""
    words = hidden[name.start : name.end].split(" ")
    if (
        len(words) > 2
        and re.fullmatch(r"[А-ЯЁ][а-яё-]*[аяиы]|[А-ЯЁ]{2,}", words[0])
        and not _PATRONYMIC.match(words[1])
    ):
        return Name(name.start + len(words[0]) + 1, name.end)
    return name
