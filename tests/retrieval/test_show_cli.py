"""quotewire show: in process, and as a command that loads no model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from index.build.builder import build_index
from index.errors import NoIndexError, UnknownQuoteError
from index.settings import IndexSettings
from index.types import Article
from retrieval.quote_ids import QuoteId
from tests.support.fake_models import FakeEncoder

TEXT = "Rain fell on Oslo.\n\nThe mayor spoke. It would stop at noon, she said. Nobody else did.\n\nIt stopped."
QUOTE = "It would stop at noon, she said."
START = TEXT.index(QUOTE)
ID = str(QuoteId.of(Article("rain", TEXT, "x"), START, START + len(QUOTE)))
ABOVE = f"Weather\nTASS · 2 April 2022 · https://example.org/rain\n{ID}\n"


def write(settings: IndexSettings, text: str) -> None:
    article = {"id": "rain", "title": "Weather", "source": "TASS", "published": "2022-04-02", "text": text}
    row = json.dumps({**article, "url": "https://example.org/rain"})
    (settings.sources[0] / "news.jsonl").write_text(f"{row}\n")
    build_index(settings)


@pytest.fixture
def show(settings: IndexSettings, fake: FakeEncoder, tmp_path: Path) -> Any:
    config = tmp_path / "config.toml"
    config.write_text('[index]\nsources = ["news"]\n')

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["show", "--config", str(config), *arguments])
        if result.exception:
            raise result.exception
        return result.stdout

    return run


def test_a_quote_is_marked_with_a_bar_between_its_paragraphs(show: Any, settings: IndexSettings) -> None:
    write(settings, TEXT)
    assert show(ID) == (
        f"{ABOVE}Rain fell on Oslo.\n\nThe mayor spoke.\n│ {QUOTE}\nNobody else did.\n\nIt stopped.\n\n"
    )


def test_a_quote_that_is_a_paragraph(show: Any, settings: IndexSettings) -> None:
    write(settings, "One.\n\nTwo.\n\nThree.")
    id = str(QuoteId.of(Article("rain", "One.\n\nTwo.", "x"), 6, 10))
    assert show(id) == f"{ABOVE.replace(ID, id)}One.\n\n│ Two.\n\nThree.\n\n"


def test_a_quote_that_moved_is_still_shown_as_a_quote(show: Any, settings: IndexSettings) -> None:
    write(settings, f"Snow followed.\n\n{TEXT}")
    assert show(ID) == (
        f"{ABOVE}The article has changed since, but it still contains this quote.\n\n"
        f"Rain fell on Oslo.\n\nThe mayor spoke.\n│ {QUOTE}\nNobody else did.\n\nIt stopped.\n\n"
    )


def test_the_text_that_replaced_a_quote_is_not_shown_as_a_quote(show: Any, settings: IndexSettings) -> None:
    write(settings, TEXT.replace("noon", "dusk"))
    assert show(ID) == (
        f"{ABOVE}The article has changed and no longer contains this quote.\n\n"
        f"The text in its place is now:\n\n{TEXT.replace('noon', 'dusk')}\n\n"
    )
    write(settings, "Rain fell.")
    assert show(ID) == (
        f"{ABOVE}The article has changed and no longer contains this quote.\n\n"
        "The article now ends before the place of the quote.\n\n"
    )


def test_as_json(show: Any, settings: IndexSettings) -> None:
    write(settings, TEXT)
    row = json.loads(show(ID, "--json"))
    article = {"id": "rain", "title": "Weather", "url": "https://example.org/rain", "source": "TASS"}
    assert row == {
        "id": ID,
        "status": "unchanged",
        "quote": {"id": ID, "text": QUOTE, "start": START, "end": START + len(QUOTE)},
        "now": None,
        "before": "Rain fell on Oslo.\n\nThe mayor spoke. ",
        "after": " Nobody else did.\n\nIt stopped.",
        "article": {**article, "published": "2022-04-02"},
    }
    write(settings, f"Now. {TEXT}")
    row = json.loads(show(ID, "--json"))
    assert (row["id"], row["status"], row["quote"]["text"], row["quote"]["start"]) == (ID, "moved", QUOTE, START + 5)
    assert json.loads(show(row["quote"]["id"], "--json"))["status"] == "unchanged"
    write(settings, TEXT.replace("noon", "dusk"))
    row = json.loads(show(ID, "--json"))
    assert (row["status"], row["quote"], row["now"]["text"]) == ("changed", None, QUOTE.replace("noon", "dusk"))
    write(settings, "Rain fell.")
    row = json.loads(show(ID, "--json"))
    assert (row["status"], row["quote"], row["now"], row["before"], row["after"]) == ("changed", None, None, "", "")


def test_control_characters_are_harmless(show: Any, settings: IndexSettings) -> None:
    text = "a\x1b[31mb. Rain.\n\nc\u202ed."
    write(settings, text)
    id = str(QuoteId.of(Article("rain", text, "x"), 0, 8))
    assert show(id).endswith("/rain\n" + id + "\n│ a[31mb.\nRain.\n\ncd.\n\n")


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("rain", r"^'rain' is not a quote id; ids are shown above each quote by: quotewire ask$"),
        ("00000000-0-a-0000", r"^no article in .*data has the quote 00000000-0-a-0000; .*: quotewire index status$"),
    ],
)
def test_an_unknown_id_is_one_line(show: Any, settings: IndexSettings, id: str, message: str) -> None:
    write(settings, TEXT)
    with pytest.raises(UnknownQuoteError, match=message) as raised:
        show(id)
    assert raised.value.exit_code == 1


def test_no_index_yet(show: Any) -> None:
    with pytest.raises(NoIndexError, match="make one with: quotewire index"):
        show(ID)


def test_no_model_is_loaded(show: Any, settings: IndexSettings, tmp_path: Path) -> None:
    write(settings, TEXT)
    code = (
        "import sys; from typer.testing import CliRunner; from bot.cli import app; "
        f"print(CliRunner().invoke(app, {['show', '--config', str(tmp_path / 'config.toml'), ID]!r}).exit_code, "
        "{'numpy', 'torch', 'onnxruntime', 'faiss', 'tantivy', 'tokenizers', 'rensa'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 set()\n"


def test_it_speaks_the_language_of_the_environment(
    show: Any, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    write(settings, TEXT.replace("noon", "dusk"))
    assert show(ID) == (
        f"Weather\nTASS · 2 апреля 2022 · https://example.org/rain\n{ID}\n"
        "Статья изменилась, и этой цитаты в ней больше нет.\n\n"
        f"Теперь на этом месте:\n\n{TEXT.replace('noon', 'dusk')}\n\n"
    )
