"""A Bot API server on 127.0.0.1, as strict as Telegram about what it is sent; it records all that is sent."""

from tests.telegram.entities import Entity, Json, units
from tests.telegram.errors import ApiError
from tests.telegram.faults import Hang, Late, Lost
from tests.telegram.flood import Flood
from tests.telegram.inprocess import InProcessRequest
from tests.telegram.markup import parse_html
from tests.telegram.server import FakeTelegram, wait_for
from tests.telegram.text import check_message
from tests.telegram.values import Upload
from tests.telegram.world import BOT_ID, NAME, TOKEN, Sent

__all__ = [
    "BOT_ID",
    "NAME",
    "TOKEN",
    "ApiError",
    "Entity",
    "FakeTelegram",
    "Flood",
    "Hang",
    "InProcessRequest",
    "Json",
    "Late",
    "Lost",
    "Sent",
    "Upload",
    "check_message",
    "parse_html",
    "units",
    "wait_for",
]
