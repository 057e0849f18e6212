"""Alembic's entry: runs the migrations on the connection, and in the transaction, that `store.schema` hands over."""

from alembic import context

from server.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
