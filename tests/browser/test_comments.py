"""Comments beside the text, seen from the page (contract, section 4): for all or for one's delegation."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting, go
from tests.browser.talking import Speaker, speaker
from tests.browser.test_looks import look, violations

LONG = "\n\n".join(f"Paragraph {number} of a long text." for number in range(1, 41))


@pytest.fixture
def document(hall: Hall) -> str:
    return hall.draft("One is first.\n\nTwo is second.\n\nThree is third.")


@pytest.fixture
def ravi(hall: Hall, document: str) -> Iterator[Speaker]:
    """Of India."""
    with speaker(hall, document, "delegate", "IND") as somebody:
        yield somebody


def cards(sitting: Sitting) -> Locator:
    return sitting.page.locator("article.thread")


def composer(sitting: Sitting) -> Locator:
    return sitting.page.locator("form.composer")


def write(sitting: Sitting, words: str) -> None:
    """In the composer that has the focus, and posts it."""
    expect(composer(sitting).locator("textarea:focus")).to_have_count(1)
    sitting.page.keyboard.type(words)
    sitting.page.keyboard.press("Control+Enter")
    expect(composer(sitting)).to_have_count(0)


def begin(sitting: Sitting, index: int) -> None:
    sitting.stand_in(index)
    sitting.page.keyboard.press("Control+Alt+KeyM")


def test_a_thread_is_begun_answered_resolved_and_reopened_by_keys_and_others_see_it_live(
    sit: Sit, hall: Hall, document: str
) -> None:
    chair = sit("chair", name="Ines").open(document)
    delegate = sit("delegate", "KAZ").open(document)
    page = delegate.page
    delegate.stand_in(1)
    go(page, "Home")
    go(page, "Control+Shift+ArrowRight")
    page.keyboard.press("Control+Alt+KeyM")
    page.keyboard.type("Why **two**?")  # at once: not one key may go into the text
    write(delegate, "")
    assert hall.stored(document)[1] == "Two is second."
    expect(cards(delegate).locator("strong")).to_have_text("two")
    expect(delegate.paragraph(1).locator(".quoted")).to_have_text("Two")

    badge = chair.page.locator(".comment-badge", has_text="1")
    expect(badge).to_have_accessible_name("2: 1 thread, with something unread")
    expect(cards(chair)).to_have_class(re.compile("unread"))
    chair.page.keyboard.press("Control+Alt+KeyN")
    expect(cards(chair)).to_be_focused()
    expect(cards(chair)).not_to_have_class(re.compile("unread"))
    chair.page.keyboard.press("Control+Alt+Enter")
    write(chair, "As agreed yesterday.")
    expect(cards(delegate)).to_contain_text("As agreed yesterday.")
    chair.page.keyboard.press("Control+Alt+KeyE")
    expect(delegate.page.locator(".thread-head")).to_contain_text("Resolved")
    delegate.page.keyboard.press("Control+Alt+KeyE")
    expect(delegate.page.locator(".thread-head")).to_have_count(0)

    page.get_by_role("button", name="Edit").click()
    expect(composer(delegate).locator("textarea")).to_be_focused()
    page.keyboard.press("Control+KeyA")
    write(delegate, "Why two, indeed?")
    expect(cards(chair)).to_contain_text("edited")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(cards(chair)).to_contain_text("This comment was withdrawn.")
    expect(cards(chair)).not_to_contain_text("indeed")


def test_threads_stand_level_with_their_paragraphs_and_never_over_each_other(
    sit: Sit, hall: Hall, document: str, ravi: Speaker
) -> None:
    for index in (0, 1, 1, 2):
        ravi.begin(index, "Words. " * 30)
    delegate = sit("delegate").open(document)
    expect(cards(delegate)).to_have_count(4)

    def tidy() -> bool:  # they find their places once they are measured
        boxes = [box for card in cards(delegate).all() if (box := card.bounding_box())]
        first = delegate.paragraph(0).bounding_box()
        apart = all(one["y"] + one["height"] < other["y"] for one, other in pairwise(boxes))
        return len(boxes) == 4 and first is not None and abs(boxes[0]["y"] - first["y"]) < 4 and apart

    delegate.eventually(tidy)


def test_what_is_for_ones_delegation_is_marked_so_and_shown_to_nobody_else_until_it_is_published(
    sit: Sit, hall: Hall, document: str
) -> None:
    others = [sit("delegate", "IND").open(document), sit("chair").open(document)]
    delegate, colleague = sit("delegate", "KAZ").open(document), sit("delegate", "KAZ").open(document)
    begin(delegate, 0)
    delegate.page.get_by_label("Kazakhstan only").check()
    composer(delegate).locator("textarea").fill("Our red line.")
    delegate.page.get_by_role("button", name="Post to Kazakhstan only").click()
    expect(cards(colleague)).to_contain_text("Kazakhstan only")
    projector = sit("delegate", "KAZ")
    projector.page.goto(f"/documents/{document}/projector")
    expect(projector.paragraph(0)).to_be_visible()
    assert all("red line" not in page.page.content() for page in (*others, projector))

    cards(colleague).click()
    colleague.page.get_by_role("button", name="Publish to all").click()
    dialog = colleague.page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    dialog.get_by_role("button", name="Publish to all").click()
    for other in others:
        expect(cards(other)).to_contain_text("Our red line.")
    expect(cards(delegate).locator(".private-badge")).to_have_count(0)
    assert "red line" not in projector.page.content(), "the projector shows no comments at all"


def test_a_draft_outlives_failure_and_reload_and_is_posted_once(
    sit: Sit, hall: Hall, document: str, ravi: Speaker
) -> None:
    thread = ravi.begin(0, "A question.")
    delegate = sit("delegate").open(document)
    page = delegate.page
    begin(delegate, 1)
    page.keyboard.type("Half a thought")
    cards(delegate).click()
    page.keyboard.press("Control+Alt+Enter")
    page.keyboard.type("An answer.")

    def answered_but_lost(route: Route) -> None:
        route.fetch()
        route.abort("connectionrefused")

    # Until it was seen: a route that ends with its first request can let that very request through.
    page.route("**/comments", answered_but_lost)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not posted. Your words are kept on this device.")).to_be_visible()
    page.unroute("**/comments")
    page.reload()
    expect(page.get_by_text("A reply is not posted yet")).to_be_visible()
    expect(composer(delegate).locator("textarea")).to_have_value("Half a thought")
    cards(delegate).click()
    reply = page.get_by_role("form", name="Reply to Ravi")
    expect(reply.locator("textarea")).to_have_value("An answer.")
    reply.get_by_role("button", name="Reply").click()
    expect(reply).to_have_count(0)
    assert ravi.bodies() == [["A question.", "An answer."]]
    assert thread["id"] == ravi.threads()[0]["id"]

    page.get_by_role("button", name="Aigerim, Delegate").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out on this device.")).to_be_visible()
    assert "Half a thought" not in page.evaluate("JSON.stringify(localStorage)")


def test_what_cannot_be_posted_says_why_and_loses_nothing(sit: Sit, hall: Hall, document: str, ravi: Speaker) -> None:
    thread = ravi.begin(0, "A question.")
    delegate = sit("delegate").open(document)
    page = delegate.page
    cards(delegate).click()
    page.keyboard.press("Control+Alt+Enter")
    field = composer(delegate).locator("textarea")
    field.fill("x" * 100_000)
    expect(page.get_by_text("90,000 characters too many")).to_be_visible()
    expect(composer(delegate).get_by_role("button", name="Reply")).to_be_disabled()
    field.fill("Short enough.")
    assert ravi.client.put(f"/api/threads/{thread['id']}/resolved").status_code == 200
    expect(page.locator(".thread-head")).to_contain_text("Resolved")
    page.keyboard.press("Control+Enter")
    expect(composer(delegate)).to_contain_text("The thread is resolved. Reopen it, or begin a new one.")
    expect(field).to_have_value("Short enough.")
    assert ravi.bodies() == [["A question."]]


def test_refused_words_become_a_comment_and_leave_the_tray_once_it_is_posted(
    sit: Sit, hall: Hall, document: str, ravi: Speaker
) -> None:
    delegate = sit("delegate")
    page = delegate.page
    away: list[bool] = []
    lines = []

    def line(socket: object) -> None:
        if away:
            socket.close()  # type: ignore[attr-defined]
            return
        lines.append(socket)
        socket.connect_to_server()  # type: ignore[attr-defined]

    page.route_web_socket("**/ws/documents/*", line)
    delegate.open(document)
    expect(delegate.chip).to_have_text(re.compile("^Saved"))
    away.append(True)
    for each in lines:
        each.close()
    expect(delegate.chip).to_have_text(re.compile("^Offline"))
    delegate.write(" refused words", 1)
    expect(delegate.chip).to_contain_text("kept here")
    hall.lock(document, [1])
    away.clear()
    delegate.come_back()

    tray = page.get_by_role("complementary", name="Words kept for you")
    tray.get_by_role("button", name="Post as a comment").click()
    expect(composer(delegate).locator("textarea")).to_have_value(re.compile("refused words"))
    expect(tray).to_be_visible()
    write(delegate, "!")
    expect(tray).to_have_count(0)
    assert [[str(body).strip() for body in bodies] for bodies in ravi.bodies()] == [["refused words!"]]


def test_a_delegation_is_mentioned_by_name_and_finds_what_is_for_it(
    sit: Sit, hall: Hall, document: str, ravi: Speaker
) -> None:
    ravi.begin(0, "For nobody in particular.")
    delegate = sit("delegate", "KAZ").open(document)
    page = delegate.page
    begin(delegate, 1)
    page.keyboard.type("What does @ind")
    expect(page.locator(".mention-list").get_by_role("option", name="India")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("say?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mention")).to_have_text("@IND")
    assert ravi.threads()[1]["comments"][0]["mentions"] == ["IND"]

    indian = sit("delegate", "IND").open(document)
    expect(cards(indian)).to_have_count(2)
    indian.page.locator(".filter").click()
    indian.page.get_by_label("For us").check()
    expect(cards(indian)).to_have_count(1)
    expect(cards(indian)).to_contain_text("What does @IND say?")
    indian.page.get_by_label("Mine").check()
    expect(cards(indian)).to_have_count(0)


def test_observers_read_and_write_only_where_the_meeting_lets_them(
    sit: Sit, hall: Hall, document: str, ravi: Speaker
) -> None:
    ravi.begin(0, "A question.")
    observer = sit("observer").open(document)
    cards(observer).click()
    expect(observer.page.get_by_role("button", name="Reply")).to_have_count(0)
    expect(observer.page.get_by_role("button", name="Comment", exact=True)).to_have_count(0)
    settings = {"settings": {"observers_may_comment": True}}
    assert hall.admin.patch(f"/api/meetings/{hall.id}", json=settings).status_code == 200
    hall.lock(document, [0])
    observer.page.reload()
    cards(observer).click()
    observer.page.get_by_role("button", name="Reply").click()
    write(observer, "An answer, on what is agreed.")
    assert ravi.bodies() == [["A question.", "An answer, on what is agreed."]]


def test_a_thread_outlives_its_paragraph(sit: Sit, hall: Hall, document: str, ravi: Speaker) -> None:
    ravi.begin(1, "Keep it?", quote="second")
    delegate = sit("delegate").open(document)
    expect(cards(delegate)).to_have_count(1)
    delegate.stand_in(1)
    page = delegate.page
    go(page, "Home")
    go(page, "Shift+End")
    page.keyboard.press("Backspace")
    expect(delegate.paragraph(1)).to_have_text("")
    page.keyboard.press("Backspace")
    delegate.eventually(lambda: hall.stored(document) == ["One is first.", "Three is third."])
    expect(page.get_by_role("heading", name="On deleted paragraphs")).to_be_visible()
    expect(cards(delegate)).to_contain_text("second")


def test_on_return_one_is_taken_to_what_changed(sit: Sit, hall: Hall, document: str, ravi: Speaker) -> None:
    delegate = sit("delegate").open(document)
    page = delegate.page
    expect(delegate.chip).to_have_text(re.compile("^Saved"))
    page.goto("/")
    since = f"/api/documents/{document}/since"
    delegate.eventually(lambda: delegate.context.request.get(since).json()["since"] is not None)
    other = sit("delegate", "IND").open(document)
    other.write(" New words.", 2)
    other.eventually(lambda: hall.stored(document)[2].endswith("New words."))
    ravi.begin(1, "A question.")
    hall.lock(document, [0])
    delegate.open(document)
    panel = page.get_by_role("region", name="What changed since you left")
    expect(panel).to_contain_text("1 paragraph, 1 comment and 1 agreement")
    for said in ("1 of 3 · 1 · agreed", "2 of 3 · 2 · comment (India)", "3 of 3 · 3 · changed"):
        panel.get_by_role("button", name="Next change").click()
        expect(panel.get_by_role("status")).to_have_text(said)
    panel.get_by_role("button", name="Previous change").click()
    expect(panel.get_by_role("status")).to_contain_text("2 of 3")
    panel.get_by_role("button", name="Done").click()
    expect(panel).to_have_count(0)
    page.reload()
    expect(cards(delegate)).to_have_count(1)
    expect(cards(delegate)).not_to_have_class(re.compile("unread"))
    expect(panel).to_have_count(0)


def test_narrow_pages_have_a_drawer_or_a_view_of_comments(sit: Sit, hall: Hall, ravi: Speaker) -> None:
    document = hall.draft(LONG)
    with speaker(hall, document) as somebody:
        somebody.begin(30, "Far down.")
    phone = sit("delegate", width=390).open(document)
    tab = phone.page.get_by_role("navigation", name="Parts of the page").get_by_role("button", name="Comments")
    expect(tab).to_contain_text("1")
    tab.click()
    expect(phone.text).to_be_hidden()
    cards(phone).click()
    cards(phone).press("Escape")
    expect(phone.paragraph(30)).to_be_in_viewport()

    phone.page.set_viewport_size({"width": 1024, "height": 768})
    phone.page.locator(".comment-badge", has_text="1").click()
    expect(cards(phone)).to_be_focused()
    expect(cards(phone)).to_contain_text("31")
    phone.page.get_by_role("button", name="Hide comments").last.click()
    expect(cards(phone)).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_comments_are_accessible(sit: Sit, hall: Hall, language: str, document: str, ravi: Speaker) -> None:
    first = ravi.begin(0, "*Why*? See [this](https://un.org). @KAZ", quote="first")
    ravi.reply(first, "A reply")
    ravi.begin(1, "سؤال")
    with speaker(hall, document, "delegate", "KAZ") as colleague:
        colleague.begin(2, "Ours alone", visibility="delegation")
    delegate = sit("delegate", locale={"en": "en-GB", "ru": "ru-RU"}[language]).open(document)
    page = delegate.page
    expect(cards(delegate)).to_have_count(3)
    cards(delegate).first.click()
    page.keyboard.press("Control+Alt+Enter")
    page.keyboard.type("@k")
    expect(page.locator(".mention-list").get_by_role("option")).to_have_count(1)
    assert violations(page) == []
    page.keyboard.press("Escape")
    if language == "en":
        look(delegate, "comments", narrow=True)
    page.locator(".filter").click()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".views button").nth(1).click()
    assert violations(page) == []
