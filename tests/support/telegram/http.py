"""HTTP in front of the server: calls in each of the encodings that Telegram takes, downloads, dropped connections."""

from __future__ import annotations

import json
import re
import sys
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.telegram.entities import Json
from tests.support.telegram.errors import ApiError
from tests.support.telegram.values import Upload
from tests.support.telegram.world import TOKEN

if TYPE_CHECKING:
    from tests.support.telegram.server import FakeTelegram


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that is killed leaves connections behind; anything else is a mistake here, and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(fake: FakeTelegram, port: int) -> Server:
    class Handler(_Handler):
        server_for = fake

    return Server(("127.0.0.1", port), Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a reply goes out in one piece
    disable_nagle_algorithm = True
    server_for: FakeTelegram

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        try:
            if len(body) < length:  # the bot gave it up half-way
                raise ConnectionAbortedError
            if parts.path.startswith("/file/"):
                self._reply(200, self._file(parts.path), "application/octet-stream")
                return
            method = unquote(_after_token(parts.path, "/bot"))
            values: Json = dict(parse_qsl(parts.query, keep_blank_values=True, errors="strict"))
            more, files = read_body(self.headers, body)
            result = self.server_for.call(method, values | more, files)
            self._reply(200, json.dumps({"ok": True, "result": result}).encode())
        except ApiError as error:
            self._reply(error.code, refusal(error))
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815

    def _file(self, path: str) -> bytes:
        return download(self.server_for, _after_token(path, "/file/bot"))

    def _reply(self, code: int, payload: bytes, kind: str = "application/json") -> None:
        try:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
            self.wfile.flush()
        except OSError:  # whoever asked is gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


def refusal(error: ApiError) -> bytes:
    """The body of a refused call."""
    answer: Json = {"ok": False, "error_code": error.code, "description": str(error)}
    return json.dumps(answer | ({"parameters": error.parameters} if error.parameters else {})).encode()


def download(fake: FakeTelegram, path: str) -> bytes:
    """The contents of a file, by the path that getFile gave."""
    file = fake.files.get(path.removeprefix("documents/"))
    if fake.faults.out:
        raise ConnectionAbortedError
    if file is None:
        raise ApiError("Not Found", 404)
    return file.data


def read_body(headers: Message, body: bytes) -> tuple[Json, dict[str, Upload]]:
    """The values and files of a request's body: a form, JSON, or a form in parts."""
    kind = headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        try:
            values = json.loads(body or b"{}")
        except ValueError:
            raise ApiError("Bad Request: can't parse JSON object") from None
        return values, {}
    if not kind.startswith("multipart/form-data"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict")), {}
    boundary = re.search('boundary="?([^";]+)', kind)
    assert boundary is not None
    form, files = {}, {}
    for part in (b"\r\n" + body).split(f"\r\n--{boundary[1]}".encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        names = dict(re.findall(r'\b(name|filename)="([^"]*)"', head.decode()))
        if "filename" in names:
            files[names["name"]] = Upload(names["filename"], data)
        else:
            form[names["name"]] = data.decode()
    return form, files


def _after_token(path: str, prefix: str) -> str:
    """What comes after the token of a path; raises ApiError unless it is the bot's."""
    token, _, rest = path.removeprefix(prefix).partition("/")
    if not path.startswith(prefix) or ":" not in unquote(token):
        raise ApiError("Not Found", 404)
    if unquote(token) != TOKEN:
        raise ApiError("Unauthorized", 401)
    return rest
