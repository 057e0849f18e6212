"""What people write is text: none of a hundred and more ways to make a page run it works, in any field."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.hall import DELEGATIONS, Hall
from tests.browser.talking import speaker
from tests.meetings import made

PAYLOADS = (Path(__file__).parents[1] / "data/xss_payloads.txt").read_text(encoding="utf-8").splitlines()
WATCH = """
window.fired = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
  window[name] = (...given) => { window.fired.push([name, ...given].join(' ')); };
}
document.addEventListener('securitypolicyviolation', event => {
  window.fired.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
# What comments may be made of.
STRANGE = """() => [...document.querySelectorAll('.margin *, .document-name *, .outline *, .present *')]
  .filter(element => !element.closest('svg.icon'))
  .filter(element => element.matches('script, img, iframe, object, embed, video, audio, svg, math, style, link, base')
    || [...element.attributes].some(({name}) => name.startsWith('on')))
  .map(element => element.outerHTML)"""
LINKS = "() => [...document.querySelectorAll('.margin a')].map(link => new URL(link.href).protocol)"


def short(payload: str, longest: int) -> str:
    return payload[:longest]


def test_nothing_that_is_written_anywhere_runs(sit: Sit, hall: Hall) -> None:
    assert len(PAYLOADS) >= 100
    names = [{"code": f"X{i}", "name": short(each, 120), "kind": "member"} for i, each in enumerate(PAYLOADS[:40])]
    change = {"title": PAYLOADS[0], "body": PAYLOADS[15], "delegations": [*DELEGATIONS, *names]}
    assert hall.admin.patch(f"/api/meetings/{hall.id}", json=change).status_code == 200
    text = "\n\n".join(PAYLOADS)
    document = hall.draft(text, title=short(PAYLOADS[16], 300), symbol=short(PAYLOADS[32], 60))
    reader = sit("delegate", "KAZ", name=short(PAYLOADS[33], 120))
    reader.page.add_init_script(WATCH)
    with speaker(hall, document, "delegate", "X15", name=PAYLOADS[1]) as writer:
        paragraphs = hall.paragraphs(document)
        for index, payload in enumerate(PAYLOADS):
            path = f"/api/documents/{document}/paragraphs/{paragraphs[index % len(paragraphs)]['id']}/threads"
            made(writer.client.post(path, json={"body": payload, "quote": payload, "visibility": "all"}))
        reader.open(document)
        page = reader.page
        page.set_viewport_size({"width": 1440, "height": 40_000})  # all threads in sight
        expect(page.locator("article.thread")).to_have_count(len(PAYLOADS))
        remarks = page.locator("article.thread .remark-body")
        expect(remarks).to_have_count(len(PAYLOADS))
        shown = remarks.all_inner_texts()
        assert sum(payload in shown for payload in PAYLOADS) > len(PAYLOADS) / 2, "most show as they were written"
        assert page.evaluate(STRANGE) == []
        assert set(page.evaluate(LINKS)) <= {"https:", "http:", "mailto:"}

        page.set_viewport_size({"width": 1440, "height": 900})
        page.keyboard.press("Control+Alt+KeyN")
        thread = writer.threads()[0]
        for payload in PAYLOADS[:5]:
            writer.reply(thread, payload)
        expect(page.locator("article.reading .remark")).to_have_count(6)
        for payload in PAYLOADS[:3]:
            page.keyboard.press("Control+Alt+Enter")
            expect(page.locator("form.composer textarea")).to_be_focused()
            page.keyboard.insert_text(payload)
            page.keyboard.press("Control+Enter")
            expect(page.locator("form.composer")).to_have_count(0)
        assert page.evaluate(STRANGE) == []
        page.goto("/")
        expect(page.get_by_text(PAYLOADS[0]).first).to_be_visible()
        assert page.evaluate("window.fired") == []
        page.goto(f"/documents/{document}/projector")
        expect(reader.paragraph(0)).to_be_visible()
        assert page.evaluate("window.fired") == []
