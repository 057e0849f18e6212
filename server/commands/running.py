"""Commands that run the server, and that see to what it runs on."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from server import logs, serving, starting
from server.app import build
from server.commands.terminal import FAILED, AsJson, Database, DataDir, app, run, say, settings_of
from server.config import Settings
from server.doctor import State, examine
from server.store import migrate
from server.workers import Workers, listening


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
    settings = settings_of(
        host=host, port=port, database=database, redis=redis, data_dir=data_dir, workers=workers, demo=demo or None
    )
    logs.configure(settings.log_level)
    lines = run(starting.prepare(settings), as_json=as_json)

    def ready() -> None:
        say({"url": settings.base_url, "notes": lines}, [f"Rolling Text: {settings.base_url}", *lines], as_json=as_json)

    if settings.workers == 1:
        serving.serve(build(settings), settings, ready)
    elif not run(_several(settings, ready), as_json=as_json):
        raise typer.Exit(FAILED)


async def _several(settings: Settings, ready: Callable[[], None]) -> bool:
    with listening(settings) as listener:
        return await Workers(settings, listener, ready).run()


@app.command("migrate")
def migrate_(database: Database = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Bring the database to the schema of this version."""
    settings = settings_of(database=database, data_dir=data_dir)
    run(migrate(settings.database_url), as_json=as_json)
    say({"schema": "current"}, ["The database has the current schema."], as_json=as_json)


@app.command()
def doctor(database: Database = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look at the settings, the database and the machine, and say what is wrong."""
    settings = settings_of(database=database, data_dir=data_dir)
    checks = run(examine(settings), as_json=as_json)
    lines = [f"{check.state:8} {check.name}: {check.detail}" for check in checks]
    say({"checks": [asdict(check) for check in checks]}, lines, as_json=as_json)
    if any(check.state is State.FAILED for check in checks):
        raise typer.Exit(FAILED)
