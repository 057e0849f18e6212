"""Chromium on a document with many threads, and without: how long it takes to open, and what a keystroke costs.

    python -m bench.margin [--threads 2000] [--paragraphs 300] [--keystrokes 60] [--opens 5]

Prints a line of JSON for each, in milliseconds. `text`: until the text is there; `ready`: until a thread stands beside
it and the page has nothing left to do for a fifth of a second; `key`: as `bench.pages` times it.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.pages import ALPHABET, PAUSE_MS, TIME_KEYS, WORDS
from tests.browser.chromium import launched
from tests.browser.hall import Hall
from tests.browser.sitting import Sitting
from tests.browser.talking import speaker
from tests.meetings import made
from tests.processes import ServerProcess

# When the text came, the first thread, and the last task that was felt.
TIME_OPENING = """
window.times = {};
const look = () => {
  const now = performance.now();
  if (document.querySelector('.ProseMirror [data-kind]')) window.times.text ??= now;
  if (document.querySelector('article.thread, .margin-empty')) window.times.thread ??= now;
  if (now < 20000) setTimeout(look, 5);
};
look();
new PerformanceObserver(list => {
  for (const {startTime, duration} of list.getEntries()) window.times.task = startTime + duration;
}).observe({type: 'longtask', buffered: true});
"""
READY = "() => window.times.thread && performance.now() > 200 + Math.max(...Object.values(window.times))"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("threads", 2000), ("paragraphs", 300), ("keystrokes", 60), ("opens", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = ServerProcess(Path(directory) / "data")
        server.start()
        browser = launched(playwright)
        try:
            with server.admin() as admin:
                hall = Hall.open(server, admin)
                for threads in (0, given.threads):
                    print(json.dumps(_measured(browser, hall, threads, given)), flush=True)
        finally:
            browser.close()
            server.end()


def _measured(browser: Browser, hall: Hall, threads: int, given: argparse.Namespace) -> dict[str, Any]:
    document = hall.draft("\n\n".join(f"{number}) {WORDS * 3}" for number in range(given.paragraphs)))
    _talk(hall, document, threads)
    sitting = Sitting.begin(browser, hall, "delegate", "KAZ")
    page = sitting.page
    page.add_init_script(TIME_OPENING)
    texts, ready = [], []
    for _ in range(given.opens):
        sitting.open(document)
        page.wait_for_function(READY)
        times = page.evaluate("window.times")
        texts.append(times["text"])
        ready.append(max(times.values()))
    sitting.write(" ", given.paragraphs // 2)
    page.evaluate(TIME_KEYS)
    for number in range(given.keystrokes):
        page.keyboard.press(ALPHABET[number % len(ALPHABET)])
        page.wait_for_timeout(PAUSE_MS)
    costs = [float(cost) for cost in page.evaluate("window.cost")]
    sitting.leave()
    return {
        "threads": threads,
        "paragraphs": given.paragraphs,
        "text": round(statistics.median(texts)),
        "ready": round(statistics.median(ready)),
        "key_median": round(statistics.median(costs), 1),
        "key_p95": round(statistics.quantiles(costs, n=20)[-1], 1),
    }


def _talk(hall: Hall, document: str, threads: int) -> None:
    paragraphs = [each["id"] for each in hall.paragraphs(document)]
    with speaker(hall, document, "delegate", "IND") as somebody:
        for number in range(threads):
            path = f"/api/documents/{document}/paragraphs/{paragraphs[number % len(paragraphs)]}/threads"
            body = {"body": f"{number}. {WORDS}", "quote": "shall cooperate", "visibility": "all"}
            made(somebody.client.post(path, json=body))


if __name__ == "__main__":
    main()
