"""How wire copy says where it comes from: datelines, bylines, and days written in words.

>>> parse_dateline("KYIV, Ukraine (AP) — Rain fell.")
Dateline(place='KYIV, Ukraine', source='AP', day_text=None, span=Span(start=0, end=20))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.normalize import fold_case
from index.types import Span

LONGEST = 120  # code points of a dateline

# Months as they are written within a date; a full stop after them is allowed for in DAY.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января янв січня січ januar jänner janvier janv enero ene gennaio janeiro januari "
            "stycznia ocak ledna januára ianuarie януари студзеня ιανουαρίου tammikuuta",
            "february feb февраля фев лютого лют februar février févr febrero febbraio fevereiro fev februari lutego "
            "şubat února februára februarie февруари лютага φεβρουαρίου helmikuuta",
            "march mar марта мар березня бер märz mars marzo março maart marca mart maret března martie март сакавіка "
            "μαρτίου maaliskuuta marts",
            "april apr апреля апр квітня квіт avril avr abril abr aprile kwietnia nisan dubna "
            "apríla aprilie април красавіка απριλίου huhtikuuta",
            "may мая травня трав mai mayo maggio maio mei maja maj mayıs května mája май μαΐου toukokuuta",
            "june jun июня июн червня черв juni juin junio giugno junho czerwca haziran června júna iunie "
            "юни чэрвеня ιουνίου kesäkuuta",
            "july jul июля июл липня лип juli juillet juil julio luglio julho lipca temmuz července júla "
            "iulie юли ліпеня ιουλίου heinäkuuta",
            "august aug августа авг серпня серп août agosto ago augustus augusti sierpnia ağustos agustus "
            "srpna augusta август жніўня αυγούστου elokuuta",
            "september sept sep сентября сен сент вересня вер septembre septiembre settembre setembro września eylül "
            "září septembra septembrie септември верасня σεπτεμβρίου syyskuuta",
            "october oct октября окт жовтня жовт oktober okt octobre octubre ottobre outubro października ekim října "
            "októbra octombrie октомври кастрычніка οκτωβρίου lokakuuta",
            "november nov ноября ноя нояб листопада лист novembre noviembre novembro listopada kasım "
            "listopadu novembra noiembrie ноември лістапада νοεμβρίου marraskuuta",
            "december dec декабря дек грудня груд dezember dez décembre déc diciembre dic dicembre dezembro desember "
            "grudnia aralık prosince decembra decembrie декември снежня δεκεμβρίου joulukuuta",
        ),
        start=1,
    )
    for name in names.split()
}

_NUMBERS = {fold_case(name): number for name, number in MONTHS.items()}

# Outlets whose name alone makes a dateline; initials that stand for much else (AA, PA) are not among them.
AGENCIES = (
    "AAP|AFP|Agence France-Presse|Al Jazeera|ANI|ANSA|AP|APA|Anadolu|Antara|Associated Press|BBC|BBC News|Belga|BelTA|"
    "Bernama|Bloomberg|Bloomberg News|CBS News|CNBC|CNN|dpa|DPA|DW|EFE|Euronews|Fox News|IANS|Interfax|"
    "Interfax-Ukraine|IRNA|ITAR-TASS|Kyodo|Kyodo News|MTI|NBC News|NPR|PA Media|PTI|Reuters|REUTERS|RFE/RL|"
    "RIA Novosti|SANA|Sputnik|Tanjug|TASS|The Associated Press|Thomson Reuters Foundation|UPI|Ukrinform|UNIAN|"
    "USA TODAY|VOA|WAM|PRNewswire|PR Newswire|BUSINESS WIRE|Business Wire|GLOBE NEWSWIRE|GlobeNewswire|ACCESSWIRE|"
    "Xinhua|Yonhap|ТАСС|РИА Новости|Интерфакс|УНИАН|УНІАН|Укринформ|Укрінформ"
)

# The cities that the Associated Press's style lets stand without a state or country.
# fmt: off
CITIES = frozenset([
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

MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
DAY = (
    rf"(?i:{MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?(?:,\ \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\ (?:de\ )?{MONTH}(?:,?\ (?:de\ )?\d{{4}}(?:\ г(?:ода|\.))?)?)(?!\w)"
)
WEEKDAY = r"(?i:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b\.?"
WORD = r"[^\W\d_][\w.'’/-]*"
PLACE = rf"(?P<place>{WORD}(?:\ {WORD}){{0,4}}(?P<region>,\ {WORD}(?:\ {WORD}){{0,2}})?)"
WHEN = rf"(?:[,.]\ (?P<day>{DAY}))"
DASH = r"(?P<dash>\s?(?:\.-|--|—|–|-|_)(?=\s|$)|\s?—|--(?=\w))"

# "MOSCOW, April 2. /TASS/."
IN_SLASHES = re.compile(rf"{PLACE}{WHEN}?[.,]?\ /(?P<source>{WORD}(?:\ {WORD})?)(?<!/)/\.?{DASH}?")
# "LONDON, Jan 5 (Reuters) -", "Jan 5 (Reuters) -", "(CNN Business)", "SACRAMENTO, Calif. (KTLA) —"
IN_BRACKETS = re.compile(
    rf"(?:(?:{PLACE}{WHEN}?|(?P<day_alone>{DAY}))(?:[.,]?\ |--))?"
    rf"\((?P<source>(?P<known>{AGENCIES})(?:\ {WORD}){{0,2}}|[A-Z]{{2,6}})\)[.:]?{DASH}?"
)
# "MOSCOW, April 2 - RIA Novosti."
AFTER_DASH = re.compile(rf"{PLACE}{WHEN}?\.?\s?(?:--|—|–|-)\ (?P<source>(?P<known>{AGENCIES}))(?:\.|{DASH})")
# "New York CNN Business —", alone on its line
ALONE = re.compile(rf"(?:{PLACE}\ )?(?P<source>(?P<known>{AGENCIES})(?:\ {WORD})?)\ (?P<dash>--|—|–)$")
# "LEEDS, England – March 5, 2022 – "
DAY_AFTER_DASH = re.compile(rf"{PLACE}\s?(?:--|—|–|-)\ (?P<day>{DAY}){DASH}")
# "LEEDS, England (March 5, 2022) – "
DAY_IN_BRACKETS = re.compile(rf"{PLACE}\ \((?P<day>{DAY})\){DASH}")
# "WASHINGTON – ", "LOUISVILLE, Ky. — "
PLACE_ONLY = re.compile(rf"{PLACE}{WHEN}?\.?{DASH}")

# "Москва. 31 марта. INTERFAX.RU - "
INTERFAX = re.compile(
    rf"(?:{PLACE}\.\ (?P<day>{DAY})\.?\ )?(?P<source>(?P<known>INTERFAX\.RU|Интерфакс))\s?(?P<dash>--|—|–|-)(?=\s|$)"
)

INSTITUTION = re.compile(r"\b(press|news|agency|network|corporation|company|the(?!\ hague))\b", re.IGNORECASE)
NAME = r"(?:[A-ZА-Я][\w.'’-]*|and|&|for|of|the|de|van|von)"
_BY = re.compile(r"\A\s*by\s+(?=\S)", re.IGNORECASE)
BYLINE = re.compile(rf"(?i:by)\ {NAME}(?:,?\ {NAME})*")
TIMESTAMP = re.compile(
    rf"(?=.*\d)(?:(?i:first\ published|published|updated|last\ updated|posted|modified)(?:\ (?i:on|at))?:?\ )?"
    rf"(?=.*(?:{DAY}|\d{{4}}-\d\d-\d\d))"
    rf"(?:{DAY}|{WEEKDAY}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[:.]\d\d(?::\d\d)?"
    r"|T(?=\d)|(?i:[ap]\.?m\.?|at|utc|z)(?!\w)|[A-Z]{2,4}\b|\d{4}\b|[+-]\d\d:?\d\d|[\s,.|•·/–—-])+"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What stands before the first words of a story; each part as it is written, None where it is not."""

    place: str | None
    source: str | None
    day_text: str | None  # "April 2"
    span: Span  # of the text that was parsed, from the place to the closing dash or full stop


def parse_dateline(text: str) -> Dateline | None:
    """Read the dateline that a text starts with, after white space; None where there is none.

    What could as well be prose is not taken for one. A place without an outlet ("WASHINGTON – ") is believed only
    in capitals, and with its region or day unless it is a city that every reader knows.
    """
    start = len(text) - len(text.lstrip())
    line = text[start : start + LONGEST].split("\n", 1)[0].rstrip()
    for form in (IN_SLASHES, IN_BRACKETS, AFTER_DASH, ALONE, INTERFAX, DAY_AFTER_DASH, DAY_IN_BRACKETS, PLACE_ONLY):
        match = form.match(line)
        if match and _starts_a_sentence(text[start + match.end() :][:LONGEST]) and _is_believable(match):
            parts = match.groupdict()
            day = parts.get("day") or parts.get("day_alone")
            day = re.sub(r"(?<! г)\.$", "", day) if day else None  # a full stop, but not that of "2022 г."
            span = Span(start, start + match.end())
            return Dateline(parts["place"], parts.get("source"), day, span)
    return None


def is_dateline(text: str) -> bool:
    """Whether a text is a dateline and nothing else.

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
    return _NUMBERS[fold_case(name).rstrip(".")]


def without_by(name: str) -> str:
    """Return the name of an author without the "By" before it.

    >>> without_by("By Jane Doe"), without_by("Byron")
    ('Jane Doe', 'Byron')
    """
    return _BY.sub("", name)


def is_credit(line: str) -> bool:
    """Whether a line says only who wrote a story, where or when: a byline, a dateline or a date alone on its line."""
    line = line.strip()
    if not line or len(line) > LONGEST:
        return False
    dateline = parse_dateline(line)
    alone = dateline is not None and dateline.source is not None and dateline.span.end == len(line)
    return alone or BYLINE.fullmatch(line) is not None or TIMESTAMP.fullmatch(line) is not None


def _starts_a_sentence(rest: str) -> bool:
    """Whether what follows can be the start of a story; "Jim Acosta (CNN) said" is no dateline."""
    rest = rest.lstrip()
    return not rest or (not rest[0].islower() and rest[0] not in ",.;:!?)")


def _is_believable(match: re.Match[str]) -> bool:
    """Whether the parts of a match are those of a dateline: the stranger the outlet, the plainer the place must be."""
    parts = match.groupdict()
    place, source, day, region = (parts.get(name) for name in ("place", "source", "day", "region"))
    known = parts.get("known") or (source if source and re.fullmatch(AGENCIES, source) else None)
    if place is None:
        return known is not None
    city = place.removesuffix(region or "")
    shouted = city == city.upper()
    if not all(word[0].isupper() or word in ("de", "of", "la", "el", "al", "du", "los") for word in place.split()):
        return False
    if INSTITUTION.search(place) or (region and fold_case(region.strip(", .")) in _NUMBERS):
        return False
    if match.re is IN_SLASHES or match.re is ALONE:
        return known is not None or (shouted and source == (source or "").upper())
    if known:
        return shouted or day is not None or bool(parts.get("dash")) or known == "CNN"
    plain = city in CITIES or bool(region) or day is not None
    return shouted and plain and bool(parts.get("dash"))
