"""A sheet as PDF, and a chart as a picture, set by typst from `sheet.typ`."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from server.papers.handover.sheet import Block, Chart, Heading, Moment, Sheet, Table, Words
from server.papers.out.fonts import FOLDER, choose
from server.papers.out.scripts import runs_right_to_left
from server.papers.out.setting import MEMORY, pages

TEMPLATE = Path(__file__).with_name("sheet.typ")
POINTS = 240  # that a line of the chart goes through at most


def write(sheet: Sheet, at: str) -> bytes:
    """`at`: the time that stands in the file, so that the same sheet gives the same bytes. Raises Unset."""
    return _set(_data(sheet), sheet.text, "pdf", at)


def picture(chart: Chart, at: str) -> bytes:
    """PNG. Raises Unset."""
    data = _data(Sheet("", ("",), [chart])) | {"only": "chart"}
    return _set(data, "", "png", at)


def unseen(sheet: Sheet) -> str:
    """The characters of a sheet that no font at hand can show."""
    return choose(sheet.text).unseen


def _set(data: dict[str, Any], text: str, format_: Literal["pdf", "png"], at: str) -> bytes:
    choice = choose(text)
    data |= {"families": choice.families, "unseen": [f"U+{ord(char):04X}" for char in choice.unseen]}
    timestamp = int(datetime.fromisoformat(at).timestamp())
    return pages(
        data,
        [FOLDER],
        machine=not choice.shipped,
        timestamp=timestamp,
        memory=MEMORY,
        template=TEMPLATE,
        format_=format_,
    )


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "under": sheet.under,
        "wide": sheet.wide,
        "blocks": [_block(block) for block in sheet.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"is": "heading", "text": text}
        case Words(text):
            return {"is": "words", **_cell(text)}
        case Table(head, rows, widths):
            return {
                "is": "table",
                "head": head,
                "rows": [[_cell(cell) for cell in row] for row in rows],
                "widths": widths,
            }
        case Chart(moments):
            return {"is": "chart", **_chart(moments)}


def _cell(text: str) -> dict[str, Any]:
    return {"text": text, "right": runs_right_to_left(text)}


def _chart(moments: Sequence[Moment]) -> dict[str, Any]:
    """Points from 0 to 1 in both directions: time, agreed, clean, open brackets."""
    shown = _thinned(moments)
    times = [datetime.fromisoformat(each.at).timestamp() for each in shown]
    first, span = (times[0], times[-1] - times[0] or 1.0) if times else (0.0, 1.0)
    most = max((each.pairs for each in moments), default=0)
    points = [
        [
            (time - first) / span,
            each.agreed / max(each.paragraphs, 1),
            each.clean / max(each.paragraphs, 1),
            each.pairs / max(most, 1),
        ]
        for time, each in zip(times, shown, strict=True)
    ]
    last = shown[-1] if shown else Moment("", 0, 0, 0, 0)
    return {
        "points": points if len(points) != 1 else [points[0], [1.0, *points[0][1:]]],
        "most": most,
        "agreed": last.agreed,
        "clean": last.clean,
        "pairs": last.pairs,
        "from": shown[0].at[:16].replace("T", " ") if shown else "",
        "to": last.at[:16].replace("T", " "),
    }


def _thinned(moments: Sequence[Moment]) -> list[Moment]:
    """The last one is always among them."""
    step = -(-len(moments) // POINTS) or 1
    return [*moments[:-1][::step], *moments[-1:]]
