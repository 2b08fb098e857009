"""What a text says of itself in its first lines, as copies from newspapers, archives and press releases do."""

from __future__ import annotations

from dataclasses import replace

from index.parsers.fields import Fields
from index.parsers.headline import find_headline
from index.text.boilerplate import text_lines
from index.text.header import find_header


def fill_in(fields: Fields, text: str) -> Fields:
    """The fields, with what the header of the text states and the headline over it where they are silent."""
    header = find_header(text, text_lines(text))
    if header is None:
        return replace(fields, title=fields.title or find_headline(text))
    rest = "\n\n".join((*header.free, text[header.end :]))
    return replace(
        fields,
        title=fields.title or header.title or find_headline(rest),
        source=fields.source or header.source,
        published=fields.published or header.published,
        modified=fields.modified or header.modified,
        authors=fields.authors or header.authors,
    )
