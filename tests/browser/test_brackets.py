"""Brackets on the page: shading, the list, positions, the chair's resolutions, the table, the call (B1 to B6)."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting, settle
from tests.browser.test_looks import look, violations

TEXT = """# Draft decision

The Parties [shall][should] cooperate[, where appropriate,] by [date].

[KAZ: The secretariat [shall] report.]

Nothing is contested here."""


def listed(hall: Hall, document: str, status: str = "open") -> list[dict[str, Any]]:
    answer = hall.admin.get(f"/api/documents/{document}/brackets?status={status}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def say(hall: Hall, document: str, bracket: int, delegation: str, stance: str, note: str | None = None) -> None:
    """For a delegation, by the secretariat."""
    name = listed(hall, document)[bracket]["id"]
    body = {"stance": stance, **({"note": note} if note else {})}
    answer = hall.admin.put(f"/api/documents/{document}/brackets/{name}/positions/{delegation}", json=body)
    assert answer.status_code == 200, answer.text


def resolve(hall: Hall, document: str, bracket: int, outcome: str) -> None:
    """By the chair, over REST."""
    found = listed(hall, document)[bracket]
    with hall.preside() as chair:
        body = {"outcome": outcome, "expect": found["text"]}
        answer = chair.post(f"/api/documents/{document}/brackets/{found['id']}/resolution", json=body)
    assert answer.status_code == 200, answer.text


def panel(sitting: Sitting) -> Locator:
    """The list, opened from the bar."""
    sitting.page.locator(".bracket-count").click()
    found = sitting.page.locator(".rail-brackets")
    expect(found).to_be_focused()  # which comes a frame after it is seen
    return found


def issue(sitting: Sitting, text: str) -> Locator:
    return sitting.page.locator(".rail-brackets .issue").filter(has_text=text)


def shaded(sitting: Sitting, look_of: str, words: str) -> None:
    """Whether a bracket stands out, the page finds at its own pace."""
    stretches = sitting.page.locator(f".text {look_of}")
    sitting.eventually(lambda: words in stretches.all_text_contents(), stretches.all_text_contents)


def dialog(sitting: Sitting) -> Locator:
    return sitting.page.get_by_role("dialog")


def test_b2_brackets_are_shaded_by_depth_and_f8_goes_from_one_to_the_next(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    delegate = sit("delegate", "KAZ").open(document)
    page = delegate.page
    other = sit("delegate", "IND", name="Ravi").open(document)
    expect(delegate.text.locator(".bracket-2")).to_have_text(["[", "shall", "]"])
    expect(delegate.text.locator(".bracket-party")).to_have_text(["KAZ: "])
    shaded(delegate, ".bracket-own", "The secretariat ")
    expect(other.text.locator(".bracket-2")).to_have_text(["[", "shall", "]"])
    expect(other.text.locator(".bracket-own")).to_have_count(0)
    panel(delegate)
    for key, told in (("F8", "1 of 6: [shall]"), ("F8", "2 of 6: [should]"), ("Shift+F8", "1 of 6: [shall]")):
        page.keyboard.press(key)
        expect(page.locator(".toast")).to_contain_text(told)
        expect(page.locator(".rail-brackets [aria-current]")).to_contain_text(told.split(": ")[1])
        expect(delegate.text.locator(".bracket-current").first).to_be_visible()
    page.keyboard.press("Shift+F8")  # to the last one, which is nested: the list shows such, too
    expect(page.locator(".toast")).to_contain_text("6 of 6: [shall]")
    expect(page.locator(".rail-brackets [aria-current]")).to_contain_text("depth 2")
    delegate.write(" [in time]", 3)
    expect(other.text.locator(".bracket", has_text="in time")).to_have_text(["in time"])
    expect(other.page.locator(".bracket-count")).to_contain_text("4 issues")


def test_ctrl_shift_bracket_puts_the_delegations_tag(sit: Sit, hall: Hall) -> None:
    document = hall.draft("One two three.")
    delegate = sit("delegate", "KAZ").open(document)
    delegate.paragraph(0).dblclick(position={"x": 45, "y": 10})
    settle(delegate.page)
    word = delegate.page.evaluate("getSelection().toString().trim()")
    delegate.page.keyboard.press("Control+Shift+BracketLeft")
    delegate.eventually(lambda: f"[KAZ: {word}" in hall.stored(document)[0], lambda: hall.stored(document))
    delegate.eventually(
        lambda: [each["attribution"] for each in listed(hall, document)] == [[{"delegation": "KAZ", "stance": None}]]
    )
    chair = sit("chair").open(document)
    chair.write("", 0)
    chair.page.keyboard.press("Control+Shift+BracketLeft")
    chair.eventually(lambda: hall.stored(document)[0].endswith("[]"), lambda: hall.stored(document))


def test_positions_come_to_everybody_at_once_with_note_and_history(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    kazakhstan = sit("delegate", "KAZ").open(document)
    chair = sit("chair", name="Ines").open(document)
    observer = sit("observer", "JPN").open(document)
    for each in (kazakhstan, chair, observer):
        panel(each)
        issue(each, "[should]").get_by_role("button").first.click()
    expect(kazakhstan.page.locator(".bracket-count")).to_contain_text("3 issues · 2 awaiting us")
    expect(observer.page.locator(".stating")).to_have_count(0)
    card = issue(kazakhstan, "[should]")
    card.get_by_label("Note").fill("Pending the <b>legal</b> review")
    card.get_by_role("button", name="Reserve").click()
    for each in (chair, observer):
        said = issue(each, "[should]").locator(".said")
        expect(said).to_contain_text("KAZ")
        expect(said).to_contain_text("Pending the <b>legal</b> review")
    expect(card.get_by_role("button", name="Reserve")).to_have_attribute("aria-pressed", "true")
    expect(kazakhstan.page.locator(".bracket-count")).to_contain_text("3 issues · 1 awaiting us")
    shaded(kazakhstan, ".bracket-own", "should")
    card.get_by_role("button", name="Can accept").click()
    expect(issue(chair, "[should]").locator(".stance-can_accept").first).to_be_visible()
    issue(chair, "[should]").get_by_text("How the positions came").click()
    expect(issue(chair, "[should]").locator(".history li")).to_have_count(2)
    card.get_by_role("button", name="Withdraw").click()
    expect(issue(chair, "[should]").locator(".said")).to_have_count(0)
    expect(issue(chair, "[should]").locator(".history li")).to_have_count(3)
    # What was stated in the room, the chair records, and it shows as such.
    card = issue(chair, "[should]")
    expect(card.get_by_role("button", name="Oppose")).to_be_disabled()
    card.get_by_label("Delegation").select_option("IND")
    card.get_by_role("button", name="Oppose").click()
    expect(issue(observer, "[should]").locator(".said-room")).to_have_text("As stated in the room")


def test_a_resolution_is_read_before_it_is_done(sit: Sit, hall: Hall) -> None:
    """A run that the machine holds for alternatives is a proposal: the chair confirms."""
    document = hall.draft(TEXT)
    chair = sit("chair", name="Ines").open(document)
    delegate = sit("delegate", "KAZ").open(document)
    panel(chair)
    issue(chair, "[should]").get_by_role("button").first.click()
    issue(chair, "[should]").get_by_role("button", name="Resolve").click()
    box = dialog(chair)
    expect(box.get_by_label("Choose this one of the run")).to_be_checked()
    expect(box.locator(".result-after")).to_have_text("The Parties should cooperate[, where appropriate,] by [date].")
    expect(box.get_by_role("button", name="Resolve")).to_be_disabled()
    box.get_by_label("Delete the text").check()
    expect(box.locator(".result-after")).to_have_text("The Parties [shall] cooperate[, where appropriate,] by [date].")
    box.get_by_label("Replace the text").check()
    box.get_by_label("New words").fill("will")
    expect(box.locator(".result-after")).to_contain_text("will cooperate")
    box.get_by_label("Choose this one of the run").check()
    box.get_by_label("These are alternatives").check()
    expect(box.locator(".result-after")).to_have_text("The Parties should cooperate[, where appropriate,] by [date].")
    assert violations(chair.page) == []
    box.get_by_role("button", name="Resolve").click()
    expect(delegate.page.locator(".toast")).to_contain_text(re.compile("chosen|deleted"))  # first: it goes by itself
    expect(dialog(chair)).to_have_count(0)
    delegate.eventually(lambda: delegate.words()[1] == "The Parties should cooperate[, where appropriate,] by [date].")
    assert {each["resolution"]["outcome"] for each in listed(hall, document, "resolved")} == {"chosen", "deleted"}
    expect(delegate.page.locator(".bracket-count")).to_contain_text("2 issues")


def test_a_text_that_has_moved_on_is_shown_before_it_is_resolved(sit: Sit, hall: Hall) -> None:
    """409 text_changed."""
    document = hall.draft(TEXT)
    chair = sit("chair", name="Ines").open(document)
    panel(chair)
    issue(chair, "[, where appropriate,]").get_by_role("button").first.click()
    issue(chair, "[, where appropriate,]").get_by_role("button", name="Resolve").click()
    box = dialog(chair)
    expect(box.locator(".result-after")).to_be_visible()
    name = next(each["id"] for each in listed(hall, document) if "where" in each["text"])
    path = f"**/api/documents/{document}/brackets/{name}/resolution"
    moved = {"code": "text_changed", "status": 409, "title": "Conflict"}
    chair.page.route(path, lambda route: route.fulfill(status=409, json=moved, content_type="application/problem+json"))
    box.get_by_role("button", name="Resolve").click()
    expect(box.get_by_role("alert")).to_contain_text("The text has changed meanwhile")
    chair.page.unroute(path)
    expect(box.get_by_role("button", name="Resolve")).to_be_enabled()
    box.get_by_role("button", name="Resolve").click()
    expect(dialog(chair)).to_have_count(0)
    chair.eventually(lambda: "cooperate, where appropriate, by" in hall.stored(document)[1])


def test_lints_are_underlined_and_mended_by_a_key_or_a_press(sit: Sit, hall: Hall) -> None:
    document = hall.draft("One [two three.\n\nFour five] six.")
    delegate = sit("delegate", "KAZ").open(document)
    delegate.write("]", 1)
    expect(delegate.text.locator(".lint")).to_have_text(["]"])
    delegate.page.keyboard.press("Control+Period")
    box = dialog(delegate)
    expect(box).to_contain_text("Nothing is open that this would close.")
    assert violations(delegate.page) == []
    box.get_by_role("button", name="Mend").click()
    expect(delegate.text.locator(".lint")).to_have_count(0)
    delegate.eventually(lambda: hall.stored(document)[1].startswith("["), lambda: hall.stored(document))
    observer = sit("observer", "JPN").open(hall.draft("One [two three."))
    observer.text.locator(".lint").click()
    expect(dialog(observer)).to_contain_text("This bracket is not closed.")
    expect(dialog(observer).get_by_role("button", name="Mend")).to_have_count(0)


def test_b6_the_table_says_who_has_not_spoken_and_progress_is_a_line_and_a_table(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    say(hall, document, 0, "IND", "oppose")
    delegate = sit("delegate", "KAZ").open(document)
    panel(delegate)
    delegate.page.get_by_role("button", name="Positions table").click()
    grid = delegate.page.get_by_role("grid")
    expect(grid.get_by_role("row")).to_have_count(5)
    expect(grid.locator("tbody .matrix-count")).to_have_text(["1", "1", "2", "1"])
    grid.locator('[tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowUp", "ArrowRight", "ArrowRight"):
        delegate.page.keyboard.press(key)
    expect(grid.locator("td:focus")).to_have_attribute("aria-label", re.compile("India: India: Oppose"))
    delegate.page.keyboard.press("Control+End")
    delegate.page.keyboard.press("Home")
    expect(grid.locator("th:focus")).to_contain_text("KAZ: The secretariat")
    assert violations(delegate.page) == []
    delegate.page.keyboard.press("Enter")
    expect(dialog(delegate)).to_have_count(0)
    expect(delegate.text.locator(".bracket-current").first).to_be_visible()
    resolve(hall, document, 2, "delete")
    delegate.eventually(lambda: delegate.words()[1] == "The Parties [shall][should] cooperate by [date].")
    delegate.page.locator(".rail-brackets").get_by_role("button", name="Progress").click()
    box = dialog(delegate)
    expect(box.get_by_role("img")).to_have_attribute("aria-label", re.compile("from 3 at first to 2 now"))
    box.get_by_text("As a table").click()
    expect(box.locator("tbody tr").last.locator("td").first).to_have_text("2")
    assert violations(delegate.page) == []


def test_the_room_goes_through_the_issues_one_by_one(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    chair = sit("chair", name="Ines").open(document)
    observer = sit("observer", "JPN").open(document)
    screen = sit("secretariat", name="Screen")
    screen.page.goto(f"/documents/{document}/projector")
    expect(screen.text).to_be_visible()
    panel(chair)
    chair.page.get_by_role("button", name="Go through the issues").click()
    call = chair.page.locator(".room-call")
    expect(call).to_contain_text("Issue 1 of 3")
    expect(screen.page.locator(".screen-call .bracket-text")).to_have_text("[shall]")
    call.get_by_role("button", name="Next issue").click()
    for each in (observer.page.locator(".room-call"), screen.page.locator(".screen-call")):
        expect(each.locator(".bracket-text")).to_have_text("[, where appropriate,]")
    say(hall, document, 2, "IND", "support", "As in the last draft")
    for each in (call, observer.page.locator(".room-call"), screen.page.locator(".screen-call")):
        expect(each.locator(".said")).to_contain_text("IND")
    expect(screen.text.locator(".bracket-current").first).to_be_visible()
    assert violations(chair.page) == []
    assert violations(screen.page) == []
    call.get_by_role("button", name="End", exact=True).click()
    expect(observer.page.locator(".room-call")).to_have_count(0)
    expect(screen.page.locator(".screen-call")).to_have_count(0)


def test_the_list_is_accessible(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    say(hall, document, 1, "IND", "oppose", "A note")
    sitting = sit("chair", locale="ru-RU").open(document)
    panel(sitting)
    issue(sitting, "[should]").get_by_role("button").first.click()
    expect(issue(sitting, "[should]").locator(".said")).to_be_visible()
    look(sitting, "brackets")
    sitting.page.set_viewport_size({"width": 390, "height": 844})
    sitting.page.locator(".views button").last.click()
    expect(sitting.page.locator(".rail-brackets")).to_be_visible()
    assert violations(sitting.page) == []
    sitting.page.set_viewport_size({"width": 800, "height": 900})
    sitting.page.locator(".bracket-count").click()
    dialog(sitting).locator(".issue", has_text="[shall]").get_by_role("button").first.click()
    assert violations(sitting.page) == []
    dialog(sitting).locator(".card-show").click()
    expect(dialog(sitting)).to_have_count(0)
    expect(sitting.text.locator(".bracket-current").first).to_be_in_viewport()
