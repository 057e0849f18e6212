"""WebSocket frames as a server writes them (RFC 6455, 5.2): not masked, so one encoded frame serves every reader."""

import struct

_BINARY = 0x82  # the last fragment, binary


def binary(message: bytes) -> bytes:
    """A whole message in one frame."""
    size = len(message)
    if size < 126:
        return bytes((_BINARY, size)) + message
    if size < 65536:
        return struct.pack("!BBH", _BINARY, 126, size) + message
    return struct.pack("!BBQ", _BINARY, 127, size) + message
