"""Datelines, bylines and timestamps of wire copy.

>>> parse_dateline("KYIV, Ukraine (AP) — Rain fell.")
Dateline(place='KYIV, Ukraine', source='AP', day_text=None, span=Span(start=0, end=20))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.languages import ENGLISH, LANGUAGES, any_of
from index.text.normalize import fold_case
from index.types import Span

LONGEST = 120  # code points of a dateline

# Months as dates have them, in lower case and without the full stop that MONTH allows after them.
MONTHS = {
    name.lower(): number
    for language in LANGUAGES
    for number, month in enumerate(language.months, 1)
    for name in (*month.names, *month.short)
}
_MONTH_NUMBERS = {fold_case(name): number for name, number in MONTHS.items()}

# Outlets whose name is enough to recognise a dateline. Initials with many other meanings (AA, PA) are left out.
AGENCIES = (
    "AAP|AFP|Agence France-Presse|Al Jazeera|ANI|ANSA|AP|APA|Anadolu|Antara|Associated Press|BBC|BBC News|Belga|BelTA|"
    "Bernama|Bloomberg|Bloomberg News|CBS News|CNBC|CNN|dpa|DPA|DW|EFE|Euronews|Fox News|IANS|Interfax|"
    "Interfax-Ukraine|IRNA|ITAR-TASS|Kyodo|Kyodo News|MTI|NBC News|NPR|PA Media|PTI|Reuters|REUTERS|RFE/RL|"
    "RIA Novosti|SANA|Sputnik|Tanjug|TASS|The Associated Press|Thomson Reuters Foundation|UPI|Ukrinform|UNIAN|"
    "USA TODAY|VOA|WAM|PRNewswire|PR Newswire|BUSINESS WIRE|Business Wire|GLOBE NEWSWIRE|GlobeNewswire|ACCESSWIRE|"
    "Xinhua|Yonhap|ТАСС|РИА Новости|Интерфакс|УНИАН|УНІАН|Укринформ|Укрінформ"
)

# Cities that a dateline names without a state or country in the style of the Associated Press.
# fmt: off
_CITIES = frozenset([
    "ATLANTA", "BALTIMORE", "BOSTON", "CHICAGO", "CINCINNATI", "CLEVELAND", "DALLAS", "DENVER", "DETROIT",
    "HONOLULU", "HOUSTON", "INDIANAPOLIS", "LAS VEGAS", "LOS ANGELES", "MIAMI", "MILWAUKEE", "MINNEAPOLIS",
    "NEW ORLEANS", "NEW YORK", "OKLAHOMA CITY", "PHILADELPHIA", "PHOENIX", "PITTSBURGH", "ST. LOUIS",
    "SALT LAKE CITY", "SAN ANTONIO", "SAN DIEGO", "SAN FRANCISCO", "SEATTLE", "WASHINGTON", "AMSTERDAM",
    "BAGHDAD", "BANGKOK", "BEIJING", "BEIRUT", "BERLIN", "BRUSSELS", "CAIRO", "DJIBOUTI", "DUBLIN", "GENEVA",
    "GIBRALTAR", "GUATEMALA CITY", "HAVANA", "HELSINKI", "HONG KONG", "ISLAMABAD", "ISTANBUL", "JERUSALEM",
    "JOHANNESBURG", "KABUL", "KYIV", "KIEV", "KUWAIT CITY", "LONDON", "LUXEMBOURG", "MACAO", "MADRID",
    "MEXICO CITY", "MILAN", "MONACO", "MONTREAL", "MOSCOW", "MUNICH", "NEW DELHI", "PANAMA CITY", "PARIS",
    "PRAGUE", "QUEBEC CITY", "RIO DE JANEIRO", "ROME", "SAN MARINO", "SAO PAULO", "SHANGHAI", "SINGAPORE",
    "STOCKHOLM", "SYDNEY", "TEHRAN", "TEL AVIV", "TOKYO", "TORONTO", "TUNIS", "UNITED NATIONS",
    "VATICAN CITY", "VIENNA", "WARSAW", "ZURICH", "МОСКВА", "КИЕВ", "КИЇВ", "САНКТ-ПЕТЕРБУРГ",
])
# fmt: on

MONTH = rf"(?:{any_of(MONTHS)})\.?"
_DAY = (
    rf"(?i:{MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?(?:,\ \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\ (?:de\ )?{MONTH}(?:,?\ (?:de\ )?\d{{4}}(?:\ г(?:ода|\.))?)?)(?!\w)"
)
# English weekdays, as timestamps of wire copy have them
WEEKDAY = rf"(?i:{any_of(name for day in ENGLISH.weekdays for name in (*day.names, *day.short))})\b\.?"
_WORD = r"[^\W\d_][\w.'’/-]*"
_PLACE = rf"(?P<place>{_WORD}(?:\ {_WORD}){{0,4}}(?P<region>,\ {_WORD}(?:\ {_WORD}){{0,2}})?)"
_WHEN = rf"(?:[,.]\ (?P<day>{_DAY}))"
_DASH = r"(?P<dash>\s?(?:\.-|--|—|–|-|_)(?=\s|$)|\s?—|--(?=\w))"

# "MOSCOW, April 2. /TASS/."
_IN_SLASHES = re.compile(rf"{_PLACE}{_WHEN}?[.,]?\ /(?P<source>{_WORD}(?:\ {_WORD})?)(?<!/)/\.?{_DASH}?")
# "LONDON, Jan 5 (Reuters) -", "Jan 5 (Reuters) -", "(CNN Business)", "SACRAMENTO, Calif. (KTLA) —"
_IN_BRACKETS = re.compile(
    rf"(?:(?:{_PLACE}{_WHEN}?|(?P<day_alone>{_DAY}))(?:[.,]?\ |--))?"
    rf"\((?P<source>(?P<known>{AGENCIES})(?:\ {_WORD}){{0,2}}|[A-Z]{{2,6}})\)[.:]?{_DASH}?"
)
# "MOSCOW, April 2 - RIA Novosti."
_AFTER_DASH = re.compile(rf"{_PLACE}{_WHEN}?\.?\s?(?:--|—|–|-)\ (?P<source>(?P<known>{AGENCIES}))(?:\.|{_DASH})")
# "New York CNN Business —", alone on its line
_OUTLET_ALONE = re.compile(rf"(?:{_PLACE}\ )?(?P<source>(?P<known>{AGENCIES})(?:\ {_WORD})?)\ (?P<dash>--|—|–)$")
# "LEEDS, England – March 5, 2022 – "
_DAY_AFTER_DASH = re.compile(rf"{_PLACE}\s?(?:--|—|–|-)\ (?P<day>{_DAY}){_DASH}")
# "LEEDS, England (March 5, 2022) – "
_DAY_IN_BRACKETS = re.compile(rf"{_PLACE}\ \((?P<day>{_DAY})\){_DASH}")
# "WASHINGTON – ", "LOUISVILLE, Ky. — "
_PLACE_ONLY = re.compile(rf"{_PLACE}{_WHEN}?\.?{_DASH}")
# "Москва. 31 марта. INTERFAX.RU - "
_INTERFAX = re.compile(
    rf"(?:{_PLACE}\.\ (?P<day>{_DAY})\.?\ )?(?P<source>(?P<known>INTERFAX\.RU|Интерфакс))\s?(?P<dash>--|—|–|-)(?=\s|$)"
)
_FORMS = (
    *(_IN_SLASHES, _IN_BRACKETS, _AFTER_DASH, _OUTLET_ALONE),
    *(_INTERFAX, _DAY_AFTER_DASH, _DAY_IN_BRACKETS, _PLACE_ONLY),
)

_INSTITUTION = re.compile(r"\b(press|news|agency|network|corporation|company|the(?!\ hague))\b", re.IGNORECASE)
_SMALL_WORDS_OF_PLACES = ("de", "of", "la", "el", "al", "du", "los")
_NAME = r"(?:[A-ZА-Я][\w.'’-]*|and|&|for|of|the|de|van|von)"
_BY = re.compile(r"\A\s*by\s+(?=\S)", re.IGNORECASE)
BYLINE = re.compile(rf"(?i:by)\ {_NAME}(?:,?\ {_NAME})*")
_TIMESTAMP = re.compile(
    rf"(?=.*\d)(?:(?i:first\ published|published|updated|last\ updated|posted|modified)(?:\ (?i:on|at))?:?\ )?"
    rf"(?=.*(?:{_DAY}|\d{{4}}-\d\d-\d\d))"
    rf"(?:{_DAY}|{WEEKDAY}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[:.]\d\d(?::\d\d)?"
    r"|T(?=\d)|(?i:[ap]\.?m\.?|at|utc|z)(?!\w)|[A-Z]{2,4}\b|\d{4}\b|[+-]\d\d:?\d\d|[\s,.|•·/–—-])+"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The dateline at the start of a story, each part as it is written; None for a part that is missing."""

    place: str | None
    source: str | None
    day_text: str | None  # "April 2"
    span: Span  # of the text that was parsed, from the place to the closing dash or full stop


def parse_dateline(text: str) -> Dateline | None:
    """Return the dateline that a text starts with, after white space; None if there is none.

    Whatever could as well be prose is rejected. A place without an outlet ("WASHINGTON – ") is accepted only in
    capitals, and only with its region or day unless it is a city that every reader knows.
    """
    start = len(text) - len(text.lstrip())
    line = text[start : start + LONGEST].split("\n", 1)[0].rstrip()
    for form in _FORMS:
        match = form.match(line)
        if match and _starts_a_sentence(text[start + match.end() :][:LONGEST]) and _is_plausible(match):
            parts = match.groupdict()
            day = parts.get("day") or parts.get("day_alone")
            day = re.sub(r"(?<! г)\.$", "", day) if day else None  # a full stop, but not that of "2022 г."
            span = Span(start, start + match.end())
            return Dateline(parts["place"], parts.get("source"), day, span)
    return None


def is_dateline(text: str) -> bool:
    """Return whether a text is a dateline and nothing else.

    >>> is_dateline("MOSCOW, April 2. /TASS/."), is_dateline("MOSCOW, April 2. /TASS/. Rain fell.")
    (True, False)
    """
    dateline = parse_dateline(text) if len(text) <= LONGEST else None
    return dateline is not None and dateline.span.end >= len(text)


def month_number(name: str) -> int:
    """Return the number of a month whose name matches MONTH.

    >>> month_number("Sept."), month_number("KASIM")
    (9, 11)
    """
    return _MONTH_NUMBERS[fold_case(name).rstrip(".")]


def without_by(name: str) -> str:
    """Return the name of an author without the "By" before it.

    >>> without_by("By Jane Doe"), without_by("Byron")
    ('Jane Doe', 'Byron')
    """
    return _BY.sub("", name)


def is_credit(line: str) -> bool:
    """Return whether a line is only a byline, a timestamp, or a dateline that names an outlet."""
    line = line.strip()
    if not line or len(line) > LONGEST:
        return False
    dateline = parse_dateline(line)
    is_whole = dateline is not None and dateline.source is not None and dateline.span.end == len(line)
    return is_whole or BYLINE.fullmatch(line) is not None or _TIMESTAMP.fullmatch(line) is not None


def _starts_a_sentence(rest: str) -> bool:
    """Return whether a story can start like this; "Jim Acosta (CNN) said" has no dateline."""
    rest = rest.lstrip()
    return not rest or (not rest[0].islower() and rest[0] not in ",.;:!?)")


def _is_plausible(match: re.Match[str]) -> bool:
    """Return whether the parts of a match make a dateline: the less known the outlet, the clearer the place must be."""
    parts = match.groupdict()
    place, source, day, region = (parts.get(name) for name in ("place", "source", "day", "region"))
    known = parts.get("known") or (source if source and re.fullmatch(AGENCIES, source) else None)
    if place is None:
        return known is not None
    city = place.removesuffix(region or "")
    in_capitals = city == city.upper()
    if not all(word[0].isupper() or word in _SMALL_WORDS_OF_PLACES for word in place.split()):
        return False
    if _INSTITUTION.search(place) or (region and fold_case(region.strip(", .")) in _MONTH_NUMBERS):
        return False
    if match.re is _IN_SLASHES or match.re is _OUTLET_ALONE:
        return known is not None or (in_capitals and source == (source or "").upper())
    if known:
        return in_capitals or day is not None or bool(parts.get("dash")) or known == "CNN"
    is_located = city in _CITIES or bool(region) or day is not None
    return in_capitals and is_located and bool(parts.get("dash"))
