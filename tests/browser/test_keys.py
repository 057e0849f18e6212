"""All of it works without a mouse; keys are told by their place, whatever the keyboard prints there."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import copied

LONG = "\n\n".join(f"Paragraph number {number} of a long text." for number in range(1, 81))


def focused_region(page) -> str | None:  # type: ignore[no-untyped-def]
    region: str | None = page.evaluate("document.activeElement.closest('[data-region]')?.dataset.region")
    return region


def test_f6_goes_round_the_regions_and_back(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate").open(hall.draft())
    page = sitting.page
    there = ["bar", "outline", "page", "comments", "bar"]
    back = ["comments", "page"]
    for key, region in [*(("F6", each) for each in there), *(("Shift+F6", each) for each in back)]:
        page.keyboard.press(key)
        sitting.eventually(lambda region=region: focused_region(page) == region, lambda: focused_region(page))
    page.keyboard.type("Typed at once. ")
    expect(page.locator(".ProseMirror")).to_contain_text("Typed at once.")


def test_escape_leaves_the_text_and_tab_moves_on(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate").open(hall.draft())
    sitting.paragraph(0).click()
    sitting.page.keyboard.press("Escape")
    expect(sitting.page.get_by_text("You have left the text.")).to_be_focused()
    sitting.page.keyboard.press("Shift+Tab")
    expect(sitting.text).to_be_focused()


def test_the_skip_link_is_the_first_stop(sit: Sit, hall: Hall) -> None:
    page = sit("observer").open(hall.draft()).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_ctrl_slash_lists_the_keys_on_a_russian_keyboard_too(sit: Sit, hall: Hall) -> None:
    page = sit("delegate").open(hall.draft()).page
    page.evaluate(
        "window.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: '.', code: 'Slash', ctrlKey: true, bubbles: true, cancelable: true}))"
    )
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_ctrl_g_goes_to_a_paragraph_by_its_number(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate").open(hall.draft(LONG))
    page = sitting.page
    page.keyboard.press("Control+KeyG")
    page.get_by_label("Number, label or words").fill("73")
    page.keyboard.press("Enter")
    expect(sitting.paragraph(72)).to_be_in_viewport()
    expect(sitting.text).to_be_focused()
    page.keyboard.type("Here. ")
    expect(sitting.paragraph(72)).to_have_text("Here. Paragraph number 73 of a long text.")


def test_a_deep_link_opens_at_its_paragraph_and_the_outline_leaves_one(sit: Sit, hall: Hall) -> None:
    document = hall.draft(LONG)
    sitting = sit("observer").open(document)
    page = sitting.page
    page.get_by_role("navigation", name="Outline").get_by_text("Paragraph number 60").click()
    expect(sitting.paragraph(59)).to_be_in_viewport()
    anchor = "#" + (sitting.paragraph(59).get_attribute("id") or "")
    expect(page).to_have_url(re.compile(f"{anchor}$"))
    other = sit("delegate").open(document, anchor)
    expect(other.paragraph(59)).to_be_in_viewport()
    expect(other.paragraph(0)).not_to_be_in_viewport()


def test_the_toolbar_is_one_group_for_the_arrow_keys(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate").open(hall.draft())
    sitting.stand_in(0)
    page = sitting.page
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Copy the link to this paragraph")).to_be_focused()
    page.keyboard.press("Enter")
    anchor = f"#{sitting.paragraph(0).get_attribute('id')}"
    copied(page, page.url.split("#")[0] + anchor)


def test_the_outline_is_a_drawer_where_there_is_no_room_for_a_rail(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate", width=390).open(hall.draft(LONG))
    page = sitting.page
    expect(page.get_by_role("navigation", name="Outline")).to_have_count(0)
    page.get_by_role("button", name="Outline").click()
    page.get_by_role("dialog").get_by_text("Paragraph number 70").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(sitting.paragraph(69)).to_be_in_viewport()
