"""Paragraphs for tests of what reads them, written as plain text."""

import re

from crdt.paragraphs import Paragraph, Run, digest

EMPHASIS = re.compile(r"\*\*(.+?)\*\*")
HEADING = re.compile(r"(#+) ")


def paragraph(text: str, index: int = 0, kind: str = "body", level: int = 1) -> Paragraph:
    return of_runs((Run(text),) if text else (), index, kind, level)


def of_runs(runs: tuple[Run, ...], index: int = 0, kind: str = "body", level: int = 1) -> Paragraph:
    text = "".join(run.text for run in runs)
    return Paragraph(f"7-{index}", index, kind, level, None, text, runs, digest(kind, level, None, runs))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Parted by blank lines; `##` makes a heading of that level, `**` is only taken off."""
    found = []
    for index, part in enumerate(text.split("\n\n")):
        plain = EMPHASIS.sub(r"\1", part)
        match = HEADING.match(plain)
        if match:
            found.append(paragraph(plain[match.end() :], index, "heading", len(match[1])))
        else:
            found.append(paragraph(plain, index))
    return tuple(found)
