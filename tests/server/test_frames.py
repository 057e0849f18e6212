"""Frames as RFC 6455 has them, read in pieces of any size; written by `websockets`, which we did not write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, Frame
from websockets.frames import Opcode as TheirOpcode
from websockets.protocol import CLIENT, OPEN, Protocol

from server import frames
from server.frames import MAX_FRAGMENTS, BadFrame, FrameReader, Opcode

LIMIT = 100_000

payloads = st.binary(max_size=300) | st.sampled_from([b"x" * 125, b"x" * 126, b"x" * 65535, b"x" * 65536, b"x" * LIMIT])


def sent(kind: int, payload: bytes, *, fin: bool = True) -> bytes:
    """What a client sends."""
    return Frame(TheirOpcode(kind), payload, fin).serialize(mask=True)


def read(data: bytes, limit: int = LIMIT) -> list[tuple[Opcode, bytes]]:
    return list(FrameReader(limit).feed(data))


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[tuple[Opcode, bytes]], bytes]:
    """Messages, some in fragments with control frames in between, and the bytes they are sent as."""
    expected: list[tuple[Opcode, bytes]] = []
    data = b""
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from([Opcode.BINARY, Opcode.TEXT, Opcode.PING, Opcode.PONG]))
        if kind >= Opcode.CLOSE:
            payload = draw(st.binary(max_size=125))
            data += sent(kind, payload)
            expected.append((kind, payload))
            continue
        parts = draw(st.lists(payloads, min_size=1, max_size=4))
        if sum(map(len, parts)) > LIMIT:
            parts = [b"small", b""]
        for at, part in enumerate(parts):
            data += sent(kind if at == 0 else Opcode.CONTINUATION, part, fin=at == len(parts) - 1)
            if at < len(parts) - 1 and draw(st.booleans()):
                data += sent(Opcode.PING, b"between")
                expected.append((Opcode.PING, b"between"))
        expected.append((kind, b"".join(parts)))
    return expected, data


@given(streams(), st.data())
def test_messages_come_whole_however_the_network_cuts_them(
    stream: tuple[list[tuple[Opcode, bytes]], bytes], cuts: st.DataObject
) -> None:
    expected, data = stream
    at = sorted(cuts.draw(st.lists(st.integers(0, len(data)), max_size=12)))
    reader = FrameReader(LIMIT)
    pieces = [data[a:b] for a, b in zip([0, *at], [*at, len(data)], strict=True)]
    assert [frame for piece in pieces for frame in reader.feed(piece)] == expected


def test_a_frame_byte_by_byte() -> None:
    reader = FrameReader(LIMIT)
    data = sent(2, b"x" * 70_000) + sent(9, b"")
    got = [frame for byte in data for frame in reader.feed(bytes((byte,)))]
    assert got == [(Opcode.BINARY, b"x" * 70_000), (Opcode.PING, b"")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x82\x01x", "masked"),
        (b"\x89\x00", "masked"),
        (b"\xc2\x80\0\0\0\0", "extension"),
        (b"\x83\x80\0\0\0\0", "kind 3"),
        (b"\x8b\x80\0\0\0\0", "kind 11"),
        (sent(0, b"x"), "continuation of nothing"),
        (sent(2, b"x", fin=False) + sent(2, b"y"), "before the one before"),
        (sent(2, b"x", fin=False) + sent(1, b"y"), "before the one before"),
        (b"\x09\x80\0\0\0\0", "one piece"),
        (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, "at most 125"),
        (b"\x88\x81\0\0\0\0x", "half a close code"),
        (b"\x82\xff" + (LIMIT + 1).to_bytes(8, "big") + b"mask", "at most 100,000 bytes"),
        (b"\x82\xff" + b"\xff" * 8 + b"mask", "at most 100,000 bytes"),
        (sent(2, b"x" * LIMIT, fin=False) + sent(0, b"x"), "at most 100,000 bytes"),
        (sent(2, b"", fin=False) + sent(0, b"", fin=False) * MAX_FRAGMENTS, "fragments"),
    ],
    ids=lambda part: part if isinstance(part, str) else f"{len(part)} bytes",  # masks are random
)
def test_w7_what_is_no_frame_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadFrame, match=why):
        read(data)


def test_what_came_before_a_bad_frame_is_still_read() -> None:
    reader = FrameReader(LIMIT).feed(sent(2, b"good") + b"\x82\x01x")
    assert next(reader) == (Opcode.BINARY, b"good")
    with pytest.raises(BadFrame):
        next(reader)


@given(st.binary(max_size=64), st.integers(0, 63))
def test_any_bytes_are_frames_or_refused(data: bytes, cut: int) -> None:
    reader = FrameReader(20)
    try:
        list(reader.feed(data[:cut]))
        list(reader.feed(data[cut:]))
    except BadFrame:
        return


@given(payloads)
def test_clients_read_what_we_write(payload: bytes) -> None:
    client = Protocol(CLIENT, state=OPEN, max_size=None)
    client.receive_data(frames.binary(payload) + frames.ping(b"a") + frames.pong(b"b"))
    got = [(event.opcode, bytes(event.data)) for event in client.events_received() if isinstance(event, Frame)]
    assert got == [(2, payload), (9, b"a"), (10, b"b")]


@pytest.mark.parametrize("reason", ["", "sign in again", "я" * 100])
def test_w7_a_close_carries_its_code_and_as_much_of_the_reason_as_fits(reason: str) -> None:
    client = Protocol(CLIENT, state=OPEN)
    client.receive_data(frames.close(4401, reason))
    assert client.close_rcvd == Close(4401, reason[:61] if reason.startswith("я") else reason)
