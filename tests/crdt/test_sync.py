"""W1, W2: messages of the y-websocket protocol and of type 100."""

import json

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt import sync
from crdt.errors import Malformed
from crdt.varint import MAX_UINT, read_uint, write_uint


@given(st.integers(0, MAX_UINT))
def test_integers_come_back_as_they_were_written(value: int) -> None:
    written = write_uint(value)
    assert read_uint(b"\x01" + written + b"\xff", 1) == (value, 1 + len(written))
    assert written == pycrdt.write_var_uint(value)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\xff\xff", b"\xff" * 7 + b"\x7f", b"\xff" * 8, b"\x80" * 8 + b"\x01", b"\x80" * 100_000],
)
def test_an_integer_cut_off_or_beyond_what_javascript_holds_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_uint(data, 0)


@given(st.binary(max_size=300))
def test_w1_sync_messages_are_those_of_pycrdt(content: bytes) -> None:
    assert sync.step1(content) == pycrdt.create_sync_message(pycrdt.Doc())[:2] + sync.write_bytes(content)
    assert sync.update(content) == pycrdt.create_update_message(content)
    assert sync.awareness(content) == pycrdt.create_awareness_message(content)
    assert sync.parse(sync.step1(content)) == sync.SyncStep1(content)
    assert sync.parse(sync.step2(content)) == sync.SyncStep2(content)
    assert sync.parse(sync.update(content)) == sync.SyncUpdate(content)
    assert sync.parse(sync.awareness(content)) == sync.Awareness(content)


def test_w1_pycrdt_reads_our_step_2() -> None:
    theirs, ours = pycrdt.Doc(), pycrdt.Doc()
    ours.get("text", type=pycrdt.Text).insert(0, "\nагреed 😀")
    pycrdt.handle_sync_message(sync.step2(ours.get_update())[1:], theirs)
    assert str(theirs.get("text", type=pycrdt.Text)) == "\nагреed 😀"


def test_w1_a_frame_may_hold_several_messages() -> None:
    frame = sync.step1(b"\x00") + b"\x03" + sync.awareness(b"\x00") + sync.update(b"\x00\x00")
    assert sync.parse_all(frame) == (
        sync.SyncStep1(b"\x00"),
        sync.QueryAwareness(),
        sync.Awareness(b"\x00"),
        sync.SyncUpdate(b"\x00\x00"),
    )
    with pytest.raises(Malformed, match="behind"):
        sync.parse(frame)


def test_w1_an_unknown_type_takes_the_rest_of_its_frame() -> None:
    assert sync.parse_all(sync.step2(b"") + b"\x02\x07what ever") == (sync.SyncStep2(b""), sync.Unknown(2))


def test_w2_an_event_is_type_100_and_a_string() -> None:
    text = json.dumps({"type": "saved", "seq": 7, "who": "Қазақстан"}, ensure_ascii=False)
    frame = sync.event(text)
    assert frame[0] == 100
    assert frame[1 : 1 + 1] == bytes((len(text.encode()),))
    assert frame[2:].decode() == text
    assert sync.parse(frame) == sync.Unknown(100)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x00",
        b"\x00\x00",
        b"\x00\x03\x00",
        b"\x00\x02\x05abc",
        b"\x01",
        b"\x01\xff\xff\xff\xff\xff\xff\xff\x0f",
        b"\x80",
        b"\x03" * (sync.MAX_MESSAGES + 1),
    ],
)
def test_w7_frames_that_are_malformed(frame: bytes) -> None:
    with pytest.raises(Malformed):
        sync.parse_all(frame)


@given(st.binary(max_size=80))
def test_w7_any_bytes_become_messages_or_malformed(frame: bytes) -> None:
    try:
        messages = sync.parse_all(frame)
    except Malformed:
        return
    assert messages
