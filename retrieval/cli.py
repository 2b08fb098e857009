"""The commands `quotewire ask` and `quotewire show`: answer questions with quotes, and show a quote by its id."""

from __future__ import annotations

import sys
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.console import print_json, run, say
from index.limits import QUOTES

if TYPE_CHECKING:
    from retrieval.presentation.texts import Texts
    from retrieval.types import Answer

SKIPPED = 3  # the exit code if a line of stdin was no valid question

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(short_help="Answer a question with quotes from the articles.")
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.", show_default="lines of stdin")] = None,
    k: Annotated[
        int | None, typer.Option("-k", min=1, max=QUOTES, help="The most quotes to show.", show_default="as configured")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day and later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day and earlier.")] = None,
    source: Annotated[str | None, typer.Option(help="Only articles of this outlet.")] = None,
    asked: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date the question is asked on.", show_default="now")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how scores are made up.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also quote copies of the same story, each by itself.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per question.")] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file.", show_default="./config.toml")] = None,
) -> None:
    """Answer a question with quotes from the articles, each with headline, outlet, date and link.

    Without a question, each line of stdin is one: plain text, or a JSON object with "question" and, optionally,
    "asked", "since", "until", "source" and "earlier" (the "subject" of the answer that it follows up). Dates are
    YYYY-MM-DD.

    Exit code: 0 answered or nothing found, 3 a line of stdin was no valid question, 1 an error, 2 wrong usage.

    Example: quotewire ask "who is under sanctions?" --source TASS -k 3
    """
    from index.settings import IndexSettings
    from retrieval.presentation.json_rows import read_questions, to_question, to_row
    from retrieval.settings import RetrievalSettings

    if question is None and sys.stdin.isatty():
        raise typer.BadParameter("ask a question, or send questions on stdin, one per line", param_hint="QUESTION")
    given = {"since": since, "until": until, "source": source, "asked": asked}
    try:
        only = to_question({"question": "stdin" if question is None else question, **given})
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    index, retrieval = IndexSettings.load(config), RetrievalSettings.load(config)

    from retrieval.answerer import Answerer
    from retrieval.presentation.terminal_language import terminal_texts

    texts = terminal_texts()
    answerer = Answerer.open(index, retrieval)
    if answerer.problem:
        say(f"warning: {answerer.problem}")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # so that an error can quote a line that is not UTF-8
    skipped = 0
    for item in read_questions(sys.stdin, given) if question is None else [only]:
        if isinstance(item, ValueError):
            say(f"warning: {item}; skipped")
            skipped += 1
            continue
        answer = answerer.answer(item, k, every)
        if item.source and answer.status == "not_found" and not answer.closest:
            _warn_of_unknown(item.source, answerer.outlets(), texts)
        if (
            (item.since or item.until or answer.period)
            and answer.status in ("perhaps", "not_found")
            and (undated := answerer.undated())
        ):
            say(texts("terminal-undated", count=undated))
        if as_json:
            print_json(to_row(answer, explain))
        else:
            _show(answer, texts, explain, titled=question is None)
    if skipped:
        raise typer.Exit(SKIPPED)


def show(
    id: Annotated[str, typer.Argument(help="The id of the quote, as `quotewire ask` shows it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file.", show_default="./config.toml")] = None,
) -> None:
    """Show a quote by its id between the paragraphs around it, marked with a bar, and say if its article has changed.

    Exit code: 0 shown, 1 no such quote or an error, 2 wrong usage.

    Example: quotewire show 7e4r8db2-195-a5-wrmv
    """
    from index.errors import UnknownQuoteError
    from index.settings import IndexSettings
    from index.storage.generations import open_articles
    from retrieval.quote_ids import QuoteId
    from retrieval.quote_lookup import look_up

    try:
        wanted = QuoteId.parse(id)
    except ValueError as error:
        raise UnknownQuoteError(f"{error}; ids are shown above each quote by: quotewire ask") from None
    root = IndexSettings.load(config).path
    with closing(open_articles(root)) as store:
        located = look_up(wanted, store.articles_by_key(wanted.key))
    if located is None:
        raise UnknownQuoteError(
            f"no article in {root} has the quote {wanted}; see what is there with: quotewire index status"
        )
    if as_json:
        from retrieval.presentation.json_rows import located_quote_to_row

        print_json(located_quote_to_row(located))
    else:
        from index.rich_console import console_on
        from retrieval.presentation.terminal_language import terminal_texts
        from retrieval.presentation.terminal_view import print_located_quote

        print_located_quote(console_on(), located, terminal_texts())


def _show(answer: Answer, texts: Texts, explain: bool, titled: bool) -> None:
    from rich.text import Text

    from index.harmless import harmless
    from index.rich_console import console_on
    from retrieval.presentation.terminal_view import print_answer

    console = console_on()
    if titled:
        console.print(Text(f"> {harmless(answer.question.text)}", "dim"), soft_wrap=True)
    print_answer(console, answer, texts, explain=explain, in_shell=True)


def _warn_of_unknown(source: str, outlets: tuple[str, ...], texts: Texts) -> None:
    import difflib

    names = {outlet.casefold(): outlet for outlet in outlets}
    if source.casefold() not in names:
        near = difflib.get_close_matches(source.casefold(), names, 3) or list(names)[:3]
        other = texts("terminal-try-outlets", names=", ".join(names[name] for name in near)) if near else ""
        say(f"{texts('terminal-unknown-outlet', source=source)}; {other or texts('terminal-try-without')}")


def main() -> None:
    """Run the command `python -m retrieval`."""
    run(lambda: app(prog_name="python -m retrieval"))
