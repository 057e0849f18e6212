"""What was signed of a labelled snapshot, on the page, and what it hands out: a proof, the checker, the package."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import WRITTEN_WITHIN, Sitting, settle
from tests.browser.test_history import history
from tests.browser.test_looks import overflow, violations
from tests.contract.test_proofs import run_checker
from tests.meetings import made

TEXT = "One.\n\nParties [shall] act.\n\nThree."


def label(hall: Hall, document: str, name: str) -> None:
    """Returns when it is signed."""
    with hall.preside() as chair:
        snapshot = made(chair.post(f"/api/documents/{document}/snapshots", json={"label": name}))["id"]
        assert chair.get(f"/api/snapshots/{snapshot}/statement").status_code == 200


def revised(sit: Sit, hall: Hall) -> str:
    """A document with two labelled snapshots, between which a delegate has deleted a sentence."""
    document = hall.draft(TEXT)
    label(hall, document, "Rev.1")
    delegate = sit("delegate", "KAZ", name="Aru").open(document)
    delegate.write("", 2)
    for _ in "Three.":
        delegate.page.keyboard.press("Backspace")
    delegate.eventually(lambda: hall.stored(document)[2] == "")
    hall.lock(document, [0])
    label(hall, document, "Rev.2")
    return document


def handed(page: Page, button: Locator) -> tuple[str, Path]:
    with page.expect_download(timeout=WRITTEN_WITHIN) as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path())


def proof_of(sitting: Sitting, name: str, button: str = "Proof of") -> Locator:
    """Its dialog, opened."""
    history(sitting)
    sitting.page.get_by_role("button", name=f"{button} {name}").click()
    return sitting.page.get_by_role("dialog")


def test_an_observer_reads_what_was_signed_and_takes_it_home(sit: Sit, hall: Hall, tmp_path: Path) -> None:
    document = revised(sit, hall)
    sitting = sit("observer").open(document)
    dialog = proof_of(sitting, "Rev.2")
    (key,) = [each for each in hall.admin.get("/api/keys").json()["items"] if each["current"]]
    expect(dialog).to_contain_text(key["fingerprint"])
    expect(dialog).to_contain_text("3 paragraphs · agreed: 1 · open brackets: 1")
    expect(dialog.get_by_role("heading", name="deletion")).to_contain_text("since Rev.1")
    gone = dialog.locator(".proof-deletions")
    expect(gone.locator("del").first).to_contain_text("Three")
    expect(gone).to_contain_text("Aru (KAZ)")
    name, path = handed(sitting.page, dialog.get_by_role("button", name="Save the proof"))
    assert name == "L.1 Rev.2 proof.zip"
    proof = tmp_path / "proof.zip"
    proof.write_bytes(path.read_bytes())
    done = run_checker(proof, "--key", key["fingerprint"])
    assert done.returncode == 0, done.stdout + done.stderr
    name, path = handed(sitting.page, dialog.get_by_role("button", name="Save the checker alone"))
    assert name == "check.pyz"
    sitting.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(sitting.page.locator(".snapshot", has_text="Taken by itself").get_by_role("button")).to_have_count(0)


def test_the_package_comes_with_one_click(sit: Sit, hall: Hall) -> None:
    sitting = sit("chair").open(hall.draft(TEXT))
    history(sitting)
    name, path = handed(sitting.page, sitting.page.get_by_role("button", name="Hand-over package"))
    assert name == "L.1 hand-over.zip"
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {"1 Report.pdf", "2 Clean text - none.txt", "7 Proof - none.txt"} <= set(archive.namelist())


def test_the_package_is_reached_by_keys_alone(sit: Sit, hall: Hall) -> None:
    page = sit("delegate", "KAZ", locale="ru-RU").open(hall.draft()).page
    page.keyboard.press("Control+Alt+KeyS")
    button = page.get_by_role("dialog").get_by_role("button", name="Пакет для передачи")
    button.focus()
    with page.expect_download(timeout=WRITTEN_WITHIN) as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "L.1 hand-over.zip"


@pytest.mark.parametrize("language", ["en-GB", "ru-RU"])
def test_the_dialog_is_accessible(sit: Sit, hall: Hall, language: str) -> None:
    document = revised(sit, hall)
    sitting = sit("observer", locale=language).open(document)
    if language == "en-GB":
        proof_of(sitting, "Rev.2")
    else:
        sitting.page.locator(".rail").get_by_role("button", name="История").click()
        sitting.page.get_by_role("button", name="Подтверждение: Rev.2").click()
    expect(sitting.page.locator(".proof-facts")).to_be_visible()
    for theme in ("light", "dark"):
        sitting.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        settle(sitting.page)
        assert violations(sitting.page) == [], theme


@pytest.mark.parametrize(("language", "outline"), [("en-GB", "Outline"), ("ru-RU", "Структура")])
def test_on_a_phone_the_history_and_its_proofs_are_in_the_drawer(
    sit: Sit, hall: Hall, language: str, outline: str
) -> None:
    document = hall.draft(TEXT)
    label(hall, document, "Rev.1")
    sitting = sit("observer", locale=language, width=390, theme="dark").open(document)
    page = sitting.page
    page.get_by_role("button", name=outline).click()
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator(".snapshot", has_text="Rev.1").get_by_role("button").click()
    expect(page.locator(".proof-facts")).to_be_visible()
    expect(page.locator(".proof-facts")).to_be_in_viewport()
    assert (violations(page), overflow(page)) == ([], 0)
    page.keyboard.press("Escape")
    expect(page.locator(".proof-facts")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()
