"""Retrieval: a question in, an answer of quotes out."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
