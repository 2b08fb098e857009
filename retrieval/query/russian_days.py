"""How Russian says days: its words, dates and phrases. Pure."""

from __future__ import annotations

from index.text.languages import RUSSIAN, any_of
from retrieval.query.day_grammar import DayGrammar
from retrieval.query.day_meanings import HALF_YEAR, HOUR, OF_DAYS, OF_MONTHS, OF_QUARTERS, OF_WEEKS, OF_YEARS

_MONTHS = "|".join(form for month in RUSSIAN.months for form in month.forms)
_SHORT_MONTHS = any_of(short for month in RUSSIAN.months for short in month.all_short)
_WEEKDAYS = "|".join(form for day in RUSSIAN.weekdays for form in day.forms)
_COUNT_WORD = rf"(?:{any_of(RUSSIAN.counts)})"
_DAY_WORD = rf"(?:(?:двадцать|тридцать)\s+)?(?:{any_of(RUSSIAN.ordinals)})(?:ого|его)"

# Not before a word that makes the date a name or a thing
_NO_NAME = r"(?![\w/-]|,?\s+\d{4}\b|\s+(?:(?-i:[A-Z])|выбор\w+|чемпионат\w*|олимпиад\w+|сезон\w*|бюджет\w*|кризис\w*))"
# Not after a word that makes it a deadline, a holiday or a comparison
_BARE = "".join(rf"(?<!\b{word}\s)" for word in ("на", "к", "ко", "от", "о", "об", "чем", "по"))

_WORDS = {
    # In lower case only: «8 Марта» and «9 Мая» are holidays and streets.
    "month": rf"(?P<month>(?-i:{_MONTHS})\b|(?<=\d\s)(?:{_SHORT_MONTHS})\b\.?)",
    "weekday": rf"(?P<weekday>{_WEEKDAYS})\b",
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

RUSSIAN_DAYS = DayGrammar(
    letters="[а-яёіїєґ]",
    words=_WORDS,
    numbers={
        "month": {
            name: number
            for number, month in enumerate(RUSSIAN.months, 1)
            for name in (*month.forms, *month.all_short)
        },
        "weekday": {form: number for number, day in enumerate(RUSSIAN.weekdays, 1) for form in day.forms},
        "season": {"вес": 3, "лет": 6, "осе": 9, "зим": 12},
        "part": {"середин": 1, "кон": 2},
        "half": {"перв": 1, "втор": 2, "i": 1, "ii": 2},
        "quarter": {
            "перв": 1, "втор": 2, "трет": 3, "четв": 4, "последн": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
        },
        "day": RUSSIAN.ordinals,
        "which": {"прош": 1, "минувш": 1, "позапрош": 2},
        "week": {"прош": 1, "минувш": 1, "предыдущ": 1, "позапрош": 2},
        "back": {"прош": 1, "минувш": 1, "предыдущ": 1, "последн": 1, "позапрош": 2},
        "latest": {"прош": 1, "минувш": 1},
        "unit": {
            "час": HOUR, "д": OF_DAYS, "сут": OF_DAYS, "недел": OF_WEEKS, "месяц": OF_MONTHS, "квартал": OF_QUARTERS,
            "полгода": HALF_YEAR, "год": OF_YEARS, "лет": OF_YEARS,
        },
        "count": RUSSIAN.counts,
    },
    dates=_DATES,
    alone=_ALONE,
    phrases=_PHRASES,
    ahead=r"\b(?:буд(?:ет|ут|ем|у)|планиру\w+|намерен\w*|собира\w+|ожида\w+|ждать|жд[уеё]т|предсто\w+|следующ\w+|срок\w*"
    r"|продл\w+|отлож\w+|кажд\w+|обычно|ежегодно|всегда|поздрав\w+|праздн\w+|рождения|1\d{3})\b",
    told=r"\b(?:новост\w*|происходит|нового|\w+л(?:[аои]?|[аои]?с[ья]))\b",
)  # fmt: skip
