"""Word in, on the page: seen before it is saved, tracked changes by choice, refusals with their reason."""

import os
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import words
from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.words import SPACES, about, came, comment, docx, p, r, went

COMMENTS = {"word/comments.xml": f"<w:comments {SPACES}>{comment(0, 'Aru (KAZ)', 'Why so?', '00000001')}</w:comments>"}
TABLE = f"<w:tbl><w:tr><w:tc>{p('one')}</w:tc><w:tc>{p('two')}</w:tc></w:tr></w:tbl>"
BODY = (
    p("Draft decision", style="T")
    + p("1. Parties ", went("shall"), came(r("should")), " ", about(0, r("act", "<w:b/>")), r("."))
    + TABLE
)


def adding(sit: Sit, hall: Hall, file: Path, width: int = 1280, language: str = "en") -> Page:
    page = sit("secretariat").page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/meetings/{hall.id}#documents")
    page.evaluate("tag => localStorage.setItem('rollingtext.language', tag)", language)
    page.reload()
    page.get_by_role("button", name="Добавить документ" if language == "ru" else "Add a document").click()
    page.locator("input[type=file]").set_input_files(file)
    return page


def word(tmp_path: Path) -> Path:
    file = tmp_path / "Draft decision.docx"
    file.write_bytes(docx(BODY, COMMENTS))
    return file


def test_a_word_file_is_seen_before_it_is_saved_and_changes_are_chosen_by_keyboard(
    sit: Sit, hall: Hall, tmp_path: Path
) -> None:
    page = adding(sit, hall, word(tmp_path))
    page.get_by_label("Title").press("Enter")
    text = page.get_by_role("region", name="How it will read")
    expect(text).to_contain_text("1.Parties should act.")
    expect(text).to_contain_text("one | two")
    expect(text.get_by_text("1 comment on this paragraph")).to_be_visible()
    expect(page.locator(".preview > p")).to_be_focused()
    expect(page.locator(".preview > p")).to_contain_text("Nothing is saved yet.")
    expect(page.get_by_text("A row of a table became a paragraph.")).to_be_visible()
    expect(page.get_by_text("1 insertion, 1 deletion. By Aigerim S. (KAZ)")).to_be_visible()
    assert hall.admin.get(f"/api/meetings/{hall.id}/documents").json()["items"] == []

    page.get_by_label("Accept them").focus()
    page.keyboard.press("ArrowDown")
    expect(text).to_contain_text("Parties shall act.")
    page.keyboard.press("ArrowDown")
    expect(text).to_contain_text("Parties [KAZ: DELETE: shall][KAZ: should] act.")
    page.get_by_role("button", name="Add to the meeting").press("Enter")
    page.get_by_role("link", name="Open the document").click()
    expect(page.locator(".ProseMirror strong")).to_have_text("act")
    expect(page.locator(".ProseMirror")).to_contain_text("[KAZ: DELETE: shall][KAZ: should]")
    (document,) = hall.admin.get(f"/api/meetings/{hall.id}/documents").json()["items"]
    (thread,) = hall.admin.get(f"/api/documents/{document['id']}/threads").json()["items"]
    assert thread["quote"] == "act"


def test_one_goes_back_from_the_preview_and_finds_what_was_written(sit: Sit, hall: Hall, tmp_path: Path) -> None:
    page = adding(sit, hall, word(tmp_path))
    page.get_by_label("Symbol").fill("L.2")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Symbol")).to_have_value("L.2")
    expect(page.get_by_text("Draft decision.docx")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert hall.admin.get(f"/api/meetings/{hall.id}/documents").json()["items"] == []


def test_who_puts_the_picker_of_files_away_keeps_the_dialog(sit: Sit, hall: Hall, tmp_path: Path) -> None:
    page = adding(sit, hall, word(tmp_path))
    page.locator("input[type=file]").dispatch_event("cancel", {"bubbles": True})
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_file_that_has_changed_since_it_was_chosen_is_to_be_chosen_again(
    sit: Sit, hall: Hall, tmp_path: Path
) -> None:
    file = word(tmp_path)
    page = adding(sit, hall, file)
    file.write_bytes(docx(p("Another.")))
    os.utime(file, (time.time() + 60, time.time() + 60))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose it again")


def test_a_bad_file_is_refused_with_the_reason_in_russian_too(sit: Sit, hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "draft.docx"
    file.write_bytes(words.macros())
    page = adding(sit, hall, file)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text("macros, which are programs")
    page = adding(sit, hall, file, language="ru")
    page.get_by_role("button", name="Просмотреть").click()
    expect(page.get_by_role("alert")).to_contain_text("Файл не принят")
    page.locator("input[type=file]").set_input_files(word(tmp_path))
    page.get_by_role("button", name="Просмотреть").click()
    expect(page.get_by_text("Пока ничего не сохранено.")).to_be_visible()
    expect(page.get_by_text("1 вставка, 1 удаление. Авторы: Aigerim S. (KAZ)")).to_be_visible()
    expect(page.get_by_text("Строка таблицы стала абзацем.")).to_be_visible()
