"""Papers as .docx: what Word is told, in the order of its schema, and that it comes back in as it went out."""

import io
import subprocess
import zipfile
from pathlib import Path
from shutil import which

import docx as word
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from crdt.compose import Draft
from crdt.paragraphs import KINDS, MARKS, Run, merged
from server.papers.importing import read_text
from server.papers.out import docx
from server.papers.out.docx.styles import kind_of, style_name
from server.papers.out.paper import Layout, Op, Paper, Point, Shade, Span
from server.papers.word.changes import Mode
from server.papers.word.reading import read_word
from tests.server.papers.out.papers import AGREED, ARU, CHAIR, LI, line, of_drafts, paper, talk

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PROPERTIES = {  # of paragraphs and of runs, in the order of ECMA-376, as far as they are written here
    f"{W}pPr": (
        "pStyle", "keepNext", "numPr", "pBdr", "tabs", "bidi", "spacing", "ind", "jc", "outlineLvl", "rPr", "pPrChange",
    ),
    f"{W}rPr": (
        "rStyle", "ins", "del", "rFonts", "b", "bCs", "i", "iCs", "strike", "color", "sz", "szCs", "u", "shd", "rtl",
        "lang", "rPrChange",
    ),
    f"{W}lvl": ("start", "numFmt", "suff", "lvlText", "lvlJc", "pPr"),
}  # fmt: skip


def parts(of: Paper, layout: Layout | None = None) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(docx.write(of, layout or Layout()))) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist()}


def body(of: Paper, layout: Layout | None = None) -> etree._Element:
    return parts(of, layout)["word/document.xml"]


def values(element: etree._Element, tag: str, name: str = "val") -> list[str | None]:
    return [each.get(f"{W}{name}") for each in element.iter(f"{W}{tag}")]


def text(element: etree._Element, *tags: str) -> str:
    return "".join(each.text or "" for tag in tags for each in element.iter(f"{W}{tag}"))


def numbered(*labels: str | None, kind: str = "operative", level: int = 1) -> list[tuple[str, str, str]]:
    """Pattern, format and list of each label, as Word is told."""
    drafts = [Draft((Run("Text"),), kind, level, label) for label in labels]
    found = parts(of_drafts(drafts))
    numbering = found["word/numbering.xml"]
    looks = {
        abstract.get(f"{W}abstractNumId"): (values(abstract, "lvlText")[0], values(abstract, "numFmt")[0])
        for abstract in numbering.iter(f"{W}abstractNum")
    }
    lists = {each.get(f"{W}numId"): values(each, "abstractNumId")[0] for each in numbering.iter(f"{W}num")}
    used = values(found["word/document.xml"], "numId")
    return [(*looks[lists[name]], str(name)) for name in used]


def everything() -> Paper:
    return paper(
        line("Title", "title"),
        line("Recalling", "preamble", agreed=AGREED),
        line("[a[b]]", "operative", 1, "1.", shades=(Shade(0, 6, 1), Shade(2, 5, 2))),
        line("مادة six", "item", 2, "PP4 bis", number="PP4 bis", talks=(talk("Why?\nHow?", "So.", start=0, end=4),)),
        line(spans=[Span("old", ("em",), Op.REMOVED, ARU), Span("new", ("strong", "underline"), Op.ADDED, LI)]),
        line(spans=[Span("bold", ("strong",), was=("em",))], was=("item", 2, "(a)"), kind="heading", level=3),
        line(spans=[Span("gone", (), Op.REMOVED, ARU)], op=Op.REMOVED, by=ARU, label="3.", kind="operative"),
        line(spans=[Span("come", (), Op.ADDED, None)], op=Op.ADDED, by=None),
        against=Point(3, "2026-11-25T04:00:00.123456Z"),
        lost=(talk("Lost", id="t2", text="What it was"),),
    )


class TestNumbering:
    def test_labels_that_go_on_are_counted_by_word_in_one_list(self) -> None:
        assert numbered("1.", "2.", "3.") == [("%1.", "decimal", "1")] * 3
        assert [each[1] for each in numbered("(a)", "(b)", kind="item")] == ["lowerLetter"] * 2
        assert numbered("OP7", "OP8") == [("OP%1", "decimal", "1")] * 2
        assert [each[1] for each in numbered("IV.", "V.", "VI.")] == ["upperRoman"] * 3

    def test_a_label_that_does_not_go_on_begins_anew_and_others_stand_as_they_are(self) -> None:
        assert [each[2] for each in numbered("1.", "2.", "7.", "8.", "1.")] == ["1", "1", "2", "2", "3"]
        assert numbered("PP4 bis", "7 alt 2.") == [("PP4 bis", "none", "1"), ("7 alt %1.", "decimal", "2")]

    def test_i_is_a_letter_behind_h_and_a_roman_number_else(self) -> None:
        assert [each[1] for each in numbered("(h)", "(i)", "(j)", kind="item")] == ["lowerLetter"] * 3
        assert [each[1] for each in numbered("(i)", "(ii)", kind="item")] == ["lowerRoman"] * 2

    def test_what_nobody_labelled_is_counted_under_a_name_of_its_own(self) -> None:
        assert numbered(None, None) == [("OP%1", "decimal", "1")] * 2
        found = parts(of_drafts([Draft((Run("Text"),), "operative"), Draft((Run("Text"),), "operative", 1, "OP2")]))
        assert values(found["word/numbering.xml"], "name") == ["Numbered by kind"]


class TestWhatWordIsTold:
    def test_every_property_stands_in_the_order_of_the_schema(self) -> None:
        seen = set()
        for part in parts(everything()).values():
            for element in part.iter(*PROPERTIES):
                names = [etree.QName(child).localname for child in element]
                order = [PROPERTIES[str(element.tag)].index(name) for name in names]
                assert order == sorted(order), etree.tostring(element)
                seen.update(names)
        assert {"numPr", "pBdr", "bidi", "shd", "rtl", "rPrChange", "pPrChange"} <= seen

    def test_additions_and_deletions_bear_the_delegation_and_the_time(self) -> None:
        found = body(everything())
        assert values(found, "ins", "author") == ["China", "Rolling Text", "Rolling Text"]
        assert values(found, "del", "author") == ["Kazakhstan"] * 3
        assert values(found, "del", "date")[0] == "2026-11-26T04:00:00Z"
        assert values(found, "ins", "date")[1:] == [None, None], "nobody knows who or when"
        assert text(found, "delText") == "oldgone"
        ids = [each.get(f"{W}id") for each in found.iter(f"{W}ins", f"{W}del", f"{W}rPrChange", f"{W}pPrChange")]
        assert len(ids) == len(set(ids))

    def test_the_old_and_the_new_text_are_what_word_makes_of_them(self) -> None:
        found = body(everything())
        removed = {each for gone in found.iter(f"{W}del") for each in gone.iter(f"{W}delText")}
        added = {each for came in found.iter(f"{W}ins") for each in came.iter(f"{W}t")}
        all_texts = list(found.iter(f"{W}t", f"{W}delText"))
        assert "".join(each.text or "" for each in all_texts if each not in removed).endswith("newboldcome")
        assert "".join(each.text or "" for each in all_texts if each not in added).endswith("oldboldgone")

    def test_comments_have_their_places_replies_and_ends(self) -> None:
        found = parts(everything())
        comments, linked = found["word/comments.xml"], found["word/commentsExtended.xml"]
        assert values(comments, "comment", "author") == ["Aru (KAZ)"] * 3
        assert [text(each, "t") for each in comments.iter(f"{W}comment")][2].startswith(
            "On a paragraph that was deleted"
        )
        starts = values(found["word/document.xml"], "commentRangeStart", "id")
        assert starts == values(found["word/document.xml"], "commentReference", "id") == ["0", "1", "2"]
        (first, second, _) = linked
        assert next(iter(first.attrib.values())) == list(second.attrib.values())[1]

    def test_directions_and_fonts_of_scripts(self) -> None:
        found = parts(everything())
        fonts = next(found["word/styles.xml"].iter(f"{W}rFonts"))
        assert {fonts.get(f"{W}{name}") for name in ("ascii", "eastAsia", "cs")} == {"Times New Roman", "SimSun"}
        right = [text(run, "t") for run in found["word/document.xml"].iter(f"{W}r") if list(run.iter(f"{W}rtl"))]
        assert "".join(right) == "مادة "
        assert len(list(found["word/document.xml"].iter(f"{W}bidi"))) == 1

    def test_lines_are_numbered_and_brackets_shaded_unless_told_otherwise(self) -> None:
        found = body(everything())
        assert values(found, "lnNumType", "countBy") == ["1"]
        assert values(found, "shd", "fill") == ["FFF4CC", "FFE3A3", "FFF4CC"]
        bare = body(everything(), Layout(shading=False, numbering=False))
        assert not list(bare.iter(f"{W}lnNumType", f"{W}shd"))

    def test_the_same_paper_is_the_same_file(self) -> None:
        assert docx.write(everything(), Layout()) == docx.write(everything(), Layout())

    def test_what_xml_cannot_hold_is_replaced_and_mark_up_is_text(self) -> None:
        found = paper(line("a\x01<b>&\ud800\tc"), title='<"&\x02')
        assert text(body(found), "t") == "a\ufffd<b>&\ufffdc"
        assert word.Document(io.BytesIO(docx.write(found, Layout()))).core_properties.title == '<"&\ufffd'


class TestBackAgain:
    """What goes out and comes back in has the same paragraphs, marks and labels."""

    @pytest.mark.parametrize("kind", sorted(KINDS))
    @pytest.mark.parametrize("level", [1, 2, 12])
    def test_a_style_says_the_kind_and_the_level(self, kind: str, level: int) -> None:
        assert kind_of(style_name(kind, level)) == (kind, level)

    def test_a_negotiating_text(self) -> None:
        source = read_text(
            "# Draft\n\nPP1 Recalling **this**,\n\nPP2 bis *Noting* that,\n\n1. Decides [to act][not to];\n\n(a) one;"
            "\n\n(i) first;\n\n(b) two;\n\n2. Текст «в срок»;\n\n7 alt 2. المادة (CMA) 6;\n\n~~struck~~ 缔约方"
        )
        assert again(of_drafts(source.drafts)) == source.drafts

    @settings(max_examples=60)
    @given(st.data())
    def test_any_text(self, data: st.DataObject) -> None:
        drafts = tuple(data.draw(st.lists(draft(), min_size=1, max_size=6)))
        assert again(of_drafts(drafts)) == drafts

    def test_accepting_gives_the_new_text_and_rejecting_the_old(self) -> None:
        lines = [
            line("Stays."),
            line(spans=[Span("One "), Span("old", (), Op.REMOVED, ARU), Span("new", (), Op.ADDED, LI)]),
            line(spans=[Span("Come.", (), Op.ADDED, LI)], op=Op.ADDED, by=LI),
            line(spans=[Span("Gone.", (), Op.REMOVED, ARU)], op=Op.REMOVED, by=ARU),
            line("Last."),
        ]
        written = docx.write(paper(*lines), Layout())
        assert texts(written, Mode.ACCEPT) == ["Stays.", "One new", "Come.", "Last."]
        assert texts(written, Mode.REJECT) == ["Stays.", "One old", "Gone.", "Last."]


def again(of: Paper) -> tuple[Draft, ...]:
    return read_word(docx.write(of, Layout()), Mode.ACCEPT, ()).drafts


def texts(content: bytes, mode: Mode) -> list[str]:
    return ["".join(run.text for run in draft.runs) for draft in read_word(content, mode, ()).drafts]


words = st.text("abв缔م [](),.;'\"&<>", min_size=1, max_size=12)


@st.composite
def draft(draw: st.DrawFn) -> Draft:
    marked = st.tuples(words, st.sets(st.sampled_from(sorted(MARKS))).map(tuple))
    runs = draw(st.lists(marked, min_size=1, max_size=3))
    whole = "".join(text for text, _ in runs)
    assume(whole.strip() == whole)  # blanks at the ends of paragraphs are taken off on the way in
    kind = draw(st.sampled_from(sorted(KINDS)))
    label = draw(st.sampled_from([None, "1.", "2.", "(a)", "(b)", "(i)", "PP4 bis", "OP7", "•", "Article 5"]))
    return Draft(merged(runs), kind, draw(st.integers(1, 4)) if kind != "title" else 1, label)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LibreOffice, installed where the machine lets us."""
    if which("soffice") is None:
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libreoffice-writer"]
        if which("apt-get") is None or subprocess.run(install, capture_output=True, check=False).returncode:
            pytest.skip("LibreOffice is not here, and cannot be installed")
    return tmp_path_factory.mktemp("office")


@pytest.mark.long
@pytest.mark.parametrize("name", ["everything", "plain", "empty", "long"])
def test_libreoffice_opens_it_and_shows_all_of_it(office: Path, name: str) -> None:
    found = {
        "everything": everything(),
        "plain": paper(line("Only this.")),
        "empty": paper(line("")),
        "long": paper(*(line(f"Paragraph {at} " * 20, "operative", 1, f"{at}.") for at in range(1, 400))),
    }[name]
    file = office / f"{name}.docx"
    file.write_bytes(docx.write(found, Layout()))
    home = f"-env:UserInstallation={(office / 'home').as_uri()}"
    ran = subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(office), str(file)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    shown = file.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert all(each.text in shown for each in found.lines)
    assert CHAIR.name not in shown
