"""Where Russian and Ukrainian sentences end: what razdel finds, mended for years, units and more abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from razdel.rule import JOIN
from razdel.segmenters.sentenize import BULLET_SIZE, RULES, SentSplitter

LANGUAGES = frozenset(["ru", "uk", "be"])
LETTER = re.compile("[А-яЁёІіЇїЄєҐґ]")
SEEN = 120  # code points before an end that the rules look at
NEAR = 24  # and around it, for a year or a unit
ENDS = ".?!…"


@dataclass(frozen=True, slots=True)
class _Rule:
    before: re.Pattern[str]
    after: re.Pattern[str]


def _rule(words: str, after: str) -> _Rule:
    return _Rule(re.compile(rf"(?<![^\W_])(?:{words})\.\Z", re.IGNORECASE), re.compile(rf"\s*(?:{after})"))


# What is cut short before a name, a number or anything, and is no end there; razdel knows most others.
_RULES = (
    _rule(
        "ген|полк|подполк|кап|лейт|серж|адм|марш|губ|деп|пред|инж|реж|худ|преп|еп|архиеп|митр|прот|иером|мл|д-р|г-н|г-жа"
        "|гр-н|гр-ка|проф|акад|доц|зам|ст|св|о|ал|дм|вл|вяч|ник|мих|конст|хр|гр|ев|бор|ив|вс|дж|юр|пан|чл|кор|корр"
        "|чл\\.-корр|руков|нач|секр|вице-пред|гос|воен|мин",
        r"[\"«„“]?[A-ZА-ЯЁІЇЄҐ]",
    ),
    _rule(
        "вул|просп|пр-т|бул|бульв|наб|пров|мкр|пгт|смт|респ|обл|оз|ім|им|хут|дер|пос|ст-ца|ж\\.-д|авт|тел|факс|доб|обл|г"
        "|кв|корп|буд|оф",
        r"[\"«„“№]?[A-ZА-ЯЁІЇЄҐ\d+]",
    ),
    _rule("(?<!\\d )(?:м|с|пл|пер|т\\.\\s?зв|т\\.\\s?н|т\\.\\s?е|т\\.\\s?к|т\\.\\s?з|тзв)", r"[\"«„“]?[A-ZА-ЯЁІЇЄҐ\d]"),
    _rule("напр|наприкл|прибл|приблизн|макс|див|см|ср|пор|лат|греч|англ|нем|фр|рус|рос|укр|ок|бл", r"[^\s.]"),
    _rule(
        "янв|февр?|мар|апр|авг|сент?|окт|нояб?|дек|січ|лют|бер|берез|квіт|трав|черв|лип|серп|вер|верес|жовт|лист|листоп|груд"
        "|рис|табл|илл?|іл|гл|вып|вип|п|пп|ч|стр|стор|абз|подп|т|№|n",
        r"\d|[IVX]+\b",
    ),
    _rule("тыс|тис|млн|млрд|трлн", r"[^\s.]"),
    _rule("долл|дол", r"США\b"),
)
# Words that begin a sentence and are no name, so that a single letter before them ends one: План Б. Он сработал.
_STARTERS = (
    "Он|Она|Они|Оно|Потом|Затем|Это|Этот|Эта|Эти|Но|А|И|В|Во|На|По|После|Как|Его|Её|Ее|Их|Однако|Также|При|Для|С|К|О|Об"
    "|У|За|Мы|Я|Вы|Если|Когда|Там|Так|Тогда|Теперь|Поэтому|Из|От|До|Все|Всё|Что|Где"
    "|Він|Вона|Вони|Воно|Потім|Згодом|Це|Цей|Ця|Ці|Але|І|Й|Після|Його|Її|Їх|Проте|Однак|Також|Про|Ми|Ви|Якщо|Коли|Тоді"
    "|Тепер|Тому|Із|Від|Усі|Що|Де|Під|Над"
)
_LETTER_AT_END = re.compile(rf"(?<!\w)[A-ZА-ЯЁІЇЄҐ]\.(?=\s+(?:{_STARTERS})\s)")
# "в 1945 г.", "у 1945 р.", "в XIX в.", before a capital
_YEAR = re.compile(
    r"(?:\d|\b[IVXІХ]+)[ \xa0]?(?:(?:гг?|рр?|вв?|ст)\.(?:\s+до\s+н\.\s?[эе]\.)?|(?:до\s+)?н\.\s?[эе]\.)"
    r"(?=\s+[\"«„“—–-]?\s?[A-ZА-ЯЁІЇЄҐ])"
)
# A unit after a number, before a capital: Высота 30 см. Ширина …
_UNIT = re.compile(
    r"\d[ \xa0](?:(?:кв|куб)\.\s?)?(?:[мсдк]?м|мин|сек|хв|год|[кмц]?г|[кмгт]?б|га|руб|грн|коп|шт|чел|ч|т|л|км/ч)\."
    r"(?=\s+[A-ZА-ЯЁІЇЄҐ])"
)
# A sentence may begin with a year, and goes on after it; with a verb before the year it has said something by then.
_OPENING = re.compile(
    r"\W*(?:в|во|к|ко|с|со|до|после|за|на|по|от|из|начиная|летом|осенью|зимой|весной|январ\w+|феврал\w+|март\w*|апрел\w+"
    r"|ма[йея]\w*|июн\w+|июл\w+|август\w*|сентябр\w+|октябр\w+|ноябр\w+|декабр\w+|лишь|только|уже|ещё|еще|если"
    r"|у|від|із|з|після|протягом|станом|влітку|восени|взимку|навесні|наприкінці|впродовж|вже|лише|тільки|якщо|\d+)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"[а-яёіїєґ]+(?:л|ла|ло|ли|лся|лась|лось|лись|[аяеу]ет|[джв]ёт|[дж]ет|ит|ют|ут|[жшчщ]ат|ят|ется|ётся|ится|утся|ются|ятся"
    r"|[аиїу]в|вся|лася|лося|лися|ує|ає|іє|[аую]ть|[ує]ться|ються)"
    r"|[а-яёіїєґ]{4,}(?:[ае]н|[ае]на|[ае]но|[ае]ны|[ое]ні|ыт|ыта|ыто|ыты|ят|ята|ято)"
)
# Nouns that look like verbs, as they are met before a year.
# fmt: off
_NOUNS = frozenset([
    "числа", "числі", "числу", "начала", "квартала", "капитала", "правила", "сила", "села", "тыла", "футбола",
    "канала", "финала", "журнала", "отдела", "материала", "персонала", "вокзала", "дела", "тела", "раздела",
    "предела", "угла", "стола", "капитал", "финал", "квартал", "канал", "журнал", "отдел", "раздел", "материал",
    "недели", "цели", "роли", "доли", "земли", "торговли", "модели", "отрасли", "мысли", "прибыли", "рубли", "число",
    "дело", "тело", "село", "начало", "правило", "масло", "около", "мало", "начал", "числ", "бюджет", "сюжет",
    "институт", "кредит", "лимит", "дефицит", "профицит", "визит", "транзит", "прав", "справ", "держав", "статут",
    "маршрут", "салют", "каналы", "або", "числи",
])
# fmt: on


def cyrillic_ends(text: str) -> Iterator[int]:
    """Yield where sentences of a paragraph end, but for its last one; quotation marks and brackets are blank in it."""
    missed = {match.end() for pattern in (_YEAR, _UNIT, _LETTER_AT_END) for match in pattern.finditer(text)}
    at = start = 0
    # razdel's rules, but not its loop, which copies the sentence at each mark and takes quadratic time.
    for part in SentSplitter()(text):
        if isinstance(part, str):
            at += len(part)
            continue
        part.buffer = text[start : min(at, start + BULLET_SIZE + 1)]
        at += len(part.delimiter)
        action = next((action for rule in RULES if (action := rule(part))), None)
        is_end = at in missed or (action != JOIN and part.delimiter in ENDS)
        if is_end and not _joins(text, start, at):
            yield at
            start = at


def _joins(text: str, start: int, end: int) -> bool:
    """Whether the sentence from start goes on after what looks like its end."""
    near = max(start, end - NEAR), min(len(text), end + NEAR)
    if any(year.end() == end for year in _YEAR.finditer(text, *near)):
        return _opens(text[start:end])
    if any(unit.end() == end for unit in _UNIT.finditer(text, *near)):
        return False
    before = text[max(start, end - SEEN) : end]
    return any(rule.before.search(before) and rule.after.match(text, end) for rule in _RULES)


def _opens(sentence: str) -> bool:
    """Whether a sentence up to its year is only the time of what it goes on to say."""
    if not _OPENING.match(sentence):
        return False
    words = re.findall(r"\w+", sentence)
    return len(words) <= 12 and not any(_VERB.fullmatch(word) and word not in _NOUNS for word in words)
