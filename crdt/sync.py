"""Messages of the y-websocket protocol (W1) and of type 100 (W2): bytes to a closed set of values, and back.

A message is a varuint type and its content: 0 sync (a step 0, 1 or 2 and a byte string), 1 awareness (a byte string),
3 a question for awareness (nothing), 100 JSON in a string. Source: y-protocols `sync.js`, y-websocket `y-websocket.js`.
"""

from dataclasses import dataclass

from crdt.errors import Malformed
from crdt.varint import read_bytes, read_uint, write_bytes

_SYNC, _AWARENESS, _QUERY_AWARENESS, _EVENT = 0, 1, 3, 100
_STEP1, _STEP2, _UPDATE = 0, 1, 2

MAX_MESSAGES = 64
"""Messages in one frame: stock clients send one, some providers pack a handful."""


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """The sender has this much and asks for the rest."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """The answer to a step 1: what the other side lacks, often nothing."""

    update: bytes


@dataclass(frozen=True, slots=True)
class SyncUpdate:
    """One change, as it happened."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Awareness:
    """Presence of some clients, still encoded; `crdt.awareness` reads it."""

    update: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """The sender asks who is here."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type that this version does not know; nobody can tell where it ends, so it takes the rest of its frame."""

    type: int


Message = SyncStep1 | SyncStep2 | SyncUpdate | Awareness | QueryAwareness | Unknown


def parse_all(frame: bytes) -> tuple[Message, ...]:
    """Every message of a frame, at least one; raises Malformed."""
    messages: list[Message] = []
    at = 0
    while at < len(frame) or not messages:
        if len(messages) == MAX_MESSAGES:
            raise Malformed(f"more than {MAX_MESSAGES} messages in a frame")
        message, at = _message(frame, at)
        messages.append(message)
    return tuple(messages)


def parse(frame: bytes) -> Message:
    """The one message of a frame; raises Malformed when there are more, or none."""
    message, at = _message(frame, 0)
    if at != len(frame):
        raise Malformed("bytes behind the message")
    return message


def _message(frame: bytes, at: int) -> tuple[Message, int]:
    kind, at = read_uint(frame, at)
    if kind == _SYNC:
        return _sync(frame, at)
    if kind == _AWARENESS:
        update, at = read_bytes(frame, at)
        return Awareness(update), at
    if kind == _QUERY_AWARENESS:
        return QueryAwareness(), at
    return Unknown(kind), len(frame)


def _sync(frame: bytes, at: int) -> tuple[Message, int]:
    step, at = read_uint(frame, at)
    content, at = read_bytes(frame, at)
    if step == _UPDATE:
        return SyncUpdate(content), at
    if step == _STEP1:
        return SyncStep1(content), at
    if step == _STEP2:
        return SyncStep2(content), at
    raise Malformed(f"sync step {step} does not exist")


def step1(state_vector: bytes) -> bytes:
    """Ask for what this state vector lacks."""
    return bytes((_SYNC, _STEP1)) + write_bytes(state_vector)


def step2(update: bytes) -> bytes:
    """Answer a step 1."""
    return bytes((_SYNC, _STEP2)) + write_bytes(update)


def update(change: bytes) -> bytes:
    """Pass on one change."""
    return bytes((_SYNC, _UPDATE)) + write_bytes(change)


def awareness(states: bytes) -> bytes:
    """Pass on presence, as `crdt.awareness.encode` wrote it."""
    return bytes((_AWARENESS,)) + write_bytes(states)


def event(json_text: str) -> bytes:
    """A message of type 100: for sockets with `?v=1` only (W2)."""
    return bytes((_EVENT,)) + write_bytes(json_text.encode())
