"""Whatever stands in a file, it becomes a document or is refused with a sentence: nothing else ever comes of it."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest

from server.api.drafting import drafted
from server.errors import Code, Problem
from server.papers.packing import packed, unpacked
from server.papers.word.changes import Mode
from server.papers.word.reading import read_word
from tests.server.papers.word import test_reading as reading
from tests.server.papers.word.test_reading import ENDED, PARTED, PARTIES, begun
from tests.words import SPACES, about, came, docx, numbered, numbering, p, r, went, zipped

TAG = re.compile(r"(<[^>]+>)")
VALUES = ("", "-1", "9" * 20, "x", "0", "9", "\x85", "[", "]")
BITS = ("", "[", "]", "\n", "\u2028", "😀", "\ufffd", "<w:p/>", "<w:r/>", "<w:tbl/>", "<w:ins>")


def whole() -> dict[str, str]:
    """The parts of a file that has something of everything."""
    cells = f"<w:tr><w:tc>{p('one')}</w:tc><w:tc>{p('two')}{p('three')}</w:tc></w:tr>"
    body = (
        p("Draft", style="T")
        + p("Parties ", went("shall"), came(r("should")), about(0, r("act", "<w:b/>")), r("."))
        + "".join(p("Point;", properties=numbered(1, level)) for level in (0, 1, 1, 2, 0))
        + f"<w:tbl>{cells}</w:tbl><w:sdt><w:sdtContent>{p('held', style='H1')}</w:sdtContent></w:sdt>"
        + p(
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            begun(" HYPERLINK &quot;https://a.b&quot; "),
            PARTED,
            "x",
            ENDED,
        )
    )
    notes = f'<w:footnotes {SPACES}><w:footnote w:id="2">{p("See.")}</w:footnote></w:footnotes>'
    lists = {"word/numbering.xml": numbering({1: reading.TestNumbers.LEVELS}), "word/footnotes.xml": notes}
    with zipfile.ZipFile(BytesIO(docx(body, {**reading.TestComments.PARTS, **lists}))) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def mutants(seed: int, count: int) -> Iterator[bytes]:
    chance, files = Random(seed), whole()
    names = [name for name in files if name.startswith("word/") and name.endswith(".xml")]
    for _ in range(count):
        name = chance.choice(names)
        pieces = TAG.split(files[name])
        for _ in range(chance.randint(1, 3)):
            _change(pieces, chance)
        yield zipped({**files, name: "".join(pieces)})


def _change(pieces: list[str], chance: Random) -> None:
    at = chance.randrange(len(pieces))
    match chance.randrange(5):
        case 0:
            pieces[at] = ""
        case 1:
            pieces[at] = chance.choice(pieces)
        case 2:
            pieces[at] = re.sub('"[^"]*"', lambda _: f'"{chance.choice(VALUES)}"', pieces[at])
        case 3:
            pieces[at:at] = pieces[at : at + chance.randint(1, 8)]
        case 4:
            pieces[at] += chance.choice(BITS)


@pytest.mark.parametrize("count", [150, pytest.param(20_000, marks=pytest.mark.long)])
def test_mutants_become_documents_or_are_refused(count: int) -> None:
    become = 0
    for number, content in enumerate(mutants(6, count)):
        try:
            source = read_word(content, tuple(Mode)[number % 3], PARTIES)
            assert unpacked(packed(source)) == source
            drafted(source, tuple(PARTIES))
        except Problem as problem:
            assert problem.code == Code.FILE_REFUSED, problem.detail  # noqa: PT017  # what else it may be is the point
        else:
            become += 1
    assert become > count / 5
