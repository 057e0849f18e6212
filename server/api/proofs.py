"""Proofs: what was signed of labelled snapshots, the key, and the means to check it anywhere."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence

from pydantic import Field

from crdt.proof import fingerprint
from server.api.answers import Answer, file, ok
from server.api.calls import Call
from server.api.routing import Open, Route
from server.api.shapes import Id, Shape, Time
from server.auth.policy import Act
from server.proof.bundle import bundled
from server.proof.checker import NAME, checker
from server.proof.keys import pem
from server.store import documents, statements
from server.tables import SnapshotRow

ZIP, PYTHON = "application/zip", "application/octet-stream"


class KeyShape(Shape):
    """A public key. `current`: it is the one with which this server signs now."""

    fingerprint: str = Field(description="SHA-256 of its 32 bytes, in hexadecimal")
    algorithm: str
    pem: str = Field(description="As OpenSSL reads it")
    current: bool


class KeysShape(Shape):
    """All keys with which statements of this server were signed."""

    items: Sequence[KeyShape]


class StatementShape(Shape):
    """What was signed, byte for byte: `statement` in UTF-8 is what `signature` is of."""

    snapshot: Id
    statement: str
    signature: str = Field(description="Ed25519, in base64")
    key: str = Field(description="The fingerprint of the key")
    signed_at: Time


async def list_keys(call: Call) -> Answer:
    own = call.server.statements.signer.public_key
    used = await call.read(statements.keys)
    items = [_key(key, current=key == own) for key in (own, *sorted(used - {own}))]
    return ok(KeysShape(items=items))


def _key(key: bytes, *, current: bool) -> KeyShape:
    return KeyShape(fingerprint=fingerprint(key), algorithm="Ed25519", pem=pem(key), current=current)


async def get_statement(call: Call) -> Answer:
    row = await call.server.statements.of(call.thing(SnapshotRow))
    shape = StatementShape(
        snapshot=row.snapshot,
        statement=row.body.decode(),
        signature=b64encode(row.signature).decode("ascii"),
        key=fingerprint(row.public_key),
        signed_at=row.at,
    )
    return await asyncio.to_thread(ok, shape)


async def get_proof(call: Call) -> Answer:
    snapshot, server = call.thing(SnapshotRow), call.server
    await server.statements.of(snapshot)
    document = await call.read(lambda connection: documents.find(connection, snapshot.document))
    content = await server.aside.run(bundled, server.store.url, snapshot.id)
    name = f"{document.symbol or document.title} {snapshot.label}" if document else snapshot.id
    return file(content, ZIP, f"{name} proof.zip")


async def get_checker(call: Call) -> Answer:
    return file(await asyncio.to_thread(checker), PYTHON, NAME)


ROUTES = (
    Route(
        method="GET",
        path="/api/keys",
        act=Open.ANYONE,
        summary="The public keys of this server's statements",
        handler=list_keys,
        answers={200: KeysShape},
    ),
    Route(
        method="GET",
        path="/api/checker",
        act=Open.ANYONE,
        summary="The program that checks a proof; it needs Python 3.11 alone",
        handler=get_checker,
        answers={200: None},
        files=(PYTHON,),
    ),
    Route(
        method="GET",
        path="/api/snapshots/{snapshot}/statement",
        act=Act.READ,
        summary="What was signed of a labelled snapshot",
        handler=get_statement,
        answers={200: StatementShape},
    ),
    Route(
        method="GET",
        path="/api/snapshots/{snapshot}/proof",
        act=Act.READ,
        summary="The statement with the record that proves it, and the means to check both",
        handler=get_proof,
        answers={200: None},
        files=(ZIP,),
    ),
)
