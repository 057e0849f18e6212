"""What all commands share: options, how they fail, and how they answer."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from server import config
from server.api.shapes import OneLine
from server.config import Settings, SettingsError
from server.errors import Problem
from server.store import Unavailable, WrongSchema

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


def checked_line(value: str | None, longest: int, hint: str) -> None:
    """What people will read as a name or a title is checked as it is over REST."""
    if value is None:
        return
    try:
        TypeAdapter(Annotated[str, OneLine(longest)]).validate_python(value)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint=hint) from None


def settings_of(**given: object) -> Settings:
    try:
        return config.load(**given)
    except SettingsError as error:
        typer.echo(f"rollingtext: {error}", err=True)
        raise typer.Exit(ASKED_WRONGLY) from None


def run(work: Coroutine[Any, Any, T], *, as_json: bool) -> T:
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


def say(found: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(lines))
