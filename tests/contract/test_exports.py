"""Papers out (section 4): a document as a file in every format, now and then, compared, with comments, clean."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from docx import Document
from lxml import etree

from tests.client import Client
from tests.contract.test_commands import answered, run
from tests.contract.test_locks import lock, paragraph
from tests.contract.test_snapshots import labelled
from tests.meetings import Person, made
from tests.people import Gathering, refused

FORMATS = ("docx", "pdf", "html", "md", "txt", "json", "akn")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def export(client: httpx.Client, gathering: Gathering, format_: str = "txt", **query: str) -> httpx.Response:
    return client.get(f"/api/documents/{gathering.document}/export/{format_}", params=query)


def words(answer: httpx.Response) -> str:
    """All that can be read in a file of any format."""
    assert answer.status_code == 200, answer.text
    if answer.content.startswith(b"%PDF"):
        pages = pypdfium2.PdfDocument(answer.content)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    if zipfile.is_zipfile(io.BytesIO(answer.content)):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            return "".join(package.read(name).decode() for name in package.namelist())
    return answer.text


def part(answer: httpx.Response, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return etree.fromstring(package.read(name))


def say(gathering: Gathering, who: Person, body: str, visibility: str, **more: str) -> dict[str, Any]:
    path = f"/api/documents/{gathering.document}/paragraphs/{paragraph(gathering, 0)['id']}/threads"
    return made(gathering.client(who).post(path, json={"body": body, "visibility": visibility, **more}))


async def typed(gathering: Gathering, who: Person, text: str) -> int:
    """Typed at the end; the seq then."""
    async with Client(gathering.url, who.token) as client:
        await client.until(lambda: client.synced)
        client.type(text)
        await client.saved()
    seq: int = gathering.paragraphs()["seq"]
    return seq


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_holds_the_text_and_says_which_it_is(gathering: Gathering, format_: str) -> None:
    answer = export(gathering.admin, gathering, format_)
    text = words(answer)
    assert all(each in text for each in ("First.", "Second.", "Third."))
    assert answer.headers["rollingtext-seq"] == str(gathering.paragraphs()["seq"])
    assert len(answer.headers["rollingtext-digest"]) == 64
    assert answer.headers["content-disposition"].startswith('attachment; filename="Draft.')
    assert "rollingtext-unseen" not in answer.headers
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_digest_is_that_of_a_snapshot_of_the_same_text(gathering: Gathering) -> None:
    snapshot = labelled(gathering, gathering.client(gathering.come("chair")))
    answer = export(gathering.admin, gathering, at=snapshot["id"])
    assert (answer.headers["rollingtext-digest"], answer.headers["rollingtext-seq"]) == (
        snapshot["digest"],
        str(snapshot["seq"]),
    )
    assert "Draft Rev.1.txt" in answer.headers["content-disposition"]


async def test_an_earlier_point_is_exported_as_it_was(gathering: Gathering) -> None:
    before = gathering.paragraphs()["seq"]
    await typed(gathering, gathering.come("delegate"), " And more")
    assert "And more" in words(export(gathering.admin, gathering))
    assert "And more" not in words(export(gathering.admin, gathering, at=str(before)))
    refused(export(gathering.admin, gathering, at="999999"), 404, "not_found")
    refused(export(gathering.admin, gathering, at="f" * 16), 404, "not_found")
    refused(export(gathering.admin, gathering, at="yesterday"), 422, "invalid")
    refused(export(gathering.admin, gathering, "doc"), 404, "not_found")


def test_p2_whoever_reads_exports_and_another_meeting_is_not_there(gathering: Gathering) -> None:
    for role in ("chair", "delegate", "observer"):
        assert export(gathering.client(gathering.come(role)), gathering).status_code == 200
    other = Gathering.make(gathering.server, gathering.admin)
    assert isinstance(other, Gathering)
    stranger = other.client(other.come("delegate"))
    refused(export(stranger, gathering), 404, "not_found")
    snapshot = labelled(other, other.client(other.come("chair")))
    refused(export(gathering.admin, gathering, at=snapshot["id"]), 404, "not_found")
    other.close()


@pytest.mark.parametrize("format_", FORMATS)
async def test_changes_since_an_earlier_point_bear_the_delegation_that_made_them(
    gathering: Gathering, format_: str
) -> None:
    seq = gathering.paragraphs()["seq"]
    await typed(gathering, gathering.come("delegate"), " in good time")
    answer = export(gathering.admin, gathering, format_, against=str(seq))
    assert "in good time" in words(answer)
    if format_ == "docx":
        (inserted,) = part(answer).iter(f"{W}ins")
        assert inserted.get(f"{W}author") == "Kazakhstan"
        assert "".join(each.text or "" for each in inserted.iter(f"{W}t")) == " in good time"
    else:
        assert "KAZ" in words(answer) or format_ in ("md", "txt")
    assert "in good time" not in words(export(gathering.admin, gathering, format_, at=str(seq), against=str(seq)))


@pytest.mark.parametrize("format_", FORMATS)
def test_comments_for_all_are_there_when_asked_for_and_private_ones_never(gathering: Gathering, format_: str) -> None:
    kazakh = gathering.come("delegate")
    say(gathering, kazakh, "Why FIRST and not last?", "all", quote="First")
    say(gathering, kazakh, "PRIVATE: we yield on this", "delegation")
    mine = gathering.client(kazakh)
    assert "FIRST" not in words(export(mine, gathering, format_))
    text = words(export(mine, gathering, format_, comments="true"))
    assert "FIRST" in text
    assert "PRIVATE" not in text


def test_a_comment_of_word_stands_at_the_words_it_is_about_with_its_replies(gathering: Gathering) -> None:
    kazakh = gathering.come("delegate")
    thread = say(gathering, kazakh, "Why so?", "all", quote="irst")
    made(gathering.client(gathering.come("chair")).post(f"/api/threads/{thread['id']}/comments", json={"body": "So."}))
    answer = export(gathering.admin, gathering, "docx", comments="true")
    one, two = part(answer, "word/comments.xml").iter(f"{W}comment")
    assert (one.get(f"{W}author"), two.get(f"{W}author")) == ("Aru (KAZ)", "Aru")
    body = etree.tostring(part(answer)).decode()
    begin, end = body.index("commentRangeStart"), body.index("commentRangeEnd")
    assert ">irst<" in body[begin:end]
    linked = part(answer, "word/commentsExtended.xml")
    assert [each.get(each.keys()[1]) for each in linked][1] == linked[0].get(linked[0].keys()[0])


def test_clean_is_refused_while_a_bracket_is_open(gathering: Gathering) -> None:
    assert "First." in words(export(gathering.admin, gathering, style="clean"))
    body = {"title": "Bracketed", "text": "Parties [shall][should] act.\n\nDone."}
    document = made(gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json=body))["id"]
    answer = gathering.admin.get(f"/api/documents/{document}/export/docx", params={"style": "clean"})
    problem = refused(answer, 409, "open_brackets")
    assert len(problem["paragraphs"]) == 1
    lost = made(
        gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json={"title": "Lost", "text": "A [b c."})
    )["id"]
    refused(gathering.admin.get(f"/api/documents/{lost}/export/txt", params={"style": "clean"}), 409, "open_brackets")
    shaded = gathering.admin.get(f"/api/documents/{document}/export/docx")
    plain = gathering.admin.get(f"/api/documents/{document}/export/docx", params={"shading": "false"})
    assert len(list(part(shaded).iter(f"{W}shd"))) == 2
    assert not list(part(plain).iter(f"{W}shd"))


def test_what_is_agreed_is_told(gathering: Gathering) -> None:
    chair = gathering.client(gathering.come("chair"))
    assert lock(gathering, chair, 0).status_code == 200
    (first, *others) = export(gathering.admin, gathering, "json").json()["lines"]
    assert (first["agreed"]["status"], first["agreed"]["by"]["name"]) == ("agreed", "Aru")
    assert not any(each["agreed"] for each in others)
    assert "agreed" in words(export(gathering.admin, gathering, "pdf"))


def test_ids_are_those_of_the_paragraphs(gathering: Gathering) -> None:
    ids = [each["id"] for each in gathering.paragraphs()["paragraphs"]]
    assert [each["id"] for each in export(gathering.admin, gathering, "json").json()["lines"]] == ids
    body = etree.fromstring(export(gathering.admin, gathering, "akn").content)
    assert [each.get("eId") for each in body.iter("{*}paragraph")] == ids
    html = export(gathering.admin, gathering, "html").text
    assert all(f'id="{id_}"' in html for id_ in ids)


def test_characters_that_no_font_shows_are_told(gathering: Gathering) -> None:
    strange = "\U0001342f"  # a hieroglyph
    body = {"title": "Signs", "text": f"Before {strange} after, and [№ 6] «в срок» المادة."}
    document = made(gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json=body))["id"]
    answer = gathering.admin.get(f"/api/documents/{document}/export/pdf")
    assert answer.headers["rollingtext-unseen"] == "U+1342F"
    assert "U+1342F" in words(answer)


def test_c4_the_command_writes_the_same_file(gathering: Gathering, tmp_path: Path) -> None:
    data, file = gathering.server.data_dir, tmp_path / "draft.docx"
    asked = ["export", gathering.document, "--comments", "--json"]
    found = answered(run(data, *asked, "--output", str(file)))
    served = export(gathering.admin, gathering, "docx", comments="true")
    assert file.read_bytes() == served.content
    assert (found["file"], found["digest"]) == (str(file), served.headers["rollingtext-digest"])
    assert [each.text for each in Document(str(file)).paragraphs] == gathering.text()
    assert "no such document" in answered(run(data, "export", "f" * 16, "--json"), 1)["error"]
    assert run(data, "export", gathering.document, "--format", "wav").exit_code == 2


def test_json_says_what_the_paper_is_made_of(gathering: Gathering) -> None:
    paper = json.loads(export(gathering.admin, gathering, "json").content)
    assert paper["title"] == "Draft"
    assert [span["text"] for line in paper["lines"] for span in line["spans"]] == gathering.text()
