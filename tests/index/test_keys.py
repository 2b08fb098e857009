import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keys import article_key, from_base32, hash_key, to_base32


@pytest.mark.parametrize(
    ("number", "symbols"), [(0, "0"), (31, "z"), (32, "10"), (18, "j"), (20, "m"), (22, "p"), (27, "v"), (1234, "16j")]
)
def test_base_32(number: int, symbols: str) -> None:
    assert to_base32(number) == symbols
    assert from_base32(symbols) == number


@given(st.integers(0, 2**80), st.integers(1, 10))
def test_numbers_are_read_back(number: int, width: int) -> None:
    symbols = to_base32(number, width)
    assert from_base32(symbols) == number
    assert len(symbols) >= width
    assert set(symbols) <= set("0123456789abcdefghjkmnpqrstvwxyz")


@pytest.mark.parametrize("symbols", ["i", "l", "o", "u", "A", "-", "é"])
def test_ambiguous_symbols_are_refused(symbols: str) -> None:
    with pytest.raises(ValueError, match="is not a base 32 symbol"):
        from_base32(symbols)


def test_a_key_is_the_beginning_of_a_hash() -> None:
    first = hashlib.sha256(b"rain").digest()[:5]
    assert from_base32(article_key("rain")) == int.from_bytes(first)
    assert article_key("rain") == "66dm9hbg"
    assert hash_key("rain", 4) == "66dm"


def test_any_id_has_a_key() -> None:
    ids = ["", "é", "e\u0301", "\ud800", "\ufffd", "?", "😀" * 1000, "a\nb"]
    keys = {article_key(id) for id in ids}
    assert len(keys) == len(ids)
    assert {len(key) for key in keys} == {8}
