"""The keys under which files state the fields of an article: this project's own names and common aliases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from index.text.datelines import without_by
from index.text.links import http_link

# Field -> its keys, in order of precedence. Keys are normalized before they are compared, so that pubDate is pub_date.
FIELD_ALIASES = MappingProxyType(
    {
        "id": ("id",),
        "text": (
            "text",
            "body",
            "content",
            "article",
            "article_body",
            "article_text",
            "body_text",
            "content_text",
            "full_text",
            "main_text",
            "content_html",
            "body_html",
        ),
        "title": ("title", "headline"),
        "url": ("url", "link", "permalink", "web_url", "canonical_url", "article_url", "source_url", "original_url"),
        "published": (
            "published",
            "date",
            "pub_date",
            "published_at",
            "published_on",
            "published_date",
            "published_time",
            "date_published",
            "publication_date",
            "publish_date",
            "date_publish",
            "publish_time",
            "web_publication_date",
            "iso_date",
        ),
        "modified": (
            "modified",
            "updated",
            "date_modified",
            "modified_at",
            "updated_at",
            "modified_date",
            "updated_date",
            "last_modified",
            "last_updated",
            "lastmod",
        ),
        "source": (
            "source",
            "publisher",
            "site",
            "site_name",
            "outlet",
            "newspaper",
            "publication",
            "website",
            "source_name",
            "publisher_name",
            "publication_name",
            "outlet_name",
        ),
        "language": ("language", "lang", "in_language"),
        "authors": ("authors", "author", "byline"),
        "tags": ("tags", "keywords"),
    }
)
_LIST_FIELDS = ("authors", "tags")
_NAME_FIELDS = ("source", "authors")  # organizations and people

CustomKeys = Mapping[str, str]  # [index] fields: field -> the key that the user's files have for it
NO_CUSTOM_KEYS: CustomKeys = MappingProxyType({})


def normalize_key(key: object) -> str:
    """Return a key in lower case, without spaces, hyphens and underscores.

    >>> normalize_key("datePublished") == normalize_key("date_published")
    True
    """
    return re.sub(r"[\s_-]", "", str(key)).lower()


# The normalized keys of all fields but the text, which front matter does not state.
KNOWN_KEYS = frozenset(
    normalize_key(alias) for field, aliases in FIELD_ALIASES.items() for alias in aliases if field != "text"
)


def known_fields(values: Mapping[str, object], custom_keys: CustomKeys) -> dict[str, object]:
    """Return the value of each field that is stated, under whichever of its keys.

    A custom key takes precedence over the field's own name, and that over the aliases, whose values are skipped if
    they are of the wrong type. A URL that is stated as the source is taken as the article's URL, since note-taking
    programs write it there.
    """
    by_key: dict[str, object] = {}
    for key, value in values.items():
        by_key.setdefault(normalize_key(key), _unwrap(value))
    fields: dict[str, object] = {}
    for field, aliases in FIELD_ALIASES.items():
        custom = (custom_keys[field],) if field in custom_keys else ()
        for key in (*custom, *aliases):
            value = by_key.get(normalize_key(key))
            if field in _NAME_FIELDS:
                value = _extract_name(value)
            # A wrong type under a custom key or the field's own name is kept, so that a later check reports it.
            if _is_blank(value) or not (key in (*custom, field) or _has_field_type(field, value)):
                continue
            if field == "source" and _is_url(value):
                continue
            if field == "url" and field in fields and not _is_url(value):
                continue
            fields[field] = value
            if field != "url" or _is_url(value):  # the first valid URL wins, else the first value
                break
    if "url" not in fields and _is_url(source := by_key.get("source")):
        fields["url"] = source
    return fields


def _extract_name(value: object) -> object:
    """Return the name in an object such as {"@type": "Person", "name": "Jane"} or in a byline such as "By Jane"."""
    if isinstance(value, list):  # a list within the list is of the wrong type and left for the check
        return [item if isinstance(item, list) else _extract_name(item) for item in value]
    if isinstance(value, Mapping):
        return value.get("name", value)
    return without_by(value) if isinstance(value, str) else value


def _unwrap(value: object) -> object:
    """Return the value within an object that a database export wraps it in, as {"$date": "2022-03-08"}."""
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in ("$oid", "$date"):
        return next(iter(value.values()))
    return value


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _has_field_type(field: str, value: object) -> bool:
    if field in _LIST_FIELDS and isinstance(value, list):
        return all(isinstance(item, str) or item is None for item in value)
    return isinstance(value, str)


def _is_url(value: object) -> bool:
    return isinstance(value, str) and http_link(value) is not None
