"""Presence as y-protocols encodes it: a count, then for each client its id, its clock and its state as a JSON string.

What a client wrote here is never passed on as it came: the server stamps names and roles over it (W6). So a state is
decoded to a plain object that is sure to be written again as JSON that every browser can read.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from crdt.errors import Malformed
from crdt.varint import read_bytes, read_uint, write_bytes, write_uint

MAX_STATES = 4096
"""Clients in one update: y-websocket clients send everybody's state back, so this bounds the people in a room."""

MAX_STATE = 16 * 1024
"""Bytes of one state: a cursor with its user takes about 300."""

MAX_NESTING = 128
"""Brackets and braces that may open in one state, wherever they stand: bounds its depth without parsing it first."""


@dataclass(frozen=True, slots=True)
class State:
    """What one client says of itself; `fields` None: it has gone."""

    client: int
    clock: int
    fields: dict[str, object] | None


def decode(update: bytes, wanted: Callable[[int], bool] = lambda client: True) -> tuple[State, ...]:
    """The states in an awareness update of those clients that are `wanted`; raises Malformed.

    y-websocket clients send back whatever they receive of others, so most of what comes need not be looked into.
    """
    count, at = read_uint(update, 0)
    if count > MAX_STATES:
        raise Malformed(f"more than {MAX_STATES} states")
    states = []
    for _ in range(count):
        client, at = read_uint(update, at)
        clock, at = read_uint(update, at)
        text, at = read_bytes(update, at)
        if wanted(client):
            states.append(State(client, clock, _fields(text)))
    if at != len(update):
        raise Malformed("bytes behind the last state")
    return tuple(states)


def encode(states: Iterable[State]) -> bytes:
    """An awareness update of these states; their fields hold JSON values only."""
    parts = []
    for state in states:
        text = json.dumps(state.fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        parts.append(write_uint(state.client) + write_uint(state.clock) + write_bytes(text.encode()))
    return write_uint(len(parts)) + b"".join(parts)


def _fields(text: bytes) -> dict[str, object] | None:
    if not text:  # pycrdt takes an empty string for "gone", too
        return None
    if len(text) > MAX_STATE:
        raise Malformed(f"a state of more than {MAX_STATE} bytes")
    if text.count(b"{") + text.count(b"[") > MAX_NESTING:
        raise Malformed("a state nested too deep")
    try:
        # Integers beyond 2**53 are floats in every browser, and Python refuses to parse very long ones.
        fields = json.loads(text.decode(), parse_constant=_not_json, parse_float=_finite, parse_int=_integer)
    except ValueError as problem:
        raise Malformed(f"a state that is no JSON: {problem}") from problem
    if fields is None:
        return None
    if not isinstance(fields, dict):
        raise Malformed("a state that is no object")
    if b"\\ud" in text or b"\\uD" in text:
        _check_surrogates(fields)
    return fields


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 16 else _finite(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Malformed("a number beyond all bounds in a state")
    return value


def _not_json(name: str) -> NoReturn:
    raise Malformed(f"{name} in a state is no JSON")


def _check_surrogates(fields: dict[str, object]) -> None:
    """Half a surrogate pair cannot be written as UTF-8."""
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        raise Malformed("half a character in a state") from problem
