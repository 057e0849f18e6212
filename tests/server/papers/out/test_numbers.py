"""What paragraphs are numbered on paper: as on the pages, but for plain ones (web/test/pages/numbering.test.ts)."""

import pytest

from server.papers.out.numbers import alphabetic, numbers, roman


def test_kinds_are_counted_and_labels_are_not() -> None:
    kinds = [("title", 1, None), ("preamble", 1, None), ("preamble", 1, "PP1 bis"), ("preamble", 1, None)]
    assert numbers(kinds) == ["", "PP1", "PP1 bis", "PP2"]
    assert numbers([("operative", 1, None), ("heading", 1, "I."), ("operative", 2, None), ("body", 1, None)]) == [
        "OP1", "I.", "OP2", "",
    ]  # fmt: skip


def test_items_are_counted_by_level_and_anew_under_every_paragraph() -> None:
    items = [("item", 1, None), ("item", 2, None), ("item", 2, None), ("item", 3, None), ("item", 1, None)]
    assert numbers(items) == ["(a)", "(i)", "(ii)", "(1)", "(b)"]
    assert numbers([*items[:1], ("operative", 1, "7."), *items[:2]]) == ["(a)", "7.", "(a)", "(i)"]
    assert numbers([("item", 1, "(c)"), ("item", 1, None), ("item", 999_999, None)]) == ["(c)", "(a)", "(1)"]


@pytest.mark.parametrize(("count", "letters", "numeral"), [(1, "a", "i"), (26, "z", "xxvi"), (28, "ab", "xxviii")])
def test_counting_goes_on_behind_z(count: int, letters: str, numeral: str) -> None:
    assert (alphabetic(count), roman(count)) == (letters, numeral)
