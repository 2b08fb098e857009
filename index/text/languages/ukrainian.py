"""The words of Ukrainian that the rules need."""

from __future__ import annotations

from index.text.languages.language_record import CalendarName, Language, PageWords, QuestionWords, SentenceWords

_MONTHS = (
    *(CalendarName.of("січня", "січ"), CalendarName.of("лютого", "лют")),
    *(CalendarName.of("березня", "бер", also_short="берез"), CalendarName.of("квітня", "квіт")),
    *(CalendarName.of("травня", "трав"), CalendarName.of("червня", "черв"), CalendarName.of("липня", "лип")),
    *(CalendarName.of("серпня", "серп"), CalendarName.of("вересня", "вер", also_short="верес")),
    *(CalendarName.of("жовтня", "жовт"), CalendarName.of("листопада", "лист", also_short="листоп")),
    CalendarName.of("грудня", "груд"),
)
_WEEKDAYS = (
    *(CalendarName.of("понеділок", "Пн", stem="понед"), CalendarName.of("вівторок", "Вт")),
    *(CalendarName.of("середа", "Ср", stem="серед"), CalendarName.of("четвер", "Чт", stem="четв")),
    *(CalendarName.of("п'ятниця", "Пт", stem="п['’ʼ]ятн"), CalendarName.of("субота", "Сб", stem="субот")),
    CalendarName.of("неділя", "Нд", stem="неділ"),
)
_SHORT_MONTHS = [short for month in _MONTHS for short in month.all_short]

UKRAINIAN = Language(
    code="uk",
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    sentences=SentenceWords(
        abbreviations={
            "in an address": "вул|бульв|пров|смт|ім|буд",
            "not after a number": r"т\.\s?зв|тзв",
            "before anything": "наприкл|приблизн|див|пор|рос|укр|бл",
            "before a number": "|".join([*_SHORT_MONTHS, "іл|вип|стор"]),
            "of a large number": "тис",
        },
        starters="""
        Він Вона Вони Воно Потім Згодом Це Цей Ця Ці Але І Й Після Його Її Їх Проте Однак Також Про Ми Ви Якщо Коли Тоді
        Тепер Тому Із Від Усі Що Де Під Над
        """,
        years="рр?|ст",
        eras=r"н\.\s?е",
        units="хв|год|грн",
        time_openings=(
            "у|від|із|з|після|протягом|станом|влітку|восени|взимку|навесні|наприкінці|впродовж|вже|лише|тільки|якщо"
        ),
        verb_endings="[аиїу]в|вся|лася|лося|лися|ує|ає|іє|[аую]ть|[ує]ться|ються",
        participle_endings="[ое]ні",
        nouns_like_verbs="числі справ держав статут або числи",
    ),
    pages=PageWords(
        lines="усі новини|читайте також|поділитися|коментарі",
        labels=r"читайте \s також",
        releases="прес-реліз",
        header_labels={
            "source": "джерело|видання",
            "published": "опубліковано|дата публікації",
            "modified": "оновлено",
            "author": "автори",
            "contact": "контакти",
            "mail": "від",
        },
        published="опубліковано",
        date_words="р року",
        date_stems="оновл|змінен|години?",
        updated="оновл|змінен",
        publication_labels="час|публікації|публікація|створено",
    ),
    questions=QuestionWords(
        small_talk={
            "greeting": "привіт|добрий день|вітаю",
            "thanks": "дякую",
            "goodbye": "до побачення",
            "how": "як справи",
        },
    ),
)
