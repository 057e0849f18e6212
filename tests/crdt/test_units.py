"""Three ways to count a text: UTF-16 units (Yjs), UTF-8 bytes (pycrdt), code points (B4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.errors import Malformed
from crdt.units import (
    cut_utf16,
    point_at_utf16,
    splits_pair,
    utf8_at_point,
    utf16_at_point,
    utf16_len,
)

TEXTS = st.text(st.sampled_from("a é\nдקش的［𠜎😀\u0301\u200d"), max_size=20) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "utf16", "utf8"),
    [
        ("", 0, 0),
        ("shall", 5, 5),
        ("é", 1, 2),
        ("должны", 6, 12),
        ("各方", 2, 6),
        ("ع", 1, 2),
        ("😀", 2, 4),
        ("a😀é", 4, 7),
    ],
)
def test_lengths(text: str, utf16: int, utf8: int) -> None:
    assert (utf16_len(text), utf8_at_point(text, len(text))) == (utf16, utf8)


@given(TEXTS)
def test_every_code_point_boundary_converts_there_and_back(text: str) -> None:
    for point in range(len(text) + 1):
        unit = utf16_at_point(text, point)
        assert unit == utf16_len(text[:point])
        assert point_at_utf16(text, unit) == point
        assert utf8_at_point(text, point) == len(text[:point].encode())
        assert cut_utf16(text, unit) == (text[:point], text[point:])
        assert not splits_pair(text, unit)


@given(TEXTS)
def test_whatever_is_no_boundary_splits_a_pair(text: str) -> None:
    boundaries = {utf16_at_point(text, point) for point in range(len(text) + 1)}
    for unit in range(utf16_len(text)):
        assert splits_pair(text, unit) == (unit not in boundaries)


def test_a_cut_inside_a_surrogate_pair_is_refused() -> None:
    """It corrupts pycrdt's document, and Yjs puts U+FFFD for both halves."""
    with pytest.raises(Malformed):
        cut_utf16("ab😀", 3)
