"""Load the encoder of a model: ONNX Runtime where its export agrees with the model, else sentence-transformers."""

from __future__ import annotations

import logging
from functools import cache, partial
from typing import TYPE_CHECKING

from index.encoders.encoder import Encoder
from index.encoders.model_files import Model
from index.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from index.settings import IndexSettings

log = logging.getLogger(__name__)


def load_encoder(model: Model, settings: IndexSettings) -> Encoder:
    """Load a model that `find_model` found: without torch, from an export, where that gives the same vectors.

    The first time, the export is made. Raises ModelError where sentence-transformers cannot load the model, and where
    the settings want the ONNX runtime and it cannot run there; ConfigError for settings that contradict each other.
    """

    from index.encoders.onnx_export import ExportMismatchError, UnsupportedModulesError, load_export
    from index.encoders.sentence_transformer import SentenceTransformerEncoder

    reference = cache(partial(SentenceTransformerEncoder, model, settings.threads))  # loaded once, or not at all
    if settings.runtime == "torch":
        if model.precision == "int8":
            raise ConfigError('[index] precision: "int8" needs the ONNX runtime; set [index] runtime to "auto"')
        return reference()
    try:
        return load_export(model, settings, reference)
    except ExportMismatchError as unfit:
        if model.precision == "int8":
            raise ModelError(
                f'{model.name} cannot be converted to int8: {unfit}; set [index] precision to "fp32"'
            ) from None
        if settings.runtime == "onnx":
            raise ModelError(f'{model.name}: {unfit}; set [index] runtime to "auto", which takes torch then') from None
        if not isinstance(unfit, UnsupportedModulesError):
            _log_once(f"{model.name} is run with torch: {unfit}")
        return reference()


@cache
def _log_once(line: str) -> None:
    log.info(line)
