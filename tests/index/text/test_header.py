"""Headers of copied articles: the fields that are read from them, and the story that is left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.text.boilerplate import story_spans
from index.types import Article

MARCH = date(2022, 3, 5)
RAIN = "Rain Stops Play in Leeds"
FIRST = "The match at Headingley was abandoned on Saturday after heavy rain fell over Yorkshire, the club said."
STORY = f"{FIRST}\n\nIt will rain again."

ARCHIVE = f"""1 of 3 DOCUMENTS


              The Leeds Post

March 5, 2022 Saturday
Late Edition - Final

{RAIN}

BYLINE: By Jane Doe

SECTION: Section A; Column 1; Foreign Desk; Pg. 1

LENGTH: 812 words

DATELINE: LEEDS, England

{STORY}

LOAD-DATE: March 6, 2022

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

Copyright 2022 The Leeds Post Company
All Rights Reserved
"""
LATER_ARCHIVE = f"""{RAIN}
The Leeds Post
March 5, 2022 Saturday

Copyright 2022 The Leeds Post Company All Rights Reserved

Section: SPORT; Pg. 12
Length: 812 words
Byline: Jane Doe
Body


{STORY}

Load-Date: March 6, 2022

End of Document
"""
RELEASE = f"""FOR IMMEDIATE RELEASE
Contact:
Jane Doe
jane@example.org

{RAIN}
Club to refund tickets

LEEDS, England – March 5, 2022 – {STORY}

###
"""
DATED_RELEASE = f"""FOR IMMEDIATE RELEASE

March 5, 2022

Media Contact: Jane Doe
Phone: 555 0100

{RAIN}

{STORY}
"""
WIRED_RELEASE = f"Press Release\n\n{RAIN}\n\nLEEDS, March 5, 2022 /PRNewswire/ -- {STORY}"
COPY = f"Title: {RAIN}\nPublication: The Leeds Post\nDate: 5 March 2022\nAuthor: Jane Doe\n\n{STORY}"
WEBSITE = f"SKIP ADVERTISEMENT\n\n{RAIN}\n\nBy Jane Doe\n\nMarch 5, 2022\n\n{STORY}"


def read(folder: Path, text: str) -> Article:
    path = folder / "a.txt"
    path.write_text(text, "utf-8")
    problems: list[Problem] = []
    (article,) = read_file(path, path.name, problems.append)
    assert problems == []
    return article


def story(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in story_spans(article)]


@pytest.mark.parametrize(
    ("text", "source", "authors"),
    [
        (ARCHIVE, "The Leeds Post", ("Jane Doe",)),
        (LATER_ARCHIVE, "The Leeds Post", ("Jane Doe",)),
        (DATED_RELEASE, None, ()),
        (COPY, "The Leeds Post", ("Jane Doe",)),
        (WEBSITE, None, ()),
        (f"{RAIN}\n\nPublished: 5 March 2022\n\n{STORY}", None, ()),
        (f"{RAIN}\n5 March 2022, 14:30 GMT\n\n{STORY}", None, ()),
        (f"5 March 2022\n\n{RAIN}\n\n{STORY}", None, ()),
        (f"{RAIN}\n\nSource: The Leeds Post\nPosted: Saturday, 5 March 2022\n\n{STORY}", "The Leeds Post", ()),
        (f"Headline: {RAIN}\nNewspaper: The Leeds Post\nDate: 2022-03-05\nSection: Sport\n\n{STORY}",
         "The Leeds Post", ()),
        (f"Advertisement\n\n{RAIN}\n\nPublished March 5, 2022\nUpdated March 6, 2022\n\n{STORY}", None, ()),
    ],
)  # fmt: skip
def test_headers(tmp_path: Path, text: str, source: str | None, authors: tuple[str, ...]) -> None:
    article = read(tmp_path, text)
    assert (article.title, article.day, article.source, article.authors) == (RAIN, MARCH, source, authors)
    assert story(article) == [STORY]
    assert article.text == text


@pytest.mark.parametrize(("text", "source"), [(RELEASE, None), (WIRED_RELEASE, "PRNewswire")])
def test_releases_with_a_dateline(tmp_path: Path, text: str, source: str | None) -> None:
    article = read(tmp_path, text)
    assert (article.title, article.day, article.source) == (RAIN, MARCH, source)
    (only,) = story(article)
    assert only.startswith("LEEDS")
    assert only.endswith(STORY)


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("Дождь остановил игру\n\nОпубликовано: 5 марта 2022 г., 17:30\n\n", "Дождь остановил игру", MARCH),
        ("Дощ зупинив гру\n\n5 березня 2022 року, 17:30\n\n", "Дощ зупинив гру", MARCH),
        ("Regen stoppt Spiel\n\nStand: 5. März 2022, 14:30 Uhr\n\n", "Regen stoppt Spiel", MARCH),
        (f"{RAIN}\n\nUpdated: 6 March 2022\n\n", RAIN, None),
        (f"{RAIN}\n\nDate: yesterday\n\n", RAIN, None),
    ],
)
def test_a_date_on_its_own_line(tmp_path: Path, text: str, title: str, day: date | None) -> None:
    article = read(tmp_path, text + STORY)
    assert (article.title, article.day, article.dated) == (title, day, day and day.isoformat())
    assert story(article) == [STORY]


def test_an_ambiguous_date_on_its_own_line_is_kept_as_text(tmp_path: Path) -> None:
    article = read(tmp_path, f"{RAIN}\n\n03/04/2022\n\n{STORY}")
    assert (article.title, article.published, article.published_text) == (RAIN, None, "03/04/2022")


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        f"{FIRST}\n\nOn 5 March 2022 it rained.",
        f"{FIRST}\n\n5 March 2022\n\nIt rained.",
        f"{FIRST}\n\nSource: the club.",
        f"Note: it rained. Everybody went home.\n\n{STORY}",
    ],
)
def test_prose_has_no_header(tmp_path: Path, text: str) -> None:
    article = read(tmp_path, text)
    assert (article.day, article.source, article.title) == (None, None, None)
    assert "".join(story(article)).startswith(text[:10])


def test_front_matter_wins_over_the_header(tmp_path: Path) -> None:
    article = read(tmp_path, f"---\ntitle: Hail\npublished: 2021-01-02\nsource: The Post\n---\n{ARCHIVE}")
    assert (article.title, article.day, article.source) == ("Hail", date(2021, 1, 2), "The Post")
    assert story(article) == [STORY]


def test_headline_before_a_story_without_capitals(tmp_path: Path) -> None:
    """A blank line after the headline shows that it does not continue."""
    article = read(
        tmp_path, "Interview with the harbour master\n\nso we went down to the harbour and the boats were tied up"
    )
    assert article.title == "Interview with the harbour master"
    assert read(tmp_path, "so we went down to the harbour\nand the boats were tied up").title is None
    assert read(tmp_path, "The boats were tied up and nobody\nwas fishing because of the wind").title is None
    assert read(tmp_path, "iPhone sales fall\n\nThe firm said so.").title == "iPhone sales fall"


LINES = """
Published on Mar 5, 2022 at 2:30 PM EST~Sat 5 Mar 2022 14.30 GMT~March 5, 2022 / 2:30 pm~MARCH 5, 2022~5-Mar-2022
5th March 2022~(5 March 2022)~Issued: 5 March 2022~2022年3月5日 14:30~2022. 3. 5.~5 mars 2022 à 14h30
Publié le 5 mars 2022 à 14h30~Publicado el 5 de marzo de 2022~Sábado, 5 de março de 2022 às 14h30
Pubblicato il 5 marzo 2022~Gepubliceerd op zaterdag 5 maart 2022~Opublikowano 5 marca 2022~Yayınlanma: 5 Mart 2022 14:30
Publicerad 5 mars 2022~Veröffentlicht am 5. März 2022 um 14:30 Uhr~Sa, 05.03.2022, 14:30~Субота, 5 березня 2022, 14:30
05 марта 2022 г., суббота~Опубликовано 05.03.2022 в 14:30 (МСК)~5 сакавіка 2022~5. března 2022~5. maaliskuuta 2022
5 Μαρτίου 2022~5 martie 2022~5 март 2022~By Jane Doe, 5 March 2022~By Jane Doe / March 5, 2022~Jane Doe - 5 March 2022
Leeds, March 5, 2022~Paris, le 5 mars 2022~Иван Петров, 5 марта 2022, 14:30~5 March 2022 (updated 6 March 2022)
Updated: 6 March 2022, first published 5 March 2022~The Leeds Post • 5 March 2022
"""


@pytest.mark.parametrize("line", LINES.strip().replace("\n", "~").replace(" / ", " | ").split("~"))
def test_lines_that_are_a_date(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, f"{RAIN}\n\n{line}\n\n{STORY}")
    assert (article.title, article.day) == (RAIN, MARCH)
    assert story(article) == [STORY]


@pytest.mark.parametrize(
    "line",
    ["Updated 6 March 2022", "Last modified on Sun 6 Mar 2022 14.30 GMT", "Updated\n6 March 2022",
     "Mis à jour le 6 mars 2022", "Обновлено: 6 марта 2022", "Zuletzt aktualisiert am 6. März 2022"],
)  # fmt: skip
def test_the_day_of_a_change_is_not_the_day_of_publication(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, f"{RAIN}\n\n{line}\n\n{STORY}")
    assert (article.title, article.day, article.modified) == (RAIN, None, date(2022, 3, 6))
    article = read(tmp_path, f"{RAIN}\n\nPublished\n5 March 2022\n{line}\n\n{STORY}")
    assert (article.title, article.day, article.modified) == (RAIN, MARCH, date(2022, 3, 6))
    assert story(article) == [STORY]


@pytest.mark.parametrize(
    "line",
    ["0001-01-01", "1970-01-01", "January 1, 1970", "Published: 1970-01-01T00:00:00Z", "5 марта, 14:30", 
     "Published: N/A", "Date: 31 February 2022", "Date: Spring 2022"],
)  # fmt: skip
def test_lines_without_a_complete_date(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, f"{RAIN}\n\n{line}\n\n{STORY}")
    assert (article.title, article.dated) == (RAIN, None)


@pytest.mark.parametrize("line", ["05.03.22", "03/05/2022", "03-05-2022"])
def test_an_ambiguous_line_is_kept_as_text(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, f"{RAIN}\n\n{line}\n\n{STORY}").published_text == line


OLDER_ARCHIVE = f"""Copyright 2022 The Leeds Post
All Rights Reserved

The Leeds Post

March 5, 2022 Saturday

SECTION: Sport; Pg. 3

LENGTH: 200 words

HEADLINE: {RAIN}

BYLINE: Jane Doe

BODY:
{STORY}

LOAD-DATE: March 7, 2022
"""
WITH_SUBTITLE = ARCHIVE.replace(RAIN, f"{RAIN};\nMatch abandoned after two hours")
WITH_PAGE = f"Page 1\n{LATER_ARCHIVE}"
PROQUEST = f"""Document 1 of 10

{RAIN}

Author: Jane Doe

Publication info: The Leeds Post ; Leeds [Leeds]05 Mar 2022: A.3.

Abstract: None available.

Full text: {STORY}

Subject: Rain

Document URL: https://proquest.example/1
"""
LATER_PROQUEST = f"""Title: {RAIN}

Author: Jane Doe

Full text:

{STORY}

Publication title: The Leeds Post; Leeds

Publication date: Mar 5, 2022

Document URL: https://proquest.example/1
"""
FACTIVA = (
    f"HD\n{RAIN}\nBY\nBy Jane Doe\nWC\n200 words\nPD\n5 March 2022\nSN\nThe Leeds Post\nLA\nEnglish\nLP\n\n{STORY}"
)
FACTIVA_IN_LINES = f"HD {RAIN}\nBY By Jane Doe\nWC 200 words\nPD 5 March 2022\nSN The Leeds Post\nLP\n{STORY}"
FACTIVA_SHOWN = (
    f"Sport\n{RAIN}\nBy Jane Doe\n200 words\n5 March 2022\nThe Leeds Post\nLEEDS\n3\nEnglish\n(c) 2022 The Leeds "
    f"Post\n\n"
    f"{STORY}"
)


@pytest.mark.parametrize(
    "text",
    [OLDER_ARCHIVE, WITH_SUBTITLE, WITH_PAGE, PROQUEST, LATER_PROQUEST, FACTIVA, FACTIVA_IN_LINES, FACTIVA_SHOWN],
)
def test_copies_from_archives(tmp_path: Path, text: str) -> None:
    article = read(tmp_path, text)
    assert (article.title, article.day, article.source) == (RAIN, MARCH, "The Leeds Post")
    assert article.authors in (("Jane Doe",), ())
    assert story(article) == [STORY]


@pytest.mark.parametrize(
    "head",
    [
        f"FOR IMMEDIATE RELEASE: March 5, 2022\n\nCONTACT: Jane Doe, jane@example.org, 555-0100\n\n{RAIN}",
        f"MEDIA RELEASE | 5 March 2022\n\n{RAIN}",
        f"Press release - 5 March 2022\n\n{RAIN}",
        f"ПРЕСС-РЕЛИЗ\n\n5 марта 2022 г.\n\n{RAIN}",
        f"Pressemitteilung vom 5. März 2022\n\n{RAIN}",
        f"PRESSEMITTEILUNG\nLeeds, 5. März 2022\n\n{RAIN}",
        f"COMMUNIQUÉ DE PRESSE\n\nParis, le 5 mars 2022\n\n{RAIN}",
        f"ADVERTISEMENT\nSKIP ADVERTISEMENT\n{RAIN}\nThe club said that nobody was hurt.\n\nShare full article\n\n24\n"
        "By Jane Doe\nReporting from Leeds\nMarch 5, 2022",
        f"{RAIN}\n\nJane Doe in Leeds\n\nSat 5 Mar 2022 14.30 GMT\nLast modified on Sun 6 Mar 2022 10.00 GMT",
    ],
)
def test_releases_and_websites(tmp_path: Path, head: str) -> None:
    article = read(tmp_path, f"{head}\n\n{STORY}")
    assert (article.title, article.day) == (RAIN, MARCH)
    assert story(article) == [STORY]


@pytest.mark.parametrize(
    ("head", "source"),
    [("BBC News\n\n{}\n\n5 March 2022", "BBC News"), ("РИА Новости, 5 марта 2022\n\n{}", "РИА Новости")],
)
def test_an_agency_above_the_headline(tmp_path: Path, head: str, source: str) -> None:
    article = read(tmp_path, f"{head.format(RAIN)}\n\n{STORY}")
    assert (article.title, article.day, article.source) == (RAIN, MARCH, source)


def test_a_dateline_with_its_day_in_brackets(tmp_path: Path) -> None:
    article = read(tmp_path, f"FOR IMMEDIATE RELEASE\n\n{RAIN}\n\nLEEDS, England (March 5, 2022) – {STORY}")
    assert (article.title, article.day, article.place) == (RAIN, MARCH, "LEEDS, England")


def test_a_labelled_date_may_be_the_last_line(tmp_path: Path) -> None:
    article = read(tmp_path, f"{RAIN}\n\n{STORY}\n\nPublished 5 March 2022")
    assert (article.title, article.day) == (RAIN, MARCH)
    assert story(article) == [STORY]
    assert read(tmp_path, f"{RAIN}\n\n{STORY}\n\n5 March 2022").day is None


@pytest.mark.parametrize(
    "headline",
    [
        "Copyright laws must change, says mayor",
        "Contact: aliens land in film",
        "Text: the new treaty on fish",
        "To: the moon and back",
        "Subject: a nation in debt",
    ],
)
def test_headlines_that_begin_like_labels(tmp_path: Path, headline: str) -> None:
    article = read(tmp_path, f"{headline}\n\n{STORY}")
    assert (article.title, " ".join(story(article))) == (headline, STORY)


def test_an_e_mail(tmp_path: Path) -> None:
    head = (
        f"From: Jane Doe <jane@a.example>\nTo: desk@b.example\nSubject: {RAIN}\nDate: Sat, 5 March 2022 10:00:00 +0000"
    )
    article = read(tmp_path, f"{head}\n\n{STORY}")
    assert (article.title, article.day, " ".join(story(article))) == (RAIN, MARCH, STORY)


def test_the_story_may_follow_its_label_on_the_last_line(tmp_path: Path) -> None:
    article = read(tmp_path, f"Title: {RAIN}\nDate: 5 March 2022\nText: {FIRST}")
    assert (article.title, article.day, story(article)) == (RAIN, MARCH, [FIRST])
