"""Run the server as a process: python -m tests.support.telegram [--port N]; it prints its URL and ends with its input.

Each line of its input is JSON that says what people do, as in {"do": "say", "text": "Who?", "chat": 7}; what that
comes to is printed as a line of JSON. {"do": "sent"} prints what the bot has sent.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.support.telegram.server import FakeTelegram

_PEOPLE = (
    "say",
    "edit",
    "press",
    "inline",
    "guest",
    "forward",
    "put",
    "block",
    "unblock",
    "topic",
    "outage",
    "restore",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.telegram")
    parser.add_argument("--port", type=int, default=0)
    fake = FakeTelegram().start(parser.parse_args().port)
    print(fake.url, flush=True)
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            name = asked.pop("do")
            if name == "sent":
                done = [{"chat": s.chat, "text": s.text, "number": s.number, "keyboard": s.keyboard} for s in fake.sent]
            else:
                done = getattr(fake, _PEOPLE[_PEOPLE.index(name)])(**asked)
            print(json.dumps(done), flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        fake.stop()


if __name__ == "__main__":
    main()
