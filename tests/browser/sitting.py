"""Somebody before a browser: signed in under a role, with a document open."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.hall import Hall
from tests.processes import ANSWERED_WITHIN

HEIGHT = {1440: 900, 390: 844, 320: 640}
CUT_SHORT = ("CONNECTION_RE", "CONNECTION_ABORTED", "EMPTY_RESPONSE", "SOCKET_NOT_CONNECTED", "INCOMPLETE_CHUNKED")
EXPECTED = ("status of 4", "WebSocket connection to", *(f"net::ERR_{how}" for how in CUT_SHORT))
"""What refusals and outages leave in the console: a server's death may meet an answer at any point of it."""
WITHIN = 60.0  # seconds: the machine may be busy; a condition that holds is not waited for
WRITTEN_WITHIN = 1000 * ANSWERED_WITHIN  # milliseconds, for papers
expect.set_options(timeout=WITHIN * 1000)


# In the browser; two frames later the page has been told, too.
STANDS_IN = """index => {
  const paragraph = document.querySelectorAll('.ProseMirror [data-kind]')[index];
  if (!paragraph?.contains(document.getSelection()?.focusNode ?? null)) return false;
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
}"""


def settle(page: Page) -> None:
    """Until what changed has been drawn, and the page has been told of it."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def go(page: Page, key: str) -> None:
    """Moves the caret, and waits until the browser has told the page."""
    page.keyboard.press(key)
    settle(page)


def eventually(page: Page, holds: Callable[[], bool], saying: Callable[[], object] = lambda: "") -> None:
    """Waits until it holds. Events of the page come through meanwhile, as they would not during `time.sleep`."""
    until = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < until, saying()
        page.wait_for_timeout(20)


def copied(page: Page, words: str) -> None:
    """The clipboard takes what it is given in its own time."""
    read = "navigator.clipboard.readText()"
    eventually(page, lambda: page.evaluate(read) == words, lambda: page.evaluate(read))


@dataclass
class Sitting:
    """A page in a context of its own. `faults`: what its console said that it should not."""

    hall: Hall
    context: BrowserContext
    page: Page
    id: str = ""
    faults: list[str] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        browser: Browser,
        hall: Hall,
        role: str | None,
        delegation: str | None,
        *,
        name: str = "Aigerim",
        locale: str = "en-GB",
        theme: str = "light",
        width: int = 1440,
        **more: Any,
    ) -> "Sitting":
        """`role` None: nobody who is signed in."""
        size = {"width": width, "height": HEIGHT[width]}
        context = browser.new_context(
            base_url=hall.server.url, locale=locale, color_scheme=theme, viewport=size, **more
        )
        context.set_default_timeout(WITHIN * 1000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        sitting = cls(hall, context, context.new_page())
        sitting.page.on("console", sitting._heard)
        sitting.page.on("pageerror", lambda error: sitting.faults.append(str(error)))
        if role is not None:
            sitting.id = sitting._join(hall.invite(role, delegation)["token"], name)
        return sitting

    def _join(self, token: str, name: str) -> str:
        answer = self.context.request.post("/api/join", data={"token": token, "name": name})
        assert answer.status == 201, answer.text()
        joined: str = answer.json()["participant"]["id"]
        return joined

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in EXPECTED):
            self.faults.append(f"{message.type}: {message.text}")

    def open(self, document: str, anchor: str = "") -> "Sitting":
        self.page.goto(f"/documents/{document}{anchor}")
        expect(self.text).to_be_visible()
        return self

    def eventually(self, holds: Callable[[], bool], saying: Callable[[], object] | None = None) -> None:
        eventually(self.page, holds, saying or self.words)

    def leave(self) -> None:
        self.context.close()

    @property
    def text(self) -> Locator:
        """The text of the document."""
        return self.page.locator(".ProseMirror")

    def paragraph(self, index: int) -> Locator:
        return self.text.locator("[data-kind]").nth(index)

    @property
    def chip(self) -> Locator:
        """What the page says about the state of one's words."""
        return self.page.locator(".chip:not(.bracket-count)")

    def stand_in(self, index: int) -> None:
        """Puts the caret into a paragraph, and waits until the page knows."""
        self.click_into(index)
        anchor = f"#{self.paragraph(index).get_attribute('id')}"
        expect(self.page.locator(".rail [aria-current]")).to_have_attribute("href", anchor)

    def come_back(self) -> None:
        """Out of the pause between two attempts, which grows while the server is away, by the chip's "Try now"."""
        self.chip.click()
        press = "document.querySelector('.chip-offline + .panel button')?.click()"
        self.eventually(lambda: self.page.evaluate(press) or "Offline" not in self.chip.inner_text())
        self.page.keyboard.press("Escape")

    def write(self, words: str, index: int = 0) -> None:
        """At the end of a paragraph, by the keyboard."""
        self.click_into(index)
        go(self.page, "End")
        self.page.keyboard.type(words)

    def click_into(self, index: int) -> None:
        """Puts the caret into a paragraph, and waits until it stands there; also where no rail shows it."""
        self.paragraph(index).click()
        self.page.wait_for_function(STANDS_IN, arg=index)

    def words(self) -> list[str]:
        """The paragraphs as they stand on the page, without others' carets."""
        script = """() => [...document.querySelectorAll('.ProseMirror [data-kind]')].map((element) => {
            const copy = element.cloneNode(true);
            for (const caret of copy.querySelectorAll('.caret')) caret.remove();
            return copy.textContent;
        })"""
        words: list[str] = self.page.evaluate(script)
        return words
