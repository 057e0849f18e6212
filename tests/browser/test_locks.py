"""What is agreed stays agreed, seen from the page: contract W4 and section 4, locks, freeze and focus."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting, copied, go
from tests.browser.test_looks import look, violations
from tests.conftest import Launch

REFUSED = "This paragraph is agreed. Nobody can change it until the chair reopens it."
THREE = ["One.", "Two.", "Three."]


@pytest.fixture
def own_hall(launch: Launch) -> Iterator[Hall]:
    """A meeting on a server that the test may kill."""
    server = launch()
    with server.admin() as admin:
        yield Hall.open(server, admin)


def dialog(sitting: Sitting) -> Locator:
    return sitting.page.get_by_role("dialog")


def agree(chair: Sitting, index: int, keys: str = "Control+Alt+KeyA") -> None:
    """As the chair does it: by the keyboard, and the dialog that shows the words."""
    words = chair.words()[index]
    chair.stand_in(index)
    chair.page.keyboard.press(keys)
    expect(dialog(chair).locator("blockquote")).to_have_text(words)
    dialog(chair).get_by_role("button", name="Agree").click()
    expect(dialog(chair)).to_have_count(0)


def test_w4_what_the_chair_agrees_on_nobody_changes_by_any_way_of_writing(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    chair = sit("chair", name="Ines").open(document)
    delegate = sit("delegate", "KAZ").open(document)
    page = delegate.page
    delegate.write(" mine", 1)
    delegate.eventually(lambda: hall.stored(document)[1] == "Two. mine")
    chair.eventually(lambda: chair.words()[1] == "Two. mine")
    agree(chair, 1)
    expect(delegate.paragraph(1)).to_have_attribute("data-lock", "agreed")
    expect(page.locator(".lock-tag")).to_have_text("Agreed")
    expect(page.get_by_text("Agreed 1 of 3")).to_be_visible()

    delegate.stand_in(1)
    go(page, "End")
    page.keyboard.type("never")
    expect(page.get_by_text(REFUSED)).to_be_visible()
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Backspace")
    page.keyboard.press("Control+KeyZ")
    page.keyboard.press("Control+Shift+Home")
    page.keyboard.press("Control+KeyX")
    page.keyboard.press("Delete")
    page.evaluate("navigator.clipboard.writeText('pasted')")
    page.keyboard.press("Control+KeyV")
    page.keyboard.press("Control+KeyA")
    page.keyboard.press("Delete")
    delegate.stand_in(1)
    page.keyboard.press("Control+KeyB")
    page.keyboard.press("Control+Alt+Digit1")
    go(page, "Home")
    page.keyboard.press("Backspace")
    go(page, "End")
    page.keyboard.press("Delete")
    go(page, "End")
    wanted = ["One.", "Two. mine", "Three."]
    delegate.eventually(lambda: delegate.words() == wanted)

    page.keyboard.press("Enter")
    page.keyboard.type("Beside")
    wanted.insert(2, "Beside")
    delegate.stand_in(1)
    go(page, "Home")
    page.keyboard.press("Enter")
    page.keyboard.type("Before")
    wanted.insert(1, "Before")
    delegate.eventually(lambda: hall.stored(document) == wanted, lambda: (hall.stored(document), delegate.words()))
    assert delegate.words() == wanted
    chair.eventually(lambda: chair.words() == wanted)
    assert [bool(each["lock"]) for each in hall.paragraphs(document)] == [False, False, True, False, False]
    expect(page.get_by_role("complementary", name="Words kept for you")).to_have_count(0)


def composed(sitting: Sitting, text: str) -> None:
    """What an input method shows before it is chosen, or puts down."""
    session = sitting.context.new_cdp_session(sitting.page)
    for part in ("k", "か"):
        session.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": text})
    session.detach()


def test_w4_an_input_method_composes_nothing_in_a_locked_paragraph_and_goes_on_beside_it(sit: Sit, hall: Hall) -> None:
    document = hall.draft("漢字。\n\nTwo.\n\nThree.")
    hall.lock(document, [0])
    delegate = sit("delegate", "KAZ").open(document)
    other = sit("delegate", "IND").open(document)
    expect(delegate.paragraph(0)).to_have_attribute("data-lock", "agreed")
    delegate.page.evaluate(
        """() => {
          window.touched = [];
          new MutationObserver(records => window.touched.push(...records.map(record => record.type)))
            .observe(document.querySelector('[data-lock]'), {subtree: true, childList: true, characterData: true});
        }"""
    )
    delegate.stand_in(0)
    for key in ("End", "Home"):
        go(delegate.page, key)
        composed(delegate, "感")
    expect(delegate.page.get_by_text(REFUSED)).to_be_visible()
    delegate.stand_in(1)
    go(delegate.page, "End")
    composed(delegate, "感")
    other.write("!", 2)
    wanted = ["漢字。", "Two.感", "Three.!"]
    for sitting in (delegate, other):  # nobody's words are held back by a composition that never ends
        sitting.eventually(lambda sitting=sitting: sitting.words() == wanted)
    delegate.page.keyboard.type("x")
    delegate.eventually(lambda: hall.stored(document) == ["漢字。", "Two.感x", "Three.!"])
    assert delegate.page.evaluate("window.touched") == []
    assert delegate.paragraph(0).inner_text() == "漢字。"


def test_w4_a_lock_that_comes_while_one_composes_ends_the_composition(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    delegate = sit("delegate", "KAZ").open(document)
    delegate.write("", 1)
    session = delegate.context.new_cdp_session(delegate.page)
    session.send("Input.imeSetComposition", {"text": "k", "selectionStart": 1, "selectionEnd": 1})
    delegate.eventually(lambda: hall.stored(document)[1] == "Two.k")
    hall.lock(document, [1])
    expect(delegate.paragraph(1)).to_have_attribute("data-lock", "agreed")
    session.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "感"})
    delegate.write(" free", 2)
    delegate.eventually(lambda: hall.stored(document) == ["One.", "Two.k", "Three. free"])
    delegate.eventually(lambda: delegate.words() == ["One.", "Two.k", "Three. free"])


def test_enter_before_a_locked_first_paragraph_says_why_nothing_comes(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    hall.lock(document, [0])
    delegate = sit("delegate").open(document)
    expect(delegate.paragraph(0)).to_have_attribute("data-lock", "agreed")
    delegate.stand_in(0)
    go(delegate.page, "Home")
    delegate.page.keyboard.press("Enter")
    expect(delegate.page.get_by_text("Nothing can be put before it")).to_be_visible()
    assert delegate.words() == THREE


def test_w4_words_dragged_at_a_locked_paragraph_stay_where_they_are(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    hall.lock(document, [1])
    delegate = sit("delegate").open(document)
    expect(delegate.paragraph(1)).to_have_attribute("data-lock", "agreed")
    delegate.paragraph(0).dblclick(position={"x": 10, "y": 10})
    delegate.paragraph(0).drag_to(
        delegate.paragraph(1), source_position={"x": 10, "y": 10}, target_position={"x": 12, "y": 12}
    )
    delegate.stand_in(2)
    delegate.write("!", 2)
    delegate.eventually(lambda: hall.stored(document)[2] == "Three.!")
    assert hall.stored(document)[:2] == THREE[:2]


def test_w4_an_edit_made_offline_comes_back_to_its_author_and_what_was_free_is_taken(sit: Sit, own_hall: Hall) -> None:
    document = own_hall.draft()
    delegate = sit("delegate", hall=own_hall)
    page = delegate.page
    away: list[bool] = []
    page.route_web_socket("**/ws/documents/*", lambda line: line.close() if away else line.connect_to_server())
    delegate.open(document)
    expect(delegate.chip).to_have_text(re.compile("^Saved"))
    away.append(True)
    own_hall.server.kill()
    expect(delegate.chip).to_have_text(re.compile("^Offline"))
    delegate.write(" refused words", 1)
    delegate.write(" and free words", 2)
    expect(delegate.chip).to_contain_text("kept here")
    own_hall.server.start()
    own_hall.lock(document, [1])
    away.clear()
    delegate.come_back()

    tray = page.get_by_role("complementary", name="Words kept for you")
    expect(tray).to_contain_text("refused words")
    delegate.eventually(lambda: own_hall.stored(document) == ["One.", "Two.", "Three. and free words"])
    delegate.eventually(lambda: delegate.words() == ["One.", "Two.", "Three. and free words"])
    page.reload()
    expect(tray).to_contain_text("The paragraph is agreed and locked.")
    expect(tray).to_contain_text("refused words")
    expect(tray.locator(".tray-why")).to_contain_text(re.compile(r"locked\.\s*2 ·"))
    tray.get_by_role("button", name="Copy").click()
    copied(page, "refused words")
    tray.get_by_role("button", name="Dismiss").click()
    expect(tray).to_have_count(0)


def test_the_chair_is_shown_what_changed_before_it_is_agreed(sit: Sit, hall: Hall) -> None:
    document = hall.draft("The Parties shall cooperate.\n\nTwo.")
    chair = sit("chair").open(document)
    delegate = sit("delegate").open(document)
    chair.stand_in(0)
    chair.page.keyboard.press("Control+Alt+KeyR")
    expect(dialog(chair).locator("blockquote")).to_have_text("The Parties shall cooperate.")
    delegate.write(" Closely.", 0)
    delegate.eventually(lambda: hall.stored(document)[0].endswith("Closely."))
    dialog(chair).get_by_role("button", name="Agree ad ref").click()
    expect(dialog(chair).get_by_role("alert")).to_contain_text("The text has changed since you looked")
    expect(dialog(chair).locator("ins")).to_contain_text("Closely.")
    assert violations(chair.page) == []
    dialog(chair).get_by_role("button", name="Agree on the new text").click()
    expect(chair.paragraph(0)).to_have_attribute("data-lock", "agreed_ad_ref")
    expect(delegate.page.locator(".lock-tag")).to_have_text("Agreed ad ref")


def test_brackets_are_asked_about_and_a_reason_is_asked_for(sit: Sit, hall: Hall) -> None:
    document = hall.draft("The Parties [shall][should] cooperate.\n\nTwo.")
    chair = sit("chair", name="Ines").open(document)
    chair.stand_in(0)
    chair.page.keyboard.press("Control+Alt+KeyA")
    dialog(chair).get_by_role("button", name="Agree").click()
    expect(dialog(chair).get_by_role("alert")).to_contain_text("Brackets are still open")
    dialog(chair).get_by_role("button", name="Agree with brackets").click()
    expect(chair.paragraph(0)).to_have_attribute("data-lock", "agreed")

    tag = chair.page.locator(".lock-face")
    expect(tag).to_have_attribute("title", re.compile(r"^1: Agreed: Ines, \d"))
    tag.click()
    chair.page.locator(".lock-tags .panel").get_by_role("button", name="Reopen").click()
    dialog(chair).get_by_role("button", name="Reopen").click()
    expect(dialog(chair).get_by_role("alert")).to_have_text("Say why the paragraph is reopened.")
    assert violations(chair.page) == []
    dialog(chair).get_by_label("Reason").fill("New instructions from capital")
    dialog(chair).get_by_role("button", name="Reopen").click()
    expect(chair.page.locator("[data-lock]")).to_have_count(0)
    chair.write(" Free.", 0)
    chair.eventually(lambda: hall.stored(document)[0].endswith("Free."))


def test_w4_a_frozen_document_says_so_and_takes_nothing(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    chair = sit("chair").open(document)
    delegate = sit("delegate").open(document)
    chair.page.get_by_role("button", name="Chair", exact=True).click()
    chair.page.get_by_role("button", name="Freeze the document").click()
    dialog(chair).get_by_label("Reason").fill("Consultations in capital")
    dialog(chair).get_by_role("button", name="Freeze the document").click()
    for sitting in (chair, delegate):
        expect(sitting.page.get_by_text("The document is frozen.")).to_be_visible()
        expect(sitting.page.get_by_text("Consultations in capital")).to_be_visible()
        expect(sitting.text).to_have_attribute("contenteditable", "false")
    late = sit("delegate", "IND").open(document)
    expect(late.text).to_have_attribute("contenteditable", "false")
    expect(late.page.get_by_text("Consultations in capital")).to_be_visible()
    chair.page.get_by_role("button", name="Chair", exact=True).click()
    chair.page.get_by_role("button", name="Open the document again").click()
    dialog(chair).get_by_role("button", name="Open the document again").click()
    expect(delegate.text).to_have_attribute("contenteditable", "true")
    delegate.write(" again", 0)
    delegate.eventually(lambda: hall.stored(document)[0] == "One. again")


def test_those_who_follow_are_taken_where_the_chair_is(sit: Sit, hall: Hall) -> None:
    document = hall.draft("\n\n".join(f"Paragraph {n}." for n in range(1, 81)))
    chair = sit("chair").open(document)
    observer = sit("observer").open(document)
    delegate = sit("delegate").open(document)
    screen = sit("observer")
    screen.page.goto(f"/documents/{document}/projector")
    expect(screen.text).to_be_visible()
    chair.stand_in(70)
    chair.page.keyboard.press("Control+Alt+KeyF")
    for sitting in (observer, screen):
        expect(sitting.paragraph(70)).to_be_in_viewport()
    expect(delegate.page.get_by_text("The chair is here")).to_have_count(1)
    expect(delegate.paragraph(70)).not_to_be_in_viewport()
    follow = delegate.page.get_by_role("button", name="Follow the chair")
    expect(follow).to_have_attribute("aria-pressed", "false")
    follow.click()
    expect(delegate.paragraph(70)).to_be_in_viewport()


@pytest.mark.parametrize("role", ["chair", "delegate", "observer"])
def test_locks_are_accessible(sit: Sit, hall: Hall, role: str) -> None:
    document = hall.draft()
    hall.lock(document, [0])
    hall.lock(document, [1], "agreed_ad_ref")
    sitting = sit(role).open(document)
    expect(sitting.page.locator(".lock-tag")).to_have_count(2)
    if role == "chair":
        sitting.stand_in(2)
        sitting.page.keyboard.press("Control+Alt+KeyF")
        expect(sitting.page.get_by_text("The chair is here")).to_be_visible()
    look(sitting, f"locks, {role}")
    sitting.page.locator(".lock-face").first.click()
    expect(sitting.page.locator(".lock-tags .panel:visible")).to_have_count(1)
    assert violations(sitting.page) == []
