"""RankingParams is immutable, every field is used, and more quotes need more passages."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from retrieval.params import RankingParams
from tests.support.paths import ROOT


def test_every_parameter_is_used() -> None:
    names = {
        node.attr
        for path in (ROOT / "retrieval").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert {field.name for field in fields(RankingParams)} - names == set()


def test_the_defaults_cannot_be_patched() -> None:
    with pytest.raises(FrozenInstanceError):
        RankingParams().k = 1  # type: ignore[misc]
    assert replace(RankingParams(), k=1).k == 1


@pytest.mark.parametrize(
    ("quotes", "hits", "encoded", "read"), [(1, 30, 20, 7), (10, 30, 20, 10), (25, 75, 25, 25), (50, 150, 50, 30)]
)
def test_more_quotes_need_more_passages(quotes: int, hits: int, encoded: int, read: int) -> None:
    params = RankingParams()
    assert params.hits_for(quotes) == hits
    assert params.draft_depth_for(quotes) == encoded
    assert params.passages_read_for(quotes) == read
