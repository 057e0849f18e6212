"""Everybody can use it: WCAG 2.2 AA by axe for each role, theme and language, and no page wider than its window."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.hall import Hall
from tests.browser.sitting import HEIGHT, Sitting, settle

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"heading-order": {"enabled": False}},  # which headings a text has is its authors' business
}
LANGUAGES = {"en": "English", "ru": "Русский"}
TEXT = """# Draft decision

The Conference of the Parties,

Recalling **decision 2/CP.1** and its [annex][annexes],

1. Decides that the Parties [shall] *cooperate*;

(a) in good faith;

2. Requests the secretariat to report."""


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


# Half faded out nothing has contrast enough: labels of carets are looked at as they come, all else as it ends.
STILL = """() => document.getAnimations().forEach(each => {
  if (each.animationName === 'caret-label') each.cancel();
  else if (Number.isFinite(each.effect.getComputedTiming().endTime)) each.finish();
})"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each. Its script comes by the debugger: the page's own policy would refuse it."""
    page.evaluate(STILL)
    page.evaluate(axe())
    found: dict[str, Any] = page.evaluate("options => axe.run(options)", OPTIONS)
    nodes = [(each["id"], node) for each in found["violations"] for node in each["nodes"]]
    return [f"{rule}: {node['html'][:160]} {node['failureSummary']}" for rule, node in nodes]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def look(sitting: Sitting, what: str, *, narrow: bool = False) -> None:
    """At the page as it stands: both themes, then the widths down to 400 % of 1280 (WCAG 1.4.10).

    `narrow`: axe looks at the narrowest page, too.
    """
    for theme in ("light", "dark"):
        sitting.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        settle(sitting.page)
        assert violations(sitting.page) == [], f"{what}, {theme}"
    for width, height in HEIGHT.items():
        sitting.page.set_viewport_size({"width": width, "height": height})
        settle(sitting.page)
        assert overflow(sitting.page) <= 0, f"{what} at {width}"
    if narrow:
        assert violations(sitting.page) == [], f"{what}, narrow"
    sitting.page.set_viewport_size({"width": 1440, "height": 900})


def choose_language(page: Page, tag: str) -> None:
    page.evaluate("tag => localStorage.setItem('rollingtext.language', tag)", tag)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["secretariat", "chair", "delegate", "observer"])
def test_the_document_is_accessible(sit: Sit, hall: Hall, role: str, language: str) -> None:
    document = hall.draft(TEXT)
    other = sit("delegate", "IND", name="Ravi").open(document)
    other.write(" now", 3)
    sitting = sit(role, locale={"en": "en-GB", "ru": "ru-RU"}[language]).open(document)
    expect(sitting.page.locator("html")).to_have_attribute("lang", language)
    expect(sitting.page.locator(".editing-tag")).to_be_visible()
    look(sitting, f"document, {role}, {language}", narrow=language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_panels_and_dialogs_are_accessible(sit: Sit, hall: Hall, language: str) -> None:
    sitting = sit("delegate", locale={"en": "en-GB", "ru": "ru-RU"}[language]).open(hall.draft(TEXT))
    page = sitting.page
    for opener in (".chip:not(.bracket-count)", ".present", ".account"):
        page.locator(opener).click()
        expect(page.locator(".panel:visible")).to_have_count(1)
        assert violations(page) == [], opener
    for keys in ("Control+Slash", "Control+KeyG"):
        page.keyboard.press(keys)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page) == [], keys
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_secretariats_pages_are_accessible(sit: Sit, hall: Hall, language: str) -> None:
    hall.draft(TEXT)
    hall.invite("delegate", "KAZ")
    sitting = sit("secretariat", locale={"en": "en-GB", "ru": "ru-RU"}[language])
    page = sitting.page
    page.goto("/")
    expect(page.get_by_role("link", name="Working group").first).to_be_visible()
    look(sitting, f"meetings, {language}")
    for section in ("documents", "people", "invitations", "settings"):
        page.goto(f"/meetings/{hall.id}#{section}")
        expect(page.locator(".row, .settings").first).to_be_visible()
        look(sitting, f"{section}, {language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_before_signing_in_are_accessible(sit: Sit, hall: Hall, language: str) -> None:
    sitting = sit(None, locale={"en": "en-GB", "ru": "ru-RU"}[language])
    sitting.page.goto(f"/join/{hall.invite('delegate')['token']}")
    expect(sitting.page.get_by_role("textbox")).to_be_visible()
    look(sitting, f"join, {language}")
    sitting.page.goto("/")
    expect(sitting.page.get_by_role("textbox")).to_be_visible()
    look(sitting, f"signed out, {language}")


def test_the_projector_is_accessible(sit: Sit, hall: Hall) -> None:
    sitting = sit("chair")
    sitting.page.goto(f"/documents/{hall.draft(TEXT)}/projector")
    expect(sitting.text).to_be_visible()
    look(sitting, "projector")


def test_language_and_appearance_are_chosen_and_remembered(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate").open(hall.draft(TEXT))
    page = sitting.page
    page.get_by_role("button", name="Aigerim, Delegate").click()
    page.get_by_label("Русский").check()
    page.get_by_label("Тёмное").check()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.reload()
    expect(sitting.chip).to_contain_text("Сохранено")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_paper_takes_the_text_alone(sit: Sit, hall: Hall) -> None:
    sitting = sit("delegate", theme="dark").open(hall.draft(TEXT))
    sitting.page.emulate_media(media="print")
    for part in (".bar", ".rail", ".toolbar"):
        expect(sitting.page.locator(part)).to_be_hidden()
    expect(sitting.paragraph(0)).to_be_visible()
    ink = sitting.paragraph(0).evaluate("element => getComputedStyle(element).color")
    assert ink == "rgb(26, 29, 35)", "dark ink, whatever the theme on the screen"
