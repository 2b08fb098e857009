"""The words of German that the rules need."""

from __future__ import annotations

from index.text.languages.language_record import CalendarName, Language, PageWords, QuestionWords, SentenceWords

_MONTHS = (
    *(CalendarName.of("Januar Jänner", "Jan"), CalendarName.of("Februar", "Feb"), CalendarName.of("März")),
    *(CalendarName.of("April", "Apr"), CalendarName.of("Mai"), CalendarName.of("Juni", "Jun")),
    *(CalendarName.of("Juli", "Jul"), CalendarName.of("August", "Aug"), CalendarName.of("September", "Sept Sep")),
    *(CalendarName.of("Oktober", "Okt"), CalendarName.of("November", "Nov"), CalendarName.of("Dezember", "Dez")),
)
_WEEKDAYS = (
    *(CalendarName.of("Montag", "Mo", stem="mont"), CalendarName.of("Dienstag", "Di", stem="dienst")),
    *(CalendarName.of("Mittwoch", "Mi", stem="mittw"), CalendarName.of("Donnerstag", "Do", stem="donner")),
    *(CalendarName.of("Freitag", "Fr", stem="freit"), CalendarName.of("Samstag", "Sa", stem="samst")),
    CalendarName.of("Sonntag", "So", stem="sonn"),
)

GERMAN = Language(
    code="de",
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    sentences=SentenceWords(
        joins=(
            # An ordinal after an article, or after a word that contains one: der 33. Jahrestag, am 1. Mai.
            (
                r"(?i:d(?:er|ie|as|en|em|es)|[ai]m|vom|zu[mr]|beim|(?:(?:k?ein|mein|sein|ihr|unser|jed)e[nrms]?))"
                r"\s\d{1,3}\.",
                r"[A-ZÄÖÜ]",
            ),
            (r"(?:Fa|Hr|Nr|Bd|Art|Abs|Str)\.", r"\w"),
        ),
    ),
    pages=PageWords(
        lines="""
        alle nachrichten|anzeige|werbung|teilen|mehr zum thema|lesen sie auch|auch interessant|kommentare|schlagworte
        schlagwörter|weiterlesen|drucken
        """,
        labels=r"lesen \s sie \s auch | mehr \s zum \s thema",
        tag_headings="schlagworte|schlagwörter",
        releases="pressemitteilung(?: vom)?|zur sofortigen veröffentlichung",
        header_labels={
            "title": "titel|überschrift",
            "source": "quelle",
            "published": "datum|veröffentlicht",
            "modified": "aktualisiert|zuletzt aktualisiert",
            "author": "autor|autorin",
            "contact": "pressekontakt|kontakt",
            "mail": "von|an",
            "subject": "betreff",
        },
        published="veröffentlicht",
        date_words="am um vom",
        date_stems="veröff|aktualis|ersch|stand|uhr|datum|zulet|bearbeit|geänd",
        updated="aktualisier|geändert|bearbeitet",
        other_dates="geboren|gestorben",
        label_links="am",
        date_labels="datum",
        publication_labels="zeit|veröffentlichung",
        ranges="bis",
    ),
    questions=QuestionWords(
        small_talk={
            "greeting": "hallo|guten tag|guten morgen|guten abend|moin|servus|gruss gott",
            "thanks": "danke|danke schon|vielen dank",
            "goodbye": "tschuss|auf wiedersehen",
            "who": "wer bist du",
            "how": "wie gehts|wie geht es dir",
        },
    ),
)
