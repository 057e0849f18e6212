"""Two Chromium pages on one document: from a keystroke in one to the other's DOM, and what a keystroke costs at home.

    python -m bench.pages [--keystrokes 60] [--paragraphs 50 800] [--locked 100]

Prints a line of JSON for each size, in milliseconds. The pages share a clock: both live in one browser process.
`bare`: what the same keystroke costs in as many paragraphs without any script, which is the browser's own share.
`enter`: Enter at the end of a paragraph in the middle. `locked`: so many of the paragraphs are agreed.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launched
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting
from tests.processes import ServerProcess

WORDS = "The Parties shall cooperate in good faith, bearing in mind their common but differentiated responsibilities. "
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
PAUSE_MS = 120  # between keystrokes: a fast typist
ENTERS = 20

# What a key keeps the page busy, layout included: from the first listener of `keydown` to the last and, where the
# browser writes, from that of `beforeinput` to the last of `input`. Frames drawn in between are not counted.
TIME_KEYS = """() => {
  window.pressed = []; window.cost = [];
  if (window.began !== undefined) return;
  window.began = 0;
  const begin = () => { window.began = performance.now(); };
  const end = () => { document.body.offsetHeight; return performance.now() - window.began; };
  document.addEventListener('keydown', () => {
    begin();
    window.pressed.push(performance.timeOrigin + window.began);
  }, true);
  window.addEventListener('keydown', () => window.cost.push(end()));
  document.addEventListener('beforeinput', begin, true);
  window.addEventListener('input', () => { window.cost[window.cost.length - 1] += end(); });
}"""
# The other page notes when the paragraph's text has changed; carets come and go in it without counting.
TIME_ARRIVALS = """index => {
  window.arrived = [];
  const paragraph = document.querySelectorAll('.ProseMirror [data-kind]')[index];
  const read = () => [...paragraph.childNodes].filter(node => !node.classList?.contains('caret'))
    .map(node => node.textContent).join('');
  let known = read();
  new MutationObserver(() => {
    const now = read();
    if (now !== known) window.arrived.push(performance.timeOrigin + performance.now());
    known = now;
  }).observe(paragraph, {subtree: true, childList: true, characterData: true});
}"""


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = ServerProcess(Path(directory) / "data")
        server.start()
        browser = launched(playwright)
        try:
            with server.admin() as admin:
                hall = Hall.open(server, admin)
                for paragraphs in given.paragraphs:
                    figures = _measured(browser, hall, paragraphs, min(given.locked, paragraphs // 3), given.keystrokes)
                    print(json.dumps(figures), flush=True)
        finally:
            browser.close()
            server.end()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keystrokes", type=int, default=60)
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[50, 800])
    parser.add_argument("--locked", type=int, default=0, help="paragraphs that are agreed, at most every third")
    return parser.parse_args()


def _measured(browser: Browser, hall: Hall, paragraphs: int, locked: int, keystrokes: int) -> dict[str, Any]:
    document = hall.draft("\n\n".join(f"{number}) {WORDS * 3}" for number in range(paragraphs)))
    hall.lock(document, range(0, 3 * locked, 3))
    writer = Sitting.begin(browser, hall, "delegate", "KAZ").open(document)
    reader = Sitting.begin(browser, hall, "delegate", "IND").open(document)
    index = 3 * (paragraphs // 6) + 1  # an open one
    for sitting in (writer, reader):
        sitting.paragraph(index).scroll_into_view_if_needed()
    reader.page.evaluate(TIME_ARRIVALS, index)
    writer.write(" ", index)
    local = _typed(writer.page, ALPHABET, keystrokes)
    remote = _latencies(writer.page, reader.page, keystrokes)
    enter = _typed(writer.page, ["Enter"], ENTERS)
    for sitting in (writer, reader):
        sitting.leave()
    return {
        "paragraphs": paragraphs,
        "locked": locked,
        "keystrokes": keystrokes,
        "remote_median_ms": round(statistics.median(remote), 1),
        "remote_p95_ms": round(statistics.quantiles(remote, n=20)[-1], 1),
        "local_median_ms": round(statistics.median(local), 1),
        "local_p95_ms": round(statistics.quantiles(local, n=20)[-1], 1),
        "enter_median_ms": round(statistics.median(enter), 1),
        "enter_max_ms": round(max(enter), 1),
        "bare_median_ms": round(statistics.median(_bare(browser, paragraphs, keystrokes)), 1),
    }


def _typed(page: Page, keys: Sequence[str], keystrokes: int) -> list[float]:
    """What each cost, where the caret is."""
    page.evaluate(TIME_KEYS)
    for number in range(keystrokes):
        page.keyboard.press(keys[number % len(keys)])
        page.wait_for_timeout(PAUSE_MS)
    return [float(cost) for cost in page.evaluate("window.cost")]


def _bare(browser: Browser, paragraphs: int, keystrokes: int) -> list[float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    text = "".join(f"<p>{number}) {WORDS * 3}</p>" for number in range(paragraphs))
    page.set_content(f"<!doctype html><div contenteditable style='inline-size: 36rem'>{text}</div>")
    page.locator("p").nth(paragraphs // 2).click()
    costs = _typed(page, ALPHABET, keystrokes)
    page.close()
    return costs


def _latencies(writer: Page, reader: Page, keystrokes: int) -> list[float]:
    """One for each keystroke; the first arrival is the space before them."""
    reader.wait_for_function("count => window.arrived.length >= count", arg=keystrokes + 1)
    pressed = [float(at) for at in writer.evaluate("window.pressed")]
    arrived = [float(at) for at in reader.evaluate("window.arrived")][-keystrokes:]
    return [there - here for here, there in zip(pressed, arrived, strict=True)]


if __name__ == "__main__":
    main()
