"""What is wrong with the brackets of a document, and how it may be mended (B4)."""

from crdt.brackets import LintCode
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.paging import Rows, next_row
from server.api.paragraphs import ParagraphId
from server.api.routing import Route
from server.api.shapes import List, Shape
from server.auth.policy import Act
from server.tables import Document


class MendShape(Shape):
    """How a lint may be mended: take `delete` characters out at `at`, put `insert` there."""

    paragraph: ParagraphId
    at: int
    delete: int
    insert: str


class LintShape(Shape):
    """Something that is wrong with the brackets of a text."""

    code: LintCode
    paragraph: ParagraphId
    start: int
    end: int
    mend: MendShape


async def list_lints(call: Call) -> Answer:
    document, query = call.thing(Document), call.query(Rows)
    text = await call.server.readings.now(document.id, document.meeting)
    page = text.reading.lints[query.after : query.after + query.limit]
    items = [
        LintShape(
            code=lint.code,
            paragraph=text.paragraphs[lint.paragraph].id,
            start=lint.start,
            end=lint.end,
            mend=MendShape(
                paragraph=text.paragraphs[lint.mend.paragraph].id,
                at=lint.mend.at,
                delete=lint.mend.delete,
                insert=lint.mend.insert,
            ),
        )
        for lint in page
    ]
    return ok(List[LintShape](items=items, next=next_row(query, len(page), len(text.reading.lints))))


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/lints",
        act=Act.READ,
        summary="What is wrong with the brackets of a document",
        handler=list_lints,
        query=Rows,
        answers={200: List[LintShape]},
    ),
)
