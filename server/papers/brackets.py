"""The brackets of a paper, read as those of a document are: for those who only want the counts."""

from dataclasses import asdict
from typing import Any

from crdt.brackets import Register, count, read, text_of
from crdt.compose import Draft
from crdt.paragraphs import Paragraph, digest
from server.papers.source import Source
from server.register import cica

SHOWN = 100  # characters of a bracket in a line


def bracketed(source: Source) -> dict[str, Any]:
    """Counts (B6), brackets and lints, as JSON. Paragraphs are named by their number, from 1."""
    paragraphs = tuple(_paragraph(index, draft) for index, draft in enumerate(source.drafts))
    reading = read(paragraphs, Register.of([(code, name) for code, name, _ in cica()]))
    brackets = [
        {
            "paragraph": bracket.first + 1,
            "end_paragraph": bracket.last + 1,
            "start": bracket.start,
            "end": bracket.end,
            "depth": bracket.depth,
            "kind": bracket.kind,
            "run_class": bracket.run_class,
            "attribution": [asdict(each) for each in bracket.attribution],
            "text": text_of(bracket, paragraphs),
        }
        for bracket in reading.brackets
    ]
    lints = [
        {"code": lint.code, "paragraph": lint.paragraph + 1, "start": lint.start, "end": lint.end}
        for lint in reading.lints
    ]
    return {"counts": asdict(count(reading, paragraphs)), "brackets": brackets, "lints": lints}


def _paragraph(index: int, draft: Draft) -> Paragraph:
    same = digest(draft.kind, draft.level, draft.label, draft.runs)
    return Paragraph(str(index), index, draft.kind, draft.level, draft.label, draft.text, draft.runs, same)


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people: the counts, then a line for each bracket and lint."""
    counts = [f"{name.replace('_', ' ')}: {number}" for name, number in found["counts"].items()]
    brackets = [f"{each['paragraph']:>5}  {each['kind']:12} {_short(each['text'])}" for each in found["brackets"]]
    lints = [f"{each['paragraph']:>5}  {each['code']} at {each['start']}" for each in found["lints"]]
    return [*counts, *(["", *brackets] if brackets else []), *(["", *lints] if lints else [])]


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else f"{one_line[: SHOWN - 1]}…"
