"""The demonstration (C1): a meeting with three drafts, made once; sign-in links for every role at each start."""

import re
from importlib.resources import files

import pytest

from crdt.brackets import Reading, Register, RunClass, Stance, count, read
from crdt.compose import compose
from crdt.document import Document
from crdt.paragraphs import Paragraph
from server.demo.meeting import GUESTS, MEETING_ID, PAPERS
from server.papers.importing import read_file
from server.papers.source import NoteCode
from server.register import cica
from tests.conftest import Launch
from tests.processes import ServerProcess

LINK = re.compile(r"/join/([\w-]+)")
REGISTER = Register.of([(code, name) for code, name, _ in cica()])


def drafts() -> dict[str, tuple[tuple[Paragraph, ...], Reading]]:
    found = {}
    for paper in PAPERS:
        source = read_file(paper.file, (files("server.demo") / "drafts" / paper.file).read_bytes())
        assert {note.code for note in source.report} == {NoteCode.LABELS}
        document = Document.new()
        document.judge(compose(source.drafts, 7), "secretariat")
        found[paper.file] = (document.paragraphs(), read(document.paragraphs(), REGISTER))
    return found


@pytest.mark.parametrize("paper", [paper.file for paper in PAPERS])
def test_a_draft_is_a_real_one(paper: str) -> None:
    text, reading = drafts()[paper]
    counted = count(reading, text)
    assert 30 <= len(text) <= 60
    assert {"heading", "operative", "item"} <= {paragraph.kind for paragraph in text}
    assert counted.lints == 0
    assert counted.pairs >= 60
    assert counted.placeholders >= 3
    assert any(bracket.depth > 1 for bracket in reading.brackets)
    assert any(bracket.attribution for bracket in reading.brackets)
    assert any(option.group is not None for option in reading.options)
    assert any("{" in paragraph.text for paragraph in text)


def test_together_they_show_what_brackets_can_be() -> None:
    readings = [reading for _, reading in drafts().values()]
    brackets = [bracket for reading in readings for bracket in reading.brackets]
    assert {bracket.run_class for bracket in brackets} == {*RunClass, None}
    stances = {each.stance for bracket in brackets for each in bracket.attribution}
    assert stances >= {None, Stance.SUPPORT, Stance.OPPOSE, Stance.CAN_ACCEPT, Stance.RESERVE, Stance.AWAITING}
    assert max(bracket.depth for bracket in brackets) >= 3
    assert any(option.null for reading in readings for option in reading.options)


def test_started_again_it_keeps_its_data_and_prints_fresh_links(launch: Launch) -> None:
    server = launch(options=("--demo",))
    first = LINK.findall(server.output())
    documents = documents_of(server)
    server.stop()
    server.start()
    both = LINK.findall(server.output())
    assert len(first) == len(GUESTS) == 5
    assert len(set(both)) == 2 * len(first)
    assert documents_of(server) == documents
    assert [document["symbol"] for document in documents] == [paper.symbol for paper in PAPERS]


def documents_of(server: ServerProcess) -> list[dict[str, object]]:
    with server.admin() as admin:
        answer = admin.get(f"/api/meetings/{MEETING_ID}/documents")
        assert answer.status_code == 200
        items: list[dict[str, object]] = answer.json()["items"]
        return items


def test_the_links_sign_in_who_they_say(launch: Launch) -> None:
    server = launch(options=("--demo",))
    joined = []
    with server.client() as client:
        for token in LINK.findall(server.output()):
            answer = client.post("/api/join", json={"token": token, "name": "Guest"})
            assert answer.status_code == 201
            joined.append((answer.json()["participant"]["role"], answer.json()["participant"]["delegation"]))
    assert joined == [(guest.role, guest.delegation) for guest in GUESTS]
