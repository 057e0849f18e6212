"""What is done once before the server starts: the signing key, the schema, a way in for the first secretariat."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from server import times
from server.api.drafting import drafted
from server.api.imports import is_word
from server.api.invitations import add, join_url, prepared
from server.api.parties import Parties
from server.api.readings import parties
from server.api.remarks import imported, remarks
from server.auth.credentials import ADMIN, ADMIN_ID, ensure_admin
from server.config import Settings, SettingsError
from server.demo import meeting as demo
from server.errors import not_found
from server.papers.bounded import Readers
from server.papers.importing import read_file
from server.papers.packing import unpacked
from server.papers.source import Source
from server.proof import signer_of
from server.rooms.author import author_of
from server.store import Store, documents, invitations, meetings
from server.store.schema import hold
from server.tables import Document, Invitation, Role, new_id

FIRST_LINK_SECONDS = 7 * 24 * 3600


async def prepare(settings: Settings) -> list[str]:
    """Makes the schema in an empty database. The lines that whoever starts the server should read.

    Raises WrongSchema, Unavailable, SettingsError.
    """
    signer_of(settings)
    notes = _notes(settings)
    store = await Store.open(settings.database_url)
    try:
        if settings.admin_token is not None:
            await store.write(ensure_admin)
        if settings.demo:
            return notes + await store.write(lambda connection: _demonstration(connection, settings))
        if settings.admin_token is not None:
            return notes
        link = await first_link(store, settings)
        return notes if link is None else [*notes, f"Sign in as the secretariat (this link works once): {link}"]
    finally:
        await store.close()


def _notes(settings: Settings) -> list[str]:
    """What several processes do without. Raises SettingsError when they cannot be."""
    if settings.workers == 1:
        return []
    if settings.database_url.startswith("sqlite:"):
        raise SettingsError(
            "ROLLINGTEXT_WORKERS: several processes share a PostgreSQL database; name one, or start one"
        )
    if not settings.redis:
        return [
            "Without Redis (--redis) what one process writes is seen in the others up to two seconds later, "
            "and who is there is known in each alone."
        ]
    return []


def _demonstration(connection: Connection, settings: Settings) -> list[str]:
    hold(connection)
    demo.load(connection)
    return ["Sign in (these links hold for a day):", *demo.links(connection, settings.base_url)]


async def first_link(store: Store, settings: Settings) -> str | None:
    """A link for the secretariat, where nobody acts for it and nobody can by a link that stands; else none."""
    invitation, token = prepared(None, Role.SECRETARIAT, expires_in=FIRST_LINK_SECONDS, max_uses=1)

    def work(connection: Connection) -> bool:
        hold(connection)
        if invitations.secretariat_exists(connection, times.now()):
            return False
        add(connection, invitation)
        return True

    return join_url(settings.base_url, token) if await store.write(work) else None


async def import_file(
    settings: Settings, file: Path, meeting: str, title: str, symbol: str | None, tracked: str, *, save: bool
) -> tuple[str | None, Source]:
    """Makes a document, for the administrator; its id, none where nothing is to be saved, and what was read.

    Raises Problem, WrongSchema, Unavailable.
    """
    store = await Store.open(settings.database_url, may_create=False)

    def look(connection: Connection) -> Parties:
        if meetings.find(connection, meeting) is None:
            raise not_found("meeting")
        return parties(connection, meeting)

    try:
        named = await store.read(look)
        source = await read_any(file, tracked, named)
        written = drafted(source, named)
        document = Document(
            id=new_id(), meeting=meeting, title=title, symbol=symbol, created_at=times.now(), created_by=ADMIN_ID
        )

        def work(connection: Connection) -> None:
            ensure_admin(connection)
            said = remarks(document, author_of(ADMIN), written.spoken, {code for code, _ in named})
            documents.add(connection, document, written.update, said.drafts, (*said.also, imported(document, written)))

        if save:
            await store.write(work)
        return document.id if save else None, source
    finally:
        await store.close()


async def read_any(file: Path, tracked: str = "accept", named: Parties = ()) -> Source:
    """A .docx is read by a bounded process, like over REST. Raises Problem, OSError."""
    content = await asyncio.to_thread(file.read_bytes)
    if is_word(file.name):
        return unpacked(await Readers().read(content, tracked, named))
    return await asyncio.to_thread(read_file, file.name, content)


async def invite(settings: Settings, invitation: Invitation, token: str) -> str:
    """Puts a prepared invitation into the database; its link. Raises Problem, WrongSchema, Unavailable."""
    store = await Store.open(settings.database_url, may_create=False)

    def work(connection: Connection) -> None:
        if invitation.meeting is not None and meetings.find(connection, invitation.meeting) is None:
            raise not_found("meeting")
        add(connection, invitation)

    try:
        await store.write(work)
    finally:
        await store.close()
    return join_url(settings.base_url, token)
