"""A Bot API server on 127.0.0.1, as strict as Telegram about what it is sent; it records all that is sent."""

from tests.support.telegram.entities import Entity, Json, units
from tests.support.telegram.errors import ApiError
from tests.support.telegram.faults import Hang, Late, Lost
from tests.support.telegram.flood import Flood
from tests.support.telegram.inprocess import InProcessRequest
from tests.support.telegram.markup import parse_html
from tests.support.telegram.server import FakeTelegram, wait_for
from tests.support.telegram.text import check_message
from tests.support.telegram.values import Upload
from tests.support.telegram.world import BOT_ID, NAME, TOKEN, Sent

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
