"""index.header, and what is made of it: the fields of the article, and that nothing of it is quoted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.furniture import story_spans
from index.readers import Problem, read_file
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
def test_header(tmp_path: Path, text: str, source: str | None, authors: tuple[str, ...]) -> None:
    article = read(tmp_path, text)
    assert (article.title, article.day, article.source, article.authors) == (RAIN, MARCH, source, authors)
    assert story(article) == [STORY]
    assert article.text == text


@pytest.mark.parametrize(("text", "source"), [(RELEASE, None), (WIRED_RELEASE, "PRNewswire")])
def test_release_with_a_dateline(tmp_path: Path, text: str, source: str | None) -> None:
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
def test_date_on_its_own_line(tmp_path: Path, text: str, title: str, day: date | None) -> None:
    article = read(tmp_path, text + STORY)
    assert (article.title, article.day, article.dated) == (title, day, day and day.isoformat())
    assert story(article) == [STORY]


def test_ambiguous_date_on_its_own_line_stays_words(tmp_path: Path) -> None:
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
def test_prose_is_no_header(tmp_path: Path, text: str) -> None:
    article = read(tmp_path, text)
    assert (article.day, article.source, article.title) == (None, None, None)
    assert "".join(story(article)).startswith(text[:10])


def test_front_matter_wins_over_the_header(tmp_path: Path) -> None:
    article = read(tmp_path, f"---\ntitle: Hail\npublished: 2021-01-02\nsource: The Post\n---\n{ARCHIVE}")
    assert (article.title, article.day, article.source) == ("Hail", date(2021, 1, 2), "The Post")
    assert story(article) == [STORY]


def test_headline_before_a_story_without_capitals(tmp_path: Path) -> None:
    """Case 52: a blank line after it shows that the paragraph does not go on."""
    article = read(
        tmp_path, "Interview with the harbour master\n\nso we went down to the harbour and the boats were tied up"
    )
    assert article.title == "Interview with the harbour master"
    assert read(tmp_path, "so we went down to the harbour\nand the boats were tied up").title is None
    assert read(tmp_path, "The boats were tied up and nobody\nwas fishing because of the wind").title is None
    assert read(tmp_path, "iPhone sales fall\n\nThe firm said so.").title == "iPhone sales fall"
