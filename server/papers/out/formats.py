"""The formats of papers: what each is called, how it is sent, and what writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.papers.out import akn, docx, html, json, markdown, pdf, plaintext
from server.papers.out.paper import Layout, Paper


class Format(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MD = "md"
    TXT = "txt"
    JSON = "json"
    AKN = "akn"


@dataclass(frozen=True, slots=True)
class Written:
    """A paper in some format. `unseen`: characters of it that no font at hand can show, in order; of .pdf alone."""

    content: bytes
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a paper gets into a format. `suffix`: of the file's name."""

    media_type: str
    suffix: str
    write: Callable[[Paper, Layout], Written]


def _plain(write: Callable[[Paper, Layout], bytes]) -> Callable[[Paper, Layout], Written]:
    return lambda paper, layout: Written(write(paper, layout))


def _pdf(paper: Paper, layout: Layout) -> Written:
    return Written(pdf.write(paper, layout), pdf.unseen(paper))


WAYS: Mapping[Format, Way] = {
    Format.DOCX: Way(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", _plain(docx.write)
    ),
    Format.PDF: Way("application/pdf", ".pdf", _pdf),
    Format.HTML: Way("text/html; charset=utf-8", ".html", _plain(html.write)),
    Format.MD: Way("text/markdown; charset=utf-8", ".md", _plain(markdown.write)),
    Format.TXT: Way("text/plain; charset=utf-8", ".txt", _plain(plaintext.write)),
    Format.JSON: Way("application/json", ".json", _plain(json.write)),
    Format.AKN: Way("application/akn+xml", ".akn.xml", _plain(akn.write)),
}
