"""Run the whole program under strace: nothing may leave the machine, and files may change only in a few folders.

    python -m tools.trace_program     (make trace)

It builds an index of seeds/, asks a question, plays a conversation from a pipe, runs an evaluation, and runs the bot
against the Telegram server of the tests. Connections within this machine are allowed ([bot] api_url is one here), and
so are changes in the data, state and temporary folders. Python is told not to write bytecode, which it would write to
where it is installed. The variable CI is not set, because libraries do not report to their makers if it is. Exit code
1: calls that are not allowed, which are printed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.telegram import TOKEN, FakeTelegram, wait_for
from tools.strace import OPTIONS, findings

ROOT = Path(__file__).parent.parent
QUESTION = "Who is under sanctions?"
EXPECTED = "which is also under sanctions"
FORGET = "Forget everything"
LONGEST = 900  # seconds that a command may take; a few are usual
ROW = '{"question": "Who is under sanctions?", "answerable": true, "answers": ["Progress", "TsNIIMash"]}\n'


class Traced:
    """Runs commands under strace, each in its own folders."""

    def __init__(self, folder: Path) -> None:
        """Work in an empty folder."""
        self.folder = folder
        self._writable = [folder / name for name in ("data", "state", "tmp")]
        for path in (*self._writable, folder / "home", folder / "traces"):
            path.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QUOTEWIRE_INDEX_SOURCES": str(ROOT / "seeds"),
            "QUOTEWIRE_INDEX_PATH": str(folder / "data"),
            "QUOTEWIRE_BOT_STATE": str(folder / "state"),
        }

    def run(self, name: str, *words: str, input: str = "", expected: str = "") -> None:
        """Run a command until it ends; raise SystemExit if it fails or does not print what is expected."""
        with self._start(name, words, {}) as process:
            printed, _ = process.communicate(input.encode(), timeout=LONGEST)
        if process.returncode or expected not in printed.decode():
            raise SystemExit(f"{name}: ended with {process.returncode}; it printed:\n{printed.decode()}")

    def run_bot(self) -> None:
        """Run the bot until it has answered a question and forgotten the person."""
        with FakeTelegram(date=None) as telegram:
            variables = {
                "QUOTEWIRE_BOT_API_URL": telegram.url,
                "QUOTEWIRE_BOT_MONITOR": "",
                "TELEGRAM_BOT_TOKEN": TOKEN,
            }
            telegram.say(QUESTION, 1)
            with self._start("bot", ["bot"], variables) as process:
                wait_for(lambda: any(EXPECTED in text for text in telegram.to(1)), LONGEST)
                telegram.say("/forget", 1)
                asked = wait_for(lambda: [sent for sent in telegram.sent_to(1) if FORGET in sent.buttons], LONGEST)
                telegram.press(asked[0], FORGET)
                wait_for(lambda: asked[0].text.startswith("Done"), LONGEST)
                [bot] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
                os.kill(int(bot), signal.SIGTERM)
                process.communicate(timeout=LONGEST)
        if process.returncode:
            raise SystemExit(f"bot: ended with {process.returncode}")

    def findings(self) -> Iterator[str]:
        """Return the calls that are not allowed, and the command that each was made in."""
        for path in sorted((self.folder / "traces").iterdir()):
            for line in findings(path.read_text("utf-8", "replace").splitlines(), self._writable, ROOT):
                yield f"{path.name}: {line}"

    @contextmanager
    def _start(self, name: str, words: Sequence[str], variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        command = ["strace", *OPTIONS, "-o", str(self.folder / "traces" / name), sys.executable, "-m", "bot", *words]
        environment = {**self._environment, **variables}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment) as process:
            try:
                yield process
            finally:
                process.kill()


def main() -> None:
    """Run everything, and print the calls that are not allowed."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "rows.jsonl").write_text(ROW, "utf-8")
        traced = Traced(folder)
        traced.run("index", "index")
        traced.run("ask", "ask", QUESTION, expected=EXPECTED)
        traced.run("chat", "chat", input=f"{QUESTION}\nand who said so?\n", expected=EXPECTED)
        traced.run("evaluate", "evaluate", str(folder / "rows.jsonl"))
        traced.run_bot()
        found = list(traced.findings())
        left = [path.relative_to(folder) for path in (folder / "home").rglob("*")]
    for line in found:
        print(line)
    if found or left:
        raise SystemExit(f"{len(found)} calls are not allowed; in the home folder: {[str(path) for path in left]}")
    print("nothing left this machine, and no file changed where it may not")


if __name__ == "__main__":
    main()
