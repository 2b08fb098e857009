"""Questions that a Russian sentence answers: its nominative stays one, and its verb as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.names import Name, names
from index.text.speakers import speaker
from index.types import Span
from retrieval.templates.forms import Form, Template
from retrieval.templates.things import ThingKind, things

_PERSON = re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
_VERB = re.compile(
    r"(?:сказал|заявил|сообщил|отметил|добавил|подчеркнул|рассказал|пояснил|уточнил|написал|объявил|предупредил|"
    r"ответил|признал|напомнил|заметил|указал|объяснил)(?P<she>а)?"
)
# An office in the nominative, what it is of in the genitive, and who holds it.
_OFFICE = re.compile(
    r"(?<![\w-])(?P<office>президент|премьер-министр|генеральный секретарь|генеральный директор|губернатор|мэр|глава|"
    r"председатель|канцлер|король|посол|министр обороны|министр иностранных дел) "
    r"(?P<of>[А-ЯЁ]{2,}(?: [А-ЯЁ]{2,})?|[А-ЯЁ][а-яё-]+[аяиы]) (?P<person>(?:[А-ЯЁ][а-яё]+ ){1,2}[А-ЯЁ][а-яё-]+)(?!\w)"
)
_FORMER = re.compile(r"(?:бывш|экс|вице|первый|замести|врио)[\w.-]* ?$", re.IGNORECASE)
_UNDER = re.compile(r"(?<!\w)под (?P<what>санкциями|следствием|стражей|домашним арестом)(?!\w)", re.IGNORECASE)
_EARNED = re.compile(
    r" (?P<verb>(?:заработал|потратил|выплатил|заплатил|потерял|выделил|получил|задолжал|инвестировал)[ао]?)(?!\w)"
)
_WHEN = re.compile(
    r" (?P<verb>пройд[её]т|состоится|откроется|закроется|начн[её]тся|завершится|"
    r"(?:состоял|открыл|закрыл|начал|завершил)(?:ся|ась|ось)|(?:был[ао]? )?(?:основан|построен|создан|открыт)[ао]?)"
    r"(?: в| с| к| во)? (?=\w)"
)
_WANTS = re.compile(r" (?P<verb>хочет|требует|планирует|призвал[ао]?) (?=[а-яё])")
_OF_WHAT = {"хочет": "Чего", "требует": "Чего", "планирует": "Что"}


def russian(sentence: str) -> Iterator[Template]:
    """The questions that a Russian sentence answers."""
    for office in _OFFICE.finditer(sentence):
        if not _FORMER.search(sentence, 0, office.start()):
            yield Template(f"Кто {office['office']} {office['of']}?", Form.WHO, office["person"])
    for under in _UNDER.finditer(sentence):
        yield Template(f"Кто под {under['what'].lower()}?", Form.UNDER, under["what"].lower())
    first = next(iter(names(sentence)), None)
    if first and first.start <= 1:  # in quotation marks or without
        yield from _does(sentence, first)
    yield from _said(sentence)
    for one in names(sentence):
        name = sentence[one.start : one.end]
        if re.fullmatch(r"[А-ЯЁ]{3,}", name):  # no case changes it
            yield Template(f"{name}: что известно?", Form.ABOUT, name)


def _does(sentence: str, first: Name) -> Iterator[Template]:
    """What the name that a sentence begins with does, if a verb is behind it."""
    name, end = sentence[first.start : first.end], first.end + first.is_title
    subject = sentence[:end]
    if _PERSON.fullmatch(name) is None and " " in name:
        return  # part of it may be in another case
    if (earned := _EARNED.match(sentence, end)) and things(sentence[earned.end() :], ThingKind.MONEY):
        yield Template(f"Сколько {earned['verb']} {subject}?", Form.HOW_MUCH, name, name)
    when = _WHEN.match(sentence, end)
    if when and any(date.start == when.end() for date in things(sentence, ThingKind.DATE)):
        yield Template(f"Когда {when['verb']} {subject}?", Form.WHEN, name, name)
    if wants := _WANTS.match(sentence, end):
        yield Template(f"{_OF_WHAT.get(wants['verb'], 'К чему')} {wants['verb']} {subject}?", Form.WANTS, name, name)


def _said(sentence: str) -> Iterator[Template]:
    """A name beside a verb is its subject, and the verb tells who it is."""
    spoken = speaker(sentence, Span(0, len(sentence)))
    if spoken is None:
        return
    start, end = spoken.speaker
    name = sentence[start:end]
    before, after = sentence[:start].rstrip().rsplit(" ", 1)[-1], sentence[end:].lstrip().split(" ", 1)[0]
    verb = _VERB.fullmatch(before) or _VERB.fullmatch(after.rstrip(",.:"))
    if verb and _PERSON.fullmatch(name):
        yield Template(f"Что сказал{verb['she'] or ''} {name}?", Form.SAID, name)
