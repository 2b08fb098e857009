"""What a line of a header says: labels with their values, marks, and dates with whom they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.datelines import AGENCIES, BYLINE, without_by
from index.text.days import DATE_WORDS, LONGEST, UPDATED, StatedDate, find_days, words_beside

LONGEST_LABELLED = 200  # code points of a line with a label

WEBSITE = "skip advertisement|skip to (?:main )?content|advertisement|supported by|give this article|share full article"
RELEASE = (
    r"(?:for )?immediate release|for release.*|embargoed?\b.*|(?:press|news|media) release|пресс-релиз|прес-реліз"
    r"|для немедленного распространения|pressemitteilung(?: vom)?|zur sofortigen veröffentlichung"
    r"|communiqué(?: de presse)?|comunicado de prensa|nota de prensa|comunicato stampa"
)
# A first line that is only ever a header's, and the words that websites put above an article when it is copied.
MARK = re.compile(
    rf"(?:\d+ of \d+ documents?|document \d+ of \d+|page \d+(?: of \d+)?|\d[\d,]* words|{RELEASE}|{WEBSITE}"
    r"|copyright .*(?:\d{4}|©|\(c\)|all rights reserved).*"
    r"|(?:©|\(c\)) ?\d{4} .*|all rights reserved\.?|end of document|(?:full )?text:|full "
    r"text|body:?|(?:# ?)+|-30-"
    r"|(?:(?:late|early|final|first|second|national|suburban|city|regional|main|sunday|international|online|us|uk) )+"
    r"edition(?: - final)?)",
    re.IGNORECASE,
)
IS_RELEASE, IS_WEBSITE = re.compile(RELEASE, re.IGNORECASE), re.compile(WEBSITE, re.IGNORECASE)
ARCHIVE = re.compile(r".*\bdocuments?\b.*|.* words|full text|length|load-date|section|publication-type", re.IGNORECASE)
LABELS = {
    "title": "title|headline|hed|titel|überschrift|заголовок",
    "source": "publication|publication title|newspaper|source|outlet|publisher|quelle|источник|издание|джерело|видання",
    "published": "date|published|publication date|date published|pub date|posted|sent|first published|datum"
    "|veröffentlicht|дата|опубликовано|дата публикации|опубліковано|дата публікації",
    "modified": "updated|last updated|last modified|modified|обновлено|оновлено|aktualisiert|zuletzt aktualisiert",
    "author": "byline|author|authors|by|written by|autor|autorin|автор|авторы|автори",
    "about": "publication info",  # of ProQuest: the outlet, the place and the date
    "body": "full text|body|text",
    "contact": "contact|contacts|media contact|media contacts|press contact|пресс-контакт|контакты|контакти"
    "|pressekontakt|kontakt",
    "other": "section|length|dateline|language|graphic|highlight|load-date|publication-type|document-type|type"
    "|copyright|phone|tel|telephone|fax|e-mail|email|website|web|url|link|page|pages|volume|issue|issn|edition"
    "|subjects|keywords|category|abstract|document url",
    "mail": "from|to|cc|bcc|reply-to|message-id|von|an|от|кому|від",
    "subject": "subject|betreff|тема",  # of a message, or what an archive files it under
}
KINDS = {label: kind for kind, labels in LABELS.items() for label in labels.split("|")}
LABEL = re.compile(r"([^\W\d_][\w -]{1,30}?)\s?:\s*(.*)")
# What is between a date and the name before it.
BETWEEN = re.compile(rf"(?:[\W_]|{DATE_WORDS.pattern})+\Z", re.IGNORECASE)
SEPARATED = re.compile(r"\s*[,;|•·/–—-]")
CAPITAL = r"[^\W\d_a-zа-яёіїєґ][\w.'’&-]*"
NAME = re.compile(rf"{CAPITAL}(?: (?:(?:and|of|the|in|de|van|von|и|в|на) )?{CAPITAL}){{0,4}}")


@dataclass(frozen=True, slots=True)
class Label:
    """A label, what kind of thing it names, and the value after it."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Dated:
    """The days that a line states, as they are written, and what is before them."""

    published: str | None
    modified: str | None
    author: str | None = None
    source: str | None = None
    mark: str | None = None


def label_of(line: str) -> Label | None:
    """Return the label of a line, with no value where it is alone on the line and without a colon."""
    if name := KINDS.get(line.lower()):
        return Label(name, line.lower(), "") if name in ("published", "modified", "body") else None
    match = LABEL.fullmatch(line) if len(line) <= LONGEST_LABELLED else None
    kind = KINDS.get(match[1].lower()) if match else None
    return Label(kind, match[1].lower(), match[2]) if match and kind else None


def dated(line: str, is_first: bool) -> Dated | None:
    """Return what a line of days states, which may begin with a name; None for a line that says more.

    >>> dated("By Jane Doe | March 5, 2022", False)
    Dated(published='March 5, 2022', modified=None, author='Jane Doe', source=None, mark=None)
    """
    found = list(find_days(line)) if len(line) <= LONGEST else []
    if not found:
        return None
    days = days_of(found)
    if not words_beside(line, found):
        return days
    before = line[: found[0].start]
    plain = before.rstrip(" :,;|•·/–—-([")
    if MARK.fullmatch(plain):
        return Dated(days.published, days.modified, mark=plain.lower())
    between = BETWEEN.search(before)
    for name in (plain, before[: between.start()] if between else before):
        rest = line[len(name) :]
        if words_beside(rest, [*find_days(rest)]) or UPDATED.search(name):
            continue
        if BYLINE.fullmatch(name):
            return Dated(days.published, days.modified, author=without_by(name))
        if SEPARATED.match(rest) and re.fullmatch(AGENCIES, name):
            return Dated(days.published, days.modified, source=name)
        if SEPARATED.match(rest) and NAME.fullmatch(name) and not is_first:
            return days
    return None


def days_of(found: list[StatedDate]) -> Dated:
    """Return the first day of publication and the first of a change."""
    published = next((one.text for one in found if not one.is_update), None)
    return Dated(published, next((one.text for one in found if one.is_update), None))
