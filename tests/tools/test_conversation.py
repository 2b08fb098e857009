"""Its beginning is played here, the whole of it with -m slow; how it is written down and drawn."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.telegram import parse_html
from tools.conversation import scenes
from tools.conversation.events import Happened, Posted, Pressed, Said, Section, Told, Typed
from tools.conversation.normal import normal
from tools.conversation.picture import WIDTH, picture
from tools.conversation.play import ALL, core, play
from tools.conversation.stage import ROOT
from tools.conversation.svg_styles import Line, Run, lines
from tools.conversation.transcript import transcript
from tools.conversation.widths import width_of

PAGE = ROOT / "docs" / "conversation.md"
PICTURE = ROOT / "docs" / "conversation.svg"


@pytest.fixture(scope="module")
def models(e5_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conversation") / "models"
    shutil.copytree(e5_root / "models", folder)
    return folder


def written(sections: list[Section]) -> str:
    return normal(transcript("", "", sections)).partition("\n## ")[2]


def test_its_beginning_is_as_it_is_written_down(models: Path) -> None:
    sections = play([scenes.start, scenes.question], models)
    page = PAGE.read_text("utf-8")
    assert written(sections) in page
    assert "TsNIIMash" in written(sections)


@pytest.mark.slow
def test_the_whole_of_it_is_as_it_is_written_down(models: Path) -> None:
    sections = play(ALL, models)
    assert PAGE.read_text("utf-8").partition("\n## ")[2] == written(sections)
    assert PICTURE.read_text("utf-8") == picture(core(sections))


def test_every_scene_is_written_down_in_order() -> None:
    page = PAGE.read_text("utf-8")
    assert re.findall("^## (.+)$", page, re.M) == [scene.title for scene in ALL]
    assert re.findall(r"^- \[(.+)\]\(#.+\)$", page, re.M) == [scene.title for scene in ALL]


def test_the_picture_is_a_picture_in_which_nothing_leaves_its_bubble() -> None:
    tree = ElementTree.parse(PICTURE).getroot()
    boxes = [box(each) for each in tree.iter() if each.get("class") in ("bot", "person")]
    assert len(boxes) == 5
    texts = [each for each in tree.iter() if each.tag.endswith("text") and each.get("textLength")]
    assert len(texts) > 10
    for each in texts:
        x, y = float(each.get("x", 0)), float(each.get("y", 0))
        end = x + float(each.get("textLength", 0))
        assert any(left <= x and end <= right and top <= y <= bottom for left, top, right, bottom in boxes), each.text
    assert all(0 <= left < right <= WIDTH for left, _, right, _ in boxes)


def box(shape: ElementTree.Element) -> tuple[float, float, float, float]:
    left, top, width, height = (float(shape.get(name, 0)) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def posted(html: str, **more: object) -> Posted:
    text, entities = parse_html(html)
    return Posted("Ann", "", 1, text, tuple(entities), **more)  # type: ignore[arg-type]


def test_lines_of_runs() -> None:
    text, entities = parse_html(
        '<b>👍 A</b> b\n<blockquote>c <b>d <u>e</u></b>\n\nf</blockquote>\n<a href="https://x.y/">g</a>'
    )
    bold = frozenset("b")
    assert lines(text, entities) == [
        Line((Run("👍 A", bold), Run(" b"))),
        Line((Run("c "), Run("d ", bold), Run("e", frozenset("bu"))), quoted=True),
        Line((), quoted=True),
        Line((Run("f"),), quoted=True),
        Line((Run("g", link="https://x.y/"),)),
    ]


EVENTS = [
    (Said("Ann", "", "Who *is* it?", 1), "**Ann**: Who \\*is\\* it?"),
    (Said("Ann", "", "One\n\ntwo", 1, edited=True), "**Ann** edits that to: One\\\ntwo"),
    (Said("Ann", "Room", "", 1, "a photo"), "**Ann** in *Room*: *(a photo)*"),
    (Said("Ann", "", "word " * 100, 1), f"**Ann**: {'word ' * 39}word … (500 characters)"),
    (Pressed("Ann", "", "More"), "**Ann** presses `[ More ]`"),
    (Told("Noted.", box=False), "> For a moment: *Noted.*"),
    (Told("Gone.", box=True), "> A box opens: *Gone.*"),
    (Typed("Ann", "who", (("A", "b"),), "Ask"), "**Ann** types: who\n\n> `[ Ask ]`\n>\n> **A**\\\n> b"),
    (Happened("It is killed."), "*It is killed.*"),
    (Happened("GET /", "ok\n"), "*GET /*\n\n```\nok\n```"),
    (posted("1. a\n<i>b </i>c"), "> **Quotewire** to Ann\n>\n> 1\\. a\\\n> *b* c"),
    (posted("a\n<blockquote>b\n\nc</blockquote>\nd"), "> **Quotewire** to Ann\n>\n> a\n>\n> > b\n> >\n> > c\n>\n> d"),
    (
        posted("a", buttons=(("1", "2"), ("3",)), edited="buttons"),
        "> **Quotewire** to Ann, changing the buttons\n>\n> `[ 1 ]` `[ 2 ]`\\\n> `[ 3 ]`",
    ),
    (posted("a", sent_on=True), "> **Ann**, by way of Quotewire\n>\n> a"),
]


@pytest.mark.parametrize(("event", "words"), EVENTS)
def test_events_as_markdown(event: Said, words: str) -> None:
    page = transcript("Title", "About.", [Section("Part one!", "It.", [event])])
    assert page == f"# Title\n\nAbout.\n\n- [Part one!](#part-one)\n\n## Part one!\n\nIt.\n\n{words}\n"


def test_what_differs_from_run_to_run_is_made_the_same() -> None:
    told = "wrong (id 12ab34cd). Error 12ab34cd: ValueError at a/b.py:7"
    assert normal(told) == "wrong (id 3f9c01a7). Error 3f9c01a7: ValueError at a/b.py:60"
    assert normal("Generation 3, built less than a minute ago") == normal("Generation 3, built 12 minutes ago")
    assert normal("Running for one minute, version 1") == "Running for 2 minutes, version 1"


def test_widths() -> None:
    assert width_of("Rain", 10) == 7.22 + 5.56 + 2.22 + 5.56
    assert width_of("Rain", 10, bold=True) == pytest.approx(7.22 + 5.56 + 2.78 + 6.11)
    assert width_of("👍", 10) > width_of("Ж", 10) > width_of("i", 10)


def test_long_words_and_quotes_are_drawn_in_bubbles() -> None:
    drawn = picture(
        [Said("Ann", "", "Who?", 1), posted(f"<b>{'word ' * 60}</b>\n<blockquote>{'more ' * 60}</blockquote>")]
    )
    rows = re.findall(r'textLength="([0-9.]+)"', drawn)
    assert len(rows) >= 8
    assert max(map(float, rows)) <= 576
    assert drawn.count('class="bar"') == 1
    assert ElementTree.fromstring(drawn).get("width") == "720"
