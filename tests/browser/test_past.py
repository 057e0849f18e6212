"""The page of a document's past: two points compared, the text at any point, and whose its words are."""

import re
from itertools import cycle

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import WRITTEN_WITHIN, Sitting, go
from tests.browser.test_looks import LANGUAGES, look, violations


def written(sit: Sit, hall: Hall, snapshot: str = "Rev.1") -> tuple[str, Sitting, Sitting]:
    """A document with a snapshot, after which Kazakhstan and India wrote; and the two who did."""
    document = hall.draft("# Title\n\nThe Parties shall cooperate.\n\nSecond.\n\nThird.")
    with hall.preside() as chair:
        assert chair.post(f"/api/documents/{document}/snapshots", json={"label": snapshot}).is_success
    kazakh = sit("delegate", "KAZ", name="Aigerim").open(document)
    indian = sit("delegate", "IND", name="Ravi").open(document)
    kazakh.write(" And trade.", 1)
    kazakh.eventually(lambda: hall.stored(document)[1].endswith("trade."))
    indian.write(" More.", 2)
    indian.eventually(lambda: hall.stored(document)[2].endswith("More."))
    return document, kazakh, indian


def past(sitting: Sitting, document: str, place: str) -> Locator:
    sitting.page.goto(f"/documents/{document}/history{place}")
    paper = sitting.page.locator(".past-paper")
    expect(paper).to_be_visible()
    return paper


def test_two_points_are_compared_with_who_made_the_difference(sit: Sit, hall: Hall) -> None:
    _, kazakh, _ = written(sit, hall)
    kazakh.page.locator(".rail").get_by_role("button", name="History").click()
    kazakh.page.get_by_role("link", name="Compare with now: Rev.1").click()
    page = kazakh.page
    paper = page.locator(".past-paper")
    expect(paper.locator("ins")).to_have_text([" And trade.", " More."])
    expect(page.locator(".past-summary")).to_contain_text("2 paragraphs changed")
    expect(page.get_by_label("From")).to_contain_text("Rev.1")

    page.get_by_role("button", name="India").click()
    expect(paper.locator("ins.pale")).to_have_text([" And trade."])
    page.get_by_label("Changed paragraphs only").check()
    expect(paper.locator("[data-kind]")).to_have_count(1)
    page.get_by_role("button", name="Everybody").click()
    page.get_by_label("Side by side").check()
    expect(paper.locator(".redline-row [data-kind]")).to_have_count(4)
    page.get_by_role("button", name="Swap the two points").click()
    expect(paper.locator("del")).to_have_text([" And trade.", " More."])
    expect(paper.locator("ins")).to_have_count(0)


def test_whose_words_they_are_is_told_by_pointer_and_by_keyboard(sit: Sit, hall: Hall) -> None:
    document, kazakh, _ = written(sit, hall)
    paper = past(kazakh, document, "#text/head")
    page = kazakh.page
    detail = page.locator(".past-detail")
    paper.locator(".words", has_text="And trade.").hover()
    expect(detail).to_contain_text("Kazakhstan · Aigerim")
    page.mouse.move(0, 0)
    expect(detail).to_be_hidden()
    paper.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(detail).to_contain_text("Kazakhstan · Aigerim")
    page.keyboard.press("ArrowLeft")
    expect(detail).to_contain_text("Administrator")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    page.get_by_role("button", name="India").click()
    expect(paper.locator(".words:not(.pale)")).to_have_text([" More."])
    page.keyboard.press("F8")
    expect(paper.locator(".stepped")).to_contain_text("More.")


def test_the_slider_goes_through_the_whole_record(sit: Sit, hall: Hall) -> None:
    document, kazakh, _ = written(sit, hall)
    hall.lock(document, [3])
    paper = past(kazakh, document, "#text/head")
    page = kazakh.page
    slider = page.get_by_role("slider")
    last = int(slider.get_attribute("max") or 0)
    expect(slider).to_have_value(str(last))
    slider.focus()
    page.keyboard.press("Home")
    expect(paper).not_to_contain_text("trade")
    expect(page.locator(".replay-at")).to_contain_text(f"Entry 1 of {last}")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".replay-at")).to_contain_text(f"Entry 2 of {last}")
    page.get_by_role("button", name="Next decision").click()
    expect(page.locator(".replay-at")).to_contain_text(f"Entry {last} of {last}")
    expect(paper).to_contain_text("And trade. ".strip())
    expect(page).to_have_url(re.compile(f"#text/{last}$"))
    page.get_by_text("decisions").click()
    page.get_by_role("button", name="Rev.1").click()
    expect(paper).not_to_contain_text("trade")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".replay-at")).to_contain_text(f"Entry {last} of {last}", timeout=WRITTEN_WITHIN)
    expect(paper).to_contain_text("More.")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_history_is_opened_by_key_and_left_by_its_arrow(sit: Sit, hall: Hall) -> None:
    sitting = sit("observer").open(hall.draft())
    sitting.page.keyboard.press("Control+Alt+KeyH")
    expect(sitting.page.locator(".past-paper")).to_be_visible()
    sitting.page.get_by_role("link", name="Compare").click()
    expect(sitting.page.locator(".past-summary")).to_contain_text("0 paragraphs changed")
    sitting.page.get_by_role("link", name="Back to the document").click()
    expect(sitting.text).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_past_is_accessible(sit: Sit, hall: Hall, language: str) -> None:
    document, _, _ = written(sit, hall)
    sitting = sit("observer", locale={"en": "en-GB", "ru": "ru-RU"}[language])
    for place in ("#compare/1/head", "#text/head"):
        past(sitting, document, place)
        look(sitting, f"{place}, {language}", narrow=language == "en")
    past(sitting, document, "#compare/1/head")
    sitting.page.get_by_role("radio").nth(1).check()
    expect(sitting.page.locator(".redline-sides")).to_be_visible()
    assert violations(sitting.page) == []


def test_in_the_text_itself_one_is_told_whose_a_word_is(sit: Sit, hall: Hall) -> None:
    _, kazakh, _ = written(sit, hall)
    page = kazakh.page
    detail = page.locator(".past-detail")
    page.keyboard.press("Control+Alt+KeyW")
    expect(page.locator(".announcer")).to_contain_text("Whose the words are")
    box = kazakh.paragraph(2).bounding_box()
    assert box
    places = cycle((20, 21))

    def pointed_at() -> bool:
        """The page begins to look a moment after it has said so: who was there before moves once more, and rests."""
        page.mouse.move(box["x"] + next(places), box["y"] + box["height"] / 2)
        page.wait_for_timeout(600)
        return "Administrator" in detail.inner_text()

    kazakh.eventually(pointed_at, detail.inner_text)
    page.mouse.move(2, 2)
    expect(detail).to_be_hidden()
    kazakh.click_into(2)
    page.mouse.move(2, 2)
    go(page, "Home")  # at its end it may stand already: then nothing would move
    go(page, "End")
    expect(detail).to_contain_text("India · Ravi")
    page.keyboard.press("Control+Alt+KeyW")
    expect(detail).to_be_hidden()
