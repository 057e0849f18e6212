"""The commands of `rollingtext`, in the order in which its help names them."""

from server.commands import running, people, record, papers  # noqa: F401, I001  # each adds its own
from server.commands.terminal import app

__all__ = ["app"]
