"""Which schema a database has, and how it gets the one this program works with (C4)."""

from enum import Enum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Schema(Enum):
    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


class WrongSchema(Exception):
    """The database does not fit this program; the message says which command to run."""


def schema_of(connection: Connection) -> Schema:
    """Raises WrongSchema for a database that holds something else."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        others = inspect(connection).get_table_names()
        if others:
            raise WrongSchema("This database holds other tables; name one that is empty or Rolling Text's own.")
        return Schema.EMPTY
    script = _script()
    if found == script.get_current_head():
        return Schema.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return Schema.OLDER if found in known else Schema.NEWER


@cache
def _script() -> ScriptDirectory:
    """Read once: whether the server is ready is asked all the time."""
    return ScriptDirectory.from_config(_config())


def is_writable(connection: Connection) -> bool:
    """In a transaction that writes: whether it may. A standby of PostgreSQL and a protected one may not.

    SQLite says so by itself: the transaction does not begin.
    """
    if connection.dialect.name != "postgresql":
        return True
    standing = "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'"
    return bool(connection.scalar(text(standing)))


def migrate(connection: Connection) -> None:
    """To the newest schema, in one transaction; one process at a time."""
    hold(connection)
    if schema_of(connection) is Schema.NEWER:
        raise WrongSchema(refusal(Schema.NEWER))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def hold(connection: Connection) -> None:
    """Until the transaction ends no other process makes what is made once: the schema, and what stands in it first.

    Whoever comes second waits and finds it made. SQLite: nobody else writes meanwhile anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7077)"))


def refusal(schema: Schema) -> str:
    """What to do about a schema that is not current."""
    if schema is Schema.NEWER:
        return "This database was written by a newer Rolling Text. Install that version, or restore a backup."
    if schema is Schema.OLDER:
        return "This database has an older schema. Make a backup, then run: rollingtext migrate"
    return "This database is empty. Run: rollingtext migrate"


def unsafe_settings(connection: Connection) -> list[str]:
    """Settings of PostgreSQL with which a commit is not on disk when it is answered (R4)."""
    if connection.dialect.name != "postgresql":
        return []
    names = ("fsync", "full_page_writes", "synchronous_commit")
    return [name for name in names if connection.scalar(text(f"SHOW {name}")) == "off"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
