"""Markdown links, written out: `[the Act](https://example.org/a)` reads `the Act (https://example.org/a)`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crdt.paragraphs import Run
from server.papers.source import Block, NoteCode

LINK = re.compile(
    r"(?P<opening>!?\[)[^\[\]]{0,2000}(?P<middle>\])\("
    r"(?:https?:|ftp:|mailto:|tel:|www\.|[#/]|\.\.?/)[^\s()]{1,2000}(?:\s+\"[^\"]{0,500}\")?\)"
)


def written_out(block: Block) -> Block:
    edits: list[tuple[int, int, str]] = []
    for link in LINK.finditer(block.text):
        edits += [(*link.span("opening"), ""), (*link.span("middle"), " ")]
    if not edits:
        return block
    note = (NoteCode.LINK, f"Links written out, the address behind the words: {len(edits) // 2}.")
    return replace(block, runs=_edited(block.runs, edits), notes=(*block.notes, note))


def _edited(runs: Sequence[Run], edits: Sequence[tuple[int, int, str]]) -> tuple[Run, ...]:
    """`edits`: (start, end, text instead), in order, of one or two characters; each belongs to the run it starts in."""
    found: list[Run] = []
    queue = list(reversed(edits))
    begins = 0
    for run in runs:
        text, done = "", begins
        while queue and queue[-1][0] < begins + len(run.text):
            start, end, instead = queue.pop()
            text += run.text[max(0, done - begins) : start - begins] + instead
            done = end
        found.append(Run(text + run.text[max(0, done - begins) :], run.marks))
        begins += len(run.text)
    return tuple(found)
