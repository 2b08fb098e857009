"""Measurements of speed, memory and quality; each module is a command."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the commands; before anything imports NumPy
