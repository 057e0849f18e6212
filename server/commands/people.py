"""Commands about people."""

from typing import Annotated

import typer

from server import starting
from server.api.invitations import LONGEST, MOST_USES, prepared
from server.commands.terminal import AsJson, Database, DataDir, app, checked_line, run, say, settings_of
from server.tables import Role


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
    checked_line(name, 120, "--name")
    settings = settings_of(database=database, data_dir=data_dir)
    invitation, token = prepared(
        meeting, role, delegation=delegation, name=name, expires_in=expires_in, max_uses=max_uses
    )
    url = run(starting.invite(settings, invitation, token), as_json=as_json)
    say({"id": invitation.id, "url": url, "token": token, "role": role, "meeting": meeting}, [url], as_json=as_json)
