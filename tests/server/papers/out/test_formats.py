"""Papers in every other format: nothing of the text is lost, nothing in it is taken for mark-up."""

import json
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from server.errors import Problem
from server.papers.importing import read_file, read_text
from server.papers.out import pdf
from server.papers.out.fonts import FAMILIES, FOLDER, choose
from server.papers.out.formats import WAYS, Format
from server.papers.out.paper import Layout, Line, Op, Paper, Point, Shade, Span
from server.papers.out.setting import pages
from tests.server.papers.out.papers import AGREED, ARU, LI, line, of_drafts, paper, talk

DATA = Path(__file__).parents[3] / "data"
TEXT = """# Draft *decision*

## Part one

PP2 bis Recalling **this** and [that][those],

1. Decides to <act> & [report];

(a) in good faith_and_time;

(i) at * once;

2. Requests ~~nobody~~ to `stay`;

+ Not a list # nor a heading"""
SPECIAL = "#1 [x](y) <b>*a* _b_ `c` \\d & {e} ~f~ $g$ -- \"h\" 'i' //j /*k*/"


def written(format_: Format, of: Paper, **layout: bool) -> str:
    return WAYS[format_].write(of, Layout(**layout)).content.decode()


def changed() -> Paper:
    return paper(
        line(spans=[Span("stays "), Span("old", (), Op.REMOVED, ARU), Span("new", (), Op.ADDED, LI)]),
        line("come", spans=[Span("come", (), Op.ADDED, LI)], op=Op.ADDED, by=LI, label="2.", kind="operative"),
        line(spans=[Span("gone", (), Op.REMOVED, ARU)], op=Op.REMOVED, by=ARU),
        against=Point(3, "2026-11-25T04:00:00.123456Z"),
    )


def said() -> Paper:
    talks = (talk("Why <so>?\nHow?", None, "Because.", start=0, end=5, quote="Parts"),)
    lost = (talk("And this?", id="t2", text="What it was"),)
    return paper(line("Parts [of] it", talks=talks, agreed=AGREED, shades=(Shade(6, 10, 1),)), lost=lost)


class TestText:
    @pytest.mark.parametrize("format_", [Format.TXT, Format.MD])
    def test_read_again_it_is_the_same_document(self, format_: Format) -> None:
        source = read_text(TEXT) if format_ is Format.MD else read_file("a.txt", b"One.\n\n1. Two\n\n(a) three [x][y]")
        again = read_file(f"draft.{format_}", written(format_, of_drafts(source.drafts)).encode())
        assert again.drafts == source.drafts

    def test_signs_of_markdown_in_a_text_are_text(self) -> None:
        of = paper(line(SPECIAL), line("1. no list"), line("# no heading"), line("    no code"))
        again = read_file("draft.md", written(Format.MD, of).encode())
        assert ["".join(run.text for run in draft.runs) for draft in again.drafts] == [
            SPECIAL, "no list", "# no heading", "no code",
        ]  # fmt: skip

    def test_changes_are_marked_once(self) -> None:
        assert written(Format.TXT, changed()) == "stays {--old--}{++new++}\n\n{++2. come++}\n\n{--gone--}\n"
        assert written(Format.MD, changed()) == (
            "stays <del>old</del><ins>new</ins>\n\n<ins>2. come</ins>\n\n<del>gone</del>\n"
        )

    @pytest.mark.parametrize("format_", [Format.TXT, Format.MD])
    def test_comments_stand_at_the_end_under_the_number_at_their_words(self, format_: Format) -> None:
        text = written(format_, said())
        assert "Parts[^1] [of] it" in text
        assert text.index("[^1]: ") < text.index("Why") < text.index("(withdrawn)") < text.index("Because.")
        assert "[^2]: a paragraph that was deleted: “What it was”" in text


class Page(HTMLParser):
    """The text of a page, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


class TestHtml:
    def test_nothing_that_people_wrote_becomes_an_element_or_an_attribute(self) -> None:
        payloads = [each for each in (DATA / "xss_payloads.txt").read_text("utf-8").splitlines() if each]
        of = paper(*(line(each, label=each, number=each) for each in payloads), title=payloads[0], meeting=payloads[1])
        page = Page(written(Format.HTML, of))
        assert all(each in page.text for each in payloads)
        names = {name for _, attributes in page.tags for name in attributes}
        assert names == {"charset", "name", "content", "id", "dir", "class", "style", "lang"}
        tags = {tag for tag, _ in page.tags}
        assert tags == {"html", "head", "meta", "title", "style", "body", "header", "main", "p", "span"}

    def test_it_says_whose_changes_are_and_what_is_agreed(self) -> None:
        tags = Page(written(Format.HTML, changed())).tags
        assert [(tag, each["title"]) for tag, each in tags if tag in ("ins", "del")] == [
            ("del", "Aru (KAZ)"), ("ins", "Li Wei (CHN)"), ("ins", "Li Wei (CHN)"), ("ins", "Li Wei (CHN)"),
            ("del", "Aru (KAZ)"),
        ]  # fmt: skip
        agreed = next(each for _, each in Page(written(Format.HTML, said())).tags if "data-status" in each)
        assert (agreed["data-status"], agreed["title"]) == ("agreed", "agreed: Ines")
        assert 'data-depth="1"' in written(Format.HTML, said())
        assert 'class="bracket"' not in written(Format.HTML, said(), shading=False)


class TestAkomaNtoso:
    @pytest.mark.parametrize("of", [changed(), said(), of_drafts(read_text(TEXT).drafts), paper()])
    def test_it_is_valid(self, of: Paper) -> None:
        schema = etree.XMLSchema(etree.parse(DATA / "akn" / "akomantoso30.xsd"))
        root = etree.fromstring(written(Format.AKN, of).encode())
        assert schema.validate(root), schema.error_log
        named = {each.get("eId") for each in root.iter() if each.get("eId")}
        assert {each.get("refersTo", "#")[1:] for each in root.iter() if each.get("refersTo")} <= named

    def test_sections_hold_what_stands_under_their_headings(self) -> None:
        lines = [
            line("A", "heading", 1), line("a1"), line("B", "heading", 2, "1.1"), line("b1"), line("C", "heading", 1),
        ]  # fmt: skip
        root = etree.fromstring(written(Format.AKN, paper(*lines)).encode())
        outer = root.findall(".//{*}mainBody/{*}section")
        assert [each.findtext("{*}heading") for each in outer] == ["A", "C"]
        inner = outer[0].find("{*}section")
        assert inner is not None
        assert (inner.findtext("{*}num"), inner.findtext("{*}paragraph/{*}content/{*}p")) == ("1.1", "b1")


class TestPdf:
    def glyphs(self, of: Paper, **layout: bool) -> str:
        pages = pypdfium2.PdfDocument(WAYS[Format.PDF].write(of, Layout(**layout)).content)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)

    def test_the_text_is_set_as_it_stands_and_never_as_mark_up(self) -> None:
        assert SPECIAL in self.glyphs(paper(line(SPECIAL)))

    def test_pages_bear_symbol_revision_and_the_point_of_the_record(self) -> None:
        text = self.glyphs(paper(line(), against=Point(3, "2026-11-25T04:00:00.123456Z")))
        assert "A/AC.1/L.2 Rev.1" in text
        assert "Entry 214, 2026-11-26 04:00 UTC, text abababababab" in text
        assert "Compared with entry 3" in text

    def test_lines_are_numbered_unless_told_otherwise(self) -> None:
        of = paper(*(line(f"Paragraph {letter}") for letter in "abcdefghijklmnopq"))
        assert "17" in self.glyphs(of)
        assert "17" not in self.glyphs(of, numbering=False)

    def test_changes_and_comments_say_whose_they_are(self) -> None:
        text = self.glyphs(changed())
        assert "KAZ" in text
        assert "CHN" in text
        assert "Because." in self.glyphs(said())

    def test_latin_cyrillic_and_arabic_come_along(self) -> None:
        text = "Ąß «Қазақстан Ғ ў ґ» № 6 – ‘ ’ “ ” • … المادة ٦ پ‌چ ‏ ‎\u00a0\u2011 ﷺ"
        assert choose(text).families == FAMILIES
        assert choose(text).unseen == ""

    def test_what_no_font_has_is_reported_and_stands_in_the_paper(self) -> None:
        found = WAYS[Format.PDF].write(paper(line("\U0001342f and \U0001342e")), Layout())
        assert found.unseen == "\U0001342e\U0001342f"
        assert "U+1342E, U+1342F" in self.glyphs(paper(line("\U0001342f and \U0001342e")))

    def test_right_to_left_and_long_labels_and_no_text_at_all_can_be_set(self) -> None:
        lines: list[Line] = [line("المادة", label="٣."), line("", "item", 9, "x" * 60), line("\t\x01")]
        assert self.glyphs(paper(*lines))
        assert self.glyphs(paper())

    def test_a_paper_that_needs_more_memory_than_it_may_have_is_refused_with_a_sentence(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pdf, "pages", partial(pages, memory=200 << 20))
        assert self.glyphs(paper(line()))
        of = paper(*(line("Paragraph " * 50) for _ in range(400)))
        with pytest.raises(Problem, match="too long for PDF"):
            WAYS[Format.PDF].write(of, Layout())

    def test_our_own_faults_are_no_refusals(self) -> None:
        with pytest.raises(RuntimeError, match="TypstError"):
            pages({}, [FOLDER], machine=False, timestamp=0)


def test_json_holds_everything() -> None:
    found = json.loads(written(Format.JSON, said()))
    assert found["lines"][0]["talks"][0]["remarks"][2]["body"] == "Because."
    assert found["lines"][0]["agreed"]["by"]["name"] == "Ines"
    assert found["lost"][0]["text"] == "What it was"
