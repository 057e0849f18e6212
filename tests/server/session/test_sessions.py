"""All sessions of a process: limits, ends, and what happens between a request and its session (P5)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest

from crdt import sync
from server.auth.policy import Principal
from server.config import Settings
from server.errors import CloseCode, Problem
from server.fanout import LocalFanout
from server.rooms.room import Room
from server.session import sessions as module
from server.session.protocol import Socket
from server.session.sessions import Sessions
from server.tables import Role
from tests.server.session.desk import WHO, Desk, Wire

OTHER = Principal("p2", "Bek", Role.DELEGATE, "m1", "UZB")


@pytest.fixture
async def sessions() -> AsyncIterator[Sessions]:
    made = Sessions(
        Settings(max_sockets_per_address=3, max_sockets_per_participant=2), asyncio.get_running_loop(), LocalFanout()
    )
    yield made
    made.stop()


def opened(sessions: Sessions, who: Principal = WHO, address: str = "10.0.0.1", document: str = "d1") -> Wire:
    return entered(sessions, sessions.admit(address), who, document)


def entered(sessions: Sessions, place: module.Place, who: Principal = WHO, document: str = "d1") -> Wire:
    wire, room = Wire(), Desk(document)
    sessions.open(cast(Socket, wire), place, cast(Room, room), who, wants_events=True, welcome={})
    return wire


def hang_up(wire: Wire) -> None:
    assert wire.listener is not None
    wire.listener.closed()


async def test_an_address_has_only_so_many_sockets(sessions: Sessions) -> None:
    wires = [opened(sessions, who) for who in (WHO, OTHER, OTHER)]
    with pytest.raises(Problem) as refused:
        sessions.admit("10.0.0.1")
    assert refused.value.close_code is CloseCode.OVERLOADED
    opened(sessions, address="10.0.0.2")
    hang_up(wires[0])
    sessions.admit("10.0.0.1")


async def test_a_request_that_comes_to_nothing_gives_its_place_back(sessions: Sessions) -> None:
    for _ in range(10):
        sessions.release(sessions.admit("10.0.0.1"))
    for _ in range(3):
        sessions.admit("10.0.0.1")


async def test_a_participant_has_only_so_many_sockets(sessions: Sessions) -> None:
    first, second, third = (opened(sessions, address=f"10.0.0.{host}") for host in range(3))
    assert (first.closed, second.closed) == (None, None)
    assert third.closed is not None
    assert third.closed[0] == CloseCode.OVERLOADED
    hang_up(first)
    assert opened(sessions).closed is None


async def test_p5_all_sockets_of_a_participant_end_and_nobody_elses(sessions: Sessions) -> None:
    mine, elsewhere, others = opened(sessions), opened(sessions, document="d2"), opened(sessions, OTHER)
    sessions.end_sessions(WHO.participant_id, CloseCode.SIGN_IN, "You were removed.")
    assert mine.closed == elsewhere.closed == (4401, "You were removed.")
    assert others.closed is None
    assert not sessions.is_online(WHO.participant_id)
    assert sessions.is_online(OTHER.participant_id)


async def test_p5_a_socket_that_was_being_opened_meanwhile_ends_too(sessions: Sessions) -> None:
    asking = sessions.admit("10.0.0.1")
    sessions.end_sessions(WHO.participant_id, CloseCode.SIGN_IN, "You were removed.")
    assert entered(sessions, asking).closed == (4401, "You were removed.")
    assert entered(sessions, sessions.admit("10.0.0.1"), OTHER).closed is None


async def test_w4_a_socket_that_was_being_opened_while_its_role_changed_has_the_new_one(sessions: Sessions) -> None:
    asking = sessions.admit("10.0.0.1")
    sessions.change(replace(WHO, role=Role.OBSERVER))
    wire = entered(sessions, asking)
    assert wire.listener is not None
    assert wire.listener.principal.role is Role.OBSERVER


async def test_p5_one_who_signs_in_anew_after_the_end_stays(sessions: Sessions) -> None:
    sessions.end_sessions(WHO.participant_id, CloseCode.SIGN_IN, "You were removed.")
    await asyncio.sleep(0.001)  # so that the loop's clock moves on
    assert opened(sessions).closed is None


async def test_every_socket_is_asked_for_a_sign_of_life_in_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PING_EVERY", 0.015)
    sessions = Sessions(Settings(), asyncio.get_running_loop(), LocalFanout())
    wires = [opened(sessions) for _ in range(5)]
    for wire in wires:
        wire.said()
    async with asyncio.timeout(60):
        while not all(wire.pings >= 3 for wire in wires):  # noqa: ASYNC110  # the timer is real
            await asyncio.sleep(0.001)
    assert all(sync.Awareness(b"\0") in wire.said() for wire in wires)
    sessions.stop()
    pings = [wire.pings for wire in wires]
    await asyncio.sleep(0.03)
    assert [wire.pings for wire in wires] == pings
