"""Sockets and HTTP connections against peers that do what no honest peer does: the offender alone is affected."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from server import frames
from server.session import http, protocol
from server.session.pace import Budget
from server.session.protocol import MAX_MESSAGE, OUTBOX
from tests.server.session.peers import ACCEPT, KEY, Server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server().running() as running:
        yield running


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # it may be anything
            await asyncio.sleep(0.005)


async def test_w1_a_proper_request_becomes_a_socket_and_messages_come_whole(server: Server) -> None:
    peer = await server.peer()
    assert ACCEPT in await peer.upgrade("/open")
    peer.send(b"one")
    peer.send(b"tw", fin=False)
    peer.send(b"in between", 9)
    peer.send(b"o", 0)
    assert await peer.receive() == (10, b"in between")
    await until(lambda: server.heard[0].messages == [b"one", b"two"])
    assert server.heard[0].pings == 1


async def test_w1_permessage_deflate_is_not_offered(server: Server) -> None:
    peer = await server.peer()
    answer = await peer.upgrade("/open", Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
    assert b" 101 " in answer
    assert b"extensions" not in answer.lower()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Version": ""}, 426),
        ({"Sec_WebSocket_Key": ""}, 400),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Key": "c2l4dGVlbiBieXRlcyBhbmQgbW9yZQ=="}, 400),
        ({"Sec_WebSocket_Key": "ключ"}, 400),
    ],
)
async def test_w7_a_request_that_is_none_is_answered_by_http(
    server: Server, headers: dict[str, str], status: int
) -> None:
    peer = await server.peer()
    assert f" {status} ".encode() in await peer.upgrade("/open", **headers)
    assert await peer.ended()
    await until(lambda: server.connections == 0)


async def test_w7_only_get_becomes_a_socket(server: Server) -> None:
    peer = await server.peer()
    asked = b"POST /open HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n"
    peer.writer.write(asked + f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    assert b" 400 " in await peer.reader.readuntil(b"\r\n\r\n")
    assert await peer.ended()


async def test_w7_a_refusal_is_accepted_first_then_closed(server: Server) -> None:
    peer = await server.peer("/refuse")
    assert await peer.close_code() == (4401, "sign in again")
    peer.send((4401).to_bytes(2, "big"), 8)
    assert await peer.ended()


async def test_w7_an_address_where_nothing_is_says_so_finally(server: Server) -> None:
    peer = await server.peer("/nowhere")
    assert (await peer.close_code())[0] == 4404


async def test_a_bug_in_the_application_ends_one_socket_and_no_other(server: Server) -> None:
    good = await server.peer("/open")
    bad = await server.peer()
    assert b" 500 " in await bad.upgrade("/broken")
    assert await bad.ended()
    good.send(b"still here")
    await until(lambda: server.heard[0].messages == [b"still here"])


@pytest.mark.parametrize(
    "data",
    [
        b"\x82\x05naked",
        b"\x83\x80mask",
        b"\xc2\x80mask",
        b"\x09\x80mask",
        b"\x80\x80mask",
        b"\x82\xff" + (MAX_MESSAGE + 1).to_bytes(8, "big") + b"mask",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_w7_bytes_that_are_no_frame_close_with_4400_and_a_sentence(server: Server, data: bytes) -> None:
    peer = await server.peer("/open")
    other = await server.peer("/open")
    peer.writer.write(data + b"and more of it" * 1000)
    code, reason = await peer.close_code()
    assert code == 4400
    assert reason.startswith("Not understood: ")
    await until(lambda: server.heard[0].closes == 1)
    other.send(b"unharmed")
    await until(lambda: server.heard[1].messages == [b"unharmed"])


async def test_w7_after_our_close_a_peer_that_stays_is_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CLOSE_WITHIN", 0.1)
    peer = await server.peer("/open")
    await until(lambda: len(server.heard) == 1)
    server.heard[0].socket.close(4409, "rebuild")
    peer.send(b"ignored")
    assert await peer.close_code() == (4409, "rebuild")
    assert await peer.ended()
    assert server.heard[0].messages == []
    assert server.heard[0].closes == 1
    await until(lambda: server.connections == 0)


async def test_a_peer_that_closes_is_answered_with_its_code(server: Server) -> None:
    peer = await server.peer("/open")
    peer.send(b"last words")
    peer.send((1001).to_bytes(2, "big") + b"going", 8)
    assert await peer.close_code() == (1001, "")
    assert await peer.ended()
    assert server.heard[0].messages == [b"last words"]
    assert server.heard[0].closes == 1


async def test_a_peer_that_vanishes_leaves_nothing(server: Server) -> None:
    peer = await server.peer("/open")
    await until(lambda: len(server.heard) == 1)
    peer.leave()
    await until(lambda: server.heard[0].closes == 1)
    await until(lambda: server.connections == 0)


async def test_w7_a_reader_who_falls_behind_is_told_1013_and_cut_off(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "CLOSE_WITHIN", 0.1)
    peer = await server.peer("/open")
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: len(server.heard) == 1)
    socket = server.heard[0].socket
    frame = frames.binary(b"x" * 65_000)
    written = 0
    while server.heard[0].closes == 0:
        socket.write(frame)
        written += len(frame)
        assert written < 100 * OUTBOX
        await asyncio.sleep(0)
    assert socket.transport.get_write_buffer_size() <= OUTBOX + 2 * len(frame)
    await until(lambda: server.connections == 0)


async def test_w7_a_state_larger_than_the_outbox_is_sent_and_the_outbox_shrinks_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = await server.peer("/open")
    transport = peer.writer.transport
    transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: len(server.heard) == 1)
    heard = server.heard[0]
    state = frames.binary(b"s" * 20_000_000)
    heard.socket.write_large(state)
    heard.socket.write(frames.binary(b"typed meanwhile"))
    assert heard.closes == 0
    transport.resume_reading()  # type: ignore[attr-defined]
    assert await peer.receive() == (2, b"s" * 20_000_000)
    assert await peer.receive() == (2, b"typed meanwhile")
    heard.socket.ping()
    assert await peer.receive() == (9, b"rt")
    transport.pause_reading()  # type: ignore[attr-defined]
    for _ in range(16):  # the system's buffers hold some of them
        heard.socket.write(frames.binary(b"x" * OUTBOX))
    assert heard.closes == 1


async def test_a_flood_of_pings_from_a_peer_that_never_reads_is_bounded(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "CLOSE_WITHIN", 0.1)
    monkeypatch.setattr(protocol, "OUTBOX", 10_000)
    peer = await server.peer("/open")
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: len(server.heard) == 1)
    server.heard[0].socket.write_large(frames.binary(b"x" * 8_000_000))

    async def flood() -> None:
        try:
            while True:
                peer.send(b"p" * 125, 9)
                await peer.writer.drain()
        except ConnectionError:
            return

    await asyncio.wait_for(flood(), 60)
    assert server.heard[0].closes == 1


async def test_a_peer_that_answers_no_ping_is_given_up_but_one_who_reads_or_sends_is_not(server: Server) -> None:
    deaf, slow, good, sending = [await server.peer("/open") for _ in range(4)]
    await until(lambda: len(server.heard) == 4)
    sockets = {heard.socket.transport.get_extra_info("peername"): heard.socket for heard in server.heard}
    deaf_socket, slow_socket, good_socket, sending_socket = (
        sockets[peer.writer.get_extra_info("sockname")] for peer in (deaf, slow, good, sending)
    )
    sending.writer.write(b"\x82\xff" + (8_000_000).to_bytes(8, "big") + b"mask")
    slow_socket.write_large(frames.binary(b"x" * 30_000_000))
    for _ in range(5):
        sending.writer.write(b"x" * 1000)  # its pongs would stand behind all of its message
        for socket in (deaf_socket, slow_socket, good_socket, sending_socket):
            socket.ping()
        assert await good.receive() == (9, b"rt")
        good.send(b"rt", 10)
        unread = slow_socket.transport.get_write_buffer_size()
        while slow_socket.transport.get_write_buffer_size() >= unread:
            await slow.reader.read(1 << 16)
    await until(lambda: deaf_socket.phase is protocol.Phase.LOST)
    assert slow_socket.phase is protocol.Phase.OPEN
    assert good_socket.phase is protocol.Phase.OPEN
    assert sending_socket.phase is protocol.Phase.OPEN
    slow.leave()


async def test_halves_of_messages_are_bounded_for_all_peers_together(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "KEPT", Budget(300_000))
    half = b"\x82\xff" + (400_000).to_bytes(8, "big") + b"mask" + b"x" * 200_000
    first, second = await server.peer("/open"), await server.peer("/open")
    first.writer.write(half)
    await until(lambda: protocol.KEPT.left < 150_000)
    second.writer.write(half)
    assert (await second.close_code())[0] == 1013
    first.writer.write(b"x" * 200_000)
    await until(lambda: [len(heard.messages) for heard in server.heard] == [1, 0])
    assert protocol.KEPT.left == 300_000


async def test_w7_shutdown_says_1012_to_all_and_waits_for_no_one_who_never_reads(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "CLOSE_WITHIN", 0.5)
    peers = [await server.peer("/open") for _ in range(3)]
    never = await server.peer("/open")
    never.writer.transport.pause_reading()  # type: ignore[attr-defined]
    half_open = await server.peer()
    asking = asyncio.create_task((await server.peer()).upgrade("/idle"))
    await until(lambda: server.connections == 6 and server.idling == 1)
    server.heard[3].socket.write_large(frames.binary(b"x" * 30_000_000))
    began = asyncio.get_running_loop().time()
    stopping = asyncio.create_task(server.stop())
    for peer in peers:
        assert (await peer.close_code())[0] == 1012
        peer.send((1012).to_bytes(2, "big"), 8)
    assert await half_open.ended()
    assert b" 503 " in await asking
    await until(lambda: server.connections == 0)
    assert asyncio.get_running_loop().time() - began < 5
    stopping.cancel()


# HTTP


async def test_a_header_that_never_ends_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    second = await server.peer()
    second.writer.write(b"GET /small HTTP/1.1\r\nHost: t\r\n\r\n")
    assert b" 200 " in await second.reader.readuntil(b"\r\n\r\n0")
    monkeypatch.setattr(http, "HEADER_WITHIN", 0.1)
    silent, half = [await server.peer() for _ in range(2)]
    half.writer.write(b"GET /small HTTP/1.1\r\nHost: t\r\nX-A: ")
    second.writer.write(b"GET /sm")
    for peer in (silent, half, second):
        assert b" 408 " in await peer.reader.readuntil(b"\r\n\r\n")
        assert await peer.ended()
    await until(lambda: server.connections == 0)


async def test_a_header_without_end_is_refused(server: Server) -> None:
    peer = await server.peer()
    peer.writer.write(b"GET /small HTTP/1.1\r\nHost: t\r\n")
    for at in range(2000):
        peer.writer.write(f"X-{at}: {'x' * 100}\r\n".encode())
    assert b" 431 " in await peer.reader.readuntil(b"\r\n\r\n")
    assert await peer.ended()


async def test_a_body_that_never_comes_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_WITHIN", 0.1)
    peer = await server.peer()
    peer.writer.write(b"POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nx")
    assert await peer.ended()
    await until(lambda: server.connections == 0)


async def test_an_answer_that_nobody_reads_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_WITHIN", 0.1)
    peer = await server.peer()
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    peer.writer.write(b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n")
    await until(lambda: server.connections == 1)
    await until(lambda: server.connections == 0)
    peer.leave()


async def test_sockets_count_among_the_connections_and_more_are_told_to_come_back() -> None:
    async with Server(limit=2).running() as server:
        sockets = [await server.peer("/open") for _ in range(2)]
        third = await server.peer()
        assert b" 503 " in await third.reader.readuntil(b"\r\n\r\n")
        sockets[0].leave()
        await until(lambda: server.heard[0].closes == 1)
        await until(lambda: server.connections < 2)
        await server.peer("/open")


async def test_an_upgrade_behind_an_unanswered_request_is_refused(server: Server) -> None:
    peer = await server.peer()
    peer.writer.write(b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n" + b"GET /open HTTP/1.1\r\nHost: t\r\n")
    answer = await peer.upgrade("/open")
    assert b" 101 " not in answer
    assert server.heard == []
    peer.leave()
