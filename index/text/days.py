"""Days that a text states, whole and plain.

Nothing is guessed: a date without its year, or one that can be read in two ways ("03/04/2022"), is no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from index.text.datelines import AGENCIES, MONTH, WEEKDAY, month_number

TIME = r"(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?)"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?"
YEAR = r"(?P<year>\d{4})"
FORMS = [
    re.compile(rf"(?<![\w./-])(?:{form})(?!\w|[./-]\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/]|\.\s?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?:T\d\d:?\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?",
        rf"{DAY}[\s/-]{{1,3}}(?:de\s|of\s)?(?P<name>{MONTH})[,.]?[\s/-]{{1,3}}(?:de\s|del\s)?{YEAR}",
        rf"(?P<name>{MONTH})[\s-]{{1,3}}{DAY}(?:,\s?|\s{{1,3}}|-)(?:(?:at\s)?{TIME}[\s,]+)?{YEAR}",
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)",
    )
]
FORMS.append(re.compile(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"))
EARLIEST, LATEST = 1000, 9998
PLACEHOLDERS = (date(1970, 1, 1), date(1900, 1, 1))  # what machines write that have no date
LONGEST = 80  # code points around a date that is stated
# What may be around a date and says nothing else: whole words, and beginnings of words.
_WORDS = (
    "by|on|at|of|the|dated?|first|last|г|р|року|в|о|à|le|am|um|vom|el|il|op|om|às|de|den|dnia|feira"
    "|(?-i:Mo|Di|Mi|Do|Fr|Sa|So|Пн|Вт|Ср|Чт|Пт|Сб|Вс|Нд)"
)
_BEGINNINGS = (
    r"publi[séck]|post|releas|updat|modif|issue|опубл|обновл|оновл|veröff|aktualis|ersch|stand|pubbl|gepubl|opubl|yayın"
    r"|uhr|години?|год|дат[аы]|datum|fecha|понед|вторн|сред|четв|пятн|субб|воскр|неділ|п['’ʼ]ятн|серед|субот"
    r"|sonn|mont|dienst|mittw|donner|freit|samst|lundi|mardi|mercr|jeud|vendr|samed|dimanch|lunes|martes|mi[ée]rc|juev"
    r"|viern|s[áa]bad|doming|lunedì|martedì|mercol|giov|vener|sabat|domen|segunda|terça|quarta|quinta|sexta|maandag"
    r"|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|poniedz|wtor|środ|czwart|piąt|sobot|niedz|pazar|salı|çarş"
    r"|mise?\sà\sjour|zulet|bearbeit|geänd|измен[её]|змінен|actuali|atuali|aggiorn|zaktuali|bijgew|gewijz|uppdat|opdat"
    r"|oppdat|güncel|diperb|perş|cuma|måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag"
)
DATE_WORDS = re.compile(
    rf"(?:[+-]\d\d:?\d\d\b|\b(?:{WEEKDAY}|{TIME}|\d{{1,2}}(?:h\d\d)?|[ap]\.?m|(?-i:[A-ZА-Я]{{2,4}})|{_WORDS})\b"
    rf"|\b(?:{_BEGINNINGS})\w*)",
    re.IGNORECASE,
)
# Words before a date that say what became of the article later. They may come in any form ("обновлено", "обновлён").
UPDATED = re.compile(
    r"\b(?:updat|modifi|edited|amend|republish|reprint|printed\son|revis|correct|clarifi|last\s(?:chang|review)|reviewed|accessed|retrieved|обновл|измен[её]н|оновл|змінен"
    r"|aktualisier|geändert|bearbeitet|mis\sà\sjour|mise\sà\sjour|actualiz|atualiz|aggiorn|modific|zaktualiz|aktualiz"
    r"|bijgewerkt|gewijzigd|uppdaterad|opdateret|oppdatert|güncel|diperbarui)",
    re.IGNORECASE,
)


# Words before a date that say what else happened then, alone or with "on" or a colon.
OTHER = re.compile(
    r"\b(?:until|till|archives?,?|taken|today(?:\sis)?,?|(?<!edition\s)(?<!issue\s)of|release\sdate:?)\s*$"
    r"|(?:^|[|·•—–;(]\s*|\n)(?:born|died|deadline|due|expires?|event|held|filmed|recorded|taken|photographed|joined|founded"
    r"|established|since|until|till|from|valid|ends?|begins?|starts?|opens?|closes?|archived?|captured|fact-check(?:ed)?"
    r"|родил(?:ся|ась)|умер(?:ла)?|скончал(?:ся|ась)|geboren|gestorben|né(?:e)?|nacid[oa]|mort[eo]?)"
    r"(?:\s(?:on|by|from|am|le|el|date))?:?\s*$",
    re.IGNORECASE,
)
# A label of few words: what is before its last one, and that.
LABEL = re.compile(
    rf"(?:^|[|·•—–;(]\s*|\n)((?:[^\W\d_][\w’'-]*\s){{0,3}})([^\W\d_][\w’'-]*)\s?:\s*(?:{WEEKDAY},?\s*)?$", re.IGNORECASE
)
# The last word of a label that says that it is of publication.
OF_PUBLICATION = re.compile(
    rf"{AGENCIES}|(?:time|created?|added|uploaded|online|written|filed|print(?:ed)?|edition|version|launch(?:ed)?|source"
    r"|author|by|zeit|hora|время|час|publication|публикаци[ия]|публікації|публікація|veröffentlichung|publicaci[óo]n"
    r"|pubblicazione|publikacji|добавлено|размещено|створено|создано)",
    re.IGNORECASE,
)
RANGE = re.compile(r"\s*(?:[-–—−]|to|until|till|по|до|bis)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date in a text: the days that it can mean, one if it is whole and plain, and where it is written."""

    days: tuple[date, ...]
    text: str
    start: int
    end: int
    is_update: bool = False  # the words before it say that the article was changed then

    @property
    def day(self) -> date | None:
        """The day, if there is only one that can be meant."""
        return self.days[0] if len(self.days) == 1 else None


def stated_day(text: str) -> date | None:
    """The one day of publication that a line states; None for a line that states several, or goes on about it."""
    found = [reading for reading in find_days(text) if not reading.is_update]
    if len(found) != 1 or len(text) > LONGEST + found[0].end - found[0].start:
        return None
    return found[0].day


def words_beside(text: str, found: list[StatedDate]) -> list[str]:
    """Return the words of a text that are not of its dates, their labels, weekdays and times."""
    edges = [0, *(edge for reading in found for edge in (reading.start, reading.end)), len(text)]
    rest = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return re.findall(r"\w+", DATE_WORDS.sub(" ", rest))


def find_days(text: str) -> Iterator[StatedDate]:
    """The whole dates of a text, in order, that may be of publication or of a change.

    Passed over are placeholders, both ends of a range, and those that a label before them says to be something else.
    """
    matches: list[re.Match[str]] = []
    for match in sorted((match for form in FORMS for match in form.finditer(text)), key=lambda match: match.start()):
        if not matches or match.start() >= matches[-1].end():
            matches.append(match)
    if not matches:
        return
    ends = [0, *(match.end() for match in matches)]
    between = [text[end : match.start()] for end, match in zip(ends, matches, strict=False)]
    is_range = [False, *(RANGE.fullmatch(words) is not None for words in between[1:]), False]
    for match, label, of_range in zip(matches, between, pairwise(is_range), strict=True):
        days = tuple(day for day in dict.fromkeys(_days(match)) if not is_placeholder(day))
        if days and not (any(of_range) or _is_other(label)):
            yield StatedDate(days, match[0], match.start(), match.end(), UPDATED.search(label) is not None)


def _is_other(label: str) -> bool:
    """Whether the words before a date say that it is the day of something else than publication or a change."""
    if OTHER.search(label):
        return True
    match = LABEL.search(label)
    if match is None or UPDATED.search(match[0]):
        return False
    before, last = match[1].split(), match[2]
    if before and re.fullmatch("dates?|data|datum|fecha|time", last, re.IGNORECASE):
        last = before[-1]
    return not (DATE_WORDS.fullmatch(last) or OF_PUBLICATION.fullmatch(last))


def has_date(text: str) -> bool:
    """Return whether a text has a whole date, whatever it is of."""
    return any(form.search(text) for form in FORMS)


def is_placeholder(day: date) -> bool:
    """Whether a machine wrote it that knew no date."""
    return not EARLIEST <= day.year <= LATEST or day in PLACEHOLDERS


def _days(match: re.Match[str]) -> Iterator[date]:
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("name"):
        triples = [(year, month_number(parts["name"]), int(parts["day"]))]
    elif parts.get("first"):
        first, second = int(parts["first"]), int(parts["second"])
        if len(parts["year"]) == 2:
            triples = [(2000 + year, second, first), (2000 + year, first, second), (2000 + first, second, year)]
        elif parts["mark"] == ".":  # the day comes first wherever dots are written
            triples = [(year, second, first)]
        else:
            triples = [(year, second, first), (year, first, second)]
    else:
        triples = [(year, int(parts["month"]), int(parts["day"]))]
    for triple in triples:
        try:
            yield date(*triple)
        except ValueError:
            continue
