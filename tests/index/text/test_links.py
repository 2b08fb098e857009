from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.links import http_link
from tests.support.telegram.keyboards import check_keyboard


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("HTTP://example.com", "http://example.com"),
        ("https://Example.com/A", "https://Example.com/A"),
        ('https://example.com/a?x=1&y=<b>"q"', "https://example.com/a?x=1&y=%3Cb%3E%22q%22"),
        ("https://example.com/a b?c d#e f", "https://example.com/a%20b?c%20d#e%20f"),
        (" https://example.com/a\n", "https://example.com/a"),
        ("https://example.com/a\n  b\tc", "https://example.com/a%20%20bc"),
        ("https://example.com/новости?о=é#ж",
         "https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?%D0%BE=%C3%A9#%D0%B6"),
        ("https://example.com/a[1](2)?b[]=3|4", "https://example.com/a[1](2)?b[]=3|4"),
        ("https://example.com/{a}^`?{b}^`#{c}^`", "https://example.com/%7Ba%7D%5E%60?{b}^`#{c}^%60"),
        ("https://example.com/it's?it's#it's", "https://example.com/it's?it%27s#it's"),
        ("https://example.com/100%?a=%20&b=%zz", "https://example.com/100%?a=%20&b=%zz"),
        ("https://example.com\\a\\b", "https://example.com/a/b"),
        ("https://example.com/a\u202eb\x1bc", "https://example.com/a%E2%80%AEb%1Bc"),
        ("https://example.com/😀", "https://example.com/%F0%9F%98%80"),
        ("https://example.com/\ud83d", "https://example.com/%EF%BF%BD"),
        ("https://example.com?a=1?2#b#c", "https://example.com?a=1?2#b#c"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com:65535", "https://example.com:65535"),
        ("https://example.com:00080/a", "https://example.com:80/a"),
        ("https://example.com:/a", "https://example.com/a"),
        ("https://новости.рф/а", "https://новости.рф/%D0%B0"),
        ("http://192.0.2.1/a", "http://192.0.2.1/a"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]:80/a"),
        ("http://localhost/a", "http://localhost/a"),
        ("http://ann@example.com/", "http://ann@example.com/"),
        # not links
        (None, None),
        ("", None),
        ("n/a", None),
        ("/news/a", None),
        ("example.com/a", None),
        ("ftp://example.com/a", None),
        ("javascript:alert(1)", None),
        ("https:example.com", None),
        ("https://", None),
        ("https:///a", None),
        ("https://?a", None),
        ("https://exa mple.com/", None),
        ("https://<b>.com/", None),
        ("https://[broken", None),
        ("https://example..com/", None),
        ("https://example.com:65536/", None),
        ("https://example.com:1000000000000/", None),
        ("https://example.com:٣/", None),
        ("https://example.com:a/", None),
        ("see https://example.com/a", None),
    ],
)  # fmt: skip
def test_the_url_that_a_browser_opens(text: str | None, link: str | None) -> None:
    assert http_link(text) == link


@given(st.text(), st.text())
def test_any_path_and_query_make_a_link_for_a_button(path: str, query: str) -> None:
    link = http_link(f"https://example.com/{path}?{query}")
    assert link is not None
    assert link.isascii()
    assert link.isprintable()
    assert not set(link) & set(' "<>')
    assert http_link(link) == link
    check_keyboard({"inline_keyboard": [[{"text": "a", "url": link}]]})


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='?#\\%" '), min_size=1))
def test_an_escaped_path_unquotes_to_the_original(path: str) -> None:
    assert unquote(urlsplit(http_link(f"https://example.com/{path}.")).path) == f"/{path}."
