"""The past of a document: its text at any point of the record, who wrote what, and how two points differ."""

from server.history.history import History
from server.history.model import Redline, RedlineParagraph, Span
from server.history.redlines import redline
from server.history.shelf import Shelf

__all__ = ["History", "Redline", "RedlineParagraph", "Shelf", "Span", "redline"]
