"""WebSocket frames (RFC 6455, 5.2), without any I/O.

What a server writes is not masked, so one encoded frame serves every reader. What it reads is masked, and comes in
pieces of any size; `FrameReader` puts it together.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

MAX_FRAGMENTS = 4096
"""Fragments of one message: 8 MiB in pieces of 2 KiB."""

_MAX_CONTROL = 125
_FIN = 0x80
_WHOLE_BINARY = 0x82
_MASKED = 0x80


class Opcode(IntEnum):
    """Kinds of frames (RFC 6455, 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class BadFrame(Exception):
    """The peer does not speak the protocol, or says more than is taken at once; the reader is of no more use."""


def binary(message: bytes) -> bytes:
    """A whole message in one frame."""
    return _frame(_WHOLE_BINARY, message)


def ping(payload: bytes) -> bytes:
    return _frame(_FIN | Opcode.PING, payload)


def pong(payload: bytes) -> bytes:
    return _frame(_FIN | Opcode.PONG, payload)


def close(code: int, reason: str = "") -> bytes:
    """`reason` is cut to what a control frame holds: 123 bytes."""
    words = reason.encode()[: _MAX_CONTROL - 2].decode(errors="ignore")
    return _frame(_FIN | Opcode.CLOSE, struct.pack("!H", code) + words.encode())


def close_answer(payload: bytes) -> bytes:
    """The answer to a close frame: the same code, if it had one."""
    return _frame(_FIN | Opcode.CLOSE, payload[:2])


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


class FrameReader:
    """Bytes of one peer to messages and control frames. `limit`: bytes of a message, in one piece or in fragments."""

    __slots__ = ("_fragments", "_kind", "_limit", "_message", "_rest", "_wanted")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest: bytearray | None = None  # the beginning of a frame whose end is still to come
        self._wanted = 0  # bytes that `_rest` must have before it is worth looking at again
        self._message: bytearray | None = None  # of a message in fragments, those that have come
        self._kind = Opcode.BINARY  # of that message
        self._fragments = 0

    @property
    def kept(self) -> int:
        """Bytes of a message that is not complete."""
        return len(self._rest or b"") + len(self._message or b"")

    def feed(self, data: bytes) -> Iterator[tuple[Opcode, bytes]]:
        """What is complete now, in order; raises BadFrame. The iterator must be read to its end."""
        if self._rest is not None:
            self._rest += data
            if len(self._rest) < self._wanted:
                return
            data, self._rest = bytes(self._rest), None
        at, size = 0, len(data)
        while size - at >= 2:
            start, end = self._extent(data, at, size)
            if end > size:
                self._wanted = end - at
                break
            payload = apply_mask(data[start:end], data[start - 4 : start])
            if data[at] == _WHOLE_BINARY and self._message is None:
                yield Opcode.BINARY, payload
            else:
                yield from self._unusual(data[at], payload)
            at = end
        else:
            self._wanted = 2
        if at < size:
            self._rest = bytearray(data[at:])

    def _extent(self, data: bytes, at: int, size: int) -> tuple[int, int]:
        """Where the payload of the frame at `at` begins and ends; beyond `size` when that is still to come."""
        second = data[at + 1]
        if not second & _MASKED:
            raise BadFrame("frames of a client are masked")
        length, start = second & 127, at + 6
        if length == 126:
            start = at + 8
            if size < start:
                return start, start
            length = data[at + 2] << 8 | data[at + 3]
        elif length == 127:
            start = at + 14
            if size < start:
                return start, start
            length = int.from_bytes(data[at + 2 : at + 10], "big")
        if length > self._limit:
            raise BadFrame(f"a message has at most {self._limit:,} bytes")
        return start, start + length

    def _unusual(self, first: int, payload: bytes) -> Iterator[tuple[Opcode, bytes]]:
        """Control frames, text, and messages in fragments."""
        if first & 0x70:
            raise BadFrame("no extension was agreed on")
        try:
            kind = Opcode(first & 15)
        except ValueError:
            raise BadFrame(f"there are no frames of kind {first & 15}") from None
        last = bool(first & _FIN)
        if kind >= Opcode.CLOSE:
            yield self._control(kind, payload, last)
        elif kind is not Opcode.CONTINUATION and self._message is not None:
            raise BadFrame("a message began before the one before it had ended")
        elif kind is not Opcode.CONTINUATION and last:
            yield kind, payload
        else:
            yield from self._fragment(kind, payload, last)

    def _control(self, kind: Opcode, payload: bytes, last: bool) -> tuple[Opcode, bytes]:
        if not last or len(payload) > _MAX_CONTROL:
            raise BadFrame(f"a control frame comes in one piece of at most {_MAX_CONTROL} bytes")
        if kind is Opcode.CLOSE and len(payload) == 1:
            raise BadFrame("half a close code")
        return kind, payload

    def _fragment(self, kind: Opcode, payload: bytes, last: bool) -> Iterator[tuple[Opcode, bytes]]:
        if kind is not Opcode.CONTINUATION:
            self._kind, self._message, self._fragments = kind, bytearray(), 0
        if self._message is None:
            raise BadFrame("a continuation of nothing")
        self._fragments += 1
        if len(self._message) + len(payload) > self._limit or self._fragments > MAX_FRAGMENTS:
            raise BadFrame(f"a message has at most {self._limit:,} bytes in {MAX_FRAGMENTS:,} fragments")
        self._message += payload
        if last:
            whole, self._message = bytes(self._message), None
            yield self._kind, whole
