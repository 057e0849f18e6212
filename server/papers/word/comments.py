"""Comments of a document, each with the answers to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from server.papers.source import BREAKS, CONTROLS
from server.papers.word.archive import Archive
from server.papers.word.names import Element, attribute, children, inside, name_of

LONGEST: Final = 10_000  # characters of one comment here
MOST: Final = 2_000
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
ROOM: Final = 400  # characters for the name and the day before the words


@dataclass(slots=True)
class Comment:
    """`bodies`: what was said first, and the answers; each opens with who said it and when."""

    id: str
    bodies: list[str] = field(default_factory=list)
    resolved: bool = False


def comments(archive: Archive) -> tuple[list[Comment], int, int]:
    """In order; how many had no words; how many were cut in several, for they are long."""
    part = archive.related(archive.main, "comments")
    if part is None:
        return [], 0, 0
    parents, done = _links(archive)
    threads: dict[str, Comment] = {}  # by the paragraph that others name them with
    found: list[Comment] = []
    empty = long = 0
    for element in children(archive.tree(part), "w:comment"):
        name = _last_paragraph(element)
        bodies = _bodies(element)
        empty += not bodies
        long += len(bodies) > 1
        thread = threads.get(parents.get(name, ""))
        if thread is None:
            thread = Comment(attribute(element, "w:id") or "", resolved=name in done)
            found.append(thread)
        threads[name] = thread
        thread.bodies += bodies
    return [each for each in found if each.bodies], empty, long


def _links(archive: Archive) -> tuple[dict[str, str], set[str]]:
    """Of which paragraph's comment each is an answer to; and those that are done."""
    part = archive.related(archive.main, "commentsExtended")
    parents: dict[str, str] = {}
    done: set[str] = set()
    for element in () if part is None else children(archive.tree(part), "w15:commentEx"):
        name = attribute(element, "w15:paraId") or ""
        parent = attribute(element, "w15:paraIdParent")
        if parent is not None:
            parents[name] = parent
        if attribute(element, "w15:done") in ("1", "true"):
            done.add(name)
    return parents, done


def _last_paragraph(comment: Element) -> str:
    names = [attribute(each, "w14:paraId") or "" for each in inside(comment, "w:p")]
    return names[-1] if names and names[-1] else f"?{attribute(comment, 'w:id')}"


def _bodies(comment: Element) -> Sequence[str]:
    """Cut where one would be too long."""
    text = "\n".join(_words(paragraph) for paragraph in inside(comment, "w:p")).strip()
    text = CONTROLS.sub("", BREAKS.sub("\n", text))
    if not text.strip():
        return []
    author = " ".join(CONTROLS.sub("", attribute(comment, "w:author") or "").split())[:200]
    day = DAY.match(attribute(comment, "w:date") or "")
    said = ", ".join(part for part in (author, day[0] if day else "") if part)
    size = LONGEST - ROOM
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    return [f"{said}: {part}" if said else part for part in parts if part.strip()]


def _words(paragraph: Element) -> str:
    return "".join(_letters(paragraph))


def _letters(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter():
        match name_of(element):
            case "w:t":
                yield element.text or ""
            case "w:tab":
                yield " "
            case "w:br" | "w:cr":
                yield "\n"
