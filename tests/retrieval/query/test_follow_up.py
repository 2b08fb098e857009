import pytest

from retrieval.query.follow_up import cleaned, joined, noted


def test_a_cleaned_question_is_one_line_without_small_talk() -> None:
    assert cleaned("who is\n under  sanctions?") == "who is under sanctions?"


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ("who is under sanctions?", "who is under sanctions?\nsince when?"),
        ("who is under sanctions?\nand why?", "who is under sanctions?\nsince when?"),  # only one question is joined
        ("  \n ", "since when?"),
    ],
)
def test_the_earlier_question_is_put_in_the_line_before(earlier: str, expected: str) -> None:
    if earlier.strip():
        assert joined(earlier, "since when?") == expected


def test_a_long_earlier_question_is_cut_at_a_word() -> None:
    before, last = joined("rain " * 60, "why?").split("\n")
    assert (len(before) <= 200, before.endswith("rain…"), last) == (True, True, "why?")


def test_both_questions_are_noted_in_one_line() -> None:
    assert noted("who is under sanctions?\nsince when?") == "who is under sanctions? … since when?"
