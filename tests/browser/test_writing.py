"""Several people write one document in real browsers: contract section 3 and 5, seen from the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall


def test_w3_two_delegates_write_at_once_and_each_sees_the_others_words_and_caret(sit: Sit, hall: Hall) -> None:
    document = hall.draft("The Parties shall\n\nThe Secretariat shall")
    kaz = sit("delegate", "KAZ", name="Aigerim").open(document)
    ind = sit("delegate", "IND", name="Ravi").open(document)
    for sitting, index in ((kaz, 0), (ind, 1)):
        sitting.write("", index)
    for ours, theirs in zip(" cooperate closely", " report every year", strict=True):
        kaz.page.keyboard.type(ours)
        ind.page.keyboard.type(theirs)

    wanted = ["The Parties shall cooperate closely", "The Secretariat shall report every year"]
    for sitting in (kaz, ind):
        sitting.eventually(lambda sitting=sitting: sitting.words() == wanted)
    kaz.eventually(lambda: hall.stored(document) == wanted)
    expect(kaz.paragraph(1).locator(".caret")).to_contain_text("India")
    expect(ind.paragraph(0).locator(".caret")).to_contain_text("Kazakhstan")
    expect(kaz.page.get_by_text("India is editing")).to_be_visible()
    expect(ind.page.get_by_text("Kazakhstan is editing")).to_be_visible()


def test_r4_the_chip_says_saved_only_once_the_server_said_so(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate")
    held: list[bytes | str] = []
    letting: list[bool] = [True]

    def between(socket) -> None:  # type: ignore[no-untyped-def]  # Playwright's WebSocketRoute
        server = socket.connect_to_server()

        def from_server(message: bytes | str) -> None:
            if letting[0] or b'"saved"' not in bytes(message if isinstance(message, bytes) else message.encode()):
                socket.send(message)
            else:
                held.append(message)

        server.on_message(from_server)
        held_socket.append(socket)

    held_socket: list = []  # type: ignore[type-arg]
    sitting.page.route_web_socket("**/ws/documents/*", between)
    sitting.open(document)
    expect(sitting.chip).to_have_text(re.compile(r"^Saved \d"))  # the answer to the server's step 1, too
    letting[0] = False
    sitting.write(" more", 0)
    expect(sitting.chip).to_have_text("Saving")
    sitting.eventually(lambda: hall.stored(document)[0] == "One. more" and bool(held))
    expect(sitting.chip).to_have_text("Saving")
    letting[0] = True
    for message in held:
        held_socket[-1].send(message)
    expect(sitting.chip).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_w4_an_observer_reads_along_and_cannot_write(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    observer = sit("observer").open(document)
    expect(observer.chip).to_have_text("Read-only")
    expect(observer.text).to_have_attribute("contenteditable", "false")
    expect(observer.page.get_by_role("toolbar")).to_have_count(0)
    observer.paragraph(0).click()
    observer.page.keyboard.type("never")
    sit("delegate").open(document).write(" seen", 1)
    observer.eventually(lambda: observer.words() == ["One.", "Two. seen", "Three."])
    assert hall.stored(document)[0] == "One."


def test_w6_carets_bear_the_servers_names_and_observers_have_none(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    delegate = sit("delegate", name="Aigerim").open(document)
    observer = sit("observer", name="Kenji").open(document)
    observer.paragraph(0).click()
    delegate.write("!", 0)
    expect(observer.page.locator(".caret")).to_have_count(1)
    expect(delegate.page.locator(".caret")).to_have_count(0)
    delegate.page.get_by_role("button", name="Delegations present").click()
    expect(delegate.page.get_by_text("1 observer")).to_be_visible()


def test_t1_kind_level_label_and_marks_are_set_from_the_toolbar(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate").open(document)
    page = sitting.page
    sitting.stand_in(1)
    page.get_by_label("Kind of paragraph").select_option(label="Operative paragraph")
    page.get_by_label("Label").fill("OP3 bis")
    page.keyboard.press("Enter")
    sitting.paragraph(2).click(click_count=3)
    page.get_by_role("button", name="Bold").click()
    expect(page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    sitting.stand_in(0)
    page.get_by_label("Kind of paragraph").select_option(label="Heading")
    page.get_by_role("button", name="One level down").click()

    def paragraphs() -> list[tuple[str, int, str | None]]:
        body = hall.admin.get(f"/api/documents/{document}/paragraphs").json()
        return [(each["kind"], each["level"], each["label"]) for each in body["paragraphs"]]

    sitting.eventually(
        lambda: paragraphs() == [("heading", 2, None), ("operative", 1, "OP3 bis"), ("body", 1, None)], paragraphs
    )
    runs = hall.admin.get(f"/api/documents/{document}/paragraphs").json()["paragraphs"][2]["runs"]
    assert runs == [{"text": "Three.", "marks": ["strong"]}]
    page.get_by_role("button", name="Undo").click()
    sitting.eventually(lambda: paragraphs()[0] != ("heading", 2, None), paragraphs)


def test_t1_a_label_is_written_for_the_paragraph_that_one_leaves(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate").open(document)
    sitting.stand_in(1)
    sitting.page.get_by_label("Label").fill("PP2 ter")
    sitting.paragraph(2).click()
    expect(sitting.paragraph(1)).to_have_attribute("data-label", "PP2 ter")
    sitting.page.keyboard.type("Here: ")
    sitting.eventually(lambda: "Here: " in hall.stored(document)[2], lambda: hall.stored(document))
    expect(sitting.page.get_by_label("Label")).to_have_value("")
    assert sitting.paragraph(2).get_attribute("data-label") is None


def test_delegations_present_are_shown_once_each(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate", "KAZ", name="Aigerim").open(document)
    sit("delegate", "KAZ", name="Bolat").open(document)
    sit("delegate", "IND", name="Ravi").open(document)
    present = sitting.page.get_by_role("button", name="Delegations present: IND KAZ")
    expect(present).to_be_visible()
    present.click()
    for name in ("Aigerim", "Bolat", "Ravi"):
        expect(sitting.page.get_by_role("listitem").filter(has_text=name)).to_be_visible()


@pytest.mark.parametrize("role", ["delegate", "observer"])
def test_leaving_is_asked_about_only_while_something_is_unsaved(sit: Sit, hall: Hall, role: str) -> None:
    sitting = sit(role).open(hall.draft())
    asked: list[str] = []
    sitting.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    if role == "delegate":
        sitting.write(" kept", 0)
        expect(sitting.chip).to_have_text(re.compile(r"^Saved \d"))
    sitting.page.goto("/")
    expect(sitting.page.get_by_role("navigation", name="Sections of the meeting")).to_be_visible()
    assert asked == []


def test_the_projector_shows_the_text_alone_and_keeps_up(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    screen = sit("chair")
    screen.page.goto(f"/documents/{document}/projector")
    expect(screen.paragraph(0)).to_have_text("One.")
    assert screen.page.get_by_role("button").count() == 0
    assert screen.page.get_by_role("banner").count() == 0
    sit("delegate").open(document).write(" Seen in the room.", 0)
    screen.eventually(lambda: screen.words()[0] == "One. Seen in the room.")
