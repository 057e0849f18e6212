"""The line breaks, the server dies, the server refuses: no word is lost, and the page says what is so."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import copied
from tests.conftest import Launch


@pytest.fixture
def own_hall(launch: Launch) -> Iterator[Hall]:
    """A meeting on a server that the test may kill."""
    server = launch()
    with server.admin() as admin:
        yield Hall.open(server, admin)


def changes_kept(page: Page) -> int:
    found = re.search(r"Offline, (\d+) changes? kept here", page.locator(".chip:not(.bracket-count)").inner_text())
    return int(found[1]) if found else 0


def test_r4_typing_goes_on_while_the_server_is_dead_and_all_of_it_is_there_when_it_is_back(
    sit: Sit, own_hall: Hall
) -> None:
    document = own_hall.draft()
    writer = sit("delegate", hall=own_hall).open(document)
    reader = sit("observer", hall=own_hall).open(document)
    writer.write(" before", 0)
    expect(writer.chip).to_have_text(re.compile(r"^Saved \d"))

    own_hall.server.kill()
    expect(writer.chip).to_have_text("Offline")
    writer.page.keyboard.type(" meanwhile")
    writer.eventually(lambda: changes_kept(writer.page) >= 1)
    expect(reader.chip).to_have_text("Offline")

    own_hall.server.start()
    for sitting in (writer, reader):
        sitting.come_back()
    expect(writer.chip).to_have_text(re.compile(r"^Saved \d"))
    assert own_hall.stored(document)[0] == "One. before meanwhile"
    reader.eventually(lambda: reader.words()[0] == "One. before meanwhile")
    expect(reader.chip).to_have_text("Read-only")


def test_words_typed_offline_outlive_the_page(sit: Sit, own_hall: Hall) -> None:
    """The tab is closed while the server is dead; the same person opens the document again later."""
    document = own_hall.draft()
    writer = sit("delegate", hall=own_hall).open(document)
    expect(writer.chip).to_have_text(re.compile("^Saved"))
    own_hall.server.kill()
    expect(writer.chip).to_have_text("Offline")
    writer.write(" kept on this device", 1)
    writer.eventually(lambda: changes_kept(writer.page) >= 1)
    writer.page.on("dialog", lambda dialog: dialog.accept())
    writer.page.close(run_before_unload=False)

    own_hall.server.start()
    writer.page = writer.context.new_page()
    writer.open(document)
    writer.eventually(lambda: own_hall.stored(document)[1] == "Two. kept on this device")
    assert writer.words()[1] == "Two. kept on this device"


def test_leaving_with_unsaved_words_is_asked_about(sit: Sit, own_hall: Hall) -> None:
    document = own_hall.draft()
    writer = sit("delegate", hall=own_hall).open(document)
    expect(writer.chip).to_have_text(re.compile("^Saved"))
    own_hall.server.kill()
    expect(writer.chip).to_have_text("Offline")
    writer.write(" unsaved", 0)
    writer.eventually(lambda: changes_kept(writer.page) >= 1)
    asked: list[str] = []
    writer.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    writer.page.get_by_role("link", name="Back to the meeting").click()
    writer.eventually(lambda: asked == ["beforeunload"])
    assert writer.page.url.endswith(document)
    assert writer.words()[0] == "One. unsaved"


def message(**members: Any) -> bytes:
    """A message of type 100 (W2): one varString of JSON."""
    text = json.dumps(members).encode()
    size, length = bytearray(), len(text)
    while length > 127:
        size.append(length & 127 | 128)
        length >>= 7
    size.append(length)
    return bytes([100]) + bytes(size) + text


SYNC_UPDATE = bytes([0, 2])
NOTHING_NEW = bytes([0, 2, 2, 0, 0])  # an update of no structs and no deletions: the server counts it, and that is all


def test_w2_words_that_the_server_refuses_come_back_in_a_tray_until_they_are_dealt_with(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate")
    refusing = {"on": False, "number": 0}

    def between(socket: Any) -> None:
        server = socket.connect_to_server()
        refusing["number"] = 0

        def from_page(sent: Any) -> None:
            if isinstance(sent, bytes) and sent.startswith(SYNC_UPDATE):
                refusing["number"] += 1
                if refusing["on"]:
                    refusing["on"] = False
                    socket.send(
                        message(
                            type="refused",
                            update=refusing["number"],
                            reason="too_large",
                            paragraphs=[],
                            text=[" refused words"],
                        )
                    )
                    server.send(NOTHING_NEW)
                    return
            server.send(sent)

        socket.on_message(from_page)

    sitting.page.route_web_socket("**/ws/documents/*", between)
    sitting.open(document)
    expect(sitting.chip).to_have_text(re.compile("^Saved"))
    refusing["on"] = True
    sitting.write("", 0)
    sitting.page.keyboard.insert_text(" refused words")

    tray = sitting.page.get_by_role("complementary", name="Words kept for you")
    expect(tray).to_contain_text("refused words")
    expect(tray).to_contain_text("too large")
    sitting.eventually(lambda: sitting.words() == ["One.", "Two.", "Three."])
    sitting.page.reload()
    expect(tray).to_contain_text("refused words")
    tray.get_by_role("button", name="Copy").click()
    copied(sitting.page, "refused words")
    tray.get_by_role("button", name="Dismiss").click()
    expect(tray).to_have_count(0)
    sitting.page.reload()
    expect(sitting.text).to_be_visible()
    expect(tray).to_have_count(0)
    assert hall.stored(document) == ["One.", "Two.", "Three."]


def test_while_saving_is_held_up_the_page_says_so_and_one_writes_on(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate")
    sockets: list[Any] = []

    def between(socket: Any) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda sent: server.send(sent) if not held else None)
        sockets.append(socket)

    held: list[str] = []
    sitting.page.route_web_socket("**/ws/documents/*", between)
    document = hall.draft()
    sitting.open(document)
    expect(sitting.chip).to_have_text(re.compile(r"^Saved \d"))  # nothing is under way that would end what is held up

    held.append("by the database")
    event = {"type": "event", "seq": 1, "by": None, "at": "2026-11-25T22:12:42.000000Z", "data": {}}
    sockets[0].send(message(kind="saving_held", **event))
    expect(sitting.chip).to_have_text("Saving is held up")
    expect(sitting.page.locator(".banner")).to_contain_text("Write on. Nothing is lost")
    sitting.write(" in the meantime", 0)
    expect(sitting.chip).to_have_text("Saving is held up")

    sockets[0].send(message(kind="saving_resumed", **event))
    expect(sitting.page.locator(".banner")).to_have_count(0)
    expect(sitting.chip).to_have_text("Saving")
    held.clear()
    sockets[0].close(code=1012)
    expect(sitting.chip).to_have_text(re.compile(r"^Saved \d"))
    assert hall.stored(document)[0] == "One. in the meantime"
