"""Reading the parts of an update: numbers, strings, ids and values."""

import json
from struct import unpack_from

from crdt.errors import Malformed
from crdt.update.model import CLIENTS, CLOCKS, Id, Plain


class Reader:
    """A place in some bytes. Reading past the end is an IndexError, or Malformed."""

    __slots__ = ("_client", "_clients", "_written", "at", "data", "depth")

    def __init__(self, data: bytes, depth: int) -> None:
        self.data = data
        self.at = 0
        self.depth = depth
        self._clients: dict[int, int] = {}  # that were named: few, in many ids, which are kept and share the number
        self._client = 0  # whose block is being read, and how that was written: most ids in it are its own
        self._written = b"\0"

    def client(self) -> int:
        start = self.at
        self._client = self.varint()
        self._written = self.data[start : self.at]
        return self._client

    def id(self) -> Id:
        if self.data.startswith(self._written, self.at):
            self.at += len(self._written)
            return self._client, self.varint(CLOCKS)
        client = self.varint()
        return self._clients.setdefault(client, client), self.varint(CLOCKS)

    def varint(self, below: int = CLIENTS) -> int:
        data, at = self.data, self.at
        byte = data[at]
        if byte < 128:
            self.at = at + 1
            return byte
        value, shift = byte & 127, 7
        while byte > 127:
            if shift > 49:
                raise Malformed("a number is too long")
            at += 1
            byte = data[at]
            value |= (byte & 127) << shift
            shift += 7
        if value >= below:
            raise Malformed(f"a number is not below {below}")
        self.at = at + 1
        return value

    def count(self) -> int:
        """How many things follow, each at least a byte."""
        count = self.varint()
        if count > len(self.data) - self.at:
            raise Malformed("a count is beyond the end of the update")
        return count

    def buffer(self) -> bytes:
        size = self.varint()
        start = self.at
        self.at = end = start + size
        if end > len(self.data):
            raise Malformed("a string is longer than the update")
        return self.data[start:end]

    def string(self) -> str:
        """UTF-8 without lone surrogates."""
        return self.buffer().decode()

    def json(self, undefined: bool = False) -> Plain:
        """A value in JSON, as strictly as JavaScript reads it."""
        text = self.string()
        if text == "true":
            return True
        if text == "null" or (undefined and text == "undefined"):
            return None
        try:
            value: Plain = json.loads(text, parse_constant=_no_constant)
            json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates that came as escapes
        except (ValueError, RecursionError):
            raise Malformed("a value is not JSON") from None
        return value

    def any(self) -> Plain:
        """A value as lib0 writes it."""
        tag = self.data[self.at]
        self.at += 1
        match tag:
            case 127 | 126:  # undefined, null
                return None
            case 125:
                return self._signed()
            case 124:
                return self._number(">f", 4)
            case 123:
                return self._number(">d", 8)
            case 122:
                return int(self._number(">q", 8))
            case 121 | 120:
                return tag == 120
            case 119:
                return self.string()
            case 118 | 117:
                return self._nested(tag == 118)
            case 116:
                return self.buffer()
        raise Malformed(f"unknown value {tag}")

    def _nested(self, keyed: bool) -> Plain:
        if self.depth == 0:
            raise Malformed("a value is nested too deep")
        self.depth -= 1
        count = self.count()
        members = range(count)
        value: Plain = {self.string(): self.any() for _ in members} if keyed else [self.any() for _ in members]
        self.depth += 1
        return value

    def _signed(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        value = byte & 63
        if byte & 128:
            value |= self.varint() << 6
        if value >= CLIENTS:
            raise Malformed("an integer is beyond 2^53")
        return -value if byte & 64 else value

    def _number(self, form: str, size: int) -> int | float:
        self.at += size
        if self.at > len(self.data):
            raise Malformed("a number is cut off")
        number: int | float = unpack_from(form, self.data, self.at - size)[0]
        return number


def _no_constant(name: str) -> None:
    raise ValueError(name)
