"""Papers out, from the page: the dialog, its keys, its languages, and the file that the browser is handed."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import WRITTEN_WITHIN
from tests.browser.test_looks import look

TEXT = "First.\n\nParties [shall] act.\n\nThird."


def handed(page: Page, button: str) -> tuple[str, bytes]:
    """The name of the file that a click brings, and what is in it."""
    with page.expect_download(timeout=WRITTEN_WITHIN) as download:
        page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_an_observer_takes_a_paper_home(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    with hall.preside() as chair:
        assert chair.post(f"/api/documents/{document}/snapshots", json={"label": "Rev.1"}).status_code == 201
    delegate = sit("delegate", "KAZ").open(document)
    delegate.write(" And more", 2)
    delegate.eventually(lambda: hall.stored(document)[2] == "Third. And more")
    page = sit("observer").open(document).page
    page.get_by_role("button", name="Export this document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mark what changed since").select_option(label="The first version")
    name, content = handed(page, "Export")
    assert name == "L.1.docx"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = package.read("word/document.xml").decode()
    assert 'w:author="Kazakhstan"' in body
    assert "And more" in body
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Export this document").click()
    dialog.locator("input[value=txt]").check()
    expect(dialog.get_by_label("Number the lines")).to_have_count(0)
    dialog.get_by_label("Which text").select_option(index=2)
    name, content = handed(page, "Export")
    assert (name, content.decode()) == ("L.1 Rev.1.txt", TEXT + "\n")


def test_clean_is_refused_in_words_and_what_no_font_shows_is_told(sit: Sit, hall: Hall) -> None:
    page = sit("delegate", locale="ru-RU").open(hall.draft("Parties [shall] act \U0001342f.")).page
    page.keyboard.press("Control+Alt+KeyS")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Чистовой").click()
    dialog.get_by_role("button", name="Экспортировать").click()
    expect(dialog.get_by_role("alert")).to_contain_text("открытые скобки", timeout=WRITTEN_WITHIN)
    dialog.get_by_text("Со скобками").click()
    dialog.locator("input[value=pdf]").check()
    name, content = handed(page, "Экспортировать")
    assert name == "L.1.pdf"
    assert content.startswith(b"%PDF")
    expect(dialog.get_by_role("alert")).to_contain_text("U+1342F")


def test_what_is_looked_at_of_the_past_is_offered_first(sit: Sit, hall: Hall) -> None:
    document = hall.draft(TEXT)
    delegate = sit("delegate", "KAZ").open(document)
    delegate.write(" And more", 2)
    delegate.eventually(lambda: hall.stored(document)[2] == "Third. And more")
    delegate.page.goto(f"/documents/{document}/history#compare/1/2")
    delegate.page.get_by_role("button", name="Export this document").click()
    dialog = delegate.page.get_by_role("dialog")
    expect(dialog.get_by_label("Which text")).to_have_value("2")
    expect(dialog.get_by_label("Mark what changed since")).to_have_value("1")
    dialog.locator("input[value=txt]").check()
    name, content = handed(delegate.page, "Export")
    assert name == "L.1.txt"
    assert content.decode().startswith("First.")
    assert "{++" in content.decode()


@pytest.mark.parametrize("language", ["en-GB", "ru-RU"])
def test_the_dialog_is_accessible(sit: Sit, hall: Hall, language: str) -> None:
    sitting = sit("observer", locale=language).open(hall.draft(TEXT))
    sitting.page.keyboard.press("Control+Alt+KeyS")
    expect(sitting.page.get_by_role("dialog")).to_be_visible()
    look(sitting, f"export, {language}", narrow=True)
    sitting.page.keyboard.press("Escape")
    expect(sitting.page.get_by_role("dialog")).to_have_count(0)
