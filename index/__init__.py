"""Articles in, a generation out."""

import logging
import os

from index import telemetry

telemetry.disable()  # whichever module, or library of another, is the first to import onnxruntime

# Questions make many small products, for which a second thread costs more than it gives; before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

logging.getLogger(__name__).addHandler(logging.NullHandler())
