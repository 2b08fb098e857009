"""Dates and times of day as a text writes them, in English and Russian. Pure."""

from __future__ import annotations

from index.text.calendar_names import SHORT_MONTHS, WEEKDAYS
from retrieval.query.pattern_scan import Pattern

_LONG = "January|February|April|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_LONG}|March|May|(?:{SHORT_MONTHS})\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1\d|20)\d\d"
_PART = r"(?:(?:[Ee]arly|[Mm]id|[Ll]ate)[- ])?"
_TEENTH = "thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first"
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:[Ff]irst|second|third|fourth|fifth|tenth|eleventh|twelfth|{_TEENTH}))"
_CENTURY = rf"(?:{_ORDINAL}(?: and | to |[-–]))?{_ORDINAL}[- ](?:century|centuries)\b(?: (?:BCE?|CE|AD)\b)?"
_AGO = r"(?:minute|hour|day|week|month|year|decade)s? (?:ago|earlier|later|before)\b"
_MONTH_RU = r"(?:январ|феврал|март|апрел|ма[яюйе]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]{0,2}\b"
_YEAR_RU = r"(?: (?:год(?:а|у|ом|е|ы|ах|ов)?\b|гг?\.))"
_ERA = r"(?:BCE?|CE|AD)\b"
_IN = [
    r"[Ii]n ",
    r"[Ss]ince ",
    r"[Bb]y ",
    r"until ",
    r"of ",
    r"[Ff]rom ",
    r"between ",
    r"to ",
    r"and ",
    r"year ",
    r"about ",
    r"around ",
]
_BEHIND = "|".join(rf"(?<=\b{word})" for word in _IN)
_NOT_DATED = (
    r"(?![.,]\d|[%-]| °| (?:people|troops|soldiers|men|women|miles|kilomet\w+|met(?:er|re)s|km|kg|m|tons|percent)\b)"
)

_DATE = Pattern(
    behind=r"(?<![\w$€£₽#])(?<!\d[.,-])",
    figures=[
        r"\d{4}-\d\d-\d\d\b|\d{1,2}[./]\d{1,2}[./](?:19|20)?\d\d\b",
        rf"(?:{_DAY}[-–])?{_DAY}(?: of)? {_MONTH}(?!\w)(?:,? {_YEAR}\b)?",
        r"(?:(?:1\d|20)\d0|\d0)['’]?s\b",
        rf"{_CENTURY}|\d{{1,4}} {_ERA}",
        rf"\d{{4}}(?:[-–]\d{{4}})?{_YEAR_RU}|\d{{2,4}}-(?:е|х|м|го)\b(?: год(?:ы|ах|ов|у|а)?\b)?",
        rf"(?:1[5-9]|20)\d\d(?:[-–/](?:\d\d){{1,2}})?\b{_NOT_DATED}",
        rf"(?:{_BEHIND}){_YEAR}(?:[-–](?:\d\d){{1,2}})?\b{_NOT_DATED}",
        r"\d{1,2}(?::\d\d)? ?(?:[AaPp]\.[Mm]\.|[AaPp][Mm]\b)|\d{1,2}:\d\d\b",
        rf"\d+ {_AGO}",
        rf"(?:\d{{1,2}}[-–])?\d{{1,2}}(?:-?го)? {_MONTH_RU}(?: \d{{4}}{_YEAR_RU}?)?",
    ],
    words=[
        rf"{_PART}{_MONTH} {_DAY}\b(?![:.]\d)(?:[-–]\d{{1,2}}\b)?(?:,? {_YEAR}\b)?",
        rf"{_PART}{_MONTH}(?: of|,)? {_YEAR}\b",
        rf"{_PART}(?:{_LONG})\b|(?:(?<=[Ii]n )|(?<=last )|(?<=[Ss]ince )|(?<=next )|(?<=until ))(?:March|May)\b",
        rf"{WEEKDAYS}s?\b",
        rf"{_PART}(?:(?:1\d|20)\d0|['’‘]?\d0)['’]?s\b|{_PART}{_CENTURY}|AD \d{{1,4}}\b",
        rf"{_PART}{_YEAR}\b|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)(?: of)? {_YEAR}\b",
        r"(?:(?:[Ee]arlier |[Ll]ater )?(?:[Ll]ast|[Nn]ext|[Tt]his)|following|previous|same) "
        r"(?:day|week|weekend|month|year|spring|summer|autumn|fall|winter|morning|evening|night|decade|century)\b",
        rf"(?i:an?|two|three|four|five|six|seven|eight|nine|ten|several|a few) {_AGO}",
        r"(?:[Yy]esterday|[Tt]oday|[Tt]omorrow|[Tt]onight)\b",
        r"(?:Christmas|Easter|Thanksgiving|New Year['’]s)(?: (?:Day|Eve|Sunday|Monday)\b)?",
        rf"{_MONTH_RU}(?: \d{{4}}{_YEAR_RU}?)?",
        r"[IVX]+(?:[-–][IVX]+)? век(?:а|е|у|ом|ах|ов)?\b",
        r"(?:понедельник|вторник|сред[ау]|четверг|пятниц|суббот|воскресень)[а-я]{0,2}\b",
        r"(?:[Пп]рошл|[Сс]ледующ|[Нн]ынешн|[Ээ]т)[а-я]{1,3} (?:недел|месяц|год|весн|лет[оа]|зим|осен)[а-я]{0,2}\b",
        r"(?:[Вв]чера|[Сс]егодня|[Зз]автра|[Пп]озавчера)\b",
    ],
    starts="""
        jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun ear mid lat fir sec thi fou
        fif six sev eig nin ten ele twe ad spr sum aut fal win las nex fol pre sam a an two thr fiv yes tod tom
        ton chr eas tha new янв фев мар апр мая май мае июн июл авг сен окт ноя дек пон вто сре чет пят суб вос
        про сле нын эту эти это вче сег зав поз i ii iii iv v vi vii ix x xi xii xiv xv xvi xix xx xxi
    """,
)


def dates(text: str) -> list[tuple[int, int]]:
    """Where the dates stand, in order; a year is one without a preposition too, if it is of 1500 to 2099."""
    return [date.span() for date in _DATE.find(text)]
