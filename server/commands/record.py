"""Commands that prove the record, and that keep it."""

from collections.abc import Collection
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from server import verifying
from server.backup import back_up, restore
from server.commands.terminal import FAILED, AsJson, Database, DataDir, app, run, say, settings_of
from server.config import Settings
from server.errors import not_found
from server.proof.checker import NAME, checker
from server.store import Store
from server.verifying import Finding


@app.command()
def verify(
    document: Annotated[
        list[str] | None, typer.Argument(help="Ids of documents; none: all", show_default=False)
    ] = None,
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Recompute every hash of the record and rebuild every document from its first entry (R3)."""
    settings = settings_of(database=database, data_dir=data_dir)
    findings = run(_verified(settings, document or []), as_json=as_json)
    say({"documents": [asdict(each) for each in findings]}, _verdicts(findings), as_json=as_json)
    if any(each.failed is not None for each in findings):
        raise typer.Exit(FAILED)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to; there must be none yet")],
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy the whole database into one file, also while the server runs, then open the copy and verify it."""
    settings = settings_of(database=database, data_dir=data_dir)
    made = run(back_up(settings.database_url, file), as_json=as_json)
    found = {"file": str(made.file), "bytes": made.size, "documents": [asdict(each) for each in made.findings]}
    say(found, [f"{made.file}: {made.size:,} bytes", *_verdicts(made.findings)], as_json=as_json)
    if not made.sound:
        raise typer.Exit(FAILED)


@app.command("restore")
def restore_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A backup")],
    broken: Annotated[bool, typer.Option("--broken", help="Also when a document in it does not verify")] = False,
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Verify a backup and have it back, where there is no database yet."""
    settings = settings_of(database=database, data_dir=data_dir)
    made = run(restore(file, settings.database_url, broken=broken), as_json=as_json)
    said = "It is restored." if made.done else "Nothing was restored; --broken restores it as it is."
    found = {"restored": made.done, "documents": [asdict(each) for each in made.findings]}
    say(found, [*_verdicts(made.findings), said], as_json=as_json)
    if not made.done:
        raise typer.Exit(FAILED)


@app.command("checker")
def checker_(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to")] = Path(NAME),
    as_json: AsJson = False,
) -> None:
    """Write the program with which anybody checks a proof; it needs Python 3.11 alone."""
    content = checker()
    try:
        file.write_bytes(content)
    except OSError as error:
        typer.echo(f"rollingtext: cannot write {file}: {error.strerror}", err=True)
        raise typer.Exit(FAILED) from None
    digest = sha256(content).hexdigest()
    say({"file": str(file), "sha256": digest}, [f"{file}: SHA-256 {digest}"], as_json=as_json)


async def _verified(settings: Settings, chosen: Collection[str]) -> list[Finding]:
    """Raises Problem when one that was asked for is not there."""
    store = await Store.open(settings.database_url, may_create=False)
    try:
        known = dict(await verifying.documents(store))
        if unknown := set(chosen) - known.keys():
            raise not_found(f"document as {', '.join(sorted(unknown))}")
        return [await verifying.verify(store, document, known[document]) for document in chosen or known]
    finally:
        await store.close()


def _verdicts(findings: Collection[Finding]) -> list[str]:
    lines = [
        f"{each.document}  {each.title}: "
        + (
            f"{each.entries} entries, {each.statements} statements, all right"
            if each.failed is None
            else f"FAILS at {each.failed}: {each.reason}"
        )
        for each in findings
    ]
    return lines or ["There are no documents."]
