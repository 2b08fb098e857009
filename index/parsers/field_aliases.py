"""Under which names files state an article's fields: the names of this project and those that others give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from index.text.datelines import without_by
from index.text.links import http_link

# Compared without case, hyphens and underscores, so that pubDate is pub_date; the first that states something counts.
NAMES = MappingProxyType(
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
LISTS = ("authors", "tags")
NAMED = ("source", "authors")  # organisations and people

Names = Mapping[str, str]  # [index] fields: the field, and the key under which the files have it
NO_NAMES: Names = MappingProxyType({})


def plain_key(key: object) -> str:
    """Return a key as it is compared with others.

    >>> plain_key("datePublished") == plain_key("date_published")
    True
    """
    return re.sub(r"[\s_-]", "", str(key)).lower()


FIELD_KEYS = frozenset(plain_key(name) for field, names in NAMES.items() for name in names if field != "text")


def known_fields(values: Mapping[str, object], names: Names) -> dict[str, object]:
    """Return what the values state of each field, under whatever key; a field that they do not state is left out.

    A key that `names` gives goes before all others, and our own before other people's, of which a value that is of no
    use is passed over. An address as the source is the link: note-taking programs write it so.
    """
    by_key: dict[str, object] = {}
    for key, value in values.items():
        by_key.setdefault(plain_key(key), _unwrapped(value))
    found: dict[str, object] = {}
    for field, keys in NAMES.items():
        given = (names[field],) if field in names else ()
        for key in (*given, *keys):
            value = _named(by_key.get(plain_key(key))) if field in NAMED else by_key.get(plain_key(key))
            # A wrong value of our own key, or of the one that was configured, is said to be wrong where it is checked.
            if _is_blank(value) or not (key in (*given, field) or _is_usable(field, value)):
                continue
            if field == "source" and _link(value):
                continue
            if field == "url" and field in found and not _link(value):
                continue
            found[field] = value
            if field != "url" or _link(value):  # of several, the first that opens
                break
    if "url" not in found and (link := _link(by_key.get("source"))):
        found["url"] = link
    return found


def _named(value: object) -> object:
    """Return the name of what is stated as an object, as {"@type": "Person", "name": "Jane"}, or after "By"."""
    if isinstance(value, list):  # lists in it are none that can be used
        return [item if isinstance(item, list) else _named(item) for item in value]
    if isinstance(value, Mapping):
        return value.get("name", value)
    return without_by(value) if isinstance(value, str) else value


def _unwrapped(value: object) -> object:
    """Return what a database writes as an object, as {"$oid": "5f"} and {"$date": "2022-03-08"}."""
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in ("$oid", "$date"):
        return next(iter(value.values()))
    return value


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _is_usable(field: str, value: object) -> bool:
    if field in LISTS and isinstance(value, list):
        return all(isinstance(item, str) or item is None for item in value)
    return isinstance(value, str)


def _link(value: object) -> str | None:
    return value if isinstance(value, str) and http_link(value) else None
