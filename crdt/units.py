"""Conversion between the three ways to count a text.

Yjs counts UTF-16 units (ids, sizes, offsets), pycrdt counts UTF-8 bytes (offsets), people and Python count code points
(B4). Every conversion stands here. Strings are assumed to be well-formed: no lone surrogates.
"""

from crdt.errors import Malformed


def utf16_len(text: str) -> int:
    """How many UTF-16 units `text` takes."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def cut_utf16(text: str, at: int) -> tuple[str, str]:
    """`text` before and behind `at` UTF-16 units; Malformed inside a surrogate pair."""
    point = point_at_utf16(text, at)
    return text[:point], text[point:]


def point_at_utf16(text: str, at: int) -> int:
    """The code point offset of a UTF-16 offset; Malformed inside a surrogate pair."""
    if text.isascii():
        return at
    try:
        return len(text.encode("utf-16-le")[: 2 * at].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise Malformed(f"offset {at} lies inside a surrogate pair") from None


def utf16_at_point(text: str, point: int) -> int:
    """The UTF-16 offset of a code point offset."""
    return point if text.isascii() else utf16_len(text[:point])


def utf8_at_point(text: str, point: int) -> int:
    """The UTF-8 offset of a code point offset."""
    return point if text.isascii() else len(text[:point].encode())


def splits_pair(text: str, at: int) -> bool:
    """Whether a cut after `at` UTF-16 units would part the two halves of a surrogate pair."""
    if text.isascii() or at <= 0:
        return False
    half = text.encode("utf-16-le")[2 * at - 2 : 2 * at]
    return len(half) == 2 and 0xD8 <= half[1] < 0xDC
