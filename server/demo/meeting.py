"""A session of a Special Working Group of CICA. Its three drafts were written for it and quote no real text."""

from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import Connection

from server import times
from server.api.drafting import drafted
from server.api.invitations import add, join_url, prepared
from server.api.readings import parties
from server.auth.credentials import ADMIN_ID, ensure_admin
from server.papers.importing import read_file
from server.register import cica
from server.store import documents, meetings
from server.tables import Delegation, Document, Meeting, Role, new_id

MEETING_ID = "0000000000000c1a"  # its own, so that it is found again
LINK_SECONDS = 24 * 3600
LINK_USES = 20


@dataclass(frozen=True, slots=True)
class _Paper:
    file: str
    title: str
    symbol: str


@dataclass(frozen=True, slots=True)
class _Guest:
    name: str
    role: Role
    delegation: str | None = None


PAPERS = (
    _Paper("memorandum.md", "Memorandum of Understanding on a Partnership Network of Universities", "CICA/SWG/3/L.1"),
    _Paper("environment.md", "Outcome Document of the High-Level Dialogue on Environmental Issues", "CICA/SWG/3/L.2"),
    _Paper("action-plan.md", "Action Plan on Connectivity and Trade Facilitation", "CICA/SWG/3/L.3"),
)
GUESTS = (
    _Guest("Secretariat", Role.SECRETARIAT),
    _Guest("Chair", Role.CHAIR),
    _Guest("Delegate of Kazakhstan", Role.DELEGATE, "KAZ"),
    _Guest("Delegate of India", Role.DELEGATE, "IND"),
    _Guest("Observer of Japan", Role.OBSERVER, "JPN"),
)


def load(connection: Connection) -> None:
    """Makes the meeting with its documents, unless it is there."""
    if meetings.find(connection, MEETING_ID) is not None:
        return
    ensure_admin(connection)
    meeting = Meeting(
        id=MEETING_ID,
        title="Special Working Group, third session",
        body="Conference on Interaction and Confidence Building Measures in Asia",
        created_at=times.now(),
    )
    delegations = [
        Delegation(meeting=MEETING_ID, code=code, name=name, kind=kind, place=place)
        for place, (code, name, kind) in enumerate(cica())
    ]
    meetings.add(connection, meeting, delegations)
    for paper in PAPERS:
        _add(connection, paper)


def links(connection: Connection, origin: str) -> list[str]:
    """A new link for each guest, one line each; they hold for a day."""
    lines = []
    for guest in GUESTS:
        invitation, token = prepared(
            MEETING_ID,
            guest.role,
            delegation=guest.delegation,
            name=guest.name,
            expires_in=LINK_SECONDS,
            max_uses=LINK_USES,
        )
        add(connection, invitation)
        lines.append(f"{guest.name + ':':24}{join_url(origin, token)}")
    return lines


def _add(connection: Connection, paper: _Paper) -> None:
    content = (files("server.demo") / "drafts" / paper.file).read_bytes()
    written = drafted(read_file(paper.file, content), parties(connection, MEETING_ID))
    document = Document(
        id=new_id(),
        meeting=MEETING_ID,
        title=paper.title,
        symbol=paper.symbol,
        created_at=times.now(),
        created_by=ADMIN_ID,
    )
    documents.add(connection, document, written.update)
