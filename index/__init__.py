"""Articles in, a generation out."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
