"""What only a real browser does to an editor: input methods, keyboards of other scripts, the clipboard, the mouse."""

from typing import Any

from playwright.sync_api import CDPSession

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting, go, settle


def tools(sitting: Sitting) -> CDPSession:
    """Chromium's developer tools: keys and compositions below the page."""
    return sitting.context.new_cdp_session(sitting.page)


def compose(session: CDPSession, text: str) -> None:
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def press(session: CDPSession, key: str, code: str, *, virtual: int, shift: bool = False) -> None:
    """Ctrl and a key of a keyboard that prints `key` where a US one has `code`."""
    event: dict[str, Any] = {
        "key": key,
        "code": code,
        "modifiers": 2 + 8 * shift,
        "windowsVirtualKeyCode": virtual,
    }
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})


def ids(hall: Hall, document: str) -> list[str]:
    answer = hall.admin.get(f"/api/documents/{document}/paragraphs").json()
    return [paragraph["id"] for paragraph in answer["paragraphs"]]


def test_what_others_write_while_one_composes_doubles_nothing(sit: Sit, hall: Hall) -> None:
    document = hall.draft("漢字。\n\nTwo.")
    writer = sit("delegate", "KAZ").open(document)
    other = sit("delegate", "IND").open(document)
    other.click_into(0)
    go(other.page, "Home")
    writer.write("", 0)
    session = tools(writer)
    compose(session, "k")
    other.page.keyboard.insert_text("First: ")
    compose(session, "か")
    other.write("!", 1)

    def there() -> bool:
        compose(session, "か")  # who pauses for ten seconds has ended
        return "First: 漢字。" in hall.stored(document)[0] and hall.stored(document)[1] == "Two.!"

    other.eventually(there)
    compose(session, "かん")
    session.send("Input.insertText", {"text": "感"})
    wanted = ["First: 漢字。感", "Two.!"]
    for sitting in (writer, other):
        sitting.eventually(lambda sitting=sitting: sitting.words() == wanted)
    assert hall.stored(document) == wanted
    writer.page.keyboard.type("x")
    other.eventually(lambda: other.words()[0] == "First: 漢字。感x")


def test_shortcuts_work_on_a_russian_keyboard(sit: Sit, hall: Hall) -> None:
    document = hall.draft("Стороны.")
    sitting = sit("delegate").open(document)
    session = tools(sitting)
    sitting.paragraph(0).click(click_count=3)
    press(session, "и", "KeyB", virtual=66)

    def runs() -> Any:
        return hall.admin.get(f"/api/documents/{document}/paragraphs").json()["paragraphs"][0]["runs"]

    sitting.eventually(lambda: runs() == [{"text": "Стороны.", "marks": ["strong"]}], runs)
    press(session, "я", "KeyZ", virtual=90)
    sitting.eventually(lambda: runs() == [{"text": "Стороны.", "marks": []}], runs)
    press(session, "Я", "KeyZ", virtual=90, shift=True)
    sitting.eventually(lambda: runs() == [{"text": "Стороны.", "marks": ["strong"]}], runs)
    press(session, "Х", "BracketLeft", virtual=219, shift=True)
    sitting.eventually(lambda: hall.stored(document) == ["[KAZ: Стороны.]"])


def test_t2_enter_backspace_and_a_deleted_paragraph_leave_every_text_its_id(sit: Sit, hall: Hall) -> None:
    document = hall.draft("One.\n\nTwo.\n\nThree.")
    sitting = sit("delegate").open(document)
    keyboard = sitting.page.keyboard
    one, two, three = ids(hall, document)

    sitting.click_into(1)
    go(sitting.page, "Home")
    keyboard.press("Enter")
    sitting.eventually(lambda: hall.stored(document) == ["One.", "", "Two.", "Three."])
    assert [ids(hall, document)[at] for at in (0, 2, 3)] == [one, two, three]
    keyboard.press("Backspace")
    sitting.eventually(lambda: hall.stored(document) == ["One.", "Two.", "Three."])
    assert ids(hall, document) == [one, two, three]

    go(sitting.page, "Shift+ArrowDown")  # from the start of Two to the start of Three
    keyboard.press("Delete")
    sitting.eventually(lambda: hall.stored(document) == ["One.", "Three."])
    assert ids(hall, document) == [one, three]
    keyboard.press("Control+z")
    sitting.eventually(lambda: hall.stored(document) == ["One.", "Two.", "Three."])
    assert sitting.page.locator(f"#p-{three}").inner_text() == "Three."


def test_paste_brings_paragraphs_and_emphasis_and_copy_gives_them_away(sit: Sit, hall: Hall) -> None:
    document = hall.draft("Start.")
    sitting = sit("delegate").open(document)
    page = sitting.page
    sitting.write("", 0)
    page.keyboard.press("Enter")
    html = (
        "<p class=MsoNormal><span style='font-weight:700'>Recalling</span> the Charter,<o:p></o:p></p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
        "<span style='mso-list:Ignore'>(a)&nbsp;</span>to act</p>"
    )
    sitting.text.evaluate(  # by hand: `clipboard.write` would trip over the page's content security policy
        """(text, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/html', html);
            text.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
        }""",
        html,
    )
    sitting.eventually(lambda: hall.stored(document) == ["Start.", "Recalling the Charter,", "to act"])
    paragraphs = hall.admin.get(f"/api/documents/{document}/paragraphs").json()["paragraphs"]
    assert paragraphs[1]["runs"][0] == {"text": "Recalling", "marks": ["strong"]}
    assert (paragraphs[2]["kind"], paragraphs[2]["level"]) == ("item", 1)

    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    sitting.eventually(lambda: hall.stored(document) == [""])
    assert page.evaluate("navigator.clipboard.readText()") == "Start.\n\nRecalling the Charter,\n\nto act"
    page.keyboard.press("Control+v")
    sitting.eventually(lambda: hall.stored(document) == ["Start.", "Recalling the Charter,", "to act"])


def test_undo_takes_back_ones_own_words_only_and_puts_the_caret_there(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate", "KAZ").open(document)
    other = sit("delegate", "IND").open(document)
    sitting.write(" mine", 0)
    other.eventually(lambda: other.words()[0] == "One. mine")  # else the two might write into one another
    other.write(" theirs", 0)
    other.write(" theirs", 2)
    sitting.eventually(lambda: hall.stored(document)[2] == "Three. theirs")
    sitting.eventually(lambda: sitting.words()[2] == "Three. theirs")
    sitting.click_into(2)
    for _ in range(5):  # typing at the pace of a machine may be more than one step
        if hall.stored(document)[0] == "One. theirs":
            break
        sitting.page.keyboard.press("Control+z")
        sitting.page.wait_for_timeout(100)
    sitting.eventually(lambda: hall.stored(document) == ["One. theirs", "Two.", "Three. theirs"])
    sitting.page.keyboard.type("!")
    sitting.eventually(lambda: hall.stored(document)[0] == "One.! theirs")


def test_no_edit_of_a_browser_cuts_an_emoji(sit: Sit, hall: Hall) -> None:
    document = hall.draft("ab😀😁cd")
    sitting = sit("delegate").open(document)
    sitting.click_into(0)
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        go(sitting.page, key)
    sitting.page.keyboard.press("Backspace")
    sitting.eventually(lambda: hall.stored(document) == ["ab😁cd"])
    tools(sitting).send("Input.insertText", {"text": "👩‍👩‍👧"})
    sitting.eventually(lambda: hall.stored(document) == ["ab👩‍👩‍👧😁cd"])
    sitting.page.keyboard.press("Delete")
    sitting.eventually(lambda: hall.stored(document) == ["ab👩‍👩‍👧cd"])


# What happens in the same breath as the next change of somebody else comes: the browser tells of the caret later.
MEANWHILE = """
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', ({data}) => {
      const [kind, step] = new Uint8Array(data);
      if (kind === 0 && step === 2) window.meanwhile?.();
    });
  }
};"""
CARET_INTO = """place => {
  window.meanwhile = () => {
    delete window.meanwhile;
    const text = document.querySelectorAll('.ProseMirror [data-kind]')[place].firstChild;
    document.getSelection().collapse(text, 1);
  };
}"""


def test_a_caret_that_moves_while_others_write_is_not_put_back(sit: Sit, hall: Hall) -> None:
    document = hall.draft()
    sitting = sit("delegate", "KAZ")
    sitting.page.add_init_script(MEANWHILE)
    sitting.open(document)
    other = sit("delegate", "IND").open(document)
    sitting.write("", 0)
    sitting.page.evaluate(CARET_INTO, 2)
    other.write("!", 1)
    sitting.eventually(lambda: sitting.words()[1] == "Two.!")
    settle(sitting.page)
    sitting.page.keyboard.type("x")
    sitting.eventually(lambda: sitting.words() == ["One.", "Two.!", "Txhree."])
