"""The way in: the bytes of a .docx become a source. Raises Problem for whatever cannot be taken."""

from collections.abc import Iterable, Sequence
from typing import Final

from crdt.brackets import Register
from crdt.paragraphs import Run
from server.errors import Code, Problem
from server.papers.labelling import Labeller
from server.papers.source import Block, Note, NoteCode, Remark, Source, Tracked, bounded
from server.papers.word.archive import Archive
from server.papers.word.body import Body
from server.papers.word.changes import Mode
from server.papers.word.comments import MOST, Comment, comments
from server.papers.word.inline import Story
from server.papers.word.names import Element, attribute, inside, name_of
from server.papers.word.numbering import Numbering
from server.papers.word.styles import Styles
from server.papers.word.told import Told

NOTES: Final = {"w:footnoteReference": ("footnotes", "w:footnote"), "w:endnoteReference": ("endnotes", "w:endnote")}
SAID: Final = {Mode.ACCEPT: "accepted", Mode.REJECT: "rejected", Mode.BRACKETS: "put in brackets"}
NAMED: Final = 12  # authors of changes in the report


def read_word(content: bytes, mode: Mode, parties: Iterable[tuple[str, str]]) -> Source:
    """`parties`: code and name of the meeting's delegations, by which the authors of changes are known."""
    archive = Archive(content)
    styles = Styles(_tree(archive, "styles"))
    story = Story(mode, styles, Register.of(parties), archive.relations(archive.main), Told(mode))
    body = Body(story, Numbering(_tree(archive, "numbering"), styles))
    for element in archive.blocks():
        body.take(element)
    blocks = [*body.end(), *_notes(archive, story, body)]
    _headers(archive, story)
    labelled = Labeller().take(bounded(blocks))
    said, empty, long = comments(archive)
    if len(said) > MOST:
        raise Problem(Code.TOO_LARGE, f"The file has more than {MOST:,} comments: remove those that are done with.")
    remarks = [_remark(each, labelled, story) for each in said if labelled.drafts]
    for what, count in (("empty", empty), ("whole", long)):
        for _ in range(count):
            story.told.count(what)
    tracked = Tracked(story.came, story.went, tuple(author for author in story.authors if author))
    report = (*_tracked(tracked, mode), *_counted(remarks), *story.told.notes(), *labelled.notes)
    return Source(tuple(labelled.drafts), report, tuple(remarks), tracked)


def _tree(archive: Archive, kind: str) -> Element | None:
    part = archive.related(archive.main, kind)
    return None if part is None else archive.tree(part)


def _notes(archive: Archive, story: Story, body: Body) -> list[Block]:
    """What the footnotes and endnotes say that are referred to, in the order of their numbers."""
    found: list[Block] = []
    trees = {name: _tree(archive, part) for name, (part, _) in NOTES.items()}
    known = {
        (name, attribute(element, "w:id") or ""): element
        for name, tree in trees.items()
        if tree is not None
        for element in tree
        if name_of(element) == NOTES[name][1]
    }
    for place, number in list(story.numbers.items()):
        story.told.count("notes")
        said = body.within(known.get(place, ()))
        words = [block for block in said if block.text]
        for at, block in enumerate(words):
            mark = f"[^{number}] " if at == 0 else ""
            remarks = tuple((id_, start + len(mark), end + len(mark)) for id_, start, end in block.remarks)
            found.append(Block((Run(mark), *block.runs) if mark else block.runs, remarks=remarks))
    return found


def _headers(archive: Archive, story: Story) -> None:
    """They are no part of the text; that they are left out is said, with their words."""
    if story.styles.ours:
        return
    for relation in archive.relations(archive.main).values():
        if relation.kind in ("header", "footer") and not relation.outside and archive.has(relation.target):
            words = " ".join(text.text or "" for text in inside(archive.tree(relation.target), "w:t"))
            if any(sign.isalpha() for sign in words):
                story.told.count("headers", words)


def _remark(comment: Comment, labelled: Labeller, story: Story) -> Remark:
    place = labelled.remarks.get(comment.id)
    if place is None:
        place = (0, 0, 0)
        story.told.count("loose")
    draft, start, end = place
    return Remark(draft, start, end, tuple(comment.bodies), comment.resolved)


def _tracked(tracked: Tracked, mode: Mode) -> Sequence[Note]:
    if not tracked.insertions and not tracked.deletions:
        return ()
    by = ", ".join(tracked.authors[:NAMED]) + (" …" if len(tracked.authors) > NAMED else "")
    told = (
        f"Tracked changes were {SAID[mode]}: insertions {tracked.insertions}, deletions {tracked.deletions}"
        f"{f', by {by}' if by else ''}."
    )
    return (Note(NoteCode.TRACKED, None, told),)


def _counted(remarks: Sequence[Remark]) -> Sequence[Note]:
    if not remarks:
        return ()
    answers = sum(len(remark.bodies) - 1 for remark in remarks)
    told = (
        f"Comments became threads that everybody sees, each under its author's name: {len(remarks)}, answers {answers}."
    )
    return (Note(NoteCode.COMMENTS, None, told),)
