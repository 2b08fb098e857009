"""Passages by the words that they hold (BM25). The only place that imports tantivy."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from tantivy import Filter, Occur, Query, Tokenizer

from index.errors import DamagedIndexError
from index.files import read_json
from index.text.languages import language_of
from index.text.normalize import normalize

# The languages that tantivy's Snowball stemmers and stop words know.
STEMMED = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
WITHOUT_STOP_WORDS = frozenset({"ar", "el", "ro", "ta", "tr"})  # tantivy stems these, and has no list for them
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # written without spaces between words

UNSEEN = 100  # passages
_OWN_FIELDS = ("id", "day", "source")  # the others are one for each kind of language
_NO_LOCK = "Failed to acquire Lockfile"
_MOST_DEAD = 0.2  # share of deleted passages
_FULL = 0.4  # of the rarest word's idf, for each word of a question: the median of what the best passage has


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage as the word index sees it."""

    id: int
    text: str
    language: str | None
    day: date | None
    source: str | None


@dataclass(frozen=True, slots=True)
class ArticleFilters:
    """Which articles count: days, both included, and an outlet's name in any case."""

    since: date | None = None
    until: date | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.source))


@cache
def _analyzer(kind: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(64)).filter(Filter.lowercase())
    if kind in STEMMED:
        language = language_of(kind)
        if language and language.stop_words:
            builder = builder.filter(Filter.custom_stopword(language.stop_words.split()))
        elif kind not in WITHOUT_STOP_WORDS:
            builder = builder.filter(Filter.stopword(STEMMED[kind]))
        builder = builder.filter(Filter.stemmer(STEMMED[kind]))
    return builder.filter(Filter.ascii_fold()).build()  # so that Erdogan finds Erdoğan


def _kind(language: str | None) -> str:
    return "unspaced" if language in UNSPACED else language if language in STEMMED else "plain"


def _kinds(languages: Iterable[str | None]) -> list[str]:
    return sorted({_kind(language) for language in languages})


def can_update(folder: Path, languages: Iterable[str | None], gone: int) -> bool:
    """Whether an index can take passages in these languages, and lose so many: else it is better built anew.

    tantivy counts deleted passages as long as their segment lives, in how common a word is; so there may be few.
    """
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    total = sum(segment["max_doc"] for segment in meta["segments"])
    dead = sum(segment["deletes"]["num_deleted_docs"] for segment in meta["segments"] if segment.get("deletes"))
    return set(_kinds(languages)) <= set(_fields(folder)) and dead + gone <= _MOST_DEAD * total


def _fields(folder: Path) -> list[str]:
    """The kinds of language that an index has fields for, whether or not it holds passages in them."""
    return [name for name in _every_field(folder) if name not in _OWN_FIELDS]


def _every_field(folder: Path) -> set[str]:
    return {field["name"] for field in read_json(folder / "meta.json")["schema"]}


def _open(folder: Path) -> tantivy.Index:
    """Open an index, which tantivy does only where it can make a lock: where nothing can be written, through links."""
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        if _NO_LOCK not in str(error):
            raise
    with TemporaryDirectory(prefix="quotewire-") as links:  # what is open stays so when its name is gone
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (Path(links) / path.name).symlink_to(path.absolute())
        return tantivy.Index.open(links)


def stems(text: str, language: str | None) -> list[str]:
    """The words of a text as the index holds them: lower case, without stop words, stemmed by language."""
    return list(_analyzer(_kind(language)).analyze(normalize(text)))


def _write(index: tantivy.Index, gone: Iterable[int], entries: Iterable[LexicalEntry]) -> None:
    # One thread: one segment order, and the same files for the same articles.
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for id in gone:
        writer.delete_documents_by_query(Query.term_query(index.schema, "id", id))
    for entry in entries:
        document = tantivy.Document()
        document.add_unsigned("id", entry.id)
        document.add_text(_kind(entry.language), normalize(entry.text))
        if entry.day:
            document.add_unsigned("day", entry.day.toordinal())
        if entry.source:
            document.add_text("source", entry.source.casefold())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """A tantivy index with one text field for each kind of language, so that each is stemmed by its own rules."""

    def __init__(self, index: tantivy.Index, kinds: Sequence[str]) -> None:
        self._schema = index.schema
        self._kinds = kinds
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, languages: Iterable[str | None], entries: Iterable[LexicalEntry]) -> None:
        """Write an index of the entries, which are in these languages, into a new folder."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", fast=True, indexed=True)
        builder.add_unsigned_field("day", fast=True, indexed=True)
        builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
        kinds = _kinds(languages)
        for kind in kinds:
            builder.add_text_field(kind, tokenizer_name=kind, index_option="freq")
        folder.mkdir()
        index = tantivy.Index(builder.build(), path=str(folder))
        for kind in kinds:
            index.register_tokenizer(kind, _analyzer(kind))
        _write(index, (), entries)

    @classmethod
    def update(cls, folder: Path, gone: Iterable[int], entries: Iterable[LexicalEntry]) -> None:
        """Take passages out of an index and put entries in, whose languages it has fields for.

        What is new is written into files of its own; the others stay as they are, and can be links.
        """
        index = tantivy.Index.open(str(folder))
        for kind in _fields(folder):
            index.register_tokenizer(kind, _analyzer(kind))
        _write(index, gone, entries)

    @classmethod
    def open(cls, folder: Path, languages: Iterable[str | None]) -> LexicalIndex:
        """Open a built index memory-mapped; raises DamagedIndexError for files that tantivy cannot read."""
        kinds = _kinds(languages)
        try:
            if missing := {*kinds, *_OWN_FIELDS} - _every_field(folder):
                raise ValueError(f"it has no field {min(missing)}")
            return cls(_open(folder), kinds)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedIndexError(f"{folder}: not a word index that tantivy can read: {error}") from None

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, k: int, filters: ArticleFilters = ArticleFilters()) -> list[tuple[int, float]]:
        """The ids and BM25 scores of the k passages that the question's words fit best, best first.

        The question is text, not query syntax: every analysed word is one optional term.
        """
        spelt = normalize(question)
        terms = [
            (Occur.Should, Query.term_query(self._schema, kind, stem, "freq"))
            for kind in self._kinds
            for stem in dict.fromkeys(_analyzer(kind).analyze(spelt))
        ]
        if not terms:
            return []
        query = Query.boolean_query(terms)
        if filters:
            query = Query.boolean_query([(Occur.Must, query), *self._required(filters)])
        hits = self._searcher.search(query, k, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(id or 0), float(score)) for id, (score, _) in zip(ids, hits, strict=True)]

    def newest(self, names: Iterable[str], k: int, filters: ArticleFilters = ArticleFilters()) -> list[int]:
        """The ids of k passages that hold all words of one of the names, those of the newest articles first."""
        spelt = [normalize(name) for name in names]
        held = []
        for kind in self._kinds:
            for name in spelt:
                terms = [Query.term_query(self._schema, kind, stem, "basic") for stem in _analyzer(kind).analyze(name)]
                if terms:
                    held.append((Occur.Should, Query.boolean_query([(Occur.Must, term) for term in terms])))
        if not held:
            return []
        query = Query.boolean_query([(Occur.Must, Query.boolean_query(held)), *self._required(filters)])
        hits = self._searcher.search(query, k, count=False, order_by_field="day").hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return [int(id or 0) for id in ids]

    def fullest(self, question: str) -> float:
        """About the BM25 score of a passage that holds all words of a question, were they as rare as words can be."""
        spelt = normalize(question)
        count = min((len(set(_analyzer(kind).analyze(spelt))) for kind in self._kinds), default=0)
        return _FULL * count * math.log(1 + 2 * len(self))

    def idf(self, stem: str, language: str | None) -> float:
        """How much a stem tells: BM25's ln(1 + (N - n + 0.5) / (n + 0.5)), n of N passages holding it.

        UNSEEN more passages that hold nothing are imagined, or in a small index a word that it lacks would outweigh
        all that it has.
        """
        kind = _kind(language)
        n = min(self._searcher.doc_freq(kind, stem), len(self)) if kind in self._kinds else 0
        return math.log(1 + (len(self) + UNSEEN - n + 0.5) / (n + 0.5))

    def _required(self, filters: ArticleFilters) -> list[tuple[Occur, Query]]:
        """The filters as clauses that decide and do not score."""
        clauses = []
        if filters.since or filters.until:
            since = (filters.since or date.min).toordinal()
            until = (filters.until or date.max).toordinal()
            clauses.append(Query.range_query(self._schema, "day", tantivy.FieldType.Unsigned, since, until))
        if filters.source:
            clauses.append(Query.term_query(self._schema, "source", filters.source.casefold(), "basic"))
        return [(Occur.Must, Query.const_score_query(clause, 0.0)) for clause in clauses]
