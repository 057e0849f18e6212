"""Commands about papers: in, out, and read for their brackets."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from server import starting
from server.api.imports import reported
from server.commands.terminal import AsJson, Database, DataDir, app, checked_line, run, say, settings_of
from server.config import Settings
from server.history import Shelf
from server.papers.brackets import bracketed
from server.papers.brackets import lines as lines_of
from server.papers.out.exporting import Exported, export
from server.papers.out.formats import Format
from server.papers.out.gathering import HEAD, Wanted
from server.papers.out.paper import Layout
from server.papers.source import shortened
from server.papers.word.changes import Mode
from server.store import Store


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
    checked_line(title, 300, "--title")
    checked_line(symbol, 60, "--symbol")
    settings = settings_of(database=database, data_dir=data_dir)
    name = title or file.stem
    work = starting.import_file(settings, file, meeting, name, symbol, tracked, save=not preview)
    document, source = run(work, as_json=as_json)
    report = [note.model_dump() for note in reported(shortened(source.report))]
    found = {"id": document, "report": report, "paragraphs": len(source.drafts), "threads": len(source.remarks)}
    lines = [f"{document or 'not saved'}  {name}", *(note["detail"] for note in report)]
    say(found, lines, as_json=as_json)


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
    settings = settings_of(database=database, data_dir=data_dir)
    wanted = Wanted(document, at, against, comments, clean)
    layout = Layout(shading=shading and not clean, numbering=lines)
    made, path = run(_exported(settings, wanted, format_, layout, output), as_json=as_json)
    unseen = [f"U+{ord(char):04X}" for char in made.unseen]
    found = {"file": str(path), "seq": made.seq, "digest": made.digest, "bytes": len(made.content), "unseen": unseen}
    missing = [f"No font at hand shows these characters: {', '.join(unseen)}"] if unseen else []
    say(found, [str(path), *missing], as_json=as_json)


@app.command()
def brackets(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .docx, .md or .txt file")],
    as_json: AsJson = False,
) -> None:
    """Read the brackets of a file: the counts, each bracket, and what is wrong with them. Needs no database."""
    found = bracketed(run(starting.read_any(file), as_json=as_json))
    say(found, lines_of(found), as_json=as_json)


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
