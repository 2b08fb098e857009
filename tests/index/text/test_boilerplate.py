from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.boilerplate import is_boilerplate, story_spans
from index.types import Article
from tests.support.paths import SEED


def story(text: str, title: str | None = None) -> list[str]:
    article = Article("a", text, "a.txt", title=title)
    return [text[start:end] for start, end in story_spans(article)]


@pytest.mark.parametrize(
    "line",
    [
        "All news",
        "  Tags  ",
        "Read More",
        "» Read more…",
        "SHARE",
        "Advertisement",
        "Related articles:",
        "Subscribe",
        "Sign up for our newsletter",
        "Subscribe to our newsletter!",
        "Follow us on Twitter",
        "Follow Jane Doe on Twitter: @janedoe",
        "Print",
        "12 comments",
        "Comments (3)",
        "Read also: Rain stops play",
        "RELATED:Rain stops play",
        "More from The Post",
        "Share on Facebook",
        "© 2022 The Post. All rights reserved.",
        "Copyright 2022 The Post.",
        "* * *",
        "___",
        "Читайте также:",
        "Lire aussi : la pluie",
        "Lesen Sie auch: Regen",
    ],
)
def test_lines_of_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "All news is local, the editor said.",
        "Tags were found on every whale.",
        "Read more books, the minister told pupils.",
        "Share prices fell.",
        "Shares",
        "Share: 20 cts",
        "Related party transactions: none",
        "More from the front was expected on Monday.",
        "Follow the money, prosecutors said.",
        "Like many people on TikTok, she sings.",
        "Subscribers left the newsletter in droves.",
        "Register reporter Jane Doe will have more updates.",
        "Copyright law changed in 1976.",
        "The Canadian Space Agency has no direct cooperation with TsNIIMash and RSC Progress",
        "comments.",  # the last word of a paragraph that is broken into lines
        "Follow us on Twitter " + "x" * 200,
    ],
)
def test_lines_of_a_story(line: str) -> None:
    assert not is_boilerplate(line)


def test_the_story_of_the_seed_has_no_headline_and_no_navigation() -> None:
    text = SEED.read_text("utf-8")
    title = "Canada vows to continue work with state bodies for further ISS cooperation — Roscosmos"
    (run,) = story(text, title)
    assert run.startswith("The Canadian Space Agency has no direct cooperation with TsNIIMash and RSC Progress\n")
    assert run.endswith("will make a decision regarding further operation of the ISS.")


@pytest.mark.parametrize(
    ("text", "title", "runs"),
    [
        ("It rained.", None, ["It rained."]),
        ("  It rained.\n\n It stopped. \n", None, ["It rained.\n\n It stopped."]),
        ("It rained.\r\n\r\nRead More\r\n\r\nIt stopped.", None, ["It rained.", "It stopped."]),
        ("Rain in Leeds\nIt rained.\nRain in Leeds", "Rain in Leeds", ["It rained."]),
        ("It rained.\nRain in Leeds\nIt stopped.", "Rain in Leeds", ["It rained.", "It stopped."]),
        ("UK\nRain  in Leeds\nIt rained.", " Rain in Leeds ", ["It rained."]),
        ("Rain in Leeds\n\nBy Jane Doe\n\nApril 2, 2022\n\nLeeds CNN —\n\nIt rained.", "Rain in Leeds", ["It rained."]),
        ("It rained.\n" * 6 + "By Jane Doe", None, ["It rained.\n" * 6 + "By Jane Doe"]),
        ("It rained.\nTags\nRain\nLeeds, England", None, ["It rained."]),
        ("It rained.\nTags\nRain\nIt stopped.", None, ["It rained.", "Rain\nIt stopped."]),
        ("All news\n\nTags", None, []),
        ("", None, []),
        (
            "\U0001f327 It rained.\nShare\n\U0001f31e It stopped.",
            None,
            ["\U0001f327 It rained.", "\U0001f31e It stopped."],
        ),
    ],
)
def test_story_without_boilerplate(text: str, title: str | None, runs: list[str]) -> None:
    assert story(text, title) == runs


LINES = st.sampled_from(["Tags", "Read More", "It rained.", "Rain", "By Jane Doe", "CNN —", "", "  ", "Rain in Leeds"])
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\x0b"])


@given(st.lists(st.tuples(LINES | st.text(max_size=20), ENDS)), st.none() | st.just("Rain in Leeds"))
def test_spans_are_ordered_trimmed_and_without_boilerplate(lines: list[tuple[str, str]], title: str | None) -> None:
    text = "".join(line + end for line, end in lines)
    edge = 0
    for start, end in story_spans(Article("a", text, "a.txt", title=title)):
        assert edge <= start < end <= len(text)
        run = text[start:end]
        assert run == run.strip()
        assert not any(is_boilerplate(line) for line in run.splitlines())
        edge = end


@given(st.lists(LINES | st.text(max_size=20)))
def test_only_boilerplate_is_dropped_below_the_head(lines: list[str]) -> None:
    text = "It rained.\n" * 6 + "\n".join(lines) + "\nIt stopped."
    kept = "\n".join(story(text)).splitlines()
    said = [line.strip() for line in text.splitlines() if line.strip() and not is_boilerplate(line)]
    assert [line.strip() for line in kept if line.strip()] == said


def test_a_breadcrumb_trail_is_boilerplate() -> None:
    assert is_boilerplate("Home > World > Europe")
    assert is_boilerplate("News › Sport › Football")
    assert not is_boilerplate("Profit > loss")
