"""Coming in: by a link and a name (P3, P4), and what is said where that cannot be."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall


def uses(hall: Hall, invitation: str) -> int:
    listed = hall.admin.get(f"/api/meetings/{hall.id}/invitations").json()["items"]
    used: int = next(each["uses"] for each in listed if each["id"] == invitation)
    return used


def test_p3_the_page_asks_for_a_name_and_only_joining_uses_the_invitation(sit: Sit, hall: Hall) -> None:
    hall.draft(title="Draft decision", symbol="L.1")
    invitation = hall.invite("delegate", "KAZ", max_uses=1)
    page = sit(None).page
    page.goto(f"/join/{invitation['token']}")

    expect(page.get_by_role("heading", name="Working group")).to_be_visible()
    expect(page.get_by_text("Kazakhstan")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Delegate")).to_be_visible()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your name")
    assert uses(hall, invitation["id"]) == 0

    page.get_by_label("Your name").fill("Aigerim Bekova")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("link", name="Draft decision")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/meetings/{hall.id}$"))  # the link's token stays out of the address
    assert uses(hall, invitation["id"]) == 1


def test_p3_the_name_on_the_invitation_is_offered(sit: Sit, hall: Hall) -> None:
    invitation = hall.invite("chair", name="Madina Aliyeva")
    page = sit(None).page
    page.goto(f"/join/{invitation['token']}")
    expect(page.get_by_label("Your name")).to_have_value("Madina Aliyeva")


@pytest.mark.parametrize(
    ("terms", "spoil", "said"),
    [
        ({}, "revoke", "was withdrawn"),
        ({"max_uses": 1}, "use", "as often as it may be"),
        ({}, "mistype", "no such invitation"),
    ],
)
def test_p3_a_useless_link_says_why(sit: Sit, hall: Hall, terms: dict[str, Any], spoil: str, said: str) -> None:
    invitation = hall.invite("delegate", "KAZ", **terms)
    token = invitation["token"]
    if spoil == "revoke":
        hall.admin.delete(f"/api/invitations/{invitation['id']}")
    elif spoil == "use":
        hall.enter(token)
    else:
        token = token[:-4]
    page = sit(None).page
    page.goto(f"/join/{token}")
    expect(page.get_by_role("heading", name="cannot be used")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(said)


def test_whoever_is_not_signed_in_is_told_how_to_come_in(sit: Sit, hall: Hall) -> None:
    page = sit(None).page
    page.goto(f"/meetings/{hall.id}")
    expect(page.get_by_role("heading", name="not signed in")).to_be_visible()
    page.get_by_label("Invitation link").fill("https://elsewhere.example")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("not an invitation link")
    page.get_by_label("Invitation link").fill(hall.invite("observer")["url"])
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_label("Your name")).to_be_visible()


def test_signing_out_ends_the_session(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate")
    sitting.page.goto(f"/meetings/{hall.id}")
    sitting.page.get_by_role("button", name="Aigerim, Delegate").click()
    sitting.page.get_by_role("button", name="Sign out").click()
    expect(sitting.page.get_by_text("You have signed out")).to_be_visible()
    assert sitting.context.request.get("/api/me").status == 401


def test_what_lies_in_another_meeting_is_not_there(sit: Sit, hall: Hall) -> None:
    other = Hall.open(hall.server, hall.admin)
    document = other.draft()
    page = sit("delegate").page
    for address in (f"/meetings/{other.id}", f"/documents/{document}", "/documents/0123456789abcdef"):
        page.goto(address)
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_the_secretariats_pages_are_not_offered_to_others(sit: Sit, hall: Hall) -> None:
    page = sit("delegate").page
    page.goto("/")
    expect(page.get_by_role("navigation", name="Sections of the meeting")).to_be_visible()
    expect(page.get_by_role("link", name="Participants")).to_be_visible()
    expect(page.get_by_role("link", name="Invitations")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a document")).to_have_count(0)
