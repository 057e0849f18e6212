"""W6: presence is decoded, stamped and written anew, so only what every browser can read may come through."""

import json

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt import awareness
from crdt.awareness import MAX_NESTING, MAX_STATE, MAX_STATES, State
from crdt.errors import Malformed
from crdt.varint import write_bytes, write_uint

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
values = st.recursive(scalars | texts, lambda v: st.lists(v, max_size=3) | st.dictionaries(texts, v, max_size=3))
states = st.builds(
    State,
    st.integers(0, 2**53 - 1),
    st.integers(0, 2**53 - 1),
    st.none() | st.dictionaries(texts, values, max_size=4),
)


def written(*texts: str, count: int | None = None) -> bytes:
    body = b"".join(write_uint(7) + write_uint(1) + write_bytes(text.encode()) for text in texts)
    return write_uint(len(texts) if count is None else count) + body


@given(st.lists(states, max_size=4))
def test_w6_states_come_back_as_they_were(given_states: list[State]) -> None:
    assert awareness.decode(awareness.encode(given_states)) == tuple(given_states)


def test_w6_pycrdt_reads_what_we_write_and_we_read_what_it_writes() -> None:
    theirs = pycrdt.Awareness(pycrdt.Doc(client_id=7))
    theirs.set_local_state({"user": {"name": "Қазақстан"}, "cursor": None})
    (state,) = awareness.decode(theirs.encode_awareness_update([7]))
    assert state == State(7, 1, {"user": {"name": "Қазақстан"}, "cursor": None})

    other = pycrdt.Awareness(pycrdt.Doc(client_id=8))
    other.apply_awareness_update(awareness.encode([state]), "server")
    assert other.states[7] == state.fields
    other.apply_awareness_update(awareness.encode([State(7, 2, None)]), "server")
    assert 7 not in other.states


def test_w6_what_nobody_wants_is_skipped_unread() -> None:
    update = write_uint(2) + write_uint(7) + write_uint(1) + write_bytes(b"{") + awareness.encode([State(8, 1, {})])[1:]
    assert awareness.decode(update, lambda client: client == 8) == (State(8, 1, {}),)


def test_w6_an_empty_state_has_gone() -> None:
    assert awareness.decode(written("", "null")) == (State(7, 1, None), State(7, 1, None))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"x"',
        "7",
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":1e999}',
        '{"a":' + "9" * 5000 + "}",
        '{"a":"\\ud83d"}',
        '{"\\uDE00":1}',
        '{"a":"' + "x" * MAX_STATE + '"}',
        '{"a":' + "[" * MAX_NESTING + "]" * MAX_NESTING + "}",
    ],
)
def test_w6_a_state_that_a_browser_could_not_read_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        awareness.decode(written(text))


def test_w6_a_nest_at_the_bound_is_fine() -> None:
    depth = MAX_NESTING - 1
    (state,) = awareness.decode(written('{"a":' + "[" * depth + "]" * depth + "}"))
    assert awareness.decode(awareness.encode([state])) == (state,)


def test_w6_a_very_long_number_is_written_as_browsers_know_it() -> None:
    (state,) = awareness.decode(written('{"a":123456789012345678901234567890}'))
    assert json.loads(awareness.encode([state])[4:]) == {"a": 1.2345678901234568e29}


@pytest.mark.parametrize(
    "update",
    [
        b"",
        written("{}")[:-1],
        written("{}") + b"\x00",
        written("{}", count=2),
        written(count=MAX_STATES + 1),
        b"\x01\x07\x01\x02\xff\xfe",
    ],
)
def test_w7_updates_that_are_malformed(update: bytes) -> None:
    with pytest.raises(Malformed):
        awareness.decode(update)


@given(st.binary(max_size=60))
def test_w7_any_bytes_become_states_or_malformed(update: bytes) -> None:
    try:
        awareness.decode(update)
    except Malformed:
        return
