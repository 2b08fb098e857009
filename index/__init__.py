"""Indexing: from source files to a published index."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
