"""Bytes made worse: flips, cuts, splices, and numbers at the edges of what a varint can say."""

import random
from collections.abc import Sequence

from tests.crdt.handmade import uint

EDGES = (
    *(uint(value) for value in (0, 1, 63, 64, 127, 128, 255, 2**14, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53)),
    b"\x80\x00",
    b"\xff" * 7 + b"\x7f",
    b"\xff" * 10,
    b"\x80" * 40,
)
SNIPPETS = (
    b"\x75\x01" * 40,
    b"\x76\x01\x01k" * 40,
    b"\x04text",
    b"\nparagraphs",
    b"true",
    b"null",
    b"\xed\xa0\x80",
    b"\x00" * 30,
)


def mutated(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """`data` after one to three accidents."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(9):
            case 0 if out:
                out[at % len(out)] ^= 1 << rng.randrange(8)
            case 1 if out:
                out[at % len(out)] = rng.randrange(256)
            case 2 if out:
                out[at % len(out)] = (out[at % len(out)] + rng.choice((1, -1))) % 256
            case 3:
                del out[at : at + rng.choice((1, 1, 2, 5))]
            case 4:
                out[at:at] = rng.choice(EDGES)
            case 5:
                out[at : at + 1] = rng.choice(EDGES)
            case 6:
                out[at:at] = rng.choice(SNIPPETS)
            case 7:
                del out[at:]
            case _:
                other = rng.choice(others)
                first = rng.randrange(len(other) + 1)
                out[at : at + rng.choice((0, 5, 20))] = other[first : first + rng.choice((1, 5, 20, 1000))]
    return bytes(out)
