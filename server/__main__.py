"""The command `rollingtext` (C2, C4). Exit status: 0 done, 1 it failed or found something wrong, 2 asked wrongly."""

import asyncio
import json
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from server import config, logs, serving, starting, verifying
from server.api.imports import reported
from server.api.invitations import LONGEST, MOST_USES, prepared
from server.api.shapes import OneLine
from server.app import build
from server.backup import back_up, restore
from server.config import Settings, SettingsError
from server.doctor import State, examine
from server.errors import Problem, not_found
from server.history import Shelf
from server.papers.brackets import bracketed
from server.papers.brackets import lines as lines_of
from server.papers.out.exporting import Exported, export
from server.papers.out.formats import Format
from server.papers.out.gathering import HEAD, Wanted
from server.papers.out.paper import Layout
from server.papers.source import shortened
from server.papers.word.changes import Mode
from server.proof.checker import NAME, checker
from server.store import Store, Unavailable, WrongSchema, migrate
from server.tables import Role
from server.verifying import Finding
from server.workers import Workers, listening

T = TypeVar("T")

FAILED, ASKED_WRONGLY = 1, 2

app = typer.Typer(
    name="rollingtext",
    help="A real-time drafting server for negotiations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Database = Annotated[str | None, typer.Option(help="sqlite:///FILE or postgresql://…", show_default=False)]
DataDir = Annotated[Path | None, typer.Option(help="Where SQLite's file lies", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON")]


def main() -> None:
    app()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on", show_default=False)] = None,
    database: Database = None,
    redis: Annotated[str | None, typer.Option(help="redis://…, for more than one process", show_default=False)] = None,
    data_dir: DataDir = None,
    workers: Annotated[int | None, typer.Option(help="Processes that share the port", show_default=False)] = None,
    demo: Annotated[bool, typer.Option("--demo", help="With a demonstration meeting")] = False,
    as_json: AsJson = False,
) -> None:
    """Serve until a signal comes. An empty database is set up; an older one is refused."""
    settings = _settings(
        host=host, port=port, database=database, redis=redis, data_dir=data_dir, workers=workers, demo=demo or None
    )
    logs.configure(settings.log_level)
    lines = _run(starting.prepare(settings), as_json=as_json)

    def ready() -> None:
        _say(
            {"url": settings.base_url, "notes": lines}, [f"Rolling Text: {settings.base_url}", *lines], as_json=as_json
        )

    if settings.workers == 1:
        serving.serve(build(settings), settings, ready)
    elif not _run(_several(settings, ready), as_json=as_json):
        raise typer.Exit(FAILED)


async def _several(settings: Settings, ready: Callable[[], None]) -> bool:
    with listening(settings) as listener:
        return await Workers(settings, listener, ready).run()


@app.command("migrate")
def migrate_(database: Database = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Bring the database to the schema of this version."""
    settings = _settings(database=database, data_dir=data_dir)
    _run(migrate(settings.database_url), as_json=as_json)
    _say({"schema": "current"}, ["The database has the current schema."], as_json=as_json)


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What they will be")],
    meeting: Annotated[str | None, typer.Option(help="Id of the meeting; none: secretariat of all")] = None,
    delegation: Annotated[str | None, typer.Option(help="Code of their delegation")] = None,
    name: Annotated[str | None, typer.Option(help="Offered as their name")] = None,
    expires_in: Annotated[int | None, typer.Option(min=1, max=LONGEST, help="Seconds")] = None,
    max_uses: Annotated[int | None, typer.Option(min=1, max=MOST_USES, help="How many may join by it")] = None,
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make an invitation and print its link."""
    if meeting is None and role is not Role.SECRETARIAT:
        raise typer.BadParameter("only the secretariat belongs to no meeting", param_hint="--meeting")
    if delegation is None and role in (Role.DELEGATE, Role.OBSERVER):
        raise typer.BadParameter("delegates and observers belong to one", param_hint="--delegation")
    if delegation is not None and role is Role.SECRETARIAT:
        raise typer.BadParameter("the secretariat belongs to none", param_hint="--delegation")
    _line(name, 120, "--name")
    settings = _settings(database=database, data_dir=data_dir)
    invitation, token = prepared(
        meeting, role, delegation=delegation, name=name, expires_in=expires_in, max_uses=max_uses
    )
    url = _run(starting.invite(settings, invitation, token), as_json=as_json)
    _say({"id": invitation.id, "url": url, "token": token, "role": role, "meeting": meeting}, [url], as_json=as_json)


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
    settings = _settings(database=database, data_dir=data_dir)
    findings = _run(_verified(settings, document or []), as_json=as_json)
    _say({"documents": [asdict(each) for each in findings]}, _verdicts(findings), as_json=as_json)
    if any(each.failed is not None for each in findings):
        raise typer.Exit(FAILED)


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


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to; there must be none yet")],
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy the whole database into one file, also while the server runs, then open the copy and verify it."""
    settings = _settings(database=database, data_dir=data_dir)
    made = _run(back_up(settings.database_url, file), as_json=as_json)
    found = {"file": str(made.file), "bytes": made.size, "documents": [asdict(each) for each in made.findings]}
    _say(found, [f"{made.file}: {made.size:,} bytes", *_verdicts(made.findings)], as_json=as_json)
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
    settings = _settings(database=database, data_dir=data_dir)
    made = _run(restore(file, settings.database_url, broken=broken), as_json=as_json)
    said = "It is restored." if made.done else "Nothing was restored; --broken restores it as it is."
    found = {"restored": made.done, "documents": [asdict(each) for each in made.findings]}
    _say(found, [*_verdicts(made.findings), said], as_json=as_json)
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
    _say({"file": str(file), "sha256": digest}, [f"{file}: SHA-256 {digest}"], as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .docx, .md or .txt file")],
    meeting: Annotated[str, typer.Option(help="Id of the meeting")],
    title: Annotated[str | None, typer.Option(help="Title; none: the file's name", show_default=False)] = None,
    symbol: Annotated[str | None, typer.Option(help='Such as "A/AC.1/L.2"', show_default=False)] = None,
    tracked: Annotated[Mode, typer.Option(help="What becomes of tracked changes")] = Mode.ACCEPT,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would be changed or lost; save nothing")] = False,
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a document out of a file."""
    _line(title, 300, "--title")
    _line(symbol, 60, "--symbol")
    settings = _settings(database=database, data_dir=data_dir)
    name = title or file.stem
    work = starting.import_file(settings, file, meeting, name, symbol, tracked, save=not preview)
    document, source = _run(work, as_json=as_json)
    report = [note.model_dump() for note in reported(shortened(source.report))]
    found = {"id": document, "report": report, "paragraphs": len(source.drafts), "threads": len(source.remarks)}
    lines = [f"{document or 'not saved'}  {name}", *(note["detail"] for note in report)]
    _say(found, lines, as_json=as_json)


@app.command("export")
def export_(
    document: Annotated[str, typer.Argument(help="Id of the document")],
    format_: Annotated[Format, typer.Option("--format", help="What kind of file")] = Format.DOCX,
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="The file to write; none: a new one, named after the paper")
    ] = None,
    at: Annotated[str, typer.Option(help="Id of a snapshot, seq of an entry, or head")] = HEAD,
    against: Annotated[str | None, typer.Option(help="An earlier point: changes since then are marked")] = None,
    comments: Annotated[bool, typer.Option("--comments", help="With what was said to everybody")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="Refuse while brackets are open")] = False,
    shading: Annotated[bool, typer.Option(help="Shade open brackets")] = True,
    lines: Annotated[bool, typer.Option(help="Number the lines of .docx and .pdf")] = True,
    database: Database = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write a document to a file."""
    settings = _settings(database=database, data_dir=data_dir)
    wanted = Wanted(document, at, against, comments, clean)
    layout = Layout(shading=shading and not clean, numbering=lines)
    made, path = _run(_exported(settings, wanted, format_, layout, output), as_json=as_json)
    unseen = [f"U+{ord(char):04X}" for char in made.unseen]
    found = {"file": str(path), "seq": made.seq, "digest": made.digest, "bytes": len(made.content), "unseen": unseen}
    missing = [f"No font at hand shows these characters: {', '.join(unseen)}"] if unseen else []
    _say(found, [str(path), *missing], as_json=as_json)


@app.command()
def brackets(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .docx, .md or .txt file")],
    as_json: AsJson = False,
) -> None:
    """Read the brackets of a file: the counts, each bracket, and what is wrong with them. Needs no database."""
    found = bracketed(_run(starting.read_any(file), as_json=as_json))
    _say(found, lines_of(found), as_json=as_json)


@app.command()
def doctor(database: Database = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look at the settings, the database and the machine, and say what is wrong."""
    settings = _settings(database=database, data_dir=data_dir)
    checks = _run(examine(settings), as_json=as_json)
    lines = [f"{check.state:8} {check.name}: {check.detail}" for check in checks]
    _say({"checks": [asdict(check) for check in checks]}, lines, as_json=as_json)
    if any(check.state is State.FAILED for check in checks):
        raise typer.Exit(FAILED)


async def _exported(
    settings: Settings, wanted: Wanted, format_: Format, layout: Layout, output: Path | None
) -> tuple[Exported, Path]:
    """Raises FileExistsError rather than writing over a file that was not named."""
    store = await Store.open(settings.database_url, may_create=False)
    try:
        made = await export(Shelf(store), wanted, format_, layout)
    finally:
        await store.close()
    path = output or Path(made.name)
    await asyncio.to_thread(_save, path, made.content, named=output is not None)
    return made, path


def _save(path: Path, content: bytes, *, named: bool) -> None:
    with path.open("wb" if named else "xb") as file:
        file.write(content)


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


def _line(value: str | None, longest: int, hint: str) -> None:
    """What people will read as a name or a title is checked as it is over REST."""
    if value is None:
        return
    try:
        TypeAdapter(Annotated[str, OneLine(longest)]).validate_python(value)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint=hint) from None


def _settings(**given: object) -> Settings:
    try:
        return config.load(**given)
    except SettingsError as error:
        typer.echo(f"rollingtext: {error}", err=True)
        raise typer.Exit(ASKED_WRONGLY) from None


def _run(work: Coroutine[Any, Any, T], *, as_json: bool) -> T:
    """What can go wrong in every command, said in one line."""
    try:
        return asyncio.run(work)
    except SettingsError as error:
        typer.echo(f"rollingtext: {error}", err=True)
        raise typer.Exit(ASKED_WRONGLY) from None
    except (WrongSchema, Problem, Unavailable, OSError) as error:
        if as_json:
            typer.echo(json.dumps({"error": str(error)}, ensure_ascii=False))
        else:
            typer.echo(f"rollingtext: {error}", err=True)
        raise typer.Exit(FAILED) from None


def _say(found: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(lines))


if __name__ == "__main__":
    main()
