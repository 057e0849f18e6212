"""Papers for tests, made of a few words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crdt.compose import Draft
from crdt.paragraphs import Run
from server.papers.out.numbers import numbers
from server.papers.out.paper import Agreed, Hand, Line, Paper, Point, Remark, Shade, Span, Talk

ARU = Hand("Aru", "KAZ", "2026-11-26T04:00:00.123456Z", "Kazakhstan")
LI = Hand("Li Wei", "CHN", "2026-11-26T03:00:00.123456Z", "China")
CHAIR = Hand("Ines", None, "2026-11-26T05:00:00.123456Z")


def line(text: str = "Text.", kind: str = "body", level: int = 1, label: str | None = None, **more: Any) -> Line:
    """With its number counted as if it stood alone, unless one is given."""
    number = more.pop("number", None) or numbers([(kind, level, label)])[0]
    spans = more.pop("spans", (Span(text),))
    return Line(more.pop("id", "1-0"), kind, level, label, number, tuple(spans), **more)


def paper(*lines: Line, **more: Any) -> Paper:
    named = [replace(each, id=f"1-{place}") for place, each in enumerate(lines)]
    values: dict[str, Any] = {
        "document": "0123456789abcdef",
        "title": "Draft <decision> & more",
        "symbol": "A/AC.1/L.2",
        "meeting": "Working group",
        "body": "CICA",
        "point": Point(214, "2026-11-26T04:00:00.123456Z", "Rev.1"),
        "digest": "ab" * 32,
        "lines": tuple(named),
    }
    return Paper(**{**values, **more})


def of_drafts(drafts: Sequence[Draft]) -> Paper:
    named = numbers((draft.kind, draft.level, draft.label) for draft in drafts)
    return paper(
        *(
            line(
                "", draft.kind, draft.level, draft.label, number=number, spans=[Span(*_run(run)) for run in draft.runs]
            )
            for draft, number in zip(drafts, named, strict=True)
        )
    )


def _run(run: Run) -> tuple[str, tuple[str, ...]]:
    return run.text, run.marks


def talk(*bodies: str | None, **more: Any) -> Talk:
    return Talk(more.pop("id", "t1"), tuple(Remark(f"r{at}", ARU, body) for at, body in enumerate(bodies)), **{
        "resolved": False, **more,
    })  # fmt: skip


AGREED = Agreed("agreed", CHAIR)
SHADE = Shade(0, 4, 1)
