"""The switch that keeps third-party libraries from reporting their use to their makers."""

from __future__ import annotations

import os


def disable() -> None:
    """Set the environment variables that disable telemetry in libraries that are imported later.

    Call this just before importing one of them, since they read their variable on import. Without it, onnxruntime
    reports its use and keeps an identifier of the machine in the home folder, and huggingface_hub adds a description
    of the machine to its requests. Processes that are started later inherit the variables.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
