"""A proof to hand out: a statement, its signature, the record that it is true of, and the means to check it."""

import asyncio
import io
import zipfile

from sqlalchemy import Connection

from crdt.proof import fingerprint, line
from server.errors import not_found
from server.proof import script
from server.proof.checker import NAME, checker
from server.proof.drafting import handed_on
from server.proof.keys import pem
from server.store import Store, snapshots, statements

README = """\
This is a proof of how a text read, which Rolling Text has handed out.

statement.json   what is stated: the text paragraph by paragraph, what was agreed on, which brackets were open, and
                 every deletion since the labelled snapshot before, with its author and time
statement.sig    the server's signature of it (Ed25519, 64 bytes)
public-key.pem   the key that it was made with; its fingerprint is
                 {fingerprint}
record.jsonl     the record from its first entry to the labelled snapshot, one entry a line; what was said in comments
                 is left out, and its digest stands for it
check.pyz        checks all this; needs Python 3.11 or newer and nothing else:

    python3 check.pyz PROOF.zip --key FINGERPRINT

Take the checker and the fingerprint from somewhere else than this proof: from another copy of Rolling Text
(`rollingtext checker check.pyz`), from the minutes of the meeting. The signature alone can also be checked by OpenSSL:

    openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in statement.json -sigfile statement.sig
"""


def bundled(url: str, snapshot: str) -> bytes:
    """The ZIP of a snapshot whose statement was signed; for the process beside. Raises Problem, Unavailable."""
    return asyncio.run(_bundled(url, snapshot))


async def _bundled(url: str, snapshot: str) -> bytes:
    store = await Store.open(url, may_create=False)
    try:
        content = await store.read(lambda connection: files(connection, snapshot))
    finally:
        await store.close()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def files(connection: Connection, snapshot: str) -> dict[str, bytes]:
    """By name. Raises Problem."""
    row, statement = snapshots.find(connection, snapshot), statements.find(connection, snapshot)
    if row is None or statement is None:
        raise not_found("statement")
    record = "".join(f"{line(entry)}\n" for entry in handed_on(connection, row.document, row.seq))
    return {
        "README.txt": README.format(fingerprint=fingerprint(statement.public_key)).encode(),
        script.STATEMENT: statement.body,
        script.SIGNATURE: statement.signature,
        script.KEY: pem(statement.public_key).encode(),
        script.RECORD: record.encode(),
        NAME: checker(),
    }
