"""The rail's History: named points of the record, and the text of one had back (section 4, snapshots)."""

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting
from tests.browser.test_looks import violations


def history(sitting: Sitting) -> None:
    sitting.page.locator(".rail").get_by_role("button", name="History").click()


def test_the_chair_takes_a_snapshot_and_the_secretariat_restores_it(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    chair = sit("chair", name="Ines").open(document)
    secretary = sit("secretariat", name="Olga").open(document)
    delegate = sit("delegate", "KAZ").open(document)
    history(chair)
    chair.page.get_by_role("button", name="Take a snapshot").click()
    expect(chair.page.get_by_text("Give it a name.")).to_be_visible()
    chair.page.get_by_label("Name this state of the text").fill("Rev.1")
    chair.page.get_by_role("button", name="Take a snapshot").click()
    history(secretary)
    entry = secretary.page.locator(".snapshot", has_text="Rev.1")
    expect(entry).to_contain_text("Ines")
    expect(chair.page.locator(".snapshot", has_text="Rev.1").get_by_role("button", name="Restore")).to_have_count(0)
    delegate.write(" more", 1)
    delegate.eventually(lambda: hall.stored(document)[1] == "Two. more")
    assert violations(chair.page) == []
    assert violations(secretary.page) == []

    entry.get_by_role("button", name="Restore Rev.1").click()
    dialog = secretary.page.get_by_role("dialog")
    expect(dialog).to_contain_text("“Rev.1”")
    dialog.get_by_role("button", name="Restore").click()
    delegate.eventually(lambda: delegate.words() == ["One.", "Two.", "Three."])
    assert hall.stored(document) == ["One.", "Two.", "Three."]
    # One; and another where an hour has begun meanwhile.
    expect(secretary.page.locator(".snapshot", has_text="Taken by itself").first).to_be_visible()

    delegate.write(" again", 1)
    delegate.eventually(lambda: hall.stored(document)[1] == "Two. again")
    hall.lock(document, [1])
    entry.get_by_role("button", name="Restore Rev.1").click()
    dialog.get_by_role("button", name="Restore").click()
    expect(dialog.get_by_role("alert")).to_contain_text("An agreed paragraph would change.")
