"""No reports to the makers of libraries."""

from __future__ import annotations

import os


def disable() -> None:
    """Keep libraries that are not imported yet from reporting, in this process and in those that it starts.

    onnxruntime tells its makers that it is used, and keeps a number of the machine in the home folder, unless this is
    set when it is imported; huggingface_hub adds to its requests what it runs on.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
