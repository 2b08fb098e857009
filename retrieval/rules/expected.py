"""What kind of thing a question asks for, in English and Russian. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Kind(StrEnum):
    """What answers: a thing that a sentence holds or does not hold."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    NAME = "name"  # of a company, a film, a ship: a name in capitals, or a title in quotation marks


_NOUNS = {
    Kind.PERSON: """president minister premier chancellor king queen prince princess pope emperor actor actress singer
        rapper musician composer author writer poet novelist journalist director producer scientist physicist chemist
        mathematician philosopher inventor architect engineer designer artist painter leader politician senator
        congressman congresswoman governor mayor judge justice lawyer general admiral commander player athlete golfer
        boxer swimmer coach manager ceo founder billionaire astronaut cosmonaut celebrity star comedian model woman man
        person individual mp candidate secretary chief official spokesperson spokesman ambassador""",
    Kind.DATE: "year day date month century decade weekday",
    Kind.PLACE: "country nation state city town village region province county continent island capital district",
    Kind.NUMBER: """percentage percent proportion share number population age temperature magnitude score rate distance
        speed length height weight fraction""",
    Kind.MONEY: "price cost fee salary",
    Kind.NAME: """company firm corporation manufacturer maker retailer supermarket chain store brand bank airline app
        website platform network channel broadcaster newspaper magazine agency organization organisation institution
        party team club league school university college museum theatre theater film movie show series sitcom drama
        musical song album single band novel book play game car ship spacecraft rocket mission telescope
        satellite planet river lake mountain sea ocean park building bridge church palace tower airport festival award
        prize tournament competition law act treaty war battle language religion group hotel restaurant opera artwork
        painting""",
}
_NOUN = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}

_RUSSIAN = {
    Kind.PERSON: """президент министр премьер канцлер корол принц актёр актер актрис певец певиц музыкант композитор
        писател поэт режиссёр режиссер учёный ученый физик изобретател архитектор художник политик сенатор губернатор
        мэр судь адвокат генерал спортсмен футболист тренер космонавт глав чиновник посол человек""",
    Kind.DATE: "год день дня дни числ дат месяц век десятилети",
    Kind.PLACE: "стран государств город штат област регион республик континент остров столиц район сел деревн",
    Kind.NUMBER: "процент дол количеств возраст температур населени скорост расстояни",
    Kind.MONEY: "цен стоимост сумм зарплат",
    Kind.NAME: """компани фирм банк бренд магазин приложени газет журнал агентств телеканал организаци партия партии
        команд клуб школ университет музе театр фильм сериал песн альбом групп роман книг пьес игр корабл ракет
        спутник планет рек озер озёр гор мор парк мост фестивал преми турнир закон договор войн битв язык""",
}
_RUSSIAN_NOUNS = sorted(((stem, kind) for kind, stems in _RUSSIAN.items() for stem in stems.split()), reverse=True)
_RUSSIAN_ENDING = re.compile(r"[а-яё]{0,3}")

# Behind these a noun no longer belongs to "what" or "which".
_ENDS_TEXT = """
did does do has have had will would can could may might should must of in to for on at by with from that who whom and
or as when where if than over after before since this last next early recently
"""
_ENDS = frozenset(_ENDS_TEXT.split())
_BE = frozenset({"is", "was", "are", "were", "'s"})
_AUXILIARY_TEXT = "did does do has have had will would can could should may might must"
_AUXILIARY = _BE | set(_AUXILIARY_TEXT.split())
_BEFORE_WHO_TEXT = ", ; : to by for from of with about against and but is was are were than"
_BEFORE_WHO = frozenset(_BEFORE_WHO_TEXT.split())
_STRONG = frozenset({"what", "which", "how"})
_HOW = {
    "many": Kind.NUMBER, "much": Kind.NUMBER, "old": Kind.NUMBER, "long": Kind.NUMBER, "far": Kind.NUMBER,
    "tall": Kind.NUMBER, "high": Kind.NUMBER, "big": Kind.NUMBER, "large": Kind.NUMBER, "fast": Kind.NUMBER,
    "deep": Kind.NUMBER, "heavy": Kind.NUMBER, "wide": Kind.NUMBER, "hot": Kind.NUMBER, "often": Kind.NUMBER,
    "soon": Kind.DATE, "recently": Kind.DATE,
}  # fmt: skip
_OF_MONEY = re.compile(
    r"money|costs?|pa(?:y|ys|id)|worth|spen[dt]|earn(?:s|ed)?|raised?|s(?:ell|old)|bought|buy|fined?|owed?|invest(?:ed)?|"
    r"donated?|budget|charged?|prices?|dollars|euros?|roubles|rubles|sto(?:len|le)|"
    r"сто[ия]\w+|ден[её]г\w*|рубл\w+|доллар\w*|евро|за?платил\w*|потратил\w*|заработал\w*|выделил\w*|зарабатыва\w+"
)
_NAME_OF = re.compile(r"\S+ (?:the |\w+'s )?(?:\w+ )?(?:name|title) of (.*)")
_WORD = re.compile(r"[’'](?=s\b)\w|\w+(?:-\w+)*|[,;:]")


def expected(question: str) -> Kind | None:
    """The kind of thing that would answer, or None where the question does not say or asks for something else.

    >>> expected("A crash occurred in which South Asian country?")
    <Kind.PLACE: 'place'>
    """
    for sentence in reversed(re.split(r"(?<=[.!?])\s", question.strip())):
        words = _WORD.findall(sentence.casefold().replace("’", "'"))
        # The last word first ("… was built when?"), and "who" last: it may begin a relative clause.
        for at in sorted(range(len(words)), key=lambda at: (at < len(words) - 1, words[at] not in _STRONG, at)):
            if kind := _asked(words, at):
                return kind
    return None


def _asked(words: Sequence[str], at: int) -> Kind | None:
    """What the word there asks for, if it asks."""
    word, rest = words[at], words[at + 1 :]
    following = rest[0] if rest else "is"  # "… was built when?"
    before = words[at - 1] if at else ","
    match word:
        case "who" | "whom" | "whose":
            return Kind.PERSON if before in _BEFORE_WHO or not rest else None
        case "when":
            return Kind.DATE if following in _AUXILIARY else None
        case "where":
            return Kind.PLACE if following in _AUXILIARY else None
        case "how":
            much = following == "much" and any(_OF_MONEY.fullmatch(word) for word in rest)
            return Kind.MONEY if much else _HOW.get(following)
        case "what" | "which":
            return _noun(rest)
        case "кто" | "кого" | "кому" | "кем" | "ком" | "чей" | "чья" | "чьё" | "чье" | "чьи":
            return Kind.PERSON
        case "когда":
            return Kind.DATE if not at or not rest else None  # elsewhere it joins clauses
        case "где" | "куда" | "откуда":
            return Kind.PLACE if not at or not rest else None
        case "сколько" | "скольких" | "скольким" | "насколько":
            return Kind.MONEY if any(_OF_MONEY.fullmatch(word) for word in rest) else Kind.NUMBER
    if re.fullmatch(r"как(?:ой|ая|ое|ие|ого|ую|ом|ому|им|их|ими|ова|ово|овы|ов)", word):
        return next((kind for word in rest[:3] if (kind := _russian_noun(word))), None)
    return None


def _noun(words: Sequence[str]) -> Kind | None:
    """The kind of the noun behind "what" or "which": of "which film star" the star, of "what is the name of the city"
    the city.
    """
    is_it = words[0] in _BE if words else False
    if is_it and (named := _NAME_OF.match(" ".join(words))):
        return _noun(named[1].split()) or Kind.NAME
    found = None
    for word in [*words[is_it:], "of"][:6]:
        kind = _NOUN.get(word) or _NOUN.get(_singular(word))
        if word in _ENDS or word in _BE or (found and not kind):
            return None if is_it and word not in _ENDS else found
        found = kind or found
    return found


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _russian_noun(word: str) -> Kind | None:
    for stem, kind in _RUSSIAN_NOUNS:
        if word.startswith(stem) and _RUSSIAN_ENDING.fullmatch(word, len(stem)):
            return kind
    return None
