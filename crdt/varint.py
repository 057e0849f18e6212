"""Variable-length unsigned integers as lib0 writes them: seven bits a byte, lowest first, the high bit says "more"."""

from crdt.errors import Malformed

MAX_UINT = 2**53 - 1
"""Largest integer that JavaScript holds exactly; a larger one is malformed."""

_MAX_BYTES = 8
"""2**53 - 1 takes eight bytes of seven bits; more are padding, which no writer makes."""


def read_uint(data: bytes, at: int) -> tuple[int, int]:
    """The integer at `at` and the place behind it; raises Malformed when it is cut off or too large."""
    size = len(data)
    if at >= size:
        raise Malformed("cut off inside an integer")
    byte = data[at]
    at += 1
    if byte < 128:
        return byte, at
    value, shift = byte & 127, 7
    while True:
        if at >= size:
            raise Malformed("cut off inside an integer")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
        if shift >= 7 * _MAX_BYTES:
            raise Malformed("an integer of more than eight bytes")
    if value > MAX_UINT:
        raise Malformed("an integer above 2**53 - 1")
    return value, at


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """A length-prefixed byte string at `at` and the place behind it; raises Malformed when it is cut off."""
    size, at = read_uint(data, at)
    if size > len(data) - at:
        raise Malformed("cut off inside a byte string")
    return data[at : at + size], at + size


def write_uint(value: int) -> bytes:
    """`value` (0 to 2**53 - 1) in as few bytes as hold it."""
    if value < 128:
        return bytes((value,))
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_bytes(data: bytes) -> bytes:
    """`data` behind its length."""
    return write_uint(len(data)) + data
