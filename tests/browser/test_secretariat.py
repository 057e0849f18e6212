"""The secretariat's desk: meetings, documents, invitations, people."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import copied, eventually


def test_a_meeting_is_created_with_the_delegations_of_cica(sit: Sit, hall: Hall) -> None:
    page = sit("secretariat").page
    page.goto("/")
    page.get_by_role("button", name="New meeting").click()
    page.get_by_label("Title").fill("Senior Officials Committee")
    page.get_by_label("CICA").check()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Senior Officials Committee")).to_be_visible()
    meeting = page.url.rsplit("/", 1)[1]
    codes = [each["code"] for each in hall.admin.get(f"/api/meetings/{meeting}").json()["delegations"]]
    assert {"KAZ", "IND", "CHN"} <= set(codes)
    assert len(codes) >= 28


def test_a_meeting_is_created_with_a_list(sit: Sit, hall: Hall) -> None:
    page = sit("secretariat").page
    page.goto("/")
    page.get_by_role("button", name="New meeting").click()
    page.get_by_label("Title").fill("Trilogue")
    page.get_by_label("A list of my own").check()
    page.get_by_role("textbox", name="A list of my own").fill("KAZ Kazakhstan\nnonsense")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    page.get_by_role("textbox", name="A list of my own").fill("KAZ Kazakhstan\nJPN Japan, observer")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Trilogue")).to_be_visible()
    meeting = page.url.rsplit("/", 1)[1]
    assert hall.admin.get(f"/api/meetings/{meeting}").json()["delegations"] == [
        {"code": "KAZ", "name": "Kazakhstan", "kind": "member"},
        {"code": "JPN", "name": "Japan", "kind": "observer"},
    ]


def desk(sit: Sit, hall: Hall, section: str = "documents") -> Page:
    page = sit("secretariat").page
    page.goto(f"/meetings/{hall.id}#{section}")
    return page


def test_a_document_is_uploaded_and_what_was_changed_is_reported(sit: Sit, hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "Draft decision.md"
    file.write_text("# Draft decision\n\nThe Parties [shall][should] **agree**.\n", encoding="utf-8")
    page = desk(sit, hall)
    page.get_by_role("button", name="Add a document").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    expect(page.get_by_label("Title")).to_have_value("Draft decision")
    page.get_by_label("Symbol").fill("CICA/2026/1")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What was changed on the way in")).to_be_visible()
    page.get_by_role("button", name="Add to the meeting").click()
    page.get_by_role("link", name="Open the document").click()
    expect(page.locator(".ProseMirror strong")).to_have_text("agree")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft decision")


def test_a_document_is_made_of_pasted_text_and_renamed(sit: Sit, hall: Hall) -> None:
    page = desk(sit, hall)
    page.get_by_role("button", name="Add a document").click()
    page.get_by_label("Pasted text").check()
    page.get_by_role("textbox", name="Text").fill("Decides to meet again;\nRequests the secretariat to report.")
    page.get_by_label("Title").fill("Pasted")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Add to the meeting").click()
    page.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("2 paragraphs")).to_be_visible()
    page.get_by_role("button", name="Rename: Pasted").click()
    page.get_by_label("Title").fill("Renamed")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("link", name="Renamed")).to_be_visible()


def test_p3_links_for_all_delegations_are_made_copied_printed_and_put_away(sit: Sit, hall: Hall) -> None:
    page = desk(sit, hall, "invitations")
    page.get_by_role("button", name="For every delegation").click()
    page.get_by_role("button", name="Create").click()
    links = page.locator(".link-url")
    expect(links).to_have_count(3)
    page.get_by_role("button", name="Copy the link for Kazakhstan, Delegate").click()
    link = links.first.text_content() or ""
    copied(page, link)
    page.get_by_role("button", name="Copy all").click()
    expect(page.get_by_text("3 links copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert [line.split("\t")[0] for line in lines] == ["Kazakhstan, Delegate", "India, Delegate", "Japan, Observer"]
    hall.enter(link.rsplit("/", 1)[1])

    page.emulate_media(media="print")
    expect(page.locator(".slip")).to_have_count(3)
    expect(page.locator(".slip").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy all")).to_be_hidden()
    page.emulate_media(media="screen")

    page.get_by_role("button", name="Done").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    expect(links).to_have_count(0)


def test_p5_a_withdrawn_invitation_signs_out_who_came_by_it(sit: Sit, hall: Hall) -> None:
    guest = sit("delegate", "KAZ").open(hall.draft())
    page = desk(sit, hall, "invitations")
    page.get_by_role("button", name="Withdraw the invitation for Kazakhstan, Delegate").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    expect(guest.chip).to_have_text("Signed out")
    expect(guest.page.get_by_text("You are signed out")).to_be_visible()
    expect(guest.text).to_have_attribute("contenteditable", "false")


def test_p5_a_removed_participant_is_signed_out(sit: Sit, hall: Hall) -> None:
    guest = sit("delegate", "IND", name="Ravi Menon").open(hall.draft())
    page = desk(sit, hall, "people")
    row = page.get_by_role("listitem").filter(has_text="Ravi Menon")
    expect(row).to_contain_text("online")
    page.get_by_role("button", name="Remove Ravi Menon").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    expect(guest.chip).to_have_text("Signed out")


def test_settings_are_saved(sit: Sit, hall: Hall) -> None:
    page = desk(sit, hall, "settings")
    page.get_by_label("Observers may comment").check()
    page.get_by_label("Title").fill("Working group, second week")
    page.get_by_role("button", name="Save changes").first.click()
    expect(page.get_by_role("heading", name="Working group, second week")).to_be_visible()
    meeting = hall.admin.get(f"/api/meetings/{hall.id}").json()
    assert meeting["settings"]["observers_may_comment"] is True
    assert meeting["title"] == "Working group, second week"

    page.get_by_label("3 delegations").fill("KAZ Kazakhstan\nIND India\nJPN Japan, observer\nCHN China")
    page.get_by_role("button", name="Save changes").last.click()

    def codes() -> list[str]:
        return [each["code"] for each in hall.admin.get(f"/api/meetings/{hall.id}").json()["delegations"]]

    eventually(page, lambda: codes() == ["KAZ", "IND", "JPN", "CHN"])
