"""A session between a socket and a room that are written down here: what is said, held, counted, and ended."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from crdt import sync
from crdt.errors import Malformed
from crdt.gate import Reason, Refusal
from server.rooms.room import Room
from server.session import session as sessions
from server.session.attendance import Attendance
from server.session.pace import Budget
from server.session.protocol import Socket
from server.session.session import ECHOES, HELD_UPDATES, UPDATES, Session
from tests.server.session.desk import WHO, Desk, Wire


class Hall:
    """An attendance that notes who is in it."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.relay = self

    def join(self, session: Session) -> None:
        self.sessions.append(session)

    def leave(self, session: Session) -> None:
        self.sessions.remove(session)

    def answer(self, update: bytes) -> bytes:
        return Attendance.answer(cast(Attendance, self), update)

    def everything(self) -> None:
        return None

    def receive(self, session: Session, update: bytes) -> None:
        if update == b"bad":
            raise Malformed("no awareness")


@dataclass
class Table:
    """A session with all around it."""

    wants_events: bool
    now: float = 0.0
    wire: Wire = field(default_factory=Wire)
    room: Desk = field(default_factory=Desk)
    hall: Hall = field(default_factory=Hall)
    ended: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = Session(
            cast(Socket, self.wire),
            cast(Room, self.room),
            cast(Attendance, self.hall),
            WHO,
            wants_events=self.wants_events,
            clock=lambda: self.now,
            on_closed=self.ended.append,
        )
        self.session.start({"document": {"id": "d1"}, "locks": {}, "focus": None})

    def hears(self, *messages: bytes) -> None:
        for message in messages:
            self.session.message(message)

    def kinds(self) -> list[str]:
        """Types of the events that were said since the last time."""
        return [message["type"] for message in self.wire.said() if isinstance(message, dict)]


@pytest.fixture
def ours() -> Table:
    """Understands messages of type 100."""
    return Table(wants_events=True)


@pytest.fixture
def stock() -> Table:
    return Table(wants_events=False)


def test_w2_welcome_comes_before_the_servers_step_1(ours: Table, stock: Table) -> None:
    welcome, step1 = ours.wire.said()
    assert isinstance(welcome, dict)
    assert (welcome["type"], welcome["seq"], welcome["participant"]["id"]) == ("welcome", 7, "p1")
    assert step1 == sync.SyncStep1(b"\1\2\3")
    assert stock.wire.said() == [sync.SyncStep1(b"\1\2\3")]


def test_who_joins_while_saving_is_held_up_is_told_so() -> None:
    table = Table(wants_events=True, room=Desk(held=True))
    assert table.kinds() == ["welcome", "event"]


def test_w3_updates_come_only_after_the_answer_to_step_1(ours: Table) -> None:
    assert not ours.session.synced
    ours.wire.said()
    ours.hears(sync.step1(b"\0"))
    assert ours.session.synced
    assert ours.wire.said() == [sync.SyncStep2(b"state\0")]


def test_w5_updates_are_held_until_step_2_and_then_given_in_order(ours: Table) -> None:
    ours.hears(sync.update(b"a"), sync.update(b"b"))
    assert ours.room.edits == []
    ours.hears(sync.step2(b"s"), sync.update(b"c"))
    assert ours.room.edits == [(b"s", None), (b"a", 1), (b"b", 2), (b"c", 3)]
    ours.hears(sync.step2(b"t"), sync.update(b"d"))
    assert ours.room.edits[4:] == [(b"t", None), (b"d", 4)]


def test_w1_several_messages_in_one_frame_count_one_by_one(ours: Table) -> None:
    ours.hears(sync.step2(b"s") + sync.update(b"a") + sync.update(b"b"))
    assert ours.room.edits == [(b"s", None), (b"a", 1), (b"b", 2)]


def test_w5_what_is_held_is_bounded_in_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "UPDATES", (10_000, 0))
    many = Table(wants_events=True)
    many.hears(*[sync.update(b"x")] * HELD_UPDATES)
    assert many.wire.closed is None
    many.hears(sync.update(b"x"))
    assert many.wire.closed is not None
    assert many.wire.closed[0] == 4400
    assert many.room.edits == []


def test_w5_what_is_held_is_held_for_a_minute(ours: Table) -> None:
    ours.hears(sync.update(b"x"))
    ours.now = 50.0
    ours.session.beat()
    assert ours.wire.closed is None
    ours.now = 61.0
    ours.session.beat()
    assert ours.wire.closed is not None
    assert ours.wire.closed[0] == 4400


def test_one_who_only_reads_need_not_answer(ours: Table) -> None:
    ours.now = 3600.0
    ours.session.beat()
    assert ours.wire.closed is None


def test_w5_what_is_held_is_bounded_for_all_sockets_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "KEPT", Budget(10))
    first, second = Table(wants_events=True), Table(wants_events=True)
    first.hears(sync.update(b"x" * 8))
    second.hears(sync.update(b"x" * 8))
    assert second.wire.closed is not None
    assert second.wire.closed[0] == 1013
    first.hears(sync.step2(b""))
    third = Table(wants_events=True)
    third.hears(sync.update(b"x" * 10))
    assert third.wire.closed is None


def test_w2_saved_is_cumulative(ours: Table) -> None:
    ours.wire.said()
    ours.session.saved(0, True, 8)
    ours.session.saved(3, False, 9)
    ours.session.saved(0, False, 10)
    assert ours.wire.said() == [
        {"type": "saved", "updates": 0, "step2": True, "seq": 8},
        {"type": "saved", "updates": 3, "step2": True, "seq": 9},
        {"type": "saved", "updates": 3, "step2": True, "seq": 10},
    ]


REFUSALS = [
    (Reason.LOCKED, 4409, 4409),
    (Reason.READ_ONLY, None, None),
    (Reason.FROZEN, None, None),
    (Reason.FOREIGN_AUTHOR, None, 4409),
    (Reason.GAP, None, 4409),
    (Reason.SCHEMA, None, 4409),
    (Reason.TOO_LARGE, None, 4409),
    (Reason.MALFORMED, 4400, 4400),
    (Reason.TOO_FAST, 4529, 4529),
]


@pytest.mark.parametrize(("reason", "code", "stock_code"), REFUSALS)
def test_w7_what_a_refusal_does_to_a_socket(
    ours: Table, stock: Table, reason: Reason, code: int | None, stock_code: int | None
) -> None:
    for table, expected in ((ours, code), (stock, stock_code)):
        table.wire.said()
        table.session.refused(5, Refusal(reason, ("1-2",), ("words",)), whole=True)
        said = table.wire.said()
        refused = {"type": "refused", "update": 5, "reason": str(reason), "paragraphs": ["1-2"], "text": ["words"]}
        assert said == ([refused] if table.wants_events else [])
        assert (table.wire.closed and table.wire.closed[0]) == expected


def test_w4_a_client_of_whom_a_part_was_taken_stays(ours: Table, stock: Table) -> None:
    for table in (ours, stock):
        table.session.refused(5, Refusal(Reason.LOCKED, ("1-2",), ("words",)), whole=False)
        assert table.wire.closed is None


def test_every_reason_is_in_that_table() -> None:
    assert {reason for reason, _, _ in REFUSALS} == set(Reason)


def test_w7_updates_that_come_too_fast_are_refused_and_the_socket_closed(ours: Table) -> None:
    ours.hears(sync.step2(b""), *[sync.update(b"x")] * UPDATES[0])
    ours.wire.said()
    ours.hears(sync.update(b"y"), sync.update(b"z"))
    (refused,) = ours.wire.said()
    assert isinstance(refused, dict)
    assert (refused["update"], refused["reason"]) == (UPDATES[0] + 1, "too_fast")
    assert ours.wire.closed is not None
    assert ours.wire.closed[0] == 4529
    assert len(ours.room.edits) == 1 + UPDATES[0]


def test_a_stock_client_may_send_back_as_many_updates_as_it_was_sent(stock: Table) -> None:
    stock.hears(sync.step2(b""), *[sync.update(b"own")] * UPDATES[0])
    for _ in range(300):
        stock.room.audience.update(b"\0\0")
    stock.hears(*[sync.update(b"echo")] * 300)
    assert stock.wire.closed is None
    stock.hears(sync.update(b"flood"))
    assert stock.wire.closed is not None
    assert stock.wire.closed[0] == 4529


def test_what_a_client_may_send_back_does_not_pile_up_for_ever(stock: Table) -> None:
    for _ in range(10 * ECHOES):
        stock.room.audience.update(b"\0\0")
    stock.hears(sync.step2(b""), *[sync.update(b"x")] * (UPDATES[0] + ECHOES))
    assert stock.wire.closed is None
    stock.hears(*[sync.update(b"x")] * 2)
    assert stock.wire.closed is not None


def test_a_page_that_understands_events_sends_nothing_back_and_gets_no_more(ours: Table) -> None:
    for _ in range(300):
        ours.room.audience.update(b"\0\0")
    ours.hears(sync.step2(b""), *[sync.update(b"x")] * (UPDATES[0] + 1))
    assert ours.wire.closed is not None


@pytest.mark.parametrize("message", [sync.step1(b"bad"), sync.awareness(b"bad"), b"\0\7", b"", b"\0"])
def test_w7_malformed_closes_with_4400(stock: Table, message: bytes) -> None:
    stock.hears(message)
    assert stock.wire.closed is not None
    assert stock.wire.closed[0] == 4400
    assert stock.wire.closed[1].endswith(".")


def test_a_closed_session_leaves_everything_and_listens_to_nothing(ours: Table) -> None:
    ours.hears(sync.step2(b"") + sync.awareness(b"bad") + sync.update(b"after"))
    assert ours.room.edits == [(b"", None)]
    assert (ours.room.members, ours.hall.sessions, ours.ended) == ([], [], [ours.session])
    ours.hears(sync.update(b"later"))
    ours.session.close(sessions.CloseCode.RESTARTING, "once is enough")
    assert ours.room.edits == [(b"", None)]
    assert ours.wire.closed is not None
    assert ours.wire.closed[0] == 4400


def test_a_beat_asks_for_a_sign_of_life_and_gives_one(stock: Table) -> None:
    """y-websocket leaves a server that was silent for 30 seconds."""
    stock.wire.said()
    stock.session.beat()
    assert stock.wire.said() == [sync.Awareness(b"\0")]
    assert stock.wire.pings == 1


def test_messages_of_unknown_types_are_passed_over(ours: Table) -> None:
    ours.hears(b"\x02\x00", b"\x64\x02{}", b"\x7fabc")
    assert ours.wire.closed is None


def test_the_table_has_a_cell_for_every_message_in_every_state() -> None:
    kinds = {sync.SyncStep1, sync.SyncStep2, sync.SyncUpdate, sync.Awareness, sync.QueryAwareness, sync.Unknown}
    living = {sessions.State.JOINING, sessions.State.SETTLED}
    assert set(sessions._TABLE) == {(state, kind) for state in living for kind in kinds}
