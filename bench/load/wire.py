"""Bytes on the wire: lib0 varints, WebSocket frames of a client, sync messages, and which clocks an update carries.

It shares nothing with the server's own decoder, so that the two can check each other.
"""

import os
import struct


def write_uint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | (number & 127))
        number >>= 7
    out.append(number)
    return bytes(out)


def write_buffer(data: bytes) -> bytes:
    return write_uint(len(data)) + data


def write_string(text: str) -> bytes:
    return write_buffer(text.encode())


def read_uint(data: bytes, at: int) -> tuple[int, int]:
    """A varint and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7


def read_buffer(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = read_uint(data, at)
    return data[at : at + size], at + size


def _skip_buffers(data: bytes, at: int, count: int) -> int:
    for _ in range(count):
        size, at = read_uint(data, at)
        at += size
    return at


def _skip_numbers(data: bytes, at: int, count: int) -> int:
    for _ in range(count):
        _, at = read_uint(data, at)
    return at


def _skip_any(data: bytes, at: int) -> int:
    """One value of lib0's `any` encoding."""
    kind = data[at]
    at += 1
    if kind in (127, 126, 121, 120):  # undefined, null, false, true
        return at
    if kind == 125:  # integer
        while data[at] & 128:
            at += 1
        return at + 1
    if kind in (124, 123, 122):  # float32, float64, int64
        return at + (4 if kind == 124 else 8)
    if kind in (119, 116):  # string, bytes
        return _skip_buffers(data, at, 1)
    if kind not in (118, 117):  # object, array
        raise ValueError(f"value of kind {kind}")
    count, at = read_uint(data, at)
    for _ in range(count):
        at = _skip_any(data, _skip_buffers(data, at, 1) if kind == 118 else at)
    return at


def _content(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """How many clocks a struct's content takes, and where it ends."""
    if kind == 1:  # deleted
        return read_uint(data, at)
    if kind == 2:  # JSON
        count, at = read_uint(data, at)
        return count, _skip_buffers(data, at, count)
    if kind in (3, 5):  # binary, embed
        return 1, _skip_buffers(data, at, 1)
    if kind == 4:  # string: UTF-16 units
        text, at = read_buffer(data, at)
        units = text.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return len(text) if text.isascii() else len(units) // 2, at
    if kind == 6:  # format
        return 1, _skip_buffers(data, at, 2)
    if kind == 7:  # type
        sort, at = read_uint(data, at)
        return 1, _skip_buffers(data, at, 1) if sort in (3, 5) else at
    if kind == 8:  # any
        count, at = read_uint(data, at)
        for _ in range(count):
            at = _skip_any(data, at)
        return count, at
    raise ValueError(f"content of kind {kind}")


def _place(data: bytes, at: int, info: int) -> int:
    """Skips where a struct stands: its origins, else its parent and key."""
    at = _skip_numbers(data, at, (2 if info & 0x80 else 0) + (2 if info & 0x40 else 0))
    if info & 0xC0:
        return at
    named, at = read_uint(data, at)
    at = _skip_buffers(data, at, 1) if named else _skip_numbers(data, at, 2)
    return _skip_buffers(data, at, 1) if info & 0x20 else at


def carried(update: bytes) -> list[tuple[int, int, int]]:
    """(client, first clock, clock after the last) of each stretch that a Yjs update (v1) carries, without holes."""
    found = []
    clients, at = read_uint(update, 0)
    for _ in range(clients):
        structs, at = read_uint(update, at)
        client, at = read_uint(update, at)
        clock, at = read_uint(update, at)
        begins = clock
        for _ in range(structs):
            info = update[at]
            at += 1
            if info in (0, 10):  # collected, or a hole
                size, at = read_uint(update, at)
                if info == 10:
                    if clock > begins:
                        found.append((client, begins, clock))
                    begins = clock + size
            else:
                at = _place(update, at, info)
                size, at = _content(update, at, info & 31)
            clock += size
        if clock > begins:
            found.append((client, begins, clock))
    return found


BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


def client_frame(payload: bytes, opcode: int = BINARY) -> bytes:
    """A masked frame; made before the run."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0xFF, size)
    mask = os.urandom(4)
    if size:
        wide = int.from_bytes((mask * (size // 4 + 1))[:size], "little")
        payload = (int.from_bytes(payload, "little") ^ wide).to_bytes(size, "little")
    return head + mask + payload


def split_frames(data: bytes) -> tuple[list[tuple[int, bool, int, int]], int]:
    """The whole frames of a server's bytes as (opcode, final, start, end) of each payload, and how much they take."""
    found = []
    at, size = 0, len(data)
    while at + 2 <= size:
        length, start = data[at + 1], at + 2
        if length == 126:
            start += 2
            length = int.from_bytes(data[at + 2 : start], "big")
        elif length == 127:
            start += 8
            length = int.from_bytes(data[at + 2 : start], "big")
        if start + length > size:
            break
        found.append((data[at] & 15, bool(data[at] & 128), start, start + length))
        at = start + length
    return found, at


STEP1, STEP2, UPDATE = 0, 1, 2


class YWebsocket:
    """One message per frame: 0 (sync) with its step and a buffer, or 1 (awareness) with a buffer."""

    def __init__(self, document: str = "", token: str = "") -> None:
        self.prefix = b""

    def hello(self) -> list[bytes]:
        """What a client says first: step 1 with an empty state vector."""
        return [self.sync(STEP1, b"\0")]

    def sync(self, step: int, body: bytes) -> bytes:
        return self.prefix + bytes((0, step)) + write_buffer(body)

    def read(self, message: bytes) -> tuple[int | None, bytes]:
        """Step and body of the first sync message of a frame, as Yjs's clients read it; None: something else."""
        if len(message) < 2 or message[0] != 0 or message[1] > UPDATE:
            return None, b""
        return message[1], read_buffer(message, 2)[0]


class Hocuspocus(YWebsocket):
    """The same behind the document's name, after a message that signs in; 4 is a sync message that answers."""

    def __init__(self, document: str = "", token: str = "t") -> None:
        self.prefix = write_string(document)
        self._token = token

    def hello(self) -> list[bytes]:
        signing_in = self.prefix + b"\2\0" + write_string(self._token) + write_string("4.7.0")
        return [signing_in, *super().hello()]

    def read(self, message: bytes) -> tuple[int | None, bytes]:
        if not message.startswith(self.prefix):
            return None, b""
        kind, rest = message[len(self.prefix)], message[len(self.prefix) + 1 :]
        return super().read(b"\0" + rest) if kind in (0, 4) else (None, b"")


FRAMINGS: dict[str, type[YWebsocket]] = {"y-websocket": YWebsocket, "hocuspocus": Hocuspocus}
