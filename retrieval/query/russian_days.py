"""How Russian says days: the table of its words, dates and phrases. Pure."""

from __future__ import annotations

from retrieval.query.day_language import Language
from retrieval.query.day_meanings import HALF_YEAR, HOUR, OF_DAYS, OF_MONTHS, OF_QUARTERS, OF_WEEKS, OF_YEARS

_MONTH_STEMS = "янв фев мар апр май июн июл авг сен окт ноя дек"
_COUNTS = {
    "пару": 2, "пара": 2, "несколько": 0, "сто": 100, "один": 1, "одну": 1, "одна": 1, "одного": 1, "два": 2, "две": 2,
    "двух": 2, "двое": 2, "три": 3, "трёх": 3, "трех": 3, "трое": 3, "четыре": 4, "четырёх": 4, "четырех": 4, "пять": 5,
    "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9,
    "десять": 10, "десяти": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14,
    "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20,
    "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90,
}  # fmt: skip
_FIRSTS = """
перв втор треть четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат
шестнадцат семнадцат восемнадцат девятнадцат двадцат
"""
_ORDINALS = {**{stem: at for at, stem in enumerate(_FIRSTS.split(), 1)}, "четвёрт": 4, "трет": 3, "тридцат": 30}
_COUNT_WORD = rf"(?:{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_DAY_WORD = rf"(?:(?:двадцать|тридцать)\s+)?(?:{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?:ого|его)"

_NO_NAME = r"(?![\w/-]|,?\s+\d{4}\b|\s+(?:(?-i:[A-Z])|выбор\w+|чемпионат\w*|олимпиад\w+|сезон\w*|бюджет\w*|кризис\w*))"
# Before what is a deadline, a holiday or a comparison
_BARE = "".join(rf"(?<!\b{word}\s)" for word in ("на", "к", "ко", "от", "о", "об", "чем", "по"))

_WORDS = {
    # In small letters only: «8 Марта» and «9 Мая» are holidays and streets.
    "month": r"(?P<month>(?-i:(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяею]|март[ае]?|август[ае]?"
    r"|ма[йяе])\b|(?<=\d\s)(?:янв|фев|февр|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек)\b\.?)",
    "weekday": r"(?P<weekday>понедельник[ау]?|вторник[ау]?|сред[ауы]|четверг[ау]?|пятниц[ауы]|суббот[ауы]"
    r"|воскресень[ея])\b",
    "on_weekday": r"(?:{weekday},?\s+)?",
    "number": r"(?P<day>\d{1,2})(?!\d)(?:-?го|-?е)?",
    "day_word": rf"(?P<day>{_DAY_WORD})",
    "year": r"(?P<year>199\d|20\d\d)\b(?!-\d)(?:-?(?:го|м|й|ом))?(?:\s+год[ау]?\b|\s?г\b\.?)?",
    "which_year": r"(?:{year}|(?P<which>прошлого|минувшего|позапрошлого|этого|нынешнего|текущего)\s+года\b)",
    "of_year": r"(?:,?\s+{which_year})?",
    "part": r"(?P<part>начал[еау]|середин[еыу]|кон(?:це|ца|ец))\s+",
    "half": r"(?P<half>перв|втор)(?:ой|ую|ая)\s+половин\w+\s+",
    "half_year": r"(?P<half>перв\w+|втор\w+|[12](?:-?[а-я]{1,2})?|I{1,2})\s+полугоди\w+",
    "quarter": r"(?P<quarter>перв\w+|втор\w+|трет\w+|четв[её]рт\w+|последн\w+|[1-4](?:-?[а-я]{1,2})?|IV|I{1,3})"
    r"\s+квартал\w*",
    "count": rf"(?P<count>\d{{1,3}}|{_COUNT_WORD}\b(?:\s+{_COUNT_WORD}\b)*)",
    "unit": r"(?P<unit>час\w*|дн\w+|день|сут\w+|недел\w+|месяц\w*|год\w?|лет)\b",
    "past": r"(?:прошл|минувш|предыдущ|последн)\w+",
    "day_of_month": r"{on_weekday}{number}\s+{month}{of_year}",
    "day_of_week": r"(?P<week>прошл|минувш|предыдущ|позапрошл|эт)(?:ой|ей)\s+неделе,?\s+во?\s+{weekday}",
    "bare": _BARE,
    "no_name": _NO_NAME,
    "end": r"(?=\s*(?:[?!.,;:]|$))",
}

_DATES = (
    ("day", "{day_of_month}"),
    ("day", "{on_weekday}{day_word}\\s+{month}{of_year}"),
    ("day", r"(?P<day>\d{1,2})(?:-?го)?\s+числа\b"),
    ("part of month", "{part}{month}{of_year}"),
    ("half of month", "{half}{month}{of_year}"),
    ("quarter", "{quarter}{of_year}"),
    ("half", "{half_year}{of_year}"),
    ("half", "{half}{which_year}"),
    ("part of year", "{part}{which_year}"),
    ("season", r"(?P<season>лет(?:ом|а)|весн(?:ой|ою|ы)|осен(?:ью|и))\s+{which_year}"),
    ("month", "{month}{of_year}"),
    ("year", "{year}"),
    ("weekday", "{weekday}"),
    ("weekend", r"(?:эти(?:х|м)?\s+)?выходны(?:е|х)\b"),
)
_ALONE = (
    ("weekday", r"(?P<last>{past})\s+{weekday}"),
    ("weekday", r"{weekday}\s+на\s+(?P<week>прошл|минувш|предыдущ|позапрошл|эт)(?:ой|ей)\s+неделе\b"),
    ("weekday", "{day_of_week}"),
    ("yesterday", r"\b(?P<before>поза)?вчера(?:шнего\s+дня)?\b"),
    ("yesterday", r"\b(?P<before>третьего)\s+дня\b"),
    ("back", r"(?P<back>(?:прошл|минувш|предыдущ|позапрошл)(?:ой|ую|ом|ем|ый|ий|его|ого))\s+"
     r"(?P<unit>недел|месяц|квартал|год)[а-я]*\b"),
    ("season", r"(?P<latest>(?:прошл|минувш|эт|нынешн)\w+)\s+(?P<season>лет|весн|осен|зим)[а-я]+\b"),
    ("weekend", r"(?P<back>{past})\s+выходны(?:е|х)\b"),
    ("this", r"(?:эт|нынешн|текущ)(?:ой|ей|ом|ем|у|от|ого|его)\s+(?P<unit>недел|месяц|квартал|год)[а-я]*\b"),
    ("ago", r"(?<![\w.,-])(?<!\bили\s)(?<!\bчем\s)(?<!\bтысячу\s)(?<!\bболее\s)(?<!\bбольше\s)(?<!\bсвыше\s)"
     r"{count}\s+{unit}\s+(?:тому\s+)?назад\b"),
    ("ago", r"(?<![\w.,-])(?<!\bчем\s)(?P<unit>час|день|сутки|неделю|месяц|полгода|год)\s+(?:тому\s+)?назад\b"),
)  # fmt: skip
_NUMBER = r"\d{1,2}(?:-?го)?"
_PHRASES = (
    ("between", rf"\b(?:со?|от|между)\s+({{date}}|{_NUMBER})\s+(?:по|до|и)\s+({{date}}){{no_name}}"),
    ("between", r"\b(\d{1,2})\s?[-–—]\s?({day_of_month}){no_name}"),
    ("within", r"\b({day_of_week}){no_name}"),
    ("since", r"\b(?:начиная\s+со?|со?)\s+({date}){no_name}"),
    ("after", r"\bпосле\s+({date}){no_name}"),
    ("until", r"\b(?:вплоть\s+)?до\s+({date}){no_name}"),
    ("listed", rf"\bво?\s+({{date}}|{_NUMBER})(?:,\s+{{date}})*(?:,?\s+(?:и|или)\s+|\s?[-–—/&]\s?)(?:во?\s+)?({{date}})"
     r"{no_name}"),
    ("within", r"\b(?:во?|за|в\s+течение|в\s+ходе)\s+({date})(?:\s+(?:утром|вечером|ночью)\b)?{no_name}"),
    ("within", r"\bна\s+((?:этих\s+)?выходных)\b"),
    ("within", r"\bнасч[её]т\s+({date})(?=\W*$)"),
    ("within", r"{bare}\b((?P<season>лет(?:ом|а)|весн(?:ой|ою|ы)|осен(?:ью|и))\s+{which_year}){no_name}"),
    ("within", r"{bare}\b({day_of_month}|{day_word}\s+{month}{of_year}|{ymd}|{dotted}|{slashed}){no_name}"),
    ("told", r"{bare}\b(\d{1,2}(?:-?го)?\s+числа)\b"),
    ("day and month", r"(?<!\bдо\s)(?<!\bс\s){bare}(?<![\w.,])(\d\d)\.(\d\d)(?=\W*$)"),
    ("past", r"\b(?:последн|прошедш)\w+\s+({count})\s+(?P<unit>{unit})"),
    ("past", r"\bпоследн\w+()\s+(?P<unit>час|сутки|неделю|недели|месяц|год)\b"),
    ("past", r"\bза()\s+(?P<unit>сутки|неделю)\b(?!\s+до\b)"),
    ("today", r"\bсегодня\b"),
    ("within", r"(?<!\bчем\s)\b({alone})(?!\w)"),
    ("season", r"{bare}\b(летом|весной|осенью|зимой)\b{no_name}"),
)  # fmt: skip

RUSSIAN = Language(
    words=_WORDS,
    numbers={
        "month": {
            **{stem: at for at, stem in enumerate(_MONTH_STEMS.split(), 1)}, "мая": 5, "мае": 5,
        },
        "weekday": {"пон": 1, "вто": 2, "сре": 3, "чет": 4, "пят": 5, "суб": 6, "вос": 7},
        "season": {"вес": 3, "лет": 6, "осе": 9, "зим": 12},
        "part": {"середин": 1, "кон": 2},
        "half": {"перв": 1, "втор": 2, "i": 1, "ii": 2},
        "quarter": {
            "перв": 1, "втор": 2, "трет": 3, "четв": 4, "последн": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
        },
        "day": _ORDINALS,
        "which": {"прош": 1, "минувш": 1, "позапрош": 2},
        "week": {"прош": 1, "минувш": 1, "предыдущ": 1, "позапрош": 2},
        "back": {"прош": 1, "минувш": 1, "предыдущ": 1, "последн": 1, "позапрош": 2},
        "latest": {"прош": 1, "минувш": 1},
        "unit": {
            "час": HOUR, "д": OF_DAYS, "сут": OF_DAYS, "недел": OF_WEEKS, "месяц": OF_MONTHS, "квартал": OF_QUARTERS,
            "полгода": HALF_YEAR, "год": OF_YEARS, "лет": OF_YEARS,
        },
        "count": _COUNTS,
    },
    dates=_DATES,
    alone=_ALONE,
    phrases=_PHRASES,
    ahead=r"\b(?:буд(?:ет|ут|ем|у)|планиру\w+|намерен\w*|собира\w+|ожида\w+|ждать|жд[уеё]т|предсто\w+|следующ\w+|срок\w*"
    r"|продл\w+|отлож\w+|кажд\w+|обычно|ежегодно|всегда|поздрав\w+|праздн\w+|рождения|1\d{3})\b",
    told=r"\b(?:новост\w*|происходит|нового|\w+л(?:[аои]?|[аои]?с[ья]))\b",
)  # fmt: skip
