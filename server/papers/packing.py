"""A source as JSON, on its way from one process to another: what comes out of a bounded one is data, nothing else."""

import json
from typing import Any

from crdt.compose import Draft
from crdt.paragraphs import Run
from server.errors import Code, Problem
from server.papers.source import Note, NoteCode, Remark, Source, Tracked


def packed(found: Source | Problem) -> bytes:
    if isinstance(found, Problem):
        return _written({"refused": [found.code, found.detail]})
    return _written(
        {
            "drafts": [
                [draft.kind, draft.level, draft.label, [[run.text, *run.marks] for run in draft.runs]]
                for draft in found.drafts
            ],
            "report": [[note.code, note.paragraph, note.detail] for note in found.report],
            "remarks": [
                [remark.draft, remark.start, remark.end, remark.bodies, remark.resolved] for remark in found.remarks
            ],
            "tracked": [found.tracked.insertions, found.tracked.deletions, found.tracked.authors],
        }
    )


def unpacked(data: bytes) -> Source:
    """Raises the Problem that was packed; one of its own for what is neither that nor a source."""
    try:
        said = json.loads(data)
        if "refused" in said:
            code, detail = said["refused"]
            raise Problem(Code(code), str(detail))
        return _source(said)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Problem(Code.FILE_REFUSED, "The file is refused: what came of reading it makes no sense.") from None


def _source(said: Any) -> Source:
    insertions, deletions, authors = said["tracked"]
    return Source(
        tuple(Draft(_runs(runs), str(kind), int(level), label) for kind, level, label, runs in said["drafts"]),
        tuple(Note(NoteCode(code), paragraph, str(detail)) for code, paragraph, detail in said["report"]),
        tuple(
            Remark(int(draft), int(start), int(end), tuple(map(str, bodies)), bool(resolved))
            for draft, start, end, bodies, resolved in said["remarks"]
        ),
        Tracked(int(insertions), int(deletions), tuple(map(str, authors))),
    )


def _runs(runs: Any) -> tuple[Run, ...]:
    return tuple(Run(str(text), tuple(map(str, marks))) for text, *marks in runs)


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
