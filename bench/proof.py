"""What it costs to sign, hand out and check a labelled snapshot of a long record, to pack it for handing over, and to
back it up.

python -m bench.proof [entries]    # JSON, a line for each scenario; seconds and bytes

`paragraphs`: 800 paragraphs of which a third was rewritten; `entries`: so many keystrokes. The server does all of it
but the checking in a process beside; the checker is run as an outsider runs it.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.crdt_core import history
from bench.redline import follow, recorded, rewritten
from server import times
from server.auth.credentials import ADMIN_ID
from server.backup import back_up
from server.config import Settings
from server.history import Shelf
from server.papers.handover.packing import pack
from server.proof import signer_of
from server.proof.bundle import bundled
from server.proof.checker import checker
from server.proof.drafting import drafted
from server.rooms.opening import open_document
from server.rooms.snapshots import row, said
from server.rooms.standing import written
from server.store import EntryDraft, Store, snapshots, statements
from server.tables import EntryKind, SnapshotRow, StatementRow


def main(entries: int) -> None:
    for name, updates in (("paragraphs", rewritten()), ("entries", history(entries)[0])):
        with tempfile.TemporaryDirectory() as folder:
            figures = asyncio.run(_measure(updates, Path(folder)))
            print(json.dumps({"scenario": name, "entries": len(updates), **figures}))


async def _measure(updates: Sequence[bytes], folder: Path) -> dict[str, Any]:
    signer = signer_of(Settings(data_dir=folder))
    url = f"sqlite:///{folder / 'proof.db'}"
    store = await Store.open(url)
    middle = len(updates) // 2
    document = await store.write(lambda connection: recorded(connection, updates[:middle]))
    await _label(store, document, "Rev.1")
    await store.write(lambda connection: follow(connection, document, updates[middle:]))
    snapshot = await _label(store, document, "Rev.2")
    body, signing = await _timed(drafted, url, snapshot.id, signer.fingerprint, times.now())
    statement = StatementRow(
        snapshot=snapshot.id, body=body, signature=signer.sign(body), public_key=signer.public_key, at=times.now()
    )
    await store.write(lambda connection: statements.add(connection, statement))
    proof, bundling = await _timed(bundled, url, snapshot.id)
    (folder / "proof.zip").write_bytes(proof)
    (folder / "check.pyz").write_bytes(checker())
    command = [sys.executable, "-I", "-S", str(folder / "check.pyz"), str(folder / "proof.zip")]
    checked, checking = await _timed(subprocess.run, command, capture_output=True)
    assert checked.returncode == 0, checked.stdout
    begun = time.perf_counter()
    packed = await pack(Shelf(store), document, [], snapshot.id)
    packing = time.perf_counter() - begun
    begun = time.perf_counter()
    backup = await back_up(url, folder / "backup.db")
    backing_up = time.perf_counter() - begun
    assert backup.sound
    await store.close()
    return {
        "sign_s": signing,
        "statement_bytes": len(body),
        "proof_s": bundling,
        "proof_bytes": len(proof),
        "check_s": checking,
        "package_s": round(packing, 2),
        "package_bytes": len(packed.content),
        "backup_s": round(backing_up, 2),
        "backup_bytes": backup.size,
    }


async def _timed(call: Any, *arguments: Any, **named: Any) -> tuple[Any, float]:
    begun = time.perf_counter()
    found = await asyncio.to_thread(call, *arguments, **named)
    return found, round(time.perf_counter() - begun, 2)


async def _label(store: Store, document: str, label: str) -> SnapshotRow:
    opened = await open_document(store, document)
    at, sight = times.now(), opened.document.brackets.sight()
    made = row(document, opened.head.seq + 1, at, ADMIN_ID, sight, label)
    draft = EntryDraft(EntryKind.SNAPSHOT, ADMIN_ID, at, written(said(made)))
    await store.append(document, opened.head, [draft], [snapshots.addition(made)])
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
