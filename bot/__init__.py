"""The bot: an update of Telegram in, a message out; and the command line."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
