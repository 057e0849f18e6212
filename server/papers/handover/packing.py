"""The package itself. The work of seconds: a server has it done in the process beside."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.errors import Code, Problem
from server.history import Shelf
from server.papers.handover import docx, pdf
from server.papers.handover.matrix import as_csv, matrix, reservations
from server.papers.handover.report import report
from server.papers.handover.sheet import Moment, Sheet
from server.papers.handover.state import State, state_of
from server.papers.out.exporting import UNNAMEABLE
from server.papers.out.formats import WAYS, Format
from server.papers.out.gathering import Wanted, gather
from server.papers.out.paper import Layout
from server.papers.out.setting import Unset
from server.proof.bundle import files
from server.store import snapshots

FIRST = "1"
"""The entry with the text as it came."""


TOO_LONG = "It would be too long for PDF; see the .docx."


@dataclass(frozen=True, slots=True)
class Packed:
    """`seq`: after which entry of the record; `unseen`: characters that no font at hand can show."""

    name: str
    content: bytes
    seq: int
    unseen: str


@dataclass
class Parcel:
    """What goes into the ZIP, by name; `notes`: what its reader must know."""

    state: State
    content: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)

    def sheet(self, name: str, sheet: Sheet) -> None:
        self.content[f"{name}.docx"] = docx.write(sheet, self.state.at)
        try:
            self.content[f"{name}.pdf"] = pdf.write(sheet, self.state.at)
        except Unset:
            self.refuse(f"{name}.pdf", TOO_LONG)
        self.unseen |= set(pdf.unseen(sheet))

    def refuse(self, name: str, why: str) -> None:
        """Instead of a part there is a file that says why there is none."""
        self.content[f"{name} - none.txt"] = f"{why}\n".encode()
        self.notes.append(f"{name}: {why}")


async def pack(shelf: Shelf, document: str, moments: Sequence[Moment], proof: str | None) -> Packed:
    """`moments`: the progress; `proof`: the labelled snapshot to prove, whose statement is signed.

    Raises Problem, Unavailable, Diverged.
    """
    state = await state_of(shelf.store, document)
    parcel = Parcel(state)
    parcel.sheet("1 Report", report(state, moments))
    await _text(shelf, parcel, "2 Clean text", clean=True)
    await _text(shelf, parcel, "3 Bracketed text")
    await _text(shelf, parcel, "4 Changes since the first version", against=FIRST)
    parcel.sheet("5 Positions", matrix(state))
    parcel.content["5 Positions.csv"] = as_csv(state)
    parcel.sheet("6 Reservations", reservations(state))
    await _proof(shelf, parcel, proof)
    unseen = "".join(sorted(parcel.unseen))
    if unseen:
        codes = ", ".join(f"U+{ord(char):04X}" for char in unseen)
        parcel.notes.append(f"No font at hand shows these characters, which stand as boxes in the PDFs: {codes}.")
    name = UNNAMEABLE.sub("-", f"{state.name} hand-over").strip(" .")
    return Packed(f"{name}.zip", _zipped(parcel), state.seq, unseen)


async def _text(shelf: Shelf, parcel: Parcel, name: str, *, clean: bool = False, against: str | None = None) -> None:
    state = parcel.state
    wanted = Wanted(state.document.id, str(state.seq), against, comments=False, clean=clean)
    try:
        paper = await gather(shelf, wanted)
    except Problem as problem:
        if problem.code is not Code.OPEN_BRACKETS:
            raise
        parcel.refuse(name, f"There is no clean text yet. {problem.detail}")
        return
    for format_ in (Format.DOCX, Format.PDF):
        file = f"{name}{WAYS[format_].suffix}"
        try:
            written = WAYS[format_].write(paper, Layout(shading=not clean))
        except Problem as problem:
            if problem.code is not Code.TOO_LARGE:
                raise
            parcel.refuse(file, TOO_LONG)
            continue
        parcel.content[file] = written.content
        parcel.unseen |= set(written.unseen)


async def _proof(shelf: Shelf, parcel: Parcel, proof: str | None) -> None:
    name = "7 Proof"
    if proof is None:
        parcel.refuse(name, "The chair has labelled no snapshot, and only those are signed.")
        return
    row = await shelf.store.read(lambda connection: snapshots.find(connection, proof))
    content = await shelf.store.read(lambda connection: files(connection, proof))
    parcel.content |= {f"{name}/{each}": data for each, data in content.items()}
    if row is not None and row.seq != parcel.state.seq:
        parcel.notes.append(f"{name}: it is of {row.label}, entry {row.seq}; the document has gone on since.")


def _zipped(parcel: Parcel) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("README.txt", _readme(parcel)), *sorted(parcel.content.items())):
            archive.writestr(name, content)
    return file.getvalue()


def _readme(parcel: Parcel) -> bytes:
    lines = [
        *parcel.state.under,
        "",
        "What was said in comments is not in this package.",
        *parcel.notes,
        "",
        *sorted(name for name in parcel.content if not name.startswith("7 Proof/")),
    ]
    if any(name.startswith("7 Proof/") for name in parcel.content):
        lines.append("7 Proof/README.txt: what the proof is, and how to check it")
    return ("\n".join(lines) + "\n").encode()
